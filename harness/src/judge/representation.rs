//! What an answer says of policies: the id of a new one, where it is, and values
//! that have the types of the contract.

use super::decide::fault;
use super::judgement::Fault;
use super::symptom::Symptom;
use super::{error_object, leak};
use crate::contract::{Contract, OperationKind, RuleId, rule};
use crate::json::{NodeId, Tree, ValueKind, excerpt};
use crate::target::{Answer, Redactor};
use crate::validate::Validator;

/// Characters of a Location that are shown.
const SHOWN: usize = 120;

/// Rules that a value of another type than the contract's breaks. What the
/// contract does not declare, and members of enumerations that came later, are no
/// matter here.
const TYPES: &[RuleId] = &[
    rule::JSON_TYPE,
    rule::QUOTED,
    rule::INT32_FRACTION,
    rule::INT32_RANGE,
    rule::ENUM_NUMBER,
    rule::ENUM_JSON_TYPE,
    rule::DURATION,
    rule::DURATION_UNITS,
    rule::DATE_TIME,
    rule::DATE_TIME_OFFSET,
    rule::IMPOSSIBLE_DATE,
    rule::DATE,
    rule::DATE_TIME_IN_DATE,
];

pub(super) fn read(body: &[u8]) -> Option<Tree> {
    let mut tree = Tree::new();
    error_object::read(body, &mut tree).ok().map(|_| tree)
}

/// What is wrong with the policies in the answer to an operation that succeeded.
pub(super) fn faults(contract: &Contract, kind: OperationKind, answer: &Answer, secret: &Redactor) -> Vec<Fault> {
    let found = match kind {
        OperationKind::Create | OperationKind::Read | OperationKind::Replace => {
            mistyped(contract, &answer.body, secret)
        }
        // Others may have put policies into a list that nobody promised anything of.
        OperationKind::Add | OperationKind::Delete | OperationKind::List => None,
    };
    let mut faults: Vec<Fault> =
        found.map(|symptom| fault(contract, rule::ANSWER_TYPES, symptom)).into_iter().collect();
    if kind == OperationKind::Create {
        faults
            .extend(location(contract, answer, secret).map(|symptom| fault(contract, rule::ANSWER_LOCATION, symptom)));
    }
    faults
}

/// The first value of a policy that has another type than the contract's.
pub(super) fn mistyped(contract: &Contract, policy: &[u8], secret: &Redactor) -> Option<Symptom> {
    let mut validator = Validator::new(contract);
    let violation = validator.validate(policy).iter().find(|one| TYPES.contains(&one.rule))?.clone();
    let tree = validator.tree();
    let value = excerpt(tree, tree.at(&violation.at)?);
    Some(Symptom::Type { at: violation.at, value: secret.text(&value).into() })
}

/// What is wrong with the Location of a new policy.
fn location(contract: &Contract, answer: &Answer, secret: &Redactor) -> Option<Symptom> {
    let Some(location) = answer.header("location") else { return Some(Symptom::HeaderMissing("Location".into())) };
    let id = id_of(contract, answer)?;
    let has = location.to_ascii_lowercase().contains(&id.to_ascii_lowercase());
    (!has).then(|| Symptom::Location(leak::shown(&secret.text(location), SHOWN)))
}

/// The id of the policy in an answer.
pub(super) fn id_of(contract: &Contract, answer: &Answer) -> Option<String> {
    let tree = read(&answer.body)?;
    id_in(contract, &tree, tree.root()?)
}

/// The id of a policy.
pub(super) fn id_in(contract: &Contract, tree: &Tree, policy: NodeId) -> Option<String> {
    let key = contract.schema.types.get(usize::from(contract.body.0))?.key()?;
    let id = tree.member(policy, &key.name)?;
    let is_text = matches!(tree.kind(id), ValueKind::String | ValueKind::Number);
    is_text.then(|| tree.string(id).into_owned()).filter(|id| !id.is_empty())
}

/// The id of a new policy: what its representation says, or the last part of its
/// Location.
pub fn created_id(contract: &Contract, answer: &Answer) -> Option<String> {
    let id = id_of(contract, answer).or_else(|| {
        let location = answer.header("location")?;
        let last = location.trim_end_matches('/').rsplit('/').next()?;
        let inside = last.split_once("('").and_then(|(_, rest)| rest.split_once("')")).map(|(id, _)| id);
        Some(inside.unwrap_or(last).to_owned())
    });
    // In a path dots alone name another place, however they are written.
    id.filter(|id| id.bytes().any(|byte| byte != b'.'))
}
