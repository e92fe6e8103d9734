//! Leaves a target as it was: what a run created it deletes, and the policy that an
//! object had before is put back. It works from the ledger, so that it does not
//! matter how the run ended.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::value::RawValue;

use super::event::Left;
use super::options::RunError;
use super::pages::pages;
use crate::contract::{Contract, OperationKind};
use crate::json::{self, Tree};
use crate::judge::{self, Listed};
use crate::ledger::{Entry, Ledger};
use crate::target::{Answer, Credentials, Endpoint, NoAnswer, Request, Wire};

/// Times that a policy is deleted before it counts as left.
const ATTEMPTS: u32 = 3;
/// How long a target that has no time is left alone.
const PAUSE: Duration = Duration::from_millis(500);

/// Times that the list is looked through for what is left.
const LOOKS: usize = 5;
/// Policies in a row that cannot be deleted before the rest is left as well.
const HOPELESS: u32 = 8;

/// Reads what objects have that are going to be overwritten, and writes it down.
/// What cannot be read stops a run, unless it may be overwritten.
pub(super) async fn remember(
    contract: &Contract,
    endpoint: &Endpoint,
    ledger: &Ledger,
    ids: &[String],
    overwrite: bool,
) -> Result<(), RunError> {
    if contract.creates() {
        return Ok(());
    }
    for id in ids {
        let answer = match request(contract, OperationKind::Read, id, None) {
            Some(read) => endpoint.exchange(&read).await,
            None => Err(NoAnswer::Unsent("the contract has no read".to_owned())),
        };
        let policy = match &answer {
            Ok(answer) if answer.status == 200 => storable(contract, answer),
            _ => None,
        };
        // Who cannot be reached cannot be overwritten either.
        if let Err(why @ (NoAnswer::Certificate(_) | NoAnswer::Refused)) = answer {
            return Err(RunError::NoAnswer { base: endpoint.base().to_owned(), why });
        }
        // What is there and was not shown would be lost.
        if let Ok(Answer { status: 429 | 503, .. }) = answer {
            let unknown = || "it is too busy to show what is to be put back after the run".to_owned();
            let why = endpoint.pace().given_up().unwrap_or_else(unknown);
            return Err(RunError::Busy { base: endpoint.base().to_owned(), why });
        }
        if policy.is_none() && !overwrite {
            let why = match answer {
                Ok(answer) => format!("the read was answered with {}", answer.status),
                Err(why) => why.to_string(),
            };
            return Err(RunError::NotReadable { id: id.clone(), why });
        }
        let policy = policy.and_then(|policy| RawValue::from_string(policy).ok());
        if policy.is_some() {
            let entry = Entry::Overwriting { id: id.clone(), policy };
            ledger.note(entry).map_err(|error| RunError::Ledger(error.to_string()))?;
        }
    }
    Ok(())
}

/// Takes away what the ledger says is left, as far as the target lets it. `settle` is
/// how long a read may lag behind a write.
pub async fn tidy(contract: &Contract, endpoint: &Endpoint, ledger: &Ledger, settle: Duration) -> Left {
    let mut left = Left::default();
    if contract.creates() && ledger.is_used() {
        let mut failures = 0;
        for id in ledger.remains().policies {
            let is_gone = delete(contract, endpoint, ledger, &id).await;
            failures = if is_gone { 0 } else { failures + 1 };
            // A target that deletes nothing is not asked for hours.
            if failures == HOPELESS {
                break;
            }
        }
        sweep(contract, endpoint, ledger, settle, &mut left).await;
    }
    for (id, policy) in ledger.remains().overwritten {
        let restored = match &policy {
            Some(policy) => restore(contract, endpoint, &id, policy).await,
            None => true,
        };
        if restored {
            note(ledger, Entry::Restored(id));
        }
    }
    let remains = ledger.remains();
    left.policies = remains.policies.into_iter().collect();
    left.pending = remains.pending.values().sum();
    left.overwritten = remains.overwritten.into_keys().collect();
    left.trouble = ledger.trouble();
    if left.unlisted {
        ledger.keep();
    }
    left
}

/// Deletes one policy that the run created; whether it is gone.
pub(super) async fn delete(contract: &Contract, endpoint: &Endpoint, ledger: &Ledger, id: &str) -> bool {
    let Some(request) = request(contract, OperationKind::Delete, id, None) else { return false };
    for attempt in 0..ATTEMPTS {
        match endpoint.exchange(&request).await {
            // Who may not delete is answered 403, and so is who asks for what is gone.
            Ok(answer) if answer.status == 403 && !is_gone(contract, endpoint, id).await => return false,
            Ok(answer) if matches!(answer.status, 200..=299 | 403 | 404 | 410) => {
                note(ledger, Entry::Deleted(id.to_owned()));
                return true;
            }
            Ok(answer) if answer.status != 504 => return false,
            // What was busy was asked again already.
            Err(NoAnswer::Unsent(_)) => return false,
            Ok(_) | Err(_) => tokio::time::sleep(PAUSE * attempt).await,
        }
    }
    false
}

