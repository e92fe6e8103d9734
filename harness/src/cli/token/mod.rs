//! Where tokens come from, as the command line says it: given, from a variable, from a
//! file, from a command, or from an authority.

mod choose;
mod command;
mod file;
mod output;

pub(super) use choose::{Caller, caller, unprivileged};
