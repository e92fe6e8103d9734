//! Requests as a campaign sends them: what may create something is in the ledger
//! before it is sent, and so is what came of it.

use std::time::Duration;

use memchr::memmem;

use crate::contract::OperationKind;
use crate::judge::created_id;
use crate::ledger::Entry;
use crate::target::{Answer, Exchanged, NoAnswer, Request};

use super::sender::Shared;

/// What came of a request.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) outcome: Result<Answer, NoAnswer>,
    /// The id of the policy that it created, as far as the answer says.
    pub(super) created: Option<String>,
    /// How long it took, without the wait for its turn.
    pub(super) took: Duration,
}

/// Sends a request of an operation.
pub(super) async fn send(shared: &Shared, operation: usize, request: &Request) -> Sent {
    let operation = &shared.contract.operations[operation];
    let kind = operation.kind;
    // A replace that creates something is wrong, and has to be cleared away all the same.
    let may_create = shared.contract.creates() && kind.sends_policy();
    let ledger = &shared.options.ledger;
    if !may_create {
        let Exchanged { outcome, took } = shared.endpoint.exchange_timed(request).await;
        let deleted = operation.id_in(&request.path).filter(|_| kind == OperationKind::Delete);
        if let (Some(id), Ok(answer)) = (deleted, &outcome)
            && request.method == operation.method
            && answer.status / 100 == 2
        {
            // A ledger that cannot be written says so when the run ends.
            let _ = ledger.note(Entry::Deleted(id.to_owned()));
        }
        return Sent { outcome, created: None, took };
    }
    let mark = mark_in(ledger.run(), request.body.as_deref().unwrap_or_default());
    if let Err(error) = ledger.note(Entry::Creating(mark.clone())) {
        return Sent {
            outcome: Err(NoAnswer::Unsent(format!("the ledger cannot be written: {error}"))),
            created: None,
            took: Duration::ZERO,
        };
    }
    let Exchanged { outcome, took } = shared.endpoint.exchange_timed(request).await;
    let created = match &outcome {
        Ok(answer) if answer.status / 100 == 2 => created_id(&shared.contract, answer),
        _ => None,
    };
    let entry = match (&outcome, &created) {
        (Ok(_), Some(id)) => Entry::Created { id: id.clone(), mark },
        (Ok(answer), None) if answer.status / 100 == 4 => Entry::Refused(mark),
        // It never got there.
        (Err(NoAnswer::Refused | NoAnswer::Unsent(_)), _) => Entry::Refused(mark),
        (Ok(_), None) if kind == OperationKind::Replace || request.method != operation.method => Entry::Refused(mark),
        // Whether it was created nobody knows.
        _ => return Sent { outcome, created, took },
    };
    // A ledger that cannot be written says so when the run ends.
    let _ = ledger.note(entry);
    Sent { outcome, created, took }
}

/// The mark that a body carries, from its first place; empty where it has none.
fn mark_in(run: &str, body: &[u8]) -> String {
    let start = memmem::find(body, run.as_bytes()).filter(|_| !run.is_empty());
    let Some(start) = start else { return String::new() };
    let rest = body[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
    rest.map(|&byte| char::from(byte)).collect()
}
