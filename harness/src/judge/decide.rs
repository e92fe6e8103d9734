//! The verdict on one case: what holds for every answer first, then what this
//! case expects.

use super::expectation::{Expectation, Facts};
use super::judgement::{Doubt, Fault, Judgement, Observed};
use super::symptom::Symptom;
use super::{answer, error_object, representation};
use crate::contract::{Contract, Level, OperationKind, RuleId, rule};
use crate::json;
use crate::target::{Answer, NoAnswer};

/// Judges what came of a case.
pub fn judge(
    contract: &Contract,
    expected: Expectation,
    facts: &Facts<'_>,
    outcome: Result<&Answer, &NoAnswer>,
) -> Judgement {
    match outcome {
        Ok(answer) => judge_answer(contract, expected, facts, answer),
        Err(none) => judge_silence(contract, expected, none),
    }
}

/// The fault of a target that did not answer the same case again and again,
/// while it answers others.
pub fn no_answer_fault(contract: &Contract) -> Fault {
    fault(contract, rule::ANSWER_ALWAYS, Symptom::NoAnswer)
}

/// A fault at the level that the contract gives its rule.
pub fn fault(contract: &Contract, rule: RuleId, symptom: Symptom) -> Fault {
    Fault { rule, level: contract.rule(rule).level, symptom }
}

fn judge_silence(contract: &Contract, expected: Expectation, none: &NoAnswer) -> Judgement {
    match none {
        NoAnswer::NotHttp(why) => {
            let symptom = Symptom::NotHttp(why.as_str().into());
            Judgement::new(vec![fault(contract, rule::ANSWER_HTTP, symptom)], None, None)
        }
        // Such a message never became whole; hanging up is a way to refuse it.
        NoAnswer::Closed | NoAnswer::Timeout(_) if matches!(expected, Expectation::RefuseMessage { .. }) => {
            Judgement::new(Vec::new(), None, None)
        }
        _ => Judgement::new(Vec::new(), None, Some(Doubt::NoAnswer(none.clone()))),
    }
}

fn judge_answer(contract: &Contract, expected: Expectation, facts: &Facts<'_>, answer: &Answer) -> Judgement {
    // Refusal is asked of nobody where the contract leaves a point open.
    let is_open = contract.rule(expected.rule()).level == Level::Unspecified;
    let expected = if is_open { Expectation::Open { rule: expected.rule() } } else { expected };
    let status = answer.status;
    if matches!(status, 429 | 503 | 504) {
        return Judgement::new(Vec::new(), None, Some(Doubt::Busy(status)));
    }
    let may_be_501 = facts.may_be_unimplemented || contract.rule(expected.rule()).statuses.contains(501);
    let mut faults = answer::faults(contract, facts, answer, may_be_501);
    let observed = match expected {
        Expectation::Open { rule } => Some(Observed { rule, status }),
        _ => None,
    };
    // The other statuses are wrong for any request, and need no second finding.
    let is_telling = matches!(status / 100, 2 | 4) || (status == 501 && may_be_501);
    let doubt = if is_telling { doubt(contract, expected, facts, status) } else { None };
    if is_telling && doubt.is_none() {
        match expected {
            Expectation::Accept { rule, status: wanted, content } => {
                faults.extend(accept(contract, rule, wanted, content, answer));
                // Others may have written to an object that is not the case's own.
                let is_own = contract.creates() || facts.kind != OperationKind::Read;
                if status == wanted && content && is_own {
                    faults.extend(representation::faults(contract, facts.kind, answer, facts.secret));
                }
            }
            Expectation::Alike { rule, plain, is_valid } => {
                faults.extend(alike(contract, rule, plain, is_valid, status));
            }
            Expectation::Refuse { rule } | Expectation::RefuseMessage { rule } => {
                faults.extend(refuse(contract, rule, facts, answer));
            }
            Expectation::Gone { rule } => {
                faults.extend((status / 100 != 4).then(|| fault(contract, rule, status_symptom(answer))));
            }
            Expectation::Open { .. } => {}
        }
    }
    Judgement::new(faults, observed, doubt)
}

