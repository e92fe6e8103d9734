//! A client's program, tried with the bodies of a contract.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::told::Told;
use crate::cli::arguments::RoundtripArgs;
use crate::cli::exit::{Exit, Failure, is_closed_pipe};
use crate::cli::interrupt::Stop;
use crate::cli::subject::contract;
use crate::client::{ClientError, Event, Options, Outcome, run};
use crate::contract::Level;

/// Random bodies: a client takes a hundred times as long for one as the typed model.
const CASES: u64 = 1_000;

pub(super) fn tried(arguments: &RoundtripArgs, command: &str) -> Result<Exit, Failure> {
    let contract = contract(&arguments.client.contract)?;
    let level = Level::from(arguments.client.level);
    let options = Options {
        command: command.to_owned(),
        seed: arguments.seed,
        cases: arguments.cases.unwrap_or(CASES),
        time_limit: arguments.client.time_limit,
        reductions: arguments.client.shrink,
    };
    let stop = Stop::listen();
    let told = Told { contract: &contract, options: &options, level, out: anstream::stdout() };
    let progress = Progress::new();
    let outcome = run(&contract, &options, &|| stop.is_asked(), &mut |event| progress.on(event)).map_err(failure)?;
    progress.0.finish_and_clear();
    match told.outcome(&outcome) {
        Err(error) if !is_closed_pipe(&error) => Err(Failure::incomplete(error)),
        _ => Ok(exit(&outcome, level)),
    }
}

/// Findings at this level fail, and so does it to have compared nothing.
fn exit(outcome: &Outcome, level: Level) -> Exit {
    if outcome.findings.iter().any(|finding| finding.level >= level) {
        Exit::Findings
    } else if outcome.ended.is_some() || outcome.counts.valid == 0 {
        Exit::Incomplete
    } else {
        Exit::Good
    }
}

fn failure(error: ClientError) -> Failure {
    let advice = match error {
        ClientError::Shell(_) => "--command is run by sh (cmd on Windows), which has to be there",
        ClientError::Ended { .. } => {
            "try it by hand: echo '{}' | COMMAND has to print one line; `policy-harness roundtrip --help` shows a client"
        }
    };
    Failure::incomplete(error).advise(advice)
}

/// How far the run is: on standard error, and only where that is a terminal.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        // The template is a constant; the plain bar is good enough if it were wrong.
        if let Ok(style) = ProgressStyle::with_template("  bodies {bar:28} {pos:>7} / {len:<7} {elapsed:>4}  {msg}") {
            bar.set_style(style.progress_chars("█▉ "));
        }
        bar.set_message("the client starts");
        Self(bar)
    }

    fn on(&self, event: Event) {
        match event {
            Event::Planned(bodies) => {
                self.0.set_length(bodies);
                self.0.set_message("");
            }
            Event::Sent { is_fault } => {
                if is_fault {
                    self.0.set_message("something was found");
                }
                self.0.inc(1);
            }
            Event::Reducing(number, all) => {
                self.0.set_message(format!("reducing {} of {all}", number + 1));
                self.0.tick();
            }
        }
    }
}
