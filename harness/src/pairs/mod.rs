//! Pairwise coverage: which two classes of two properties can meet in one
//! object, bodies in which all of them do, and how many of them a run met. Most
//! faults that need a certain input need one condition or two (D. R. Kuhn,
//! D. R. Wallace, A. M. Gallo: Software Fault Interactions and Implications for
//! Software Testing, IEEE TSE 30(6), 2004).

mod clauses;
mod coverage;
mod rows;
mod table;

pub use coverage::Coverage;
pub use rows::{Row, rows};
pub use table::{PairKind, Pairs, TypePairs};
