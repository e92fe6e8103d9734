//! A campaign: every obligation of the contract once, then random cases, many at
//! a time, against one endpoint. What happens is told in events, and nothing
//! else leads from here to a report.

mod counts;
mod event;
mod exchange;
mod finding;
mod follow;
mod groups;
mod naming;
mod options;
mod pages;
mod paste;
mod play;
mod reduce;
mod run;
mod sender;
mod shorten;
mod tidy;
mod trial;

pub use event::{CaseRecord, Event, Left, Model, PairCounts, Phase, Profile, Summary, Tally};
pub use finding::{Finding, fingerprint};
pub use options::{Options, RunError};
pub use run::run;
pub use tidy::tidy;
