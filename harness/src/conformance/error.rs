//! Why a target could not be tested, each with the way out.

use crate::baseline::BaselineError;
use crate::campaign::RunError;
use crate::target::TargetError;

/// A target that could not be tested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConformanceError {
    /// There is no contract of this name, or an id is none.
    #[error("{0}")]
    Contract(String),
    /// The contract is about things that have to exist in the target.
    #[error("the contract {contract} needs {what}; name one with {method}")]
    Ids {
        /// The contract's name.
        contract: String,
        /// What has to exist.
        what: &'static str,
        /// The method of [`Target`](super::Target) that names it.
        method: &'static str,
    },
    /// The endpoint cannot be used.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The campaign could not run.
    #[error(
        "{0}; does the service answer below this path (Target::base_path), does it take the token (Target::token), and is there what Target names?"
    )]
    Run(#[from] RunError),
}
