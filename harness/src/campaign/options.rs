//! How a campaign runs, and why one cannot.

use std::time::Duration;

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
    /// Time for all of it.
    pub whole: Duration,
    /// Exchanges under way at one time.
    pub concurrency: usize,
    /// Ids of the objects that the operations' paths name.
    pub ids: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            cases: 5_000,
            random: Duration::from_secs(20),
            walk: Duration::from_secs(35),
            reduce: Duration::from_secs(10),
            whole: Duration::from_secs(55),
            concurrency: 16,
            ids: Vec::new(),
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
    /// The first known-good case was refused in a way that says that something
    /// is not set.
    #[error("{base} answered {status} to a request that is known to be good")]
    NotReady {
        /// The base of the target.
        base: String,
        /// 401, 403 or 404.
        status: u16,
    },
    /// The contract has no case to begin with.
    #[error("the contract has no known-good case")]
    NoCase,
}
