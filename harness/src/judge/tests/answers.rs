//! The rules on every answer, each with an answer that keeps it and one that
//! breaks it.

use super::super::*;
use super::{ADD, CONTRACT, FRAMING, GOOD, MEMBER, OPEN, READ, answer, judge_as, of, one, refusal, request, short};
use crate::contract::{Contract, OperationKind, rule};
use crate::target::{Answer, Request};

#[test]
fn no_content_is_no_bytes() {
    let wanted = one(Verdict::Fail, rule::ANSWER_NO_CONTENT, "content behind 204");
    assert_eq!(short(&of(ADD, &answer(204, &[("content-length", "4")], ""))), wanted);
    assert_eq!(short(&of(ADD, &Answer { trailing: 4, ..answer(204, &[], "") })), wanted);
    assert_eq!(short(&of(OPEN, &Answer { trailing: 1, ..answer(204, &[], "") })), wanted);
}

#[test]
fn a_server_error_is_one_fault_whatever_was_asked() {
    for expected in [ADD, READ, MEMBER, FRAMING, OPEN] {
        for status in [500, 501, 502, 599] {
            let found = short(&of(expected, &answer(status, &[], "<html>")));
            assert_eq!(found, one(Verdict::Fail, rule::ANSWER_SERVER_ERROR, &format!("status {status}")));
        }
        let found = short(&of(expected, &answer(307, &[("location", "/")], "")));
        assert_eq!(found, one(Verdict::Fail, rule::ANSWER_REDIRECT, "status 307"));
        for status in [0, 101, 600, 999] {
            let found = short(&of(expected, &answer(status, &[], "")));
            assert_eq!(found, one(Verdict::Fail, rule::ANSWER_HTTP, &format!("status {status}")));
        }
    }
    let request = request("{}");
    let facts = Facts {
        kind: OperationKind::Add,
        request: &request,
        secret: &crate::target::Redactor::default(),
        is_body_fault: false,
        may_be_unimplemented: true,
    };
    let expected = Expectation::Open { rule: rule::METHOD_OPEN };
    let found = CONTRACT.with(|contract| judge(contract, expected, &facts, Ok(&answer(501, &[], ""))));
    assert_eq!(found.verdict, Verdict::Observed);
}

#[test]
fn some_statuses_need_their_header() {
    let json = ("content-type", "application/json");
    let missing = Expectation::Refuse { rule: rule::AUTHORIZATION_MISSING };
    let wanted = one(Verdict::Fail, rule::ANSWER_WWW_AUTHENTICATE, "WWW-Authenticate missing");
    assert_eq!(short(&of(missing, &answer(401, &[json], GOOD))), wanted);
    assert_eq!(short(&of(missing, &answer(401, &[json, ("www-authenticate", " ")], GOOD))), wanted);
    let method = Expectation::Refuse { rule: rule::METHOD };
    let wanted = one(Verdict::Fail, rule::ANSWER_ALLOW, "Allow missing");
    assert_eq!(short(&of(method, &answer(405, &[json], GOOD))), wanted);
    assert_eq!(of(method, &answer(405, &[json, ("allow", "")], GOOD)).verdict, Verdict::Pass);
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
        (r#"{"error":{}}"#, &["error.code missing", "error.message missing"]),
        (r#"{"error":{"code":400,"message":"no"}}"#, &["error.code of a wrong type"]),
        (r#"{"error":{"code":"x","message":""}}"#, &["error.message empty"]),
        (r#"{"\u0065rror":{"code":"x","message":"y","innerError":{}},"@a.b":1}"#, &[]),
    ] {
        let found = of(MEMBER, &Answer { body: body.into(), ..refusal(400) });
        let wanted: Vec<_> = symptoms.iter().map(|&symptom| (rule::ANSWER_ERROR_OBJECT, symptom.to_owned())).collect();
        assert_eq!(short(&found).1, wanted, "{body}");
    }
}

#[test]
fn an_error_is_said_to_be_json() {
    for (value, symptom) in [
        (Some("application/json"), None),
        (Some("Application/JSON;odata.metadata=minimal"), None),
        (Some("application/json ; charset=utf-8"), None),
        (Some("text/HTML; charset=utf-8"), Some("Content-Type text/html")),
        (Some("application/problem+json"), Some("Content-Type application/problem+json")),
        (None, Some("Content-Type missing")),
    ] {
        let headers: Vec<_> = value.map(|value| ("content-type", value)).into_iter().collect();
        let found = short(&of(MEMBER, &answer(400, &headers, GOOD))).1;
        let wanted: Vec<_> = symptom.map(|text| (rule::ANSWER_ERROR_TYPE, text.to_owned())).into_iter().collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn the_body_of_head_is_not_judged() {
    let head = Request { method: "HEAD".into(), ..request("") };
    assert_eq!(judge_as(&head, OPEN, Ok(&answer(400, &[], ""))).verdict, Verdict::Observed);
}

#[test]
fn types_are_judged_where_nobody_else_writes() {
    let policy = answer(200, &[], r#"{"id":"p","displayName":7}"#);
    let request = request("");
    let facts = Facts {
        kind: OperationKind::Read,
        request: &request,
        secret: &crate::target::Redactor::default(),
        is_body_fault: false,
        may_be_unimplemented: false,
    };
    let own = Contract::named("v1.0").unwrap();
    let (verdict, faults) = short(&judge(&own, READ, &facts, Ok(&policy)));
    assert_eq!((verdict, faults.len(), faults[0].0), (Verdict::Fail, 1, rule::ANSWER_TYPES));
    // Assignments are shared, and another case may have stored an open body.
    let shared = CONTRACT.with(|shared| judge(shared, READ, &facts, Ok(&policy)));
    assert_eq!(shared.verdict, Verdict::Pass);
}
