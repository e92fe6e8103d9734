//! A campaign: every obligation of the contract once, then random cases, many at
//! a time, against one endpoint. What happens is told in events, and nothing
//! else leads from here to a report.

mod account;
mod assemble;
mod counts;
mod deadline;
mod done;
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
mod probe;
mod record;
mod reduce;
mod reduction;
mod replay;
mod run;
mod selection;
mod sender;
mod shard;
mod shorten;
mod silence;
mod tidy;
mod trial;
mod waiting;

pub use account::{Account, Told, ToldError};
pub use event::{CaseRecord, Event, Exchange, Left, Mileage, Model, PairCounts, Part, Phase, Profile, Summary, Tally};
pub use finding::{Finding, Note, Standing, fingerprint};
pub use options::{Options, RunError};
pub use probe::{Probe, Tried, probe};
pub use reduction::{GroupKey, Reduction};
pub use replay::{Replayed, replay};
pub use run::{Flow, resume, run};
pub use selection::{Selection, is_match};
pub use shard::Shard;
pub use tidy::tidy;
