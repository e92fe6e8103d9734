//! What a run was asked for, as its journal has it: the flags that were given on
//! the command line or in a configuration file, without credentials and without
//! what is about this machine alone. A run that is gone on with, or put together
//! with others, is asked for the same again.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use super::arguments::Cli;

/// Flags that say who asks. Some hold a secret, and all are to be given again.
pub(super) const SECRET: &[&str] = &[
    "token",
    "token-env",
    "token-file",
    "token-command",
    "tenant",
    "client-id",
    "client-secret-env",
    "scope",
    "authority",
    "unprivileged-token",
    "unprivileged-token-env",
    "unprivileged-token-file",
    "unprivileged-token-command",
    "header",
];
/// Flags that are about how a run is written down or gone on with.
const OWN: &[&str] = &["journal", "no-journal", "resume", "config", "no-config"];

/// The flags that a run was given, each as `--name=value`.
pub(super) fn recorded(matches: &ArgMatches) -> Vec<String> {
    let command = run_command();
    let mut flags = Vec::new();
    for argument in command.get_arguments() {
        let (Some(long), id) = (argument.get_long(), argument.get_id().as_str()) else { continue };
        if !is_given(matches, id) || SECRET.contains(&long) || OWN.contains(&long) {
            continue;
        }
        if argument.get_action().takes_values() {
            let values = matches.get_raw(id).into_iter().flatten();
            flags.extend(values.map(|value| format!("--{long}={}", value.to_string_lossy())));
        } else {
            flags.push(format!("--{long}"));
        }
    }
    flags
}

/// The recorded flags of which a command line says nothing.
pub(super) fn unsaid(flags: &[String], matches: &ArgMatches) -> Vec<OsString> {
    let command = run_command();
    let is_said = |flag: &String| {
        let long = flag.trim_start_matches('-').split('=').next().unwrap_or_default();
        let mut arguments = command.get_arguments();
        let argument = arguments.find(|argument| argument.get_long() == Some(long));
        argument.is_some_and(|argument| is_given(matches, argument.get_id().as_str()))
    };
    flags.iter().filter(|flag| !is_said(flag)).map(OsString::from).collect()
}

/// Whether a command line gives this argument; those of other commands lack some.
fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches.try_contains_id(id).is_ok() && matches.value_source(id) == Some(ValueSource::CommandLine)
}

/// The command `run` with all its arguments.
fn run_command() -> Command {
    let mut root = Cli::command();
    root.build();
    root.find_subcommand("run").cloned().unwrap_or(root)
}
