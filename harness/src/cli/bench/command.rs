//! The command: documents, the stages one after the other, and the report.

use std::io::{self, BufWriter};

use super::batch::Clock;
use super::human::Human;
use super::json;
use super::measured::Meter;
use super::outcome::Outcome;
use super::payloads::Payloads;
use super::progress::Progress;
use super::stage::{Stage, measured};
use crate::check::Checker;
use crate::cli::arguments::{BenchArgs, BenchFormat};
use crate::cli::check::VERSIONS;
use crate::cli::exit::{Exit, Failure, is_closed_pipe};
use crate::cli::interrupt::Stop;
use crate::cli::subject::contract;

pub(in crate::cli) fn bench(arguments: &BenchArgs) -> Result<Exit, Failure> {
    if arguments.sources.iter().filter(|word| *word == "-").count() > 1 {
        return Err(Failure::usage("standard input is read once").advise("name `-` once"));
    }
    let is_auto = arguments.contract == "auto";
    let first = contract(if is_auto { VERSIONS[0] } else { &arguments.contract })?;
    let second = if is_auto { Some(contract(VERSIONS[1])?) } else { None };
    let contracts: Vec<_> = [&first].into_iter().chain(&second).collect();
    let checker = second.iter().fold(Checker::new(&first), Checker::or);
    let payloads = Payloads::of(&arguments.sources, checker)?;
    // Until here Ctrl-C ends the process: reading may wait.
    let stop = Stop::listen();
    let (clock, progress) = (Clock::new(), Progress::new(arguments.seconds));
    let meter = Meter { clock, time: arguments.seconds, stop: &stop, progress: &progress };
    let mut stages = Vec::new();
    for stage in Stage::ALL {
        if stop.is_asked() {
            break;
        }
        progress.stage(stage.name());
        stages.push((stage, measured(stage, &payloads.documents, &contracts, &meter)));
    }
    drop(progress);
    let outcome = Outcome {
        payloads: &payloads,
        contracts: &contracts,
        time: arguments.seconds,
        least: clock.least,
        stages,
        is_interrupted: stop.is_asked(),
    };
    match told(&outcome, arguments.format) {
        Err(error) if !is_closed_pipe(&error) => {
            Err(Failure::incomplete(format!("cannot write to standard output: {error}")))
        }
        _ => exit(&outcome),
    }
}

fn told(outcome: &Outcome<'_>, format: BenchFormat) -> io::Result<()> {
    match format {
        BenchFormat::Human => Human { out: BufWriter::new(anstream::stdout().lock()) }.outcome(outcome),
        BenchFormat::Json => json::outcome(outcome, BufWriter::new(io::stdout().lock())),
    }
}

fn exit(outcome: &Outcome<'_>) -> Result<Exit, Failure> {
    if outcome.is_interrupted {
        return Ok(Exit::Incomplete);
    }
    if outcome.has_figures() {
        return Ok(Exit::Good);
    }
    let (what, advice) = ("no document could be measured", "`policy-harness check` says what is wrong with each");
    Err(Failure { exit: Exit::Findings, what: what.to_owned(), advice: Some(advice.to_owned()) })
}