/// Finds by their names what a run created without learning of it, and deletes it.
async fn sweep(contract: &Contract, endpoint: &Endpoint, ledger: &Ledger, settle: Duration, left: &mut Left) {
    let Some(list) = request(contract, OperationKind::List, "", None) else { return };
    let mut before: BTreeSet<String> = BTreeSet::new();
    for _ in 0..LOOKS {
        let Ok(answers) = pages(endpoint, &list).await else {
            left.unlisted = true;
            return;
        };
        let listed = Listed::of(contract, &answers);
        let found: Vec<&str> = listed.of_run(ledger.run()).collect();
        if is_stale(contract, endpoint, &found).await {
            break;
        }
        // What a target says that it deleted may be there all the same.
        let is_in_vain = found.iter().all(|id| before.contains(*id));
        let mut failures = 0;
        for id in &found {
            note(ledger, Entry::Created { id: (*id).to_owned(), mark: String::new() });
            if failures < HOPELESS && !is_in_vain {
                let is_gone = delete(contract, endpoint, ledger, id).await;
                failures = if is_gone { 0 } else { failures + 1 };
            }
        }
        if is_in_vain {
            break;
        }
        // What was on its way when a run was killed may come later.
        before = found.into_iter().map(str::to_owned).collect();
        tokio::time::sleep(settle).await;
    }
    // What carries a mark would have been found.
    for (mark, count) in ledger.remains().pending {
        if !mark.is_empty() {
            (0..count).for_each(|_| note(ledger, Entry::Refused(mark.clone())));
        }
    }
}

/// Whether a list is behind: the first policies that it has are no longer read.
async fn is_stale(contract: &Contract, endpoint: &Endpoint, ids: &[&str]) -> bool {
    for id in ids.iter().take(HOPELESS as usize) {
        if !is_gone(contract, endpoint, id).await {
            return false;
        }
    }
    true
}

/// Whether a policy cannot be read any more.
async fn is_gone(contract: &Contract, endpoint: &Endpoint, id: &str) -> bool {
    let Some(read) = request(contract, OperationKind::Read, id, None) else { return false };
    endpoint.exchange(&read).await.is_ok_and(|answer| matches!(answer.status, 403 | 404 | 410))
}

/// Puts a policy back; whether it is there again.
async fn restore(contract: &Contract, endpoint: &Endpoint, id: &str, policy: &str) -> bool {
    let body = policy.as_bytes().to_vec();
    let Some(add) = request(contract, OperationKind::Add, id, Some(body)) else { return false };
    for attempt in 0..ATTEMPTS {
        match endpoint.exchange(&add).await {
            Ok(answer) if answer.status / 100 == 2 => return is_back(contract, endpoint, id, policy).await,
            Ok(answer) if answer.status != 504 => return false,
            Err(NoAnswer::Unsent(_)) => return false,
            Ok(_) | Err(_) => tokio::time::sleep(PAUSE * attempt).await,
        }
    }
    false
}

async fn is_back(contract: &Contract, endpoint: &Endpoint, id: &str, policy: &str) -> bool {
    let Some(read) = request(contract, OperationKind::Read, id, None) else { return false };
    let Ok(answer) = endpoint.exchange(&read).await else { return false };
    judge::stored(contract, None, policy.as_bytes(), &answer, endpoint.redactor()).is_ok_and(|faults| faults.is_empty())
}

/// The policy of an answer as a body that stores it: without what the server sets
/// and without annotations of the whole.
fn storable(contract: &Contract, answer: &Answer) -> Option<String> {
    let mut tree: Tree = json::read(&answer.body).ok()?;
    let root = tree.root().filter(|&root| tree.kind(root) == json::ValueKind::Object)?;
    let properties = &contract.schema.types[usize::from(contract.body.0)].properties;
    let is_kept = |tree: &Tree, member: &json::NodeId| {
        let name = tree.name(*member);
        let is_set = properties.iter().any(|property| property.computed && *property.name == *name);
        !is_set && !name.starts_with('@')
    };
    let kept: Vec<_> = tree.children_vec(root).into_iter().filter(|member| is_kept(&tree, member)).collect();
    tree.set_children(root, &kept);
    String::from_utf8(tree.to_bytes()).ok()
}

/// A good request of an operation.
fn request(contract: &Contract, kind: OperationKind, id: &str, body: Option<Vec<u8>>) -> Option<Request> {
    let operation = &contract.operations[contract.operation(kind)?];
    let header = match &body {
        Some(_) => ("content-type", "application/json".to_owned()),
        None => ("accept", "application/json".to_owned()),
    };
    let request = Request {
        method: operation.method.clone(),
        path: operation.path_for(crate::target::BLANK),
        headers: vec![header],
        credentials: Credentials::Token("Bearer"),
        body,
        wire: Wire::Plain,
    };
    Some(request.with_id(id))
}

/// A ledger that cannot be written says so when the run ends.
fn note(ledger: &Ledger, entry: Entry) {
    let _ = ledger.note(entry);
}
