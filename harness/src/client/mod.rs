//! Clients in any language: a program is started once, handed bodies as lines of JSON,
//! and read back what its model makes of each; what is lost, changed, refused or not
//! answered becomes findings, one for each cause. It measures time, because a client
//! that hangs is told by its time limit.

mod fault;
mod finding;
mod options;
mod program;
mod protocol;
mod reduce;
mod run;
mod session;
mod subject;

pub use fault::{Breakdown, Fault, Symptom};
pub use finding::{Counts, Finding, Outcome};
pub use options::{ClientError, Event, Options};
pub use protocol::{Answer, NoAnswer, answer, line};
pub use run::run;
pub use subject::Expected;
