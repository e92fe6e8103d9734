//! Every rule with an answer that keeps it and one that breaks it.

use std::time::Duration;

use super::*;
use crate::contract::{Contract, Level, RuleId, rule};
use crate::target::{Answer, Credentials, Framing, NoAnswer, Request, Wire};

const GOOD: &str = r#"{"error":{"code":"invalid","message":"no"}}"#;
const ADD: Expectation = Expectation::Accept {
    rule: rule::ACCEPT_BODY,
    status: 204,
    content: false,
};
const READ: Expectation = Expectation::Accept {
    rule: rule::ACCEPT_READ,
    status: 200,
    content: true,
};
pub(super) const MEMBER: Expectation = Expectation::Refuse {
    rule: rule::ENUM_MEMBER,
};
const FRAMING: Expectation = Expectation::RefuseMessage {
    rule: rule::MESSAGE_LENGTH,
};
const OPEN: Expectation = Expectation::Open {
    rule: rule::PROPERTY_OPEN,
};

thread_local! {
    static CONTRACT: Contract = Contract::named("seed").unwrap();
}

pub(super) fn request(body: &str) -> Request {
    Request {
        method: "POST".into(),
        path: "/assignments/1/assignmentPolicy/$ref".to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        credentials: Credentials::Token("Bearer"),
        body: Some(body.as_bytes().to_vec()),
        wire: Wire::Raw(Framing::Whole),
    }
}

pub(super) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
        .collect();
    Answer {
        status,
        headers,
        body: body.as_bytes().to_vec(),
        trailing: 0,
        elapsed: Duration::ZERO,
    }
}

/// A refusal with a good error.
pub(super) fn refusal(status: u16) -> Answer {
    let headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("www-authenticate", "Bearer"),
        ("allow", "POST"),
    ];
    answer(status, &headers, if status == 204 { "" } else { GOOD })
}

