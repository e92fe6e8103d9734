//! A corpus: the obligations of a contract that are about one body, each as the
//! smallest body that shows it, under a name that tells which, and a manifest that
//! any language can read. Made from the contract alone, so that it is the same on
//! every machine and can be held against what was written down.

mod build;
mod entry;
mod name;
mod smallest;

pub use build::{MANIFEST, build};
pub use entry::{Entry, entries};
