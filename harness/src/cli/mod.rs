//! The command line: what was asked for, who does it, and how the process ends.
//! Only here is anything printed, an environment read, or an exit code chosen.

mod arguments;
mod baseline;
mod bench;
mod check;
mod choice;
mod clean;
mod completions;
mod configuration;
mod contract;
mod corpus;
mod dry_run;
mod exit;
mod generate;
mod interrupt;
mod main;
mod merge;
mod notes;
mod outputs;
mod past;
mod probe;
mod recorded;
mod replay;
mod reporting;
mod reproduce;
mod roundtrip;
mod rule_table;
mod rules;
mod run;
mod say;
mod selftest;
mod serve;
mod signal;
mod subject;
mod token;

pub use main::main;
