//! The harness on trial: whole campaigns against reference servers that are wrong
//! in one known way, each of which must be found under the right rule, and
//! against servers that conform in another way, where nothing may be found.

mod score;
mod subject;

pub use score::{FamilyScore, Score};
pub use subject::{Arena, Outcome, Subject, TrialError, put_to_trial, subjects};
