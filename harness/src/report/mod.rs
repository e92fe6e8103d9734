//! Reports: each is made from the events of a campaign and from nothing else,
//! so that any of them could be made from a record of the events as well.

mod console;
mod escape;
mod finding_files;
#[cfg(feature = "cli")]
mod junit;
mod markdown;
mod ndjson;
mod outcome;
mod profile;
#[cfg(feature = "cli")]
mod progress;
#[cfg(all(test, feature = "cli"))]
mod tests;

pub use console::{Console, Telling};
#[cfg(feature = "cli")]
pub(crate) use console::{name as family_name, plural, thousands};
pub use finding_files::FindingFiles;
#[cfg(feature = "cli")]
pub use junit::{Junit, JunitFile};
pub use markdown::Markdown;
pub use ndjson::Ndjson;
pub use outcome::{Found, Gate, Outcome};
#[cfg(feature = "cli")]
pub use progress::Progress;

use std::io;

use crate::campaign::Event;

/// Something that is told what happens.
pub trait Report {
    /// Takes one event.
    ///
    /// # Errors
    /// What was to be written could not be.
    fn on(&mut self, event: &Event) -> io::Result<()>;
}

/// What a report says of the run besides its events.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Name of the contract.
    pub contract: String,
    /// The target, as a person would call it.
    pub target: String,
    /// The seed.
    pub seed: u64,
    /// The command that runs the same again.
    pub reproduce: String,
}
