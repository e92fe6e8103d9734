//! The command line: what was asked for, who does it, and how the process ends.
//! Only here is anything printed, an environment read, or an exit code chosen.

mod arguments;
mod contract;
mod exit;
mod generate;
mod main;
mod roundtrip;
mod rules;
mod run;
mod secret;
mod selftest;
mod serve;

pub use main::main;