pub(super) fn judge_as(
    request: &Request,
    expected: Expectation,
    outcome: Result<&Answer, &NoAnswer>,
) -> Judgement {
    let facts = Facts {
        request,
        secret: Some("s3cret-token"),
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
    let faults = judgement
        .faults
        .iter()
        .map(|fault| (fault.rule, fault.symptom.to_string()))
        .collect();
    (judgement.verdict, faults)
}

fn one(verdict: Verdict, rule: RuleId, symptom: &str) -> (Verdict, Vec<(RuleId, String)>) {
    (verdict, vec![(rule, symptom.to_owned())])
}

#[test]
fn what_is_documented_passes() {
    assert_eq!(of(ADD, &answer(204, &[], "")).verdict, Verdict::Pass);
    assert_eq!(
        of(ADD, &answer(204, &[("content-length", "0")], "")).verdict,
        Verdict::Pass
    );
    assert_eq!(of(READ, &answer(200, &[], "{}")).verdict, Verdict::Pass);
    assert_eq!(of(MEMBER, &refusal(400)).verdict, Verdict::Pass);
    assert_eq!(of(MEMBER, &answer(400, &[], "")).verdict, Verdict::Pass);
}

#[test]
fn another_status_breaks_the_acceptance() {
    for status in [200, 201, 202, 400, 403, 404, 422] {
        let found = short(&of(ADD, &refusal(status)));
        assert_eq!(
            found,
            one(
                Verdict::Fail,
                rule::ACCEPT_BODY,
                &format!("status {status}")
            )
        );
    }
}

#[test]
fn no_content_is_no_bytes() {
    let wanted = one(Verdict::Fail, rule::ANSWER_NO_CONTENT, "content behind 204");
    assert_eq!(
        short(&of(ADD, &answer(204, &[("content-length", "4")], ""))),
        wanted
    );
    assert_eq!(
        short(&of(
            ADD,
            &Answer {
                trailing: 4,
                ..answer(204, &[], "")
            }
        )),
        wanted
    );
    assert_eq!(
        short(&of(
            OPEN,
            &Answer {
                trailing: 1,
                ..answer(204, &[], "")
            }
        )),
        wanted
    );
}

#[test]
fn documented_content_is_an_object() {
    for (body, symptom) in [
        ("", "no body"),
        ("{", "body is no JSON"),
        ("[]", "body is no JSON object"),
    ] {
        assert_eq!(
            short(&of(READ, &answer(200, &[], body))),
            one(Verdict::Fail, rule::ANSWER_CONTENT, symptom)
        );
    }
}

#[test]
fn some_answers_decide_nothing() {
    for status in [429, 503, 504] {
        for expected in [ADD, READ, MEMBER, FRAMING, OPEN] {
            let found = of(expected, &answer(status, &[], "<html>"));
            assert_eq!(
                (found.verdict, found.doubt),
                (Verdict::Inconclusive, Some(Doubt::Busy(status)))
            );
        }
    }
    for expected in [ADD, MEMBER, OPEN] {
        let found = of(expected, &refusal(401));
        assert_eq!(
            (found.verdict, found.doubt),
            (Verdict::Inconclusive, Some(Doubt::Credentials))
        );
    }
    assert_eq!(of(ADD, &refusal(409)).doubt, Some(Doubt::Conflict));
    let scheme = Expectation::Accept {
        rule: rule::ACCEPT_SCHEME_CASE,
        status: 204,
        content: false,
    };
    assert_eq!(
        short(&of(scheme, &refusal(401))),
        one(Verdict::Fail, rule::ACCEPT_SCHEME_CASE, "status 401")
    );
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
    assert_eq!(
        (missed.level, missed.symptom),
        (Level::Should, Symptom::Status(404))
    );
}

#[test]
fn a_body_may_be_unprocessable_if_the_error_says_why() {
    assert_eq!(of(MEMBER, &refusal(422)).verdict, Verdict::Pass);
    assert_eq!(of(MEMBER, &answer(422, &[], "")).verdict, Verdict::Warn);
    let bare = Answer {
        body: br#"{"error":{"message":"no"}}"#.to_vec(),
        ..refusal(422)
    };
    let found = of(MEMBER, &bare);
    assert_eq!((found.verdict, found.faults.len()), (Verdict::Fail, 2));
}

#[test]
fn a_server_error_is_one_fault_whatever_was_asked() {
    for expected in [ADD, READ, MEMBER, FRAMING, OPEN] {
        for status in [500, 501, 502, 599] {
            let found = short(&of(expected, &answer(status, &[], "<html>")));
            assert_eq!(
                found,
                one(
                    Verdict::Fail,
                    rule::ANSWER_SERVER_ERROR,
                    &format!("status {status}")
                )
            );
        }
        let found = short(&of(expected, &answer(307, &[("location", "/")], "")));
        assert_eq!(
            found,
            one(Verdict::Fail, rule::ANSWER_REDIRECT, "status 307")
        );
        for status in [0, 101, 600, 999] {
            let found = short(&of(expected, &answer(status, &[], "")));
            assert_eq!(
                found,
                one(
                    Verdict::Fail,
                    rule::ANSWER_HTTP,
                    &format!("status {status}")
                )
            );
        }
    }
    let request = request("{}");
    let facts = Facts {
        request: &request,
        secret: None,
        is_body_fault: false,
        may_be_unimplemented: true,
    };
    let expected = Expectation::Open {
        rule: rule::METHOD_OPEN,
    };
    let found =
        CONTRACT.with(|contract| judge(contract, expected, &facts, Ok(&answer(501, &[], ""))));
    assert_eq!(found.verdict, Verdict::Observed);
}

#[test]
fn what_is_open_is_observed() {
    for (status, is_accepted) in [(204, true), (400, false)] {
        let found = of(OPEN, &refusal(status));
        assert_eq!(found.verdict, Verdict::Observed);
        let observed = found.observed.unwrap();
        assert_eq!(
            (observed.rule, observed.status),
            (rule::PROPERTY_OPEN, status)
        );
        assert_eq!(observed.is_accepted(), is_accepted);
    }
    let refused = Expectation::Refuse {
        rule: rule::PROPERTY_OPEN,
    };
    assert_eq!(of(refused, &refusal(204)).verdict, Verdict::Observed);
    assert_eq!(of(OPEN, &answer(400, &[], "no")).verdict, Verdict::Fail);
}

#[test]
fn silence_is_settled_elsewhere() {
    let silences = [
        NoAnswer::Closed,
        NoAnswer::Timeout(Duration::from_secs(10)),
        NoAnswer::Refused,
    ];
    let asked = request("{}");
    for none in &silences {
        for expected in [ADD, MEMBER, OPEN] {
            let found = judge_as(&asked, expected, Err(none));
            assert_eq!(
                (found.verdict, found.doubt),
                (Verdict::Inconclusive, Some(Doubt::NoAnswer(none.clone())))
            );
        }
    }
    assert_eq!(
        judge_as(&asked, FRAMING, Err(&silences[0])).verdict,
        Verdict::Pass
    );
    assert_eq!(
        judge_as(&asked, FRAMING, Err(&silences[1])).verdict,
        Verdict::Pass
    );
    assert_eq!(
        judge_as(&asked, FRAMING, Err(&silences[2])).verdict,
        Verdict::Inconclusive
    );
    assert_eq!(of(FRAMING, &refusal(400)).verdict, Verdict::Pass);
    assert_eq!(
        short(&of(FRAMING, &refusal(204))),
        one(Verdict::Warn, rule::MESSAGE_LENGTH, "status 204")
    );
    let garbage = NoAnswer::NotHttp("SSH".to_owned());
    for expected in [ADD, FRAMING, OPEN] {
        let found = short(&judge_as(&asked, expected, Err(&garbage)));
        assert_eq!(found, one(Verdict::Fail, rule::ANSWER_HTTP, "not HTTP"));
    }
    let fault = CONTRACT.with(no_answer_fault);
    assert_eq!(
        (fault.rule, fault.level, fault.symptom),
        (rule::ANSWER_ALWAYS, Level::Must, Symptom::NoAnswer)
    );
}

#[test]
fn some_statuses_need_their_header() {
    let json = ("content-type", "application/json");
    let missing = Expectation::Refuse {
        rule: rule::AUTHORIZATION_MISSING,
    };
    let wanted = one(
        Verdict::Fail,
        rule::ANSWER_WWW_AUTHENTICATE,
        "WWW-Authenticate missing",
    );
    assert_eq!(short(&of(missing, &answer(401, &[json], GOOD))), wanted);
    assert_eq!(
        short(&of(
            missing,
            &answer(401, &[json, ("www-authenticate", " ")], GOOD)
        )),
        wanted
    );
    let method = Expectation::Refuse { rule: rule::METHOD };
    let wanted = one(Verdict::Fail, rule::ANSWER_ALLOW, "Allow missing");
    assert_eq!(short(&of(method, &answer(405, &[json], GOOD))), wanted);
    assert_eq!(
        of(method, &answer(405, &[json, ("allow", "")], GOOD)).verdict,
        Verdict::Pass
    );
    // A doubt about the credentials excuses no missing challenge.
    assert_eq!(of(ADD, &answer(401, &[json], GOOD)).verdict, Verdict::Fail);
}

#[test]
fn an_error_is_an_object_with_code_and_message() {
    for (body, symptoms) in [
        ("<html></html>", &["body is no JSON"][..]),
        ("\u{feff}{}", &["body is no JSON"]),
        ("\"no\"", &["body is no JSON object"]),
        ("{}", &["error missing"]),
        (r#"{"error":"no"}"#, &["error of a wrong type"]),
        (r#"{"error":null}"#, &["error of a wrong type"]),
        (
            r#"{"error":{}}"#,
            &["error.code missing", "error.message missing"],
        ),
        (
            r#"{"error":{"code":400,"message":"no"}}"#,
            &["error.code of a wrong type"],
        ),
        (
            r#"{"error":{"code":"x","message":""}}"#,
            &["error.message empty"],
        ),
        (
            r#"{"\u0065rror":{"code":"x","message":"y","innerError":{}},"@a.b":1}"#,
            &[],
        ),
    ] {
        let found = of(
            MEMBER,
            &Answer {
                body: body.into(),
                ..refusal(400)
            },
        );
        let wanted: Vec<_> = symptoms
            .iter()
            .map(|&symptom| (rule::ANSWER_ERROR_OBJECT, symptom.to_owned()))
            .collect();
        assert_eq!(short(&found).1, wanted, "{body}");
    }
}

#[test]
fn an_error_is_said_to_be_json() {
    for (value, symptom) in [
        (Some("application/json"), None),
        (Some("Application/JSON;odata.metadata=minimal"), None),
        (Some("application/json ; charset=utf-8"), None),
        (
            Some("text/HTML; charset=utf-8"),
            Some("Content-Type text/html"),
        ),
        (
            Some("application/problem+json"),
            Some("Content-Type application/problem+json"),
        ),
        (None, Some("Content-Type missing")),
    ] {
        let headers: Vec<_> = value
            .map(|value| ("content-type", value))
            .into_iter()
            .collect();
        let found = short(&of(MEMBER, &answer(400, &headers, GOOD))).1;
        let wanted: Vec<_> = symptom
            .map(|text| (rule::ANSWER_ERROR_TYPE, text.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn the_body_of_head_is_not_judged() {
    let head = Request {
        method: "HEAD".into(),
        ..request("")
    };
    assert_eq!(
        judge_as(&head, OPEN, Ok(&answer(400, &[], ""))).verdict,
        Verdict::Observed
    );
}

#[test]
fn verdicts_are_ordered_by_what_they_tell() {
    let verdicts = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Inconclusive,
        Verdict::Warn,
    ];
    assert_eq!(verdicts.into_iter().max(), Some(Verdict::Fail));
    assert_eq!(format!("{:>8}|", Verdict::Pass), "    pass|");
}
