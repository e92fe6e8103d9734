//! What happens in a campaign, one event at a time. Every report is made from
//! these and from nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::finding::{Finding, Note};
use super::reduction::Reduction;
use crate::contract::{Family, RuleId};
use crate::judge::{Fault, Observed, Verdict};
use crate::target::{Answer, NoAnswer};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The first known-good case was answered; the campaign begins.
    Started {
        /// Obligations that will be walked.
        obligations: usize,
        /// Random cases after them, at most.
        cases: u64,
    },
    /// A case was answered and judged; told before it counts.
    Case(Box<CaseRecord>),
    /// The failures of one group were made small.
    Reduced(Box<Reduction>),
    /// The target is too busy to answer and left alone for a while.
    Waiting {
        /// The status that asks for it.
        status: u16,
        /// For how long.
        time: Duration,
    },
    /// A finding is being reduced.
    Reducing {
        /// Findings reduced so far.
        done: usize,
        /// Findings there are.
        all: usize,
    },
    /// A finding, reduced and confirmed.
    Finding(Box<Finding>),
    /// A finding that a baseline knows of no longer shows. No campaign tells of it:
    /// it comes from the baseline, before the end.
    Fixed(Box<Note>),
    /// The campaign ended.
    Finished(Box<Summary>),
}

/// Which part of a campaign a case belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first known-good request, which tells whether there is a target.
    Opening,
    /// Every obligation once.
    Obligations,
    /// Random cases.
    Random,
}

/// What the typed model made of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// It came back whole.
    Same,
    /// It was refused, as it may be.
    Refused,
    /// There is none for the contract.
    Absent,
    /// A fault of the model: what it lost, or that it refused a valid body or
    /// took a text that is no JSON.
    Fault(String),
}

/// A case and what came of it.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    /// Its index; with the seed it decides the rest of the request.
    pub index: u64,
    /// Which part of the campaign it belongs to.
    pub phase: Phase,
    /// The obligation that it exercises, by index in the plan.
    pub obligation: Option<usize>,
    /// The operation, by index in the contract.
    pub operation: usize,
    /// What made it, in a word.
    pub operator: &'static str,
    /// The rule that it shows, breaks or leaves open.
    pub rule: RuleId,
    /// JSON Pointer into the body.
    pub pointer: String,
    /// The label of the body.
    pub label: &'static str,
    /// Method and path.
    pub request: String,
    /// What is asked around it, in a word.
    pub scene: &'static str,
    /// Bytes of the body.
    pub body_length: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// Rules that the answers break, each with how it shows.
    pub faults: Vec<Fault>,
    /// What was noted at an open point.
    pub observed: Option<Observed>,
    /// Why nothing was decided, or why the case was not sent.
    pub reason: Option<String>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Rules on answers that the answer could have broken.
    pub exercised: Vec<RuleId>,
    /// The `error.code` of a refusal.
    pub error_code: Option<String>,
    /// From the first byte sent to the last one received.
    pub elapsed: Duration,
    /// What the typed model made of the body.
    pub model: Model,
    /// The bytes are not what they were made to be: a fault of the harness.
    pub mislabelled: bool,
    /// Digest of what the case sends; 0 where none could be made.
    pub digest: u64,
    /// For a sequence: how many of its requests were sent.
    pub steps: usize,
    /// What was sent for it, in order, and what came.
    pub exchanges: Vec<Exchange>,
    /// It was played to its end. What came to nothing because the campaign had to end
    /// is for who goes on with it to play again.
    pub is_settled: bool,
    /// How far the campaign was by then.
    pub mileage: Mileage,
}

/// A request that was sent for a case, and what came.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Method and path.
    pub request: String,
    /// The answer, or why there is none.
    pub outcome: Result<Arc<Answer>, NoAnswer>,
}

/// How far a campaign is, in what does not follow from its cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mileage {
    /// Requests sent.
    pub requests: u64,
    /// Time for them.
    pub elapsed: Duration,
}

/// What could not be taken away again, or put back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Ids of policies that the run created.
    pub policies: Vec<String>,
    /// Creates of which nobody knows what came.
    pub pending: usize,
    /// The list could not be read, so that nobody looked for what they created.
    pub unlisted: bool,
    /// Objects whose policy was overwritten and is not back.
    pub overwritten: Vec<String>,
    /// Why the ledger is not whole, where it is not.
    pub trouble: Option<String>,
}

impl Left {
    /// Whether the target is as it was.
    pub fn is_nothing(&self) -> bool {
        self.policies.is_empty() && self.pending == 0 && self.overwritten.is_empty() && !self.unlisted
    }
}

/// What a target does at points that no rule of level must decides: by rule and
/// operator how often it answered with which status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Points that the contract leaves open.
    pub open: BTreeMap<RuleId, BTreeMap<&'static str, BTreeMap<u16, u64>>>,
    /// Requests that break a rule of level should.
    pub should: BTreeMap<RuleId, BTreeMap<&'static str, BTreeMap<u16, u64>>>,
    /// The codes of its errors.
    pub error_codes: BTreeMap<String, u64>,
}

/// Pairs of classes in bodies that must be accepted, and in bodies that touch
/// an open point: met, and all there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairCounts {
    /// In bodies that must be accepted.
    pub valid: (usize, usize),
    /// In bodies that touch an open point.
    pub open: (usize, usize),
}

/// A part of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What selects it, as flags.
    pub selection: String,
    /// The obligations in it.
    pub obligations: usize,
    /// All that the plan has.
    pub of: usize,
}

/// Counts for one family of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Obligations that were judged or observed.
    pub covered: usize,
    /// Obligations there are.
    pub obligations: usize,
    /// Cases sent.
    pub cases: u64,
    /// Cases by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
}

/// A campaign in figures.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// By family.
    pub families: BTreeMap<Family, Tally>,
    /// Requests sent: those of the cases, those around them, and those sent again;
    /// reducing aside.
    pub requests: u64,
    /// Time for them.
    pub elapsed: Duration,
    /// Answers that said that the target is busy (429, 503).
    pub busy: u64,
    /// Time in which nothing was sent because of them.
    pub waited: Duration,
    /// Cases whose bytes were not what they were made to be.
    pub mislabelled: u64,
    /// The first of them, in words.
    pub first_mislabelled: Option<String>,
    /// Bodies that came back whole from the typed model.
    pub round_trips: u64,
    /// Bodies that the typed model treated wrongly.
    pub model_faults: u64,
    /// The first of them, in words.
    pub first_model_fault: Option<String>,
    /// What the target did where it had a choice.
    pub profile: Profile,
    /// Pairs of classes that bodies had, and those there are.
    pub pairs: PairCounts,
    /// Cases that came to nothing, by reason.
    pub inconclusive: BTreeMap<String, u64>,
    /// Obligations that were not exercised, by reason.
    pub not_run: BTreeMap<String, usize>,
    /// What is left in the target.
    pub left: Left,
    /// The part of the plan that was walked, where it was not all of it.
    pub part: Option<Part>,
    /// The campaign was stopped before its end: why.
    pub stopped: Option<String>,
}

impl Summary {
    /// Cases of one verdict.
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.families.values().filter_map(|tally| tally.verdicts.get(&verdict)).sum()
    }

    /// Cases that were played.
    pub fn cases(&self) -> u64 {
        self.families.values().map(|tally| tally.cases).sum()
    }

    /// Obligations covered, and all there are.
    pub fn obligations(&self) -> (usize, usize) {
        let covered = self.families.values().map(|tally| tally.covered).sum();
        let all = self.families.values().map(|tally| tally.obligations).sum();
        (covered, all)
    }
}
