//! How the process ends, and what is said when it ends badly.

use std::fmt;
use std::process::ExitCode;

/// Exit codes. They are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// What was asked for was done; the target conforms.
    Good = 0,
    /// There are findings at the chosen level.
    Findings = 1,
    /// The command line, or what it names, cannot be used.
    Usage = 2,
    /// The run could not be completed, and nothing was found.
    Incomplete = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed: what is wrong, and what to do.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) what: String,
    pub(super) advice: Option<String>,
}

impl Failure {
    pub(super) fn usage(what: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, what: what.to_string(), advice: None }
    }

    pub(super) fn incomplete(what: impl fmt::Display) -> Self {
        Self { exit: Exit::Incomplete, what: what.to_string(), advice: None }
    }

    pub(super) fn advise(mut self, advice: impl fmt::Display) -> Self {
        self.advice = Some(advice.to_string());
        self
    }
}

/// Standard output that nobody reads any more is no failure.
pub(super) fn is_closed_pipe(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::BrokenPipe
}
