//! What a run put into a target and has not taken away again: in memory, and as
//! lines in a file, so that what a killed run leaves can be found and taken away.

mod book;
mod entry;
mod remains;

pub use book::Ledger;
pub use entry::{Entry, Header};
pub use remains::{LedgerError, Remains, read};
