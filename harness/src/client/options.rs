//! What a run of a client is told, what it tells while it goes on, and why it may not
//! begin.

use std::time::Duration;

/// How a client is tried.
#[derive(Clone, Debug)]
pub struct Options {
    /// The command line that starts it, as the shell takes it.
    pub command: String,
    /// Decides every body.
    pub seed: u64,
    /// Random cases behind the bodies of the obligations.
    pub cases: u64,
    /// Time for one answer. The first one after a start may take [`START`](Self::START)
    /// longer.
    pub time_limit: Duration,
    /// How often a client is asked, at most, to make the body of a finding smaller; 0
    /// leaves it as it is.
    pub reductions: u32,
}

impl Options {
    /// Time for a program to start.
    pub const START: Duration = Duration::from_secs(60);
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// So many bodies will be sent.
    Planned(u64),
    /// One of them was.
    Sent {
        /// There is something to say of the answer.
        is_fault: bool,
    },
    /// This many findings of all are made small.
    Reducing(usize, usize),
}

/// Why nothing was tried.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The shell could not be started.
    #[error("cannot start the shell for the command: {0}")]
    Shell(std::io::Error),
    /// The program ended before it answered anything.
    #[error("the command ended before it answered anything ({status}){}", .said.as_ref().map(|said| format!(": {said}")).unwrap_or_default())]
    Ended {
        /// How, as the system says it.
        status: String,
        /// The last line of its standard error.
        said: Option<String>,
    },
}
