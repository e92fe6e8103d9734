//! A baseline: findings that somebody knows of already, each with the reason why it
//! may stand for now. A run against it fails for what is new, and says what no
//! longer shows.

mod edit;
mod error;
mod file;
mod screen;
#[cfg(test)]
mod tests;

pub use edit::{Addition, Edited, edit};
pub use error::BaselineError;
pub use file::{Baseline, Entry, date};
pub use screen::{Part, Screen};
