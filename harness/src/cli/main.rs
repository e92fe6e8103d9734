//! The program: reads the command line, hands over, and says what went wrong.

use std::io::Write;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use super::arguments::Command;
use super::configuration;
use super::exit::Failure;
use super::{
    baseline, bench, check, clean, completions, contract, corpus, generate, merge, probe, replay, roundtrip, rules,
    run, selftest, serve,
};

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    let cli = match configuration::command_line(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(failure) => return report(&failure),
    };
    let result = match cli.command {
        None => run::run(&cli.run),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Baseline(command)) => baseline::baseline(&command),
        Some(Command::Bench(arguments)) => bench::bench(&arguments),
        Some(Command::Check(arguments)) => check::check(&arguments),
        Some(Command::Merge(arguments)) => merge::merge(&arguments),
        Some(Command::Replay(arguments)) => replay::replay(&arguments),
        Some(Command::Probe(arguments)) => probe::probe(&arguments),
        Some(Command::Clean(arguments)) => clean::clean(&arguments),
        Some(Command::Generate(arguments)) => generate::generate(&arguments),
        Some(Command::Roundtrip(arguments)) => roundtrip::roundtrip(&arguments),
        Some(Command::Serve(arguments)) => serve::serve(&arguments),
        Some(Command::Rules(arguments)) => rules::rules(&arguments),
        Some(Command::SelfTest(arguments)) => selftest::self_test(&arguments),
        Some(Command::Contract(command)) => contract::contract(&command),
        Some(Command::Corpus(command)) => corpus::corpus(&command),
        Some(Command::Completions(arguments)) => completions::completions(&arguments),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => report(&failure),
    }
}

fn report(failure: &Failure) -> ExitCode {
    let mut out = anstream::stderr();
    // Nowhere is left to say that this could not be written.
    let _ = writeln!(out, "{ERROR}error{ERROR:#}: {}", failure.what);
    if let Some(advice) = &failure.advice {
        let _ = writeln!(out, "  {advice}");
    }
    failure.exit.into()
}
