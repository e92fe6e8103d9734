//! From a case to what is expected of its answer, and whether it can be sent to
//! this endpoint at all.

use crate::case::{Case, Scene};
use crate::contract::{Contract, Family, Level, OperationKind, RuleId, rule};
use crate::judge::{self, Doubt, Expectation, Facts, Judgement};
use crate::roundtrip::{RoundTrip, round_trip};
use crate::target::{Answer, BLANK, Credentials, Endpoint, NoAnswer, Redactor, Request, Wire};
use crate::validate::Label;

use super::event::Model;

/// What a case expects.
pub(super) fn expectation(contract: &Contract, case: &Case) -> Expectation {
    let row = contract.rule(case.rule);
    match (&case.label, row.level) {
        _ if matches!(row.family, Family::Http) && row.level == Level::Unspecified => {
            Expectation::Open { rule: case.rule }
        }
        // Whatever the body holds besides, it touches an open point.
        (Label::Unspecified(rules), _) => {
            let rule = if rules.contains(&case.rule) { case.rule } else { rules.first().copied().unwrap_or(case.rule) };
            Expectation::Open { rule }
        }
        _ if matches!(row.family, Family::Valid) => {
            let operation = &contract.operations[case.operation];
            let content = operation.kind.answers_content();
            Expectation::Accept { rule: case.rule, status: operation.success, content }
        }
        _ if is_message_rule(case.rule) => Expectation::RefuseMessage { rule: case.rule },
        _ => Expectation::Refuse { rule: case.rule },
    }
}

fn is_message_rule(id: RuleId) -> bool {
    [rule::MESSAGE_LENGTH, rule::MESSAGE_TRANSFER, rule::MESSAGE_HOST, rule::MESSAGE_HEADER, rule::MESSAGE_CHUNK]
        .contains(&id)
}

/// What a case expects whose request says the same as a plain one, or why the
/// answer to that says nothing. None where that answer is no proper acceptance or
/// refusal itself.
pub(super) fn alike(case: &Case, plain: Result<&Answer, &NoAnswer>) -> Option<Result<Expectation, Doubt>> {
    let status = match plain {
        Ok(answer) => answer.status,
        Err(NoAnswer::NotHttp(_)) => return None,
        // It says the same as the request itself.
        Err(why) => return Some(Err(Doubt::NoAnswer(why.clone()))),
    };
    match status {
        401 => Some(Err(Doubt::Credentials)),
        409 => Some(Err(Doubt::Conflict)),
        429 | 503 | 504 => Some(Err(Doubt::Busy(status))),
        200..=299 | 400..=499 | 501 => {
            let is_valid = case.label == Label::Valid;
            Some(Ok(Expectation::Alike { rule: case.rule, plain: status, is_valid }))
        }
        _ => None,
    }
}

/// Judges what came of the request of a case.
pub(super) fn judge(
    contract: &Contract,
    case: &Case,
    expected: Expectation,
    secret: &Redactor,
    outcome: Result<&Answer, &NoAnswer>,
) -> Judgement {
    let facts = facts(contract, case.operation, case.rule, &case.label, &case.request, secret);
    judge::judge(contract, expected, &facts, outcome)
}

/// What judging has to know of a request.
pub(super) fn facts<'r>(
    contract: &Contract,
    operation: usize,
    rule: RuleId,
    label: &Label,
    request: &'r Request,
    secret: &'r Redactor,
) -> Facts<'r> {
    Facts {
        kind: contract.operations[operation].kind,
        request,
        secret,
        is_body_fault: matches!(label, Label::Malformed(..)),
        may_be_unimplemented: matches!(rule, rule::METHOD | rule::METHOD_OPEN | rule::QUERY_OPTION),
    }
}

/// The read that shows what a request stored.
pub(super) fn read(contract: &Contract, stores: &Request) -> Option<Request> {
    match contract.operations.first()?.id_in(&stores.path)? {
        "" => read_of(contract, BLANK),
        id => read_of(contract, id),
    }
}

/// A good read of the object of this id.
pub(super) fn read_of(contract: &Contract, id: &str) -> Option<Request> {
    let read = &contract.operations[contract.operation(OperationKind::Read)?];
    Some(Request {
        method: read.method.clone(),
        path: read.path_for(id),
        headers: vec![("accept", "application/json".to_owned())],
        credentials: Credentials::Token("Bearer"),
        body: None,
        wire: Wire::Plain,
    })
}

/// The rule that is broken where the policy of a case has another id than it had.
pub(super) fn kept_id(contract: &Contract, case: &Case) -> RuleId {
    match contract.operations[case.operation].kind {
        OperationKind::Replace => rule::SAME_ID,
        _ => rule::FOUND,
    }
}

/// Why a case cannot be sent to this endpoint, if it cannot.
pub(super) fn obstacle(endpoint: &Endpoint, case: &Case) -> Option<&'static str> {
    if let Wire::Raw(_) = case.request.wire
        && !endpoint.raw_supported()
    {
        return Some("raw messages are sent over plain HTTP only");
    }
    if case.request.credentials == Credentials::Unprivileged && !endpoint.has_unprivileged() {
        return Some("no token of a caller without permission was given (--unprivileged-token-env)");
    }
    let is_credentials = !matches!(case.request.credentials, Credentials::Token("Bearer"));
    (is_credentials && !endpoint.has_token())
        .then_some("no token was given, so nothing says that the target asks for one (--token)")
}

/// Whether a case needs to read what is stored, or is about such a read.
pub(super) fn needs_read(contract: &Contract, case: &Case) -> bool {
    // Where policies are created, reading them is no offer but an operation.
    if contract.creates() {
        return false;
    }
    let is_read = contract.operations[case.operation].kind == OperationKind::Read;
    is_read || matches!(case.scene, Scene::Stored { .. } | Scene::Unchanged { .. })
}

/// Takes the body through the typed model, and compares with its label.
pub(super) fn model(contract: &Contract, case: &Case) -> Model {
    if !contract.has_model {
        return Model::Absent;
    }
    let Some(body) = &case.request.body else { return Model::Refused };
    let is_text_fault = match &case.label {
        Label::Malformed(rule, _) => [rule::SYNTAX, rule::EMPTY, rule::ROOT].contains(rule),
        _ => false,
    };
    match round_trip(body) {
        RoundTrip::Same if is_text_fault => {
            Model::Fault(format!("took a body that breaks {}", contract.rule(case.rule).id))
        }
        RoundTrip::Same => Model::Same,
        RoundTrip::Refused(error) if case.label == Label::Valid => {
            Model::Fault(format!("refused a valid body: {error}"))
        }
        RoundTrip::Refused(_) => Model::Refused,
        RoundTrip::Changed(difference) => Model::Fault(format!(
            "{}: {} became {}",
            difference.at,
            difference.left.as_deref().unwrap_or("nothing"),
            difference.right.as_deref().unwrap_or("nothing"),
        )),
        RoundTrip::Unstable => Model::Fault("reads its own text as another policy".to_owned()),
        RoundTrip::Unreadable(error) => Model::Fault(format!("does not take what it wrote: {error}")),
    }
}
