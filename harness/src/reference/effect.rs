//! What a planted defect does, as data, and the sum of a server's defects with
//! every rule looked up once.

use super::defects::Defect;
use crate::contract::{Contract, RuleId};
use crate::validate::RuleSet;

/// What a defect changes. Rules are named by id; an effect on a rule that the
/// contract does not have never shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A request that breaks this rule passes as if it did not.
    Accepts(&'static str),
    /// The same for a rule on bodies, where the place is at least this many
    /// steps below the root.
    AcceptsBelow(&'static str, usize),
    /// A request that breaks this rule, or that succeeds and shows this
    /// acceptance rule, is answered otherwise.
    Answers(&'static str, Symptom),
    /// Every error answer has a flaw.
    Errors(Flaw),
    /// No answer has this header (name in lower case).
    Omits(&'static str),
}

/// Another answer than the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// The right answer but for a body that does not belong: a 204 announces
    /// its length, as far as an HTTP library lets it.
    Content,
    /// Success without its body.
    NoContent,
    /// Success, with bytes sent behind the answer.
    TrailingContent,
    /// Bytes that are no HTTP.
    NotHttp,
    /// The connection is closed without an answer.
    Nothing,
    /// 307 to another origin.
    Redirect,
    /// 500 with an error object.
    ServerError,
    /// 500 with a page that shows a stack trace.
    ServerErrorPage,
    /// This status: an error with its object, a success without a body where
    /// there was none.
    Status(u16),
}

/// What is wrong with an error answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `error.code` is a number.
    CodeNumber,
    /// The message repeats the `Authorization` header.
    Credentials,
    /// `error.code` is empty.
    EmptyCode,
    /// `error.message` is empty.
    EmptyMessage,
    /// The message names a file of the server.
    FilePath,
    /// An HTML page.
    Html,
    /// No Content-Type.
    NoContentType,
    /// No `error.code`.
    NoCode,
    /// No `error.message`.
    NoMessage,
    /// `code` and `message` without the `error` around them.
    NoWrapper,
    /// A sentence as application/json.
    NotJson,
    /// The message has a stack trace.
    StackTrace,
    /// The error object as text/plain.
    TextContentType,
    /// The message names a class of the implementation.
    TypeName,
}

/// The sum of a server's defects.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    /// Rules whose violations pass, from a depth on.
    accepts: Vec<(RuleId, usize)>,
    answers: Vec<(RuleId, Symptom)>,
    pub(super) flaws: Vec<Flaw>,
    pub(super) omits: Vec<&'static str>,
}

impl Behaviour {
    pub(super) fn of(contract: &Contract, defects: &[&Defect]) -> Self {
        let mut sum = Self::default();
        for defect in defects {
            match defect.effect {
                Effect::Accepts(rule) => sum.accepts.extend(contract.rule_named(rule).map(|rule| (rule, 0))),
                Effect::AcceptsBelow(rule, depth) => {
                    sum.accepts.extend(contract.rule_named(rule).map(|rule| (rule, depth)));
                }
                Effect::Answers(rule, symptom) => {
                    sum.answers.extend(contract.rule_named(rule).map(|rule| (rule, symptom)));
                }
                Effect::Errors(flaw) => sum.flaws.push(flaw),
                Effect::Omits(header) => sum.omits.push(header),
            }
        }
        sum
    }

    /// Whether what breaks `rule` this far below the root passes.
    pub(super) fn accepts(&self, rule: RuleId, depth: usize) -> bool {
        self.accepts.iter().any(|&(accepted, least)| accepted == rule && depth >= least)
    }

    /// Whether any answer differs by the rule that it is about.
    pub(super) fn has_symptoms(&self) -> bool {
        !self.answers.is_empty()
    }

    /// How a request that breaks `rule` is answered.
    pub(super) fn on_broken(&self, rule: RuleId) -> Option<Symptom> {
        self.answers.iter().find(|&&(other, _)| other == rule).map(|&(_, symptom)| symptom)
    }

    /// How a request that shows these acceptance rules is answered, and for which.
    pub(super) fn on_shown(&self, shown: RuleSet) -> Option<(RuleId, Symptom)> {
        self.answers.iter().copied().find(|&(rule, _)| shown.contains(rule))
    }

    /// Whether an answer is one that an HTTP library would not write.
    pub(super) fn goes_past_http(&self) -> bool {
        let past = |symptom| matches!(symptom, Symptom::NotHttp | Symptom::TrailingContent);
        self.answers.iter().any(|&(_, symptom)| past(symptom))
    }
}

impl Symptom {
    /// Whether what was asked for is done all the same.
    pub(super) fn succeeds(self) -> bool {
        match self {
            Self::Content | Self::NoContent | Self::TrailingContent => true,
            Self::Status(status) => status < 300,
            Self::NotHttp | Self::Nothing | Self::Redirect | Self::ServerError | Self::ServerErrorPage => false,
        }
    }
}
