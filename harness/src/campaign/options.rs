//! How a campaign runs, and why one cannot.

use std::sync::Arc;
use std::time::Duration;

use super::selection::Selection;
use super::shard::Shard;
use crate::contract::Level;
use crate::ledger::Ledger;
use crate::target::NoAnswer;

/// How a campaign runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides every case.
    pub seed: u64,
    /// Random cases after the obligations.
    pub cases: u64,
    /// Time for sending, from the start; obligations may take longer, up to
    /// `walk`.
    pub random: Duration,
    /// Time for the obligations.
    pub walk: Duration,
    /// Time for reducing one finding.
    pub reduce: Duration,
    /// Times that a case is played for reducing one finding, at most.
    pub reductions: u32,
    /// Time for all of it.
    pub whole: Duration,
    /// Exchanges under way at one time.
    pub concurrency: usize,
    /// Ids of the objects that the operations' paths name; none where the contract
    /// creates its objects.
    pub ids: Vec<String>,
    /// How long a read may lag behind a write before it counts.
    pub settle: Duration,
    /// How much longer all of it may take because the target is busy.
    pub patience: Duration,
    /// What the run puts into the target and takes away again; its name is what the
    /// names of policies begin with.
    pub ledger: Arc<Ledger>,
    /// What cannot be read, and so not put back, may be overwritten.
    pub overwrite: bool,
    /// The part of the cases that this run is for.
    pub shard: Shard,
    /// The rules that the campaign is about.
    pub selection: Selection,
    /// Kinds of failures of `level` and above that end the search for more.
    pub max_findings: usize,
    /// The level from which failures count there.
    pub level: Level,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            cases: 5_000,
            random: Duration::from_secs(20),
            walk: Duration::from_secs(35),
            reduce: Duration::from_secs(10),
            reductions: 2_000,
            whole: Duration::from_secs(55),
            concurrency: 16,
            ids: Vec::new(),
            settle: Duration::ZERO,
            patience: Duration::from_secs(300),
            ledger: Arc::new(Ledger::in_memory("policy-harness")),
            overwrite: true,
            shard: Shard::WHOLE,
            selection: Selection::default(),
            max_findings: usize::MAX,
            level: Level::Must,
        }
    }
}

/// Why a campaign could not run.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RunError {
    /// Nothing answers there.
    #[error("no answer from {base}: {why}")]
    NoAnswer {
        /// The base of the target.
        base: String,
        /// What happened.
        why: NoAnswer,
    },
    /// The target is too busy to begin.
    #[error("{base} cannot be tested now: {why}")]
    Busy {
        /// The base of the target.
        base: String,
        /// What it asks for.
        why: String,
    },
    /// The first known-good case was refused in a way that says that something
    /// is not set.
    #[error("{base} answered {status} to a request that is known to be good")]
    NotReady {
        /// The base of the target.
        base: String,
        /// 401, 403 or 404.
        status: u16,
    },
    /// The policy of an object cannot be read, and so not put back.
    #[error("the policy of {id} cannot be read ({why}), so it could not be put back after the run")]
    NotReadable {
        /// The object.
        id: String,
        /// What came of the read.
        why: String,
    },
    /// The ledger cannot be written.
    #[error("cannot write the ledger: {0}")]
    Ledger(String),
    /// The contract has no case to begin with.
    #[error("the contract has no known-good case")]
    NoCase,
}
