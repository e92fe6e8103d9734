//! The table of defects, and that each family of effects shows.

use std::collections::HashSet;

use super::{Ask, server};
use crate::contract::{Contract, Family, Level, Property};
use crate::generate::Class;
use crate::reference::{ANY, DEFECTS, Effect, Meeting};

#[test]
fn every_defect_is_named_once_and_speaks_of_a_rule() {
    let mut ids = HashSet::new();
    let mut families = HashSet::new();
    for defect in DEFECTS {
        assert!(ids.insert(defect.id), "{} is there twice", defect.id);
        assert!(defect.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        assert!(defect.about.ends_with('.'), "{}", defect.id);
        let contract = Contract::named(defect.contract).unwrap();
        let rule = contract.rule_named(defect.rule).unwrap_or_else(|| panic!("{}: no rule {}", defect.id, defect.rule));
        assert_eq!(contract.rule(rule).family, defect.family, "{}", defect.id);
        assert_ne!(contract.rule(rule).level, Level::Unspecified, "{} fails nobody", defect.id);
        families.insert(defect.family);
    }
    let all = [
        Family::Valid,
        Family::Syntax,
        Family::Value,
        Family::Structure,
        Family::Type,
        Family::Http,
        Family::State,
        Family::Answer,
    ];
    assert_eq!(families, HashSet::from(all));
    assert!(DEFECTS.len() >= 100);
}

#[test]
fn every_effect_is_on_a_rule() {
    for defect in DEFECTS {
        let contract = Contract::named(defect.contract).unwrap();
        match defect.effect {
            Effect::Accepts(rule)
            | Effect::AcceptsReads(rule)
            | Effect::AcceptsBelow(rule, _)
            | Effect::AcceptsIn(rule, _)
            | Effect::Answers(rule, _) => {
                assert!(contract.rule_named(rule).is_some(), "{}: no rule {rule}", defect.id);
            }
            Effect::OnRefusal(rules, _) => {
                assert!(contract.rules.iter().any(|rule| rule.id.starts_with(rules)), "{}: no {rules}", defect.id);
            }
            Effect::Meets(meeting, _) => assert_names(&contract, defect.id, meeting),
            Effect::Errors(_)
            | Effect::Omits(_)
            | Effect::Stores(_)
            | Effect::Lives(_)
            | Effect::Mends(_)
            | Effect::DropsNext => {}
        }
    }
}

/// A meeting that can never be would be a defect that never shows.
fn assert_names(contract: &Contract, id: &str, meeting: Meeting) {
    let types = contract.schema.types.iter().filter(|one| meeting.on == ANY || one.name.ends_with(meeting.on));
    let properties: Vec<_> = types.flat_map(|one| &one.properties).collect();
    assert!(!properties.is_empty(), "{id}: no type {}", meeting.on);
    for (name, class) in meeting.classes {
        let mut named = properties.iter().filter(|property| *name == ANY || &*property.name == *name);
        let has = |property: &&&Property| {
            Class::of(contract, property).iter().any(|known| known.name(contract, property) == *class)
        };
        assert!(named.any(|property| has(&property)), "{id}: {name} is never {class}");
    }
}

/// Effects whose statuses a request alone can show.
#[tokio::test]
async fn a_defect_changes_the_status() {
    let add = |body: &str| Ask::add().body(body);
    let unknown = "00000000-0000-4000-8000-00000000dead";
    let elsewhere = Ask::add().uri.replace(&super::Options::ids(1)[0], unknown);
    let cases: &[(&str, Ask, u16, u16)] = &[
        ("accepts-broken-json", add("{,}"), 400, 204),
        ("accepts-other-encoding", Ask::add().body(b"\xff"), 400, 204),
        ("accepts-empty-body", add(""), 400, 204),
        ("accepts-other-root", add("[]"), 400, 204),
        ("accepts-deep-nesting", add(&"[".repeat(200)), 400, 204),
        ("accepts-duplicate-names", add(r#"{"displayName":"a","displayName":"b"}"#), 400, 204),
        ("accepts-any-member", add(r#"{"allowedTargetScope":"nobody"}"#), 400, 204),
        ("accepts-any-member-inside", add(r#"{"allowedTargetScope":"nobody"}"#), 400, 400),
        ("accepts-any-member-inside", add(r#"{"expiration":{"type":"nobody"}}"#), 400, 204),
        ("accepts-undeclared", add(r#"{"nope":1}"#), 400, 204),
        ("accepts-undeclared", add(r#"{"nope":1,"displayName":1}"#), 400, 400),
        ("accepts-undeclared-inside", add(r#"{"nope":1}"#), 400, 400),
        ("accepts-undeclared-inside", add(r#"{"expiration":{"nope":1}}"#), 400, 204),
        ("accepts-missing-type", add(r#"{"specificAllowedTargets":[{}]}"#), 400, 204),
        ("refuses-null", add(r#"{"displayName":null}"#), 204, 400),
        ("refuses-empty-object", add("{}"), 204, 422),
        ("refuses-white-space", add("{ }"), 204, 400),
        ("refuses-annotations", add(r#"{"@x.y":1}"#), 204, 400),
        ("refuses-scheme-case", Ask::add().with("authorization", "bearer reference-server-token"), 204, 401),
        ("refuses-custom-query", Ask::add().query("trace=1"), 204, 400),
        ("refuses-content-type-parameters", Ask::add().with("content-type", "application/json;a=b"), 204, 415),
        ("refuses-chunked", Ask::add().with("transfer-encoding", "chunked"), 204, 411),
        ("success-200", add("{}"), 204, 200),
        ("success-200", add("[]"), 400, 400),
        ("any-token", Ask::add().with("authorization", "Bearer other"), 401, 204),
        ("any-scheme", Ask::add().with("authorization", "Basic other"), 401, 204),
        ("empty-token", Ask::add().with("authorization", "Bearer"), 401, 204),
        ("no-credentials", Ask::add().without("authorization"), 401, 204),
        ("any-caller", Ask::add().with("authorization", "Bearer visitor-without-rights"), 403, 204),
        ("any-reader", Ask::add().with("authorization", "Bearer visitor-without-rights"), 403, 403),
        ("any-reader", Ask::read().with("authorization", "Bearer visitor-without-rights"), 403, 404),
        ("any-reader", Ask::read().with("authorization", "Bearer other"), 401, 401),
        ("permission-401", Ask::add().with("authorization", "Bearer visitor-without-rights"), 403, 401),
        ("any-content-type", Ask::add().with("content-type", "text/plain"), 415, 204),
        ("no-content-type", Ask::add().without("content-type"), 415, 204),
        ("any-query-option", Ask::add().query("$x"), 400, 204),
        ("any-odata-version", Ask::add().with("odata-version", "5.0"), 400, 204),
        ("any-method", Ask::add().method("PUT"), 405, 204),
        ("method-404", Ask::add().method("PUT"), 405, 404),
        ("unknown-id", Ask::add().uri(&elsewhere), 404, 204),
        ("any-id", Ask::add().uri(&elsewhere.replace(unknown, "1")), 404, 204),
        ("no-host", Ask::add().without("host"), 400, 204),
        ("authorization-403", Ask::add().with("authorization", "Bearer other"), 401, 403),
        ("server-error-on-depth", add(&"[".repeat(200)), 400, 500),
        ("server-error-on-sentinel", add(r#"{"allowedTargetScope":"unknownFutureValue"}"#), 204, 500),
        ("server-error-on-id", Ask::add().uri(&elsewhere.replace(unknown, "1")), 404, 500),
        ("redirects-without-credentials", Ask::add().without("authorization"), 401, 307),
    ];
    for (id, ask, right, wrong) in cases {
        let without = ask.clone().to(&server(&[])).await.is(*right);
        let with = ask.clone().to(&server(&[id])).await;
        assert_eq!(with.status, *wrong, "{id}: {without:?} {with:?}");
    }
}

#[tokio::test]
async fn what_is_accepted_by_a_defect_can_be_read_as_json() {
    for (id, body) in [
        ("accepts-broken-json", r#"{"displayName":"a",,"#),
        ("accepts-deep-nesting", &"{\"a\":".repeat(500)),
        ("accepts-other-root", "[1]"),
        ("accepts-lone-surrogates", r#"{"displayName":"\ud800"}"#),
    ] {
        let server = server(&[id]);
        Ask::add().body(body).to(&server).await.is(204);
        let policy = Ask::read().to(&server).await.is(200);
        let root = crate::json::read(policy.bytes()).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert!(root.root().is_some());
    }
}

#[tokio::test]
async fn a_defect_changes_the_error_object() {
    let error = async |id: &str| Ask::add().body("[]").to(&server(&[id])).await;
    assert_eq!(error("error-no-code").await.json()["error"].get("code"), None);
    assert_eq!(error("error-empty-code").await.json()["error"]["code"], "");
    assert_eq!(error("error-number-code").await.json()["error"]["code"], 400);
    assert_eq!(error("error-no-message").await.json()["error"].get("message"), None);
    assert_eq!(error("error-empty-message").await.json()["error"]["message"], "");
    assert_eq!(error("error-no-wrapper").await.json().get("error"), None);
    assert!(crate::json::read(error("error-not-json").await.bytes()).is_err());
    assert_eq!(error("error-html").await.header("content-type"), "text/html");
    assert!(error("error-text-content-type").await.header("content-type").starts_with("text/plain"));
    assert_eq!(error("error-no-content-type").await.header("content-type"), "");
    let message = async |id| error(id).await.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message("leaks-credentials").await.contains("Bearer reference-server-token"));
    assert!(message("leaks-file-path").await.contains("/srv/"));
    assert!(message("leaks-stack-trace").await.contains("\n   at "));
    assert!(message("leaks-type-name").await.contains("JsonException"));
}

#[tokio::test]
async fn a_defect_leaves_a_header_out() {
    let got = Ask::add().without("authorization").to(&server(&["no-www-authenticate"])).await.is(401);
    assert_eq!(got.header("www-authenticate"), "");
    let got = Ask::add().method("PUT").to(&server(&["no-allow"])).await.is(405);
    assert_eq!(got.header("allow"), "");
}

#[tokio::test]
async fn a_defect_changes_a_read() {
    for (id, status, is_empty) in [("empty-read", 200, true), ("read-403", 403, false), ("redirects-reads", 307, true)]
    {
        let server = server(&[id]);
        Ask::add().to(&server).await.is(204);
        let got = Ask::read().to(&server).await;
        assert_eq!((got.status, got.bytes().is_empty()), (status, is_empty), "{id}");
    }
}

#[tokio::test]
async fn a_closed_connection_is_no_answer() {
    let got = Ask::add().body(r#"{"displayName":1}"#).to(&server(&["no-answer-to-wrong-json-type"])).await;
    assert_eq!(got.body, None);
    let got = Ask::add().body("{,}").to(&server(&["not-http-on-broken-json"])).await;
    assert_eq!(got.body, None);
}
