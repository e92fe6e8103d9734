//! `completions`: what a shell reads to complete commands and flags.

use clap::CommandFactory;

use super::arguments::{Cli, CompletionsArgs};
use super::exit::{Exit, Failure, is_closed_pipe};

pub(super) fn completions(arguments: &CompletionsArgs) -> Result<Exit, Failure> {
    // The generator cannot say that nobody reads any more, a vector can be written by hand.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "policy-harness", &mut script);
    match std::io::Write::write_all(&mut std::io::stdout(), &script) {
        Err(error) if !is_closed_pipe(&error) => {
            Err(Failure::incomplete(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(Exit::Good),
    }
}