/// Why a status says nothing about what is expected.
fn doubt(contract: &Contract, expected: Expectation, facts: &Facts<'_>, status: u16) -> Option<Doubt> {
    match (status, expected) {
        (401, _) if !is_about_credentials(expected.rule()) => Some(Doubt::Credentials),
        (403, Expectation::Accept { .. } | Expectation::Alike { .. }) if needs_role(contract, facts) => {
            Some(Doubt::Role)
        }
        (409, Expectation::Accept { .. } | Expectation::Alike { .. }) => Some(Doubt::Conflict),
        _ => None,
    }
}

/// Whether a body has something that only some callers may send.
fn needs_role(contract: &Contract, facts: &Facts<'_>) -> bool {
    let body = facts.request.body.as_deref();
    body.and_then(|body| json::read(body).ok()).is_some_and(|tree| contract.needs_role(&tree))
}

fn is_about_credentials(rule: RuleId) -> bool {
    matches!(
        rule,
        rule::AUTHORIZATION_MISSING
            | rule::AUTHORIZATION_SCHEME
            | rule::AUTHORIZATION_EMPTY
            | rule::AUTHORIZATION_INVALID
            | rule::PERMISSION
            | rule::ACCEPT_SCHEME_CASE
    )
}

fn accept(contract: &Contract, rule: RuleId, wanted: u16, content: bool, answer: &Answer) -> Option<Fault> {
    if answer.status != wanted {
        return Some(fault(contract, rule, status_symptom(answer)));
    }
    let symptom = if content {
        // What was cut off cannot be read, and is there all the same.
        content_symptom(&answer.body).filter(|_| answer.body.len() < Answer::LONGEST)?
    } else {
        return None;
    };
    Some(fault(contract, rule::ANSWER_CONTENT, symptom))
}

/// Both accepted, or neither; and where neither is, a body that must be accepted
/// is refused whichever way it is written.
fn alike(contract: &Contract, rule: RuleId, plain: u16, is_valid: bool, status: u16) -> Option<Fault> {
    let is_accepted = |status: u16| status / 100 == 2;
    if is_valid && !is_accepted(plain) && is_accepted(status) {
        // It is the plain one that is wrong.
        Some(fault(contract, rule::ACCEPT_BODY, Symptom::Status(plain)))
    } else if is_accepted(plain) != is_accepted(status) {
        Some(fault(contract, rule, Symptom::Unlike { plain, status }))
    } else if is_valid && !is_accepted(status) {
        Some(fault(contract, rule::ACCEPT_BODY, Symptom::Status(status)))
    } else {
        None
    }
}

fn content_symptom(body: &[u8]) -> Option<Symptom> {
    if body.is_empty() {
        return Some(Symptom::NoBody);
    }
    let mut tree = json::Tree::new();
    match error_object::read(body, &mut tree) {
        Err(symptom) => Some(symptom),
        Ok(root) if tree.kind(root) == json::ValueKind::Object => {
            error_object::has_code(body).then_some(Symptom::ErrorUnder(200))
        }
        Ok(_) => Some(Symptom::NotObject),
    }
}

/// A status that is wrong; a success that is none by its own words is worth
/// telling apart.
fn status_symptom(answer: &Answer) -> Symptom {
    if answer.status / 100 == 2 && error_object::has_code(&answer.body) {
        Symptom::ErrorUnder(answer.status)
    } else {
        Symptom::Status(answer.status)
    }
}

fn refuse(contract: &Contract, rule: RuleId, facts: &Facts<'_>, answer: &Answer) -> Option<Fault> {
    let broken = contract.rule(rule);
    let status = answer.status;
    if !broken.statuses.contains(status) {
        return Some(fault(contract, rule, status_symptom(answer)));
    }
    if broken.preferred.is_empty() || broken.preferred.contains(status) {
        return None;
    }
    // The role may be looked at before the body is.
    if status == 403 && needs_role(contract, facts) {
        return None;
    }
    // An error that says what is wrong with the body may say so with 422.
    let is_unprocessable = status == 422 && facts.is_body_fault && broken.preferred.contains(400);
    if is_unprocessable && error_object::has_code(&answer.body) {
        return None;
    }
    let level = broken.level.min(Level::Should);
    Some(Fault { rule, level, symptom: Symptom::Status(status) })
}
