//! What a run of a client found.

use super::fault::Fault;
use crate::contract::{Level, RuleId};

/// Faults of one cause, with the smallest body that shows it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that the client breaks.
    pub rule: RuleId,
    /// Its level.
    pub level: Level,
    /// The fault, as the smallest body shows it.
    pub fault: Fault,
    /// Where it showed, array indexes as `*`, with the number of bodies; the place that
    /// most bodies showed first.
    pub places: Vec<(String, u64)>,
    /// Bodies that showed it.
    pub bodies: u64,
    /// The smallest body that was found, on one line.
    pub body: Vec<u8>,
    /// What made the body that it comes from, in a word.
    pub operator: &'static str,
    /// How often the smallest body showed it, and how often it was sent to see.
    pub confirmed: (u32, u32),
}

/// How much was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bodies that must be kept.
    pub valid: u64,
    /// Those of them that were.
    pub kept: u64,
    /// Bodies with an open point, or with what a client cannot know.
    pub open: u64,
    /// Those of them that were refused, which is nobody's fault.
    pub open_refused: u64,
    /// Bodies that break a rule, and are only to be answered.
    pub malformed: u64,
    /// How often the program was started.
    pub starts: u64,
    /// Faults that were not kept, because there were too many kinds.
    pub dropped: u64,
}

/// What a run of a client found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// One for each cause, the worst first.
    pub findings: Vec<Finding>,
    /// How much was tried.
    pub counts: Counts,
    /// Why not all bodies were sent, where that is so.
    pub ended: Option<String>,
}
