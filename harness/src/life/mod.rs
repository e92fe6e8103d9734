//! What a target must hold through a sequence: a model of the policies that were
//! created, replaced and deleted, told from what the target answered, and what
//! follows from it for the next answer. It sends nothing.

mod held;
mod policy;

pub use held::Held;
