//! `replay`: sends again what was found: the case of a finding, the counterexample of
//! a property, the input of a fuzz target.

mod command;
mod input;
mod payload;

pub(super) use command::replay;
