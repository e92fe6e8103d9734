//! `probe`: whether a campaign against a target can begin, and what has to be set
//! before it can.

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Command, FromArgMatches};

use super::arguments::{ProbeArgs, RunArgs};
use super::exit::{Exit, Failure};
use super::run::{prepared, refused};
use super::say::say;
use super::subject::{Subject, check, drawn_run, ledger, subject};
use crate::campaign::{self, Probe, Tried};
use crate::case::Plan;
use crate::contract::{Contract, Level};

pub(super) fn probe(arguments: &ProbeArgs) -> Result<Exit, Failure> {
    let run = as_run(arguments)?;
    if run.target.is_none() {
        return Err(Failure::usage("probe needs --target URL: the base that the operations' paths are appended to")
            .advise("as in --target http://127.0.0.1:8080/v1.0"));
    }
    let contracts = prepared(&run)?;
    check(&run, &contracts)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let subject = subject(&run, &contracts).await?;
        let mut exit = Exit::Good;
        for contract in contracts {
            let contract = if contract.creates() { contract.with_known(&subject.packages) } else { contract };
            let found = one(&run, Arc::new(contract), &subject).await?;
            exit = if exit == Exit::Findings { exit } else { found };
        }
        say(match exit {
            Exit::Good => "Ready: `policy-harness run` with the same flags can begin.",
            _ => {
                "The target answers, and its answers deviate: `policy-harness run` with the same flags tells all of it."
            }
        });
        Ok(exit)
    })
}

/// The run that is tried: with the same flags, and else as usual.
fn as_run(arguments: &ProbeArgs) -> Result<RunArgs, Failure> {
    let matches = RunArgs::augment_args(Command::new("run")).try_get_matches_from(["run"]);
    let run = matches.and_then(|matches| RunArgs::from_arg_matches(&matches)).map_err(Failure::usage)?;
    Ok(RunArgs {
        target: arguments.target.clone(),
        contracts: arguments.contracts.clone(),
        access: arguments.access.clone(),
        assignment_ids: arguments.assignment_ids.clone(),
        access_package_ids: arguments.access_package_ids.clone(),
        ids: arguments.ids.clone(),
        overwrite: arguments.overwrite,
        ledger: arguments.ledger.clone(),
        file: arguments.file.clone(),
        ..run
    })
}

async fn one(run: &RunArgs, contract: Arc<Contract>, subject: &Subject) -> Result<Exit, Failure> {
    let name = drawn_run();
    let ledger = Arc::new(ledger(run, &name, &contract, subject.endpoint.base())?);
    let options = campaign::Options {
        ids: if contract.creates() { Vec::new() } else { subject.assignments.clone() },
        overwrite: run.overwrite || subject.endpoint.is_local(),
        ledger: Arc::clone(&ledger),
        ..campaign::Options::default()
    };
    let plan = Arc::new(Plan::of(&contract));
    let tried = campaign::probe(Arc::clone(&contract), plan, subject.endpoint.clone(), options).await;
    let left = ledger.close();
    let Probe { tried, left: remains } = tried.map_err(|error| refused(error, run))?;
    say(&format!("policy-harness probe · contract {} · target: {}", contract.name, subject.name));
    say("  ok    it answers, and lets the caller in");
    for one in &tried {
        say(&line(&contract, one));
    }
    if let Some(path) = left {
        let path = path.display();
        say(&format!("  left  not all could be taken away; `policy-harness clean {path}` tries again"));
    } else if !remains.is_nothing() {
        say("  left  not all could be taken away");
    }
    if let Some((one, doubt)) = tried.iter().find_map(|one| Some((one, one.doubt.as_ref()?))) {
        return Err(Failure::incomplete(doubt).advise(wait(one)));
    }
    let is_fault = |one: &&Tried| one.faults.iter().any(|(_, level, _)| *level == Level::Must);
    let Some(wrong) = tried.iter().find(is_fault) else { return Ok(Exit::Good) };
    say(&advice(wrong, run));
    wrong.curl.lines().for_each(|line| say(&format!("    {line}")));
    Ok(Exit::Findings)
}

/// What came of a request, in a line.
fn line(contract: &Contract, tried: &Tried) -> String {
    let what = if tried.is_good { "a valid body" } else { "a malformed body" };
    let answered = match tried.status {
        Some(status) => format!("{status} in {}", milliseconds(tried.elapsed)),
        None => "no answer".to_owned(),
    };
    let rule = &contract.rule(tried.rule).id;
    let message = tried.message.as_ref().map(|message| format!(" “{message}”")).unwrap_or_default();
    // What the request is about tells more than how the answer is written.
    let own = tried.faults.iter().find(|(broken, ..)| *broken == tried.rule);
    match (own.or(tried.faults.first()), &tried.doubt) {
        (Some((broken, level, got)), _) => {
            let word = if *level == Level::Must { "FAIL" } else { "warn" };
            format!("  {word}  {what} ({rule}): {got}{message}, which breaks {}", contract.rule(*broken).id)
        }
        (None, Some(doubt)) => format!("  ?     {what} ({rule}): {doubt}{message}"),
        (None, None) if tried.is_good => format!("  ok    {what} is accepted: {answered}"),
        (None, None) => format!("  ok    {what} ({rule}) is refused: {answered}{message}"),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

/// What to do about an answer that says nothing.
fn wait(tried: &Tried) -> String {
    match (tried.status, &tried.retry_after) {
        (Some(429 | 503), Some(after)) => format!("the target asks for time: try again after {after} (Retry-After)"),
        (Some(429), None) => "the target asks for time: try again later, and run with a low --concurrency".to_owned(),
        (Some(401), _) => "the token was taken before and is taken no longer: give one that lasts".to_owned(),
        (Some(403), _) => {
            "the caller lacks a role that such a policy needs: give the token of an administrator".to_owned()
        }
        (Some(409), _) => "name an assignment or an access package that is there for tests alone".to_owned(),
        (Some(_), _) => "the target, or what stands before it, is not well: try again later".to_owned(),
        (None, _) => "the target answered before and does so no longer: look at its log".to_owned(),
    }
}

/// What an answer that deviates may come from.
fn advice(tried: &Tried, run: &RunArgs) -> String {
    let text = match (tried.is_good, tried.status) {
        (true, Some(400..=499)) if run.ids.is_empty() => {
            "A body is refused that the contract promises to accept. If the message is of a user, a group or another thing that does not exist, name some that do with --id KIND=GUID."
        }
        (true, Some(400..=499)) => "A body is refused that the contract promises to accept; the message may say why.",
        (true, _) => "A body that must be accepted is not answered as it must be.",
        (false, Some(200..=299)) => {
            "A body is accepted that must be refused: what stands there may check no bodies at all."
        }
        (false, _) => "A body that must be refused is not answered as it must be.",
    };
    format!("  {text} To see it:")
}
