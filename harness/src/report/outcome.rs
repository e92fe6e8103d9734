//! How a run ended, as an exit code says it.

use std::io;

use super::Report;
use super::console::plural;
use crate::campaign::{Event, Finding, Standing, Summary};
use crate::contract::{Contract, Level};
use crate::judge::Verdict;

/// Of 100 cases, how many may be inconclusive before a run says nothing.
const MOST_INCONCLUSIVE: u64 = 10;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target conforms.
    Conforms,
    /// It does not.
    Findings,
    /// It does, and the baseline has so many findings that no longer show.
    Outdated(usize),
    /// Nothing was found, and too little was tried to say more: why.
    Incomplete(String),
}

/// The findings of a run by what they mean for its end.
#[derive(Clone, Debug)]
pub struct Found {
    level: Level,
    /// They fail the run.
    pub failing: usize,
    /// Of those, the ones that were known until a day that is over.
    pub expired: usize,
    /// They are below the chosen level.
    pub warnings: usize,
    /// They are known.
    pub known: usize,
    /// They are known and no longer show.
    pub fixed: usize,
}

impl Found {
    /// Nothing yet, in a run that findings of this level and above fail.
    pub fn new(level: Level) -> Self {
        Self { level, failing: 0, expired: 0, warnings: 0, known: 0, fixed: 0 }
    }

    /// Counts a finding.
    pub fn add(&mut self, finding: &Finding) {
        match finding.standing {
            Standing::Known(_) => self.known += 1,
            _ if !finding.fails(self.level) => self.warnings += 1,
            Standing::New => self.failing += 1,
            Standing::Expired(_) => {
                self.failing += 1;
                self.expired += 1;
            }
        }
    }

    /// What is known, and what no longer shows, in a few words for the last line.
    fn told(&self) -> String {
        let mut told = String::new();
        for (count, what) in [(self.warnings, "warning"), (self.known, "known finding"), (self.fixed, "fixed finding")]
        {
            if count > 0 {
                told.push_str(", ");
                told.push_str(&plural(count as u64, what));
            }
        }
        told
    }
}

/// Decides the outcome.
#[derive(Debug)]
pub struct Gate {
    found: Found,
    outcome: Option<Outcome>,
}

impl Gate {
    /// A gate at which rules of this level and above fail a run.
    pub fn new(level: Level) -> Self {
        Self { found: Found::new(level), outcome: None }
    }

    /// The outcome; incomplete where the run did not get to its end.
    pub fn outcome(self) -> Outcome {
        self.outcome.unwrap_or_else(|| Outcome::Incomplete("the run did not get to its end".to_owned()))
    }
}

impl Outcome {
    /// How the run ended, in a sentence without its full stop.
    pub(super) fn told(&self, contract: &Contract, summary: &Summary, found: &Found) -> String {
        let changed = match contract.changes.len() {
            0 => String::new(),
            count => format!(", with {} changed", plural(count as u64, "rule")),
        };
        let part = if summary.part.is_some() { " in this part of the contract" } else { "" };
        let stopped = summary.stopped.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
        let more = found.told();
        let not_run = summary.not_run.values().sum::<usize>() as u64;
        match self {
            Self::Findings => {
                let findings = plural(found.failing as u64, "finding");
                format!("Does not conform{part}{changed}: {findings}{more}{stopped}")
            }
            Self::Outdated(_) => format!("The baseline is out of date{changed}{more}"),
            Self::Incomplete(why) => format!("Not complete: {why}{more}"),
            Self::Conforms if not_run > 0 => {
                format!(
                    "Conforms{part}{changed}{more}, as far as it was tested: {} not run",
                    plural(not_run, "obligation")
                )
            }
            Self::Conforms => format!("Conforms{part}{changed}{more}"),
        }
    }

    /// The outcome of a run with these findings.
    pub fn of(summary: &Summary, found: &Found) -> Self {
        if found.failing > 0 {
            return Self::Findings;
        }
        let judged = summary.count(Verdict::Pass) + summary.count(Verdict::Warn) + summary.count(Verdict::Fail);
        let inconclusive = summary.count(Verdict::Inconclusive);
        let unjudged: usize =
            summary.not_run.iter().filter(|(reason, _)| reason.starts_with(NO_VERDICT)).map(|(_, count)| count).sum();
        if let Some(why) = &summary.stopped {
            Self::Incomplete(why.clone())
        } else if summary.mislabelled + summary.model_faults > 0 {
            Self::Incomplete("the harness made a mistake of its own (see above); please report it".to_owned())
        } else if inconclusive * 100 > summary.cases() * MOST_INCONCLUSIVE {
            Self::Incomplete(format!(
                "{inconclusive} of {} answers say nothing, most often because {}",
                summary.cases(),
                most_often(summary)
            ))
        } else if judged == 0 {
            Self::Incomplete("nothing was judged".to_owned())
        } else if let Some(count) = summary.not_run.get(NO_TIME) {
            Self::Incomplete(format!("{count} obligations were not reached in time: give it longer (--seconds)"))
        } else if unjudged * 100 > summary.obligations().1 * MOST_UNJUDGED {
            Self::Incomplete(format!(
                "{unjudged} obligations got no verdict, most often because {}",
                most_often(summary)
            ))
        } else if found.fixed > 0 && found.level <= Level::Should {
            Self::Outdated(found.fixed)
        } else {
            Self::Conforms
        }
    }
}

/// The reason that came most often, and what to do about it.
fn most_often(summary: &Summary) -> String {
    let most = summary.inconclusive.iter().max_by_key(|(_, count)| **count);
    let reason = most.map_or("the answers say nothing", |(reason, _)| reason.as_str());
    let advice = if reason.contains("busy") { ": try a lower --concurrency" } else { "" };
    [reason, advice].concat()
}

/// Of 100 obligations, how many may be left without a verdict.
const MOST_UNJUDGED: usize = 1;
/// The beginning of the reason of obligations whose answers decided nothing.
const NO_VERDICT: &str = "no verdict: ";

/// The reason of obligations that the time did not suffice for.
pub(crate) const NO_TIME: &str = "no time was left (--seconds)";

impl Report for Gate {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { .. }
            | Event::Case(_)
            | Event::Waiting { .. }
            | Event::Reduced(_)
            | Event::Reducing { .. } => {}
            Event::Finding(finding) => self.found.add(finding),
            Event::Fixed(_) => self.found.fixed += 1,
            Event::Finished(summary) => self.outcome = Some(Outcome::of(summary, &self.found)),
        }
        Ok(())
    }
}
