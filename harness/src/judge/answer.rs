//! The rules that hold for every answer, whatever was asked.

use super::decide::fault;
use super::expectation::Facts;
use super::judgement::Fault;
use super::symptom::Symptom;
use super::{error_object, leak};
use crate::contract::{Contract, RuleId, rule};
use crate::json::Tree;
use crate::target::{Answer, Redactor};

/// What is wrong with an answer for any request.
pub(super) fn faults(contract: &Contract, facts: &Facts<'_>, answer: &Answer, may_be_501: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    let status = answer.status;
    match status {
        204 => {
            let content = unwanted_content(answer);
            if content > 0 {
                faults.push(fault(contract, rule::ANSWER_NO_CONTENT, Symptom::Content(content)));
            }
        }
        200..=299 => {}
        300..=399 => faults.push(fault(contract, rule::ANSWER_REDIRECT, Symptom::Status(status))),
        400..=499 => refusal(contract, facts, answer, &mut faults),
        501 if may_be_501 => {}
        500..=599 => faults.push(fault(contract, rule::ANSWER_SERVER_ERROR, Symptom::Status(status))),
        _ => faults.push(fault(contract, rule::ANSWER_HTTP, Symptom::StrangeStatus(status))),
    }
    faults
}

/// The rules on answers that this answer could have broken.
pub fn exercised(method: &str, answer: &Answer) -> Vec<RuleId> {
    let status = answer.status;
    let has_error = status / 100 == 4 && method != "HEAD" && !answer.body.is_empty();
    let all = [
        (rule::ANSWER_ALWAYS, true),
        (rule::ANSWER_HTTP, true),
        (rule::ANSWER_SERVER_ERROR, true),
        (rule::ANSWER_REDIRECT, true),
        (rule::ANSWER_NO_CONTENT, status == 204),
        (rule::ANSWER_CONTENT, matches!(status, 200 | 201)),
        (rule::ANSWER_LOCATION, status == 201),
        (rule::ANSWER_TYPES, matches!(status, 200 | 201)),
        (rule::ANSWER_ERROR_OBJECT, has_error),
        (rule::ANSWER_ERROR_TYPE, has_error),
        (rule::ANSWER_LEAK, has_error),
        (rule::ERROR_TEXT, has_error),
        (rule::ANSWER_WWW_AUTHENTICATE, status == 401),
        (rule::ANSWER_ALLOW, status == 405),
    ];
    all.into_iter().filter(|(_, is_met)| *is_met).map(|(rule, _)| rule).collect()
}

/// The `error.code` of a refusal, cut to a length that fits a line; none where it
/// holds the secret.
pub fn error_code(answer: &Answer, secret: &Redactor) -> Option<String> {
    error_text(answer, "code", 48, secret)
}

/// The same of its `error.message`, cut to what a person reads.
pub fn error_message(answer: &Answer, secret: &Redactor) -> Option<String> {
    error_text(answer, "message", 300, secret)
}

fn error_text(answer: &Answer, name: &str, longest: usize, secret: &Redactor) -> Option<String> {
    let text = (answer.status >= 400).then(|| error_object::text(&answer.body, name)).flatten()?;
    (!secret.is_held_by(&text)).then(|| leak::shown(&text, longest).into())
}

/// Bytes of content that a 204 sends or announces.
fn unwanted_content(answer: &Answer) -> u64 {
    let announced = answer.header("content-length").and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    announced.max(answer.trailing as u64).max(answer.body.len() as u64)
}

/// What holds for a 4xx.
fn refusal(contract: &Contract, facts: &Facts<'_>, answer: &Answer, faults: &mut Vec<Fault>) {
    let has = |wanted: &str| answer.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    // A challenge has at least a scheme; a resource may allow no method at all.
    let mut challenges = answer.headers.iter().filter(|(name, _)| name == "www-authenticate");
    if answer.status == 401 && challenges.all(|(_, value)| value.trim_ascii().is_empty()) {
        let symptom = Symptom::HeaderMissing("WWW-Authenticate".into());
        faults.push(fault(contract, rule::ANSWER_WWW_AUTHENTICATE, symptom));
    }
    if answer.status == 405 && has("allow").is_none() {
        faults.push(fault(contract, rule::ANSWER_ALLOW, Symptom::HeaderMissing("Allow".into())));
    }
    if &*facts.request.method == "HEAD" || answer.body.is_empty() {
        return;
    }
    if let Some(symptom) = content_type(has("content-type"), facts.secret) {
        faults.push(fault(contract, rule::ANSWER_ERROR_TYPE, symptom));
    }
    let mut tree = Tree::new();
    let root = error_object::read(&answer.body, &mut tree);
    let parsed = root.is_ok().then_some(&tree);
    for symptom in error_object::symptoms(&tree, root) {
        faults.push(fault(contract, rule::ANSWER_ERROR_OBJECT, symptom));
    }
    for symptom in leak::symptoms(contract, facts, answer, parsed) {
        faults.push(fault(contract, rule::ANSWER_LEAK, symptom));
    }
}

/// What is wrong with the media type of an error.
fn content_type(value: Option<&Vec<u8>>, secret: &Redactor) -> Option<Symptom> {
    let Some(value) = value else {
        return Some(Symptom::HeaderMissing("Content-Type".into()));
    };
    let essence = value.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
    if essence.eq_ignore_ascii_case(b"application/json") {
        return None;
    }
    let whole = String::from_utf8_lossy(essence).to_ascii_lowercase();
    if secret.is_held_by(&whole) {
        return Some(Symptom::ContentType("[redacted]".into()));
    }
    Some(Symptom::ContentType(leak::shown(&whole, 60)))
}
