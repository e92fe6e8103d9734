//! Findings: the failures of one cause, with the smallest request that shows it.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::contract::{Level, RuleId};
use crate::hash::Fnv;
use crate::judge::Fault;

/// The failures of one cause.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: RuleId,
    /// What breaking it in this way means.
    pub level: Level,
    /// How it shows, in a few stable words.
    pub symptom: String,
    /// How it shows, in a sentence.
    pub got: String,
    /// What was expected, in a few words.
    pub expected: String,
    /// The place that shows it in the smallest request, indexes as `*`.
    pub place: String,
    /// All places that showed it.
    pub places: BTreeSet<String>,
    /// The obligation that led here, in a word.
    pub operator: &'static str,
    /// The obligations that failed with it, by index in the plan.
    pub obligations: BTreeSet<usize>,
    /// Cases that failed with it.
    pub cases: u64,
    /// The first of them.
    pub first: u64,
    /// The fault that the smallest case shows.
    pub fault: Fault,
    /// The smallest case that still shows it.
    pub case: Box<Case>,
    /// The same as a line for a shell, the token left out.
    pub curl: String,
    /// How often the smallest request showed it, and how often it was sent to
    /// see; less than always is flaky, and 0 of 0 means that there was no time.
    pub confirmed: (u32, u32),
    /// Stable across runs.
    pub fingerprint: String,
    /// Whether somebody knows of it already.
    pub standing: Standing,
}

impl Finding {
    /// Whether it fails a run in which rules of this level and above do.
    pub fn fails(&self, level: Level) -> bool {
        self.level >= level && !matches!(self.standing, Standing::Known(_))
    }
}

/// Whether somebody knows of a finding already. A campaign does not know; a
/// baseline does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nobody said so.
    #[default]
    New,
    /// It is known, and may stand for now.
    Known(Note),
    /// It was known, and the day up to which it might stand is over.
    Expired(Note),
}

/// What a baseline says of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Why it may stand.
    pub reason: String,
    /// Where that is followed up.
    pub link: Option<String>,
    /// The last day on which it may.
    pub expires: Option<String>,
}

/// A name for a finding that is the same in every run: rule, place and symptom.
pub fn fingerprint(rule: &str, place: &str, symptom: &str) -> String {
    let hash = Fnv::default().bytes([rule, "\n", place, "\n", symptom].concat().as_bytes()).get();
    format!("{}-{:08x}", rule.replace('/', "-"), hash >> 32)
}
