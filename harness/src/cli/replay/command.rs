//! The command: each file's case is sent to the target, and what it shows is said.

use std::path::Path;
use std::sync::Arc;

use super::input::{self, Input};
use super::payload;
use crate::campaign::{Options, Replayed, RunError, replay as again};
use crate::case::Case;
use crate::cli::arguments::ReplayArgs;
use crate::cli::baseline::files;
use crate::cli::exit::{Exit, Failure};
use crate::cli::rule_table;
use crate::cli::say::say;
use crate::cli::subject::{contract, drawn_run, embedded, endpoint, ledger_at, sign_in};
use crate::contract::Contract;
use crate::journal::FindingFile;
use crate::judge::Fault;

/// Connections; one case is sent after the other.
const CONNECTIONS: usize = 1;

pub(in crate::cli) fn replay(arguments: &ReplayArgs) -> Result<Exit, Failure> {
    let files = files(&arguments.files)?;
    if files.is_empty() {
        return Err(Failure::usage("there is no finding in these folders").advise("runs write them to findings/"));
    }
    let mut jobs = Vec::new();
    for path in &files {
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        for input in input::read(path, bytes, arguments.read_as).map_err(|why| unreadable(path, &why))? {
            jobs.push((path, job(arguments, path, input)?));
        }
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    let mut exit = Exit::Good;
    for (path, job) in &jobs {
        let replayed = runtime.block_on(send(arguments, job))?;
        let words = match &job.known {
            Some(finding) => words(&job.contract, finding, &replayed),
            None => payload::words(job, &replayed),
        };
        say(&format!("{}: {words}", path.display()));
        exit = match (exit, replayed) {
            (Exit::Findings, _) | (_, Replayed::StillThere | Replayed::Changed(_)) => Exit::Findings,
            (_, Replayed::Unknown(_)) => Exit::Incomplete,
            (exit, Replayed::Fixed) => exit,
        };
    }
    Ok(exit)
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::usage(format!("cannot replay {}: {why}", path.display()))
        .advise("give findings of a run, counterexamples of a property, or inputs of a fuzz target; `policy-harness replay --help` shows how each is told")
}

/// A case to send again.
pub(super) struct Job {
    pub(super) contract: Arc<Contract>,
    pub(super) case: Case,
    fault: Option<Fault>,
    /// The finding that it is of.
    known: Option<FindingFile>,
}

fn job(arguments: &ReplayArgs, path: &Path, input: Input) -> Result<Job, Failure> {
    let name = match &input {
        Input::Finding(file) => &file.contract,
        Input::Body(_) | Input::ValidTape(_) | Input::MalformedTape(_) => &arguments.contract,
    };
    let changed = rule_table::changed(vec![contract(name)?], &arguments.file.read.rules)?;
    let Some(contract) = changed.into_iter().next() else { return Err(unreadable(path, &"no contract")) };
    match input {
        Input::Finding(file) => {
            let contract = Arc::new(contract);
            let (case, fault) = file.case(&contract).map_err(|why| unreadable(path, &why))?;
            Ok(Job { contract, case, fault: Some(fault), known: Some(*file) })
        }
        input => {
            let (contract, case) = payload::case(arguments, contract, &input)
                .ok_or_else(|| unreadable(path, &"the tape makes no case of its kind, as the fuzz target finds too"))?;
            Ok(Job { contract: Arc::new(contract), case, fault: None, known: None })
        }
    }
}

async fn send(arguments: &ReplayArgs, job: &Job) -> Result<Replayed, Failure> {
    let Job { contract, case, .. } = job;
    let base = arguments.target.as_ref().or_else(|| job.known.as_ref()?.target.as_ref());
    if base.is_some() && job.known.is_none() && !contract.creates() && arguments.assignment_id.is_none() {
        return Err(Failure::usage("--target needs --assignment-id GUID: the assignment whose policy is written")
            .advise("the policy of that assignment is overwritten and put back"));
    }
    let (endpoint, server) = match base {
        Some(base) => {
            let endpoint = endpoint(&arguments.access, Some(&arguments.unprivileged), base, CONNECTIONS)?;
            sign_in(&endpoint).await?;
            (endpoint, None)
        }
        None => {
            let subject = embedded(&arguments.access, &[(**contract).clone()], CONNECTIONS).await?;
            (subject.endpoint, subject.server)
        }
    };
    let run = job.known.as_ref().map_or_else(drawn_run, |file| file.run.clone());
    let ledger = Arc::new(match base {
        Some(_) => ledger_at(Path::new(".policy-harness"), &run, contract, endpoint.base())?,
        None => crate::ledger::Ledger::in_memory(&run),
    });
    let read = contract.operations.iter().find_map(|operation| operation.id_in(&case.request.path));
    let ids = match read.filter(|id| !contract.creates() && *id != crate::target::BLANK) {
        Some(id) => vec![id.to_owned()],
        None => Vec::new(),
    };
    let options = Options { ids, ledger: Arc::clone(&ledger), overwrite: endpoint.is_local(), ..Options::default() };
    let outcome = again(Arc::clone(contract), endpoint, options, case, job.fault.as_ref()).await;
    if let Some(left) = ledger.close() {
        let left = left.display();
        say(&format!("The ledger {left} says what is left. `policy-harness clean {left}` takes it away."));
    }
    if let Some(server) = server {
        server.stop().await;
    }
    outcome.map_err(|error: RunError| Failure::incomplete(error).advise("check --target and the token"))
}

fn words(contract: &Contract, file: &FindingFile, replayed: &Replayed) -> String {
    match replayed {
        Replayed::StillThere => format!("still there: {}, {}", file.rule, file.got),
        Replayed::Fixed => format!("fixed: it no longer breaks {}", file.rule),
        Replayed::Changed(faults) => {
            let now =
                faults.iter().map(|fault| format!("{}, {}", contract.rule(fault.rule).id, fault.symptom.sentence()));
            format!("changed: it was {}, {}; now it is {}", file.rule, file.got, now.collect::<Vec<_>>().join("; "))
        }
        Replayed::Unknown(why) => format!("nothing is known of it now: {why}"),
    }
}
