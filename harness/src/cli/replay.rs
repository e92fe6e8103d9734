//! `replay`: sends the cases of findings again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::ReplayArgs;
use super::baseline::files;
use super::exit::{Exit, Failure};
use super::rule_table;
use super::say::say;
use super::subject::{contract, embedded, endpoint, ledger_at, sign_in};
use crate::campaign::{Options, Replayed, RunError, replay as again};
use crate::journal::FindingFile;

/// Connections; one case is sent after the other.
const CONNECTIONS: usize = 1;

pub(super) fn replay(arguments: &ReplayArgs) -> Result<Exit, Failure> {
    let files = files(&arguments.files)?;
    if files.is_empty() {
        return Err(Failure::usage("there is no finding in these folders").advise("runs write them to findings/"));
    }
    let findings: Vec<(PathBuf, FindingFile)> =
        files.into_iter().map(|path| read(&path).map(|file| (path, file))).collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    let mut exit = Exit::Good;
    for (path, file) in &findings {
        let (replayed, words) = runtime.block_on(send(arguments, path, file))?;
        say(&format!("{}: {words}", path.display()));
        exit = match (exit, replayed) {
            (Exit::Findings, _) | (_, Replayed::StillThere | Replayed::Changed(_)) => Exit::Findings,
            (_, Replayed::Unknown(_)) => Exit::Incomplete,
            (exit, Replayed::Fixed) => exit,
        };
    }
    Ok(exit)
}

fn read(path: &Path) -> Result<FindingFile, Failure> {
    let text = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    FindingFile::read(&text).map_err(|why| unreadable(path, &why))
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::usage(format!("cannot read the finding {}: {why}", path.display()))
        .advise("give files that a run wrote to findings/")
}

async fn send(arguments: &ReplayArgs, path: &Path, file: &FindingFile) -> Result<(Replayed, String), Failure> {
    let changed = rule_table::changed(vec![contract(&file.contract)?], &arguments.file.read.rules)?;
    let Some(contract) = changed.into_iter().next().map(Arc::new) else { return Err(unreadable(path, &"no contract")) };
    let (case, fault) = file.case(&contract).map_err(|why| unreadable(path, &why))?;
    let base = arguments.target.as_ref().or(file.target.as_ref());
    let (endpoint, server) = match base {
        Some(base) => {
            let endpoint = endpoint(&arguments.access, Some(&arguments.unprivileged), base, CONNECTIONS)?;
            sign_in(&endpoint).await?;
            (endpoint, None)
        }
        None => {
            let subject = embedded(&arguments.access, &[(*contract).clone()], CONNECTIONS).await?;
            (subject.endpoint, subject.server)
        }
    };
    let ledger = Arc::new(match base {
        Some(_) => ledger_at(Path::new(".policy-harness"), &file.run, &contract, endpoint.base())?,
        None => crate::ledger::Ledger::in_memory(&file.run),
    });
    let read = contract.operations.iter().find_map(|operation| operation.id_in(&case.request.path));
    let ids = match read.filter(|id| !contract.creates() && *id != crate::target::BLANK) {
        Some(id) => vec![id.to_owned()],
        None => Vec::new(),
    };
    let options = Options { ids, ledger: Arc::clone(&ledger), overwrite: endpoint.is_local(), ..Options::default() };
    let outcome = again(Arc::clone(&contract), endpoint, options, &case, &fault).await;
    if let Some(left) = ledger.close() {
        let left = left.display();
        say(&format!("The ledger {left} says what is left. `policy-harness clean {left}` takes it away."));
    }
    if let Some(server) = server {
        server.stop().await;
    }
    let replayed =
        outcome.map_err(|error: RunError| Failure::incomplete(error).advise("check --target and the token"))?;
    let words = words(&contract, file, &replayed);
    Ok((replayed, words))
}

fn words(contract: &crate::contract::Contract, file: &FindingFile, replayed: &Replayed) -> String {
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
