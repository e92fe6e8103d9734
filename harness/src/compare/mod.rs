//! Whether what was read back means what was sent. Equal are: null and a missing
//! member, an empty collection and a missing one, one instant in two offsets, one
//! duration in two forms, a type name with `#` and without, a declared type named
//! and not named. Annotations, what the server sets, and members that it adds say
//! nothing. Everything else counts. Of a copy that somebody makes of a policy more is
//! asked (`copy.rs`).

mod copy;
mod difference;
mod leftover;
mod scalar;

#[cfg(test)]
mod tests;

pub use copy::{Change, TypeName, changes};
pub use difference::{Mismatch, Way, altered, mismatch};
pub use leftover::{leftover, server_set};
