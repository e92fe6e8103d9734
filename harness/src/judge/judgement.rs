//! Verdicts: what was found about one case.

use std::fmt;

use super::Symptom;
use crate::contract::{Level, RuleId};
use crate::target::NoAnswer;

/// The verdict on a case, the least telling first: the greatest of several
/// verdicts speaks for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The case was not sent.
    NotRun,
    /// The answer conforms.
    Pass,
    /// The contract leaves the point open; what came was noted.
    Observed,
    /// The answer says nothing about the rule.
    Inconclusive,
    /// A rule of level should is broken.
    Warn,
    /// A rule of level must is broken.
    Fail,
}

impl Verdict {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotRun => "not-run",
            Self::Pass => "pass",
            Self::Observed => "observed",
            Self::Inconclusive => "inconclusive",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A rule that an answer breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// The rule.
    pub rule: RuleId,
    /// What breaking it in this way means; less than the rule's own level where
    /// only a preferred status was missed.
    pub level: Level,
    /// How the fault shows.
    pub symptom: Symptom,
}

/// What a target does at a point that the contract leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Observed {
    /// The point.
    pub rule: RuleId,
    /// The status that was answered.
    pub status: u16,
}

impl Observed {
    /// Whether the request was accepted.
    pub fn is_accepted(self) -> bool {
        self.status / 100 == 2
    }
}

/// Why an answer, or none, decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// 429, 503 or 504: the target had no time for the request.
    #[error("the target was too busy to answer ({0})")]
    Busy(u16),
    /// 401 to a request that credentials are no matter of.
    #[error("the target does not take the credentials, or takes them no longer (401)")]
    Credentials,
    /// 403 to a body that only some callers may send.
    #[error("the caller may lack the role that such a policy needs (403)")]
    Role,
    /// 409: the state of the target is in the way.
    #[error("the request is in conflict with the state of the target (409)")]
    Conflict,
    /// A list has more pages than are read, or goes on at another address.
    #[error("the list does not come to an end, or goes on at another address")]
    Endless,
    /// A request around it, which has to succeed, did not.
    #[error("a request before or after it was not answered as it must be")]
    Around,
    /// No answer; trying again settles it.
    #[error("{0}")]
    NoAnswer(NoAnswer),
}

fn verdict(faults: &[Fault], is_observed: bool, is_doubtful: bool) -> Verdict {
    match faults.iter().map(|fault| fault.level).max() {
        Some(Level::Must) => Verdict::Fail,
        _ if is_doubtful => Verdict::Inconclusive,
        Some(Level::Should) => Verdict::Warn,
        _ if is_observed => Verdict::Observed,
        _ => Verdict::Pass,
    }
}

/// What was found about one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The rules that the answer breaks.
    pub faults: Vec<Fault>,
    /// What was noted at an open point.
    pub observed: Option<Observed>,
    /// Why nothing was decided; there whenever the verdict is
    /// [`Verdict::Inconclusive`].
    pub doubt: Option<Doubt>,
}

impl Judgement {
    /// The judgement that these findings make. A doubt yields to a broken must
    /// only.
    ///
    /// A fault of a rule that is left open is none: what shows it was looked at, and
    /// is not judged.
    pub(super) fn new(mut faults: Vec<Fault>, observed: Option<Observed>, doubt: Option<Doubt>) -> Self {
        let all = faults.len();
        faults.retain(|fault| fault.level != Level::Unspecified);
        let verdict = verdict(&faults, observed.is_some() || faults.len() < all, doubt.is_some());
        Self { verdict, faults, observed, doubt }
    }

    /// The judgement with those faults alone that are asked for, and that are of rules
    /// which are not left open. Where none is left of some, it says no more than that
    /// there was an answer.
    #[must_use]
    pub fn keeping(mut self, is_wanted: impl Fn(&Fault) -> bool) -> Self {
        let all = self.faults.len();
        self.faults.retain(|fault| fault.level != Level::Unspecified && is_wanted(fault));
        if self.faults.len() < all {
            self.verdict = verdict(&self.faults, true, self.doubt.is_some());
        }
        self
    }

    /// A judgement of nothing but a doubt.
    pub fn of_doubt(doubt: Doubt) -> Self {
        Self::new(Vec::new(), None, Some(doubt))
    }

    /// A judgement of one fault, to which all that was found comes down.
    pub fn of_fault(fault: Fault) -> Self {
        Self::new(vec![fault], None, None)
    }

    /// The judgement with what else was found.
    #[must_use]
    pub fn and(mut self, found: Result<Vec<Fault>, Doubt>) -> Self {
        let doubt = match found {
            Ok(faults) => {
                self.faults.extend(faults);
                self.doubt
            }
            Err(doubt) => self.doubt.or(Some(doubt)),
        };
        Self::new(self.faults, self.observed, doubt)
    }
}
