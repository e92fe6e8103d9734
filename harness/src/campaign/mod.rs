//! A campaign: every obligation of the contract once, then random cases, many at
//! a time, against one endpoint. What happens is told in events, and nothing
//! else leads from here to a report.

mod counts;
mod event;
mod finding;
mod groups;
mod naming;
mod options;
mod play;
mod reduce;
mod run;
mod sender;
mod trial;

pub use event::{CaseRecord, Event, Model, PairCounts, Phase, Profile, Summary, Tally};
pub use finding::{Finding, fingerprint};
pub use options::{Options, RunError};
pub use run::run;
