//! A short hash that is the same everywhere.

mod fnv;

pub(crate) use fnv::Fnv;
