//! What the requests around a case tell: whether what was stored is what was
//! sent, whether a refusal changed something, whether the next connection lives.

use super::decide::fault;
use super::judgement::{Doubt, Fault};
use super::list::Listed;
use super::symptom::Symptom;
use super::{error_object, leak, representation};
use crate::compare::{Mismatch, altered, leftover, mismatch, server_set};
use crate::contract::{Contract, OperationKind, RuleId, rule};
use crate::json::{self, Tree};
use crate::target::{Answer, Redactor};

/// What is wrong with a policy that was read back after `sent` was accepted.
/// `before` is what was stored until then, where that is known; `secret` is not
/// quoted.
///
/// # Errors
/// Why the answer to the read says nothing.
pub fn stored(
    contract: &Contract,
    before: Option<&[u8]>,
    sent: &[u8],
    read: &Answer,
    secret: &Redactor,
) -> Result<Vec<Fault>, Doubt> {
    let tree = match policy(read)? {
        Ok(tree) => tree,
        // It reads as any other answer to who asks for what is not there.
        Err(Symptom::NotStored(status)) if contract.creates() => {
            return Ok(vec![fault(contract, rule::FOUND, Symptom::Status(status))]);
        }
        Err(symptom) => return Ok(vec![fault(contract, rule::STORED, symptom)]),
    };
    let Ok(sent) = json::read(sent) else { return Ok(Vec::new()) };
    let before = before.and_then(|before| json::read(before).ok());
    let found = [
        (rule::STORED, mismatch(contract, &sent, &tree)),
        (rule::REPLACED, before.and_then(|before| leftover(contract, &before, &sent, &tree))),
        (rule::SERVER_SET, server_set(contract, &sent, &tree)),
    ];
    let faults = found.into_iter().filter_map(|(rule, mismatch)| Some(fault(contract, rule, shown(mismatch?, secret))));
    let mistyped = representation::faults(contract, OperationKind::Read, read, secret);
    Ok(faults.chain(mistyped).collect())
}

/// The fault of an answer whose policy has another id than it had.
pub fn other_id(contract: &Contract, rule: RuleId, id: &str, answer: &Answer) -> Option<Fault> {
    let now = representation::id_of(contract, answer)?;
    let is_other = !now.eq_ignore_ascii_case(id);
    is_other.then(|| fault(contract, rule, Symptom::OtherId { before: id.into(), now: leak::shown(&now, 60) }))
}

/// What a refused create left behind, told from the pages of a list.
pub fn nothing_left(contract: &Contract, mark: &str, pages: &[Answer]) -> Vec<Fault> {
    let listed = Listed::of(contract, pages);
    let name = listed.called(mark, None);
    name.map(|name| fault(contract, rule::NOTHING_LEFT, Symptom::Listed(leak::shown(name, 60)))).into_iter().collect()
}

/// Whether a read shows `sent` and nothing besides, so that it cannot be what was
/// there before.
pub fn is_exactly(contract: &Contract, sent: &[u8], read: &Answer) -> bool {
    let (Ok(sent), Ok(Ok(read))) = (json::read(sent), policy(read)) else { return false };
    altered(contract, &sent, &read).is_none()
}

/// What a refused request changed, told from reads before and after it.
///
/// # Errors
/// Why one of the answers says nothing.
pub fn unchanged(contract: &Contract, before: &Answer, after: &Answer, secret: &Redactor) -> Result<Vec<Fault>, Doubt> {
    let Ok(before) = policy(before)? else { return Err(Doubt::Around) };
    let symptom = match policy(after)? {
        Err(Symptom::NotStored(status)) if contract.creates() => Some(Symptom::Status(status)),
        Ok(after) => altered(contract, &before, &after).map(|mismatch| shown(mismatch, secret)),
        Err(symptom) => Some(symptom),
    };
    Ok(symptom.map(|symptom| fault(contract, rule::UNCHANGED, symptom)).into_iter().collect())
}

/// The fault of a target that does not answer on the connection after a message
/// that it could not take.
pub fn next_fault(contract: &Contract) -> Fault {
    fault(contract, rule::ANSWER_NEXT, Symptom::NoAnswer)
}

/// A mismatch as a symptom. What was read is quoted, unless it holds the secret.
fn shown(mut mismatch: Mismatch, secret: &Redactor) -> Symptom {
    for text in mismatch.read.iter_mut().chain([&mut mismatch.sent]) {
        if secret.is_held_by(text) {
            "[redacted]".clone_into(text);
        }
    }
    Symptom::Stored(Box::new(mismatch))
}

/// The policy in an answer to a read; the symptom where there is none.
fn policy(answer: &Answer) -> Result<Result<Tree, Symptom>, Doubt> {
    match answer.status {
        429 | 503 | 504 => return Err(Doubt::Busy(answer.status)),
        401 => return Err(Doubt::Credentials),
        200 => {}
        status => return Ok(Err(Symptom::NotStored(status))),
    }
    let mut tree = Tree::new();
    let found = match error_object::read(&answer.body, &mut tree) {
        Ok(root) if tree.kind(root) == json::ValueKind::Object => Ok(tree),
        Ok(_) => Err(Symptom::NotObject),
        Err(symptom) => Err(symptom),
    };
    Ok(found)
}
