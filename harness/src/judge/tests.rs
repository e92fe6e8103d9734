//! What is expected, with an answer that conforms and one that does not.

mod answers;
mod leaks;

use std::time::Duration;

use super::*;
use crate::contract::{Contract, Level, OperationKind, RuleId, rule};
use crate::target::{Answer, Credentials, Framing, NoAnswer, Redactor, Request, Wire};

const GOOD: &str = r#"{"error":{"code":"invalid","message":"no"}}"#;
const ADD: Expectation = Expectation::Accept { rule: rule::ACCEPT_BODY, status: 204, content: false };
const READ: Expectation = Expectation::Accept { rule: rule::ACCEPT_READ, status: 200, content: true };
const MEMBER: Expectation = Expectation::Refuse { rule: rule::ENUM_MEMBER };
const FRAMING: Expectation = Expectation::RefuseMessage { rule: rule::MESSAGE_LENGTH };
const OPEN: Expectation = Expectation::Open { rule: rule::PROPERTY_OPEN };

thread_local! {
    static CONTRACT: Contract = Contract::named("seed").unwrap();
}

fn request(body: &str) -> Request {
    Request {
        method: "POST".into(),
        path: "/assignments/1/assignmentPolicy/$ref".to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        credentials: Credentials::Token("Bearer"),
        body: Some(body.as_bytes().to_vec()),
        wire: Wire::Raw(Framing::Whole),
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Answer { status, headers, body: body.as_bytes().to_vec(), trailing: 0, elapsed: Duration::ZERO }
}

/// A refusal with a good error.
fn refusal(status: u16) -> Answer {
    let headers =
        [("content-type", "application/json; charset=utf-8"), ("www-authenticate", "Bearer"), ("allow", "POST")];
    answer(status, &headers, if status == 204 { "" } else { GOOD })
}

fn judge_as(request: &Request, expected: Expectation, outcome: Result<&Answer, &NoAnswer>) -> Judgement {
    let facts = Facts {
        kind: OperationKind::Add,
        request,
        secret: &Redactor::knowing("s3cret-token"),
        is_body_fault: expected == MEMBER,
        may_be_unimplemented: false,
    };
    CONTRACT.with(|contract| judge(contract, expected, &facts, outcome))
}

fn of(expected: Expectation, answer: &Answer) -> Judgement {
    judge_as(&request("{}"), expected, Ok(answer))
}

/// Verdict, and rule and symptom of each fault.
fn short(judgement: &Judgement) -> (Verdict, Vec<(RuleId, String)>) {
    let faults = judgement.faults.iter().map(|fault| (fault.rule, fault.symptom.to_string())).collect();
    (judgement.verdict, faults)
}

fn one(verdict: Verdict, rule: RuleId, symptom: &str) -> (Verdict, Vec<(RuleId, String)>) {
    (verdict, vec![(rule, symptom.to_owned())])
}

#[test]
fn what_is_documented_passes() {
    assert_eq!(of(ADD, &answer(204, &[], "")).verdict, Verdict::Pass);
    assert_eq!(of(ADD, &answer(204, &[("content-length", "0")], "")).verdict, Verdict::Pass);
    assert_eq!(of(READ, &answer(200, &[], "{}")).verdict, Verdict::Pass);
    assert_eq!(of(MEMBER, &refusal(400)).verdict, Verdict::Pass);
    assert_eq!(of(MEMBER, &answer(400, &[], "")).verdict, Verdict::Pass);
}

#[test]
fn another_status_breaks_the_acceptance() {
    for status in [200, 201, 202, 400, 403, 404, 422] {
        let found = short(&of(ADD, &refusal(status)));
        // A success that calls itself an error is worth telling apart.
        let symptom = if status < 300 { format!("error under status {status}") } else { format!("status {status}") };
        assert_eq!(found, one(Verdict::Fail, rule::ACCEPT_BODY, &symptom));
    }
}

#[test]
fn documented_content_is_an_object() {
    for (body, symptom) in [("", "no body"), ("{", "body is no JSON"), ("[]", "body is no JSON object")] {
        assert_eq!(short(&of(READ, &answer(200, &[], body))), one(Verdict::Fail, rule::ANSWER_CONTENT, symptom));
    }
}

#[test]
fn some_answers_decide_nothing() {
    for status in [429, 503, 504] {
        for expected in [ADD, READ, MEMBER, FRAMING, OPEN] {
            let found = of(expected, &answer(status, &[], "<html>"));
            assert_eq!((found.verdict, found.doubt), (Verdict::Inconclusive, Some(Doubt::Busy(status))));
        }
    }
    for expected in [ADD, MEMBER, OPEN] {
        let found = of(expected, &refusal(401));
        assert_eq!((found.verdict, found.doubt), (Verdict::Inconclusive, Some(Doubt::Credentials)));
    }
    assert_eq!(of(ADD, &refusal(409)).doubt, Some(Doubt::Conflict));
    let scheme = Expectation::Accept { rule: rule::ACCEPT_SCHEME_CASE, status: 204, content: false };
    assert_eq!(short(&of(scheme, &refusal(401))), one(Verdict::Fail, rule::ACCEPT_SCHEME_CASE, "status 401"));
}

#[test]
fn refusals_follow_their_rule() {
    let expected = |rule| Expectation::Refuse { rule };
    for (rule, status, verdict) in [
        (rule::ENUM_MEMBER, 204, Verdict::Fail),
        (rule::ENUM_MEMBER, 404, Verdict::Warn),
        (rule::ENUM_CASE, 204, Verdict::Warn),
        (rule::ENUM_CASE, 400, Verdict::Pass),
        (rule::ASSIGNMENT_UNKNOWN, 404, Verdict::Pass),
        (rule::ASSIGNMENT_UNKNOWN, 403, Verdict::Warn),
        (rule::ASSIGNMENT_UNKNOWN, 204, Verdict::Fail),
        (rule::METHOD, 405, Verdict::Pass),
        (rule::METHOD, 501, Verdict::Warn),
        (rule::METHOD, 404, Verdict::Warn),
        (rule::QUERY_OPTION, 501, Verdict::Pass),
        (rule::CONTENT_TYPE_OTHER, 415, Verdict::Pass),
        (rule::CONTENT_TYPE_OTHER, 400, Verdict::Warn),
        (rule::CONTENT_TYPE_OTHER, 422, Verdict::Warn),
        (rule::AUTHORIZATION_MISSING, 401, Verdict::Pass),
        (rule::AUTHORIZATION_MISSING, 403, Verdict::Fail),
        (rule::AUTHORIZATION_MISSING, 204, Verdict::Fail),
    ] {
        let found = of(expected(rule), &refusal(status));
        assert_eq!(found.verdict, verdict, "{rule:?} {status}");
        assert!(found.faults.iter().all(|fault| fault.rule == rule));
    }
    let missed = of(MEMBER, &refusal(404)).faults.remove(0);
    assert_eq!((missed.level, missed.symptom), (Level::Should, Symptom::Status(404)));
}

#[test]
fn a_body_may_be_unprocessable_if_the_error_says_why() {
    assert_eq!(of(MEMBER, &refusal(422)).verdict, Verdict::Pass);
    assert_eq!(of(MEMBER, &answer(422, &[], "")).verdict, Verdict::Warn);
    let bare = Answer { body: br#"{"error":{"message":"no"}}"#.to_vec(), ..refusal(422) };
    let found = of(MEMBER, &bare);
    assert_eq!((found.verdict, found.faults.len()), (Verdict::Fail, 2));
}

#[test]
fn what_is_open_is_observed() {
    for (status, is_accepted) in [(204, true), (400, false)] {
        let found = of(OPEN, &refusal(status));
        assert_eq!(found.verdict, Verdict::Observed);
        let observed = found.observed.unwrap();
        assert_eq!((observed.rule, observed.status), (rule::PROPERTY_OPEN, status));
        assert_eq!(observed.is_accepted(), is_accepted);
    }
    let refused = Expectation::Refuse { rule: rule::PROPERTY_OPEN };
    assert_eq!(of(refused, &refusal(204)).verdict, Verdict::Observed);
    assert_eq!(of(OPEN, &answer(400, &[], "no")).verdict, Verdict::Fail);
}

#[test]
fn silence_is_settled_elsewhere() {
    let silences = [NoAnswer::Closed, NoAnswer::Timeout(Duration::from_secs(10)), NoAnswer::Refused];
    let asked = request("{}");
    for none in &silences {
        for expected in [ADD, MEMBER, OPEN] {
            let found = judge_as(&asked, expected, Err(none));
            assert_eq!((found.verdict, found.doubt), (Verdict::Inconclusive, Some(Doubt::NoAnswer(none.clone()))));
        }
    }
    assert_eq!(judge_as(&asked, FRAMING, Err(&silences[0])).verdict, Verdict::Pass);
    assert_eq!(judge_as(&asked, FRAMING, Err(&silences[1])).verdict, Verdict::Pass);
    assert_eq!(judge_as(&asked, FRAMING, Err(&silences[2])).verdict, Verdict::Inconclusive);
    assert_eq!(of(FRAMING, &refusal(400)).verdict, Verdict::Pass);
    assert_eq!(short(&of(FRAMING, &refusal(204))), one(Verdict::Warn, rule::MESSAGE_LENGTH, "status 204"));
    let garbage = NoAnswer::NotHttp("SSH".to_owned());
    for expected in [ADD, FRAMING, OPEN] {
        let found = short(&judge_as(&asked, expected, Err(&garbage)));
        assert_eq!(found, one(Verdict::Fail, rule::ANSWER_HTTP, "not HTTP"));
    }
    let fault = CONTRACT.with(no_answer_fault);
    assert_eq!((fault.rule, fault.level, fault.symptom), (rule::ANSWER_ALWAYS, Level::Must, Symptom::NoAnswer));
}

#[test]
fn verdicts_are_ordered_by_what_they_tell() {
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::Warn];
    assert_eq!(verdicts.into_iter().max(), Some(Verdict::Fail));
    assert_eq!(format!("{:>8}|", Verdict::Pass), "    pass|");
}
