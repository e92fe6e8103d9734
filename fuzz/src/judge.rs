//! The judge: it bears any answer to any expectation, says the same of the same answer,
//! and takes no wrong status for a right one.
//!
//! The first five bytes of the input say what is expected, of which rule, the status
//! (two bytes, little endian) and what was asked; the rest is headers, one a line, an
//! empty line, and the body.

use std::time::Duration;

use policy_harness::contract::{Contract, Level, RuleId, Statuses};
use policy_harness::judge::{
    self, Expectation, Facts, Judgement, Listed, Verdict, created_id, error_code, error_message, next_link, unchanged,
};
use policy_harness::target::{Answer, Redactor, Request};

use crate::subject::{contract, named};
use crate::{planted, server};

/// The token that no answer may give away.
const SECRET: &str = "s3cret-token-of-the-target";

thread_local! {
    static CONTRACTS: [Contract; 2] = [contract().clone(), named("v1.0")];
    static REQUEST: Request = server::request_with(br#"{"displayName":"Sales"}"#);
    static REDACTOR: Redactor = Redactor::knowing(SECRET);
}

/// Judges the answer that the input describes.
pub fn judge(input: &[u8]) {
    let Some((&[what, rule, low, high, how], rest)) = input.split_first_chunk() else { return };
    let answer = answer(u16::from_le_bytes([low, high]) % 1_000, how, rest);
    CONTRACTS.with(|contracts| {
        let contract = &contracts[usize::from(how & 1)];
        let operation = &contract.operations[usize::from(how >> 1 & 7) % contract.operations.len()];
        let rule = RuleId(u16::from(rule) % contract.rules.len() as u16);
        let status = operation.success;
        let expected = match what % 6 {
            0 => Expectation::Accept { rule, status, content: operation.kind.answers_content() },
            1 => Expectation::Alike { rule, plain: if what < 128 { status } else { 400 }, is_valid: what & 64 == 0 },
            2 => Expectation::Refuse { rule },
            3 => Expectation::RefuseMessage { rule },
            4 => Expectation::Gone { rule },
            _ => Expectation::Open { rule },
        };
        let (is_body_fault, may_be_unimplemented) = (how & 16 != 0, how & 32 != 0);
        let judgement = REQUEST.with(|request| {
            REDACTOR.with(|secret| {
                let facts = Facts { kind: operation.kind, request, secret, is_body_fault, may_be_unimplemented };
                let judgement = judge::judge(contract, expected, &facts, Ok(&answer));
                assert_eq!(judge::judge(contract, expected, &facts, Ok(&answer)), judgement);
                judgement
            })
        });
        let judgement = planted::judged(&answer, judgement);
        is_coherent(&judgement);
        is_right(contract, expected, may_be_unimplemented, &answer, &judgement);
        said(contract, &answer);
    });
}

/// The answer of a status, with headers and a body from text.
fn answer(status: u16, how: u8, text: &[u8]) -> Answer {
    let mut headers = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let (line, behind) = (rest[..end].trim_ascii_end(), &rest[end + 1..]);
        rest = behind;
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { break };
        let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
        headers.push((name, line[colon + 1..].trim_ascii().to_vec()));
    }
    Answer { status, headers, body: rest.to_vec(), trailing: usize::from(how >> 6), elapsed: Duration::ZERO }
}

/// What a judgement says goes together.
fn is_coherent(judgement: &Judgement) {
    let Judgement { verdict, faults, observed, doubt } = judgement;
    let worst = faults.iter().map(|fault| fault.level).max();
    assert!(faults.iter().all(|fault| fault.level != Level::Unspecified), "{judgement:?}");
    assert_eq!(*verdict == Verdict::Fail, worst == Some(Level::Must), "{judgement:?}");
    assert!(*verdict != Verdict::Warn || worst == Some(Level::Should), "{judgement:?}");
    assert!(*verdict != Verdict::Inconclusive || doubt.is_some(), "{judgement:?}");
    assert!(*verdict != Verdict::Pass || faults.is_empty() && doubt.is_none(), "{judgement:?}");
    assert!(*verdict != Verdict::Pass || observed.is_none(), "{judgement:?}");
}

/// A verdict of pass has a status that goes with what was expected.
fn is_right(contract: &Contract, expected: Expectation, may_be_501: bool, answer: &Answer, judgement: &Judgement) {
    if judgement.verdict != Verdict::Pass {
        return;
    }
    let status = answer.status;
    let row = contract.rule(expected.rule());
    let has = |statuses: &Statuses| statuses.contains(status);
    // Who does not know a method may say so with 501, wherever its rule lists that.
    let is_unimplemented = status == 501 && (may_be_501 || has(&row.statuses));
    assert!(status / 100 != 5 || is_unimplemented, "{status} passes: {expected:?}");
    assert!(matches!(status / 100, 2 | 4 | 5), "{status} passes: {expected:?}");
    let is_right = match expected {
        Expectation::Accept { status: wanted, .. } => status == wanted,
        Expectation::Refuse { .. } | Expectation::RefuseMessage { .. } => has(&row.statuses),
        Expectation::Alike { plain, .. } => (plain / 100 == 2) == (status / 100 == 2),
        Expectation::Gone { .. } => status / 100 == 4,
        // What is open is observed at most.
        Expectation::Open { .. } => false,
    };
    assert!(is_right, "{status} passes: {expected:?}");
}

/// What else is read in an answer.
fn said(contract: &Contract, answer: &Answer) {
    REDACTOR.with(|secret| {
        for text in [error_code(answer, secret), error_message(answer, secret)].into_iter().flatten() {
            assert!(!text.contains(SECRET), "{text}");
        }
        let same = unchanged(contract, answer, answer, secret);
        assert!(same.as_ref().is_ok_and(Vec::is_empty) || same.is_err(), "{same:?}");
    });
    let listed = Listed::of(contract, std::slice::from_ref(answer));
    assert!(listed.of_run("").all(|id| listed.has(id)));
    // In a path an id of dots alone would name another place.
    assert!(created_id(contract, answer).is_none_or(|id| id.bytes().any(|byte| byte != b'.')));
    next_link(answer);
}
