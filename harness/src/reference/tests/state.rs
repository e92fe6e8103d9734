//! What is stored, and what is read back.

use std::collections::HashSet;

use super::{Ask, contract, server};
use crate::contract::Format;
use crate::contract::OperationKind::{Add, Read};
use crate::reference::{Options, clock, place};

#[tokio::test]
async fn there_is_nothing_before_the_first_add() {
    let server = server(&[]);
    Ask::read().to(&server).await.is(404);
    Ask::add().to(&server).await.is(204);
    Ask::read().to(&server).await.is(200);
    Ask::new(Read, &Options::ids(2)[1]).to(&server).await.is(404);
}

#[tokio::test]
async fn what_is_read_is_what_was_written() {
    let server = server(&[]);
    let body = r##"{"@odata.type":"#microsoft.graph.accessPackageAssignmentPolicy","@x.y":1,"displayName@x.y":"n",
        "id":"mine","createdDateTime":"1999-01-01T00:00:00Z","displ\u0061yName":"S\u00e4les","description":null,
        "specificAllowedTargets":[{"@odata.type":"microsoft.graph.singleUser","description":"a"}]}"##;
    Ask::add().body(body).to(&server).await.is(204);
    let got = Ask::read().to(&server).await.is(200);
    assert_eq!(got.header("content-type"), "application/json");
    let id = clock::policy_id(1);
    let expected = [
        r##"{"@odata.context":"http://localhost/v1.0/$metadata#microsoft.graph.accessPackageAssignmentPolicy""##,
        &format!(r#""id":"{id}""#),
        r#""createdDateTime":"2026-01-01T00:00:00Z""#,
        r#""modifiedDateTime":"2026-01-01T00:00:00Z""#,
        r#""displ\u0061yName":"S\u00e4les""#,
        r#""description":null"#,
        r#""specificAllowedTargets":[{"@odata.type":"microsoft.graph.singleUser","description":"a"}]}"#,
    ];
    assert_eq!(String::from_utf8_lossy(got.bytes()), expected.join(","));
}

#[tokio::test]
async fn a_second_add_replaces_the_first() {
    let server = server(&[]);
    Ask::add().body(r#"{"displayName":"first","description":"d"}"#).to(&server).await.is(204);
    let first = Ask::read().to(&server).await.json();
    Ask::add().body(r#"{"displayName":"second"}"#).to(&server).await.is(204);
    let second = Ask::read().to(&server).await.json();
    assert_eq!(second["displayName"], "second");
    assert_eq!(second.get("description"), None);
    assert_eq!(first["id"], second["id"]);
    assert_eq!(first["createdDateTime"], second["createdDateTime"]);
    assert!(first["modifiedDateTime"].as_str() < second["modifiedDateTime"].as_str());
}

#[tokio::test]
async fn a_refused_request_changes_nothing() {
    let server = server(&[]);
    Ask::add().body(r#"{"displayName":"kept"}"#).to(&server).await.is(204);
    let before = Ask::read().to(&server).await.body;
    let other = Ask::add().body(r#"{"displayName":"other"}"#);
    Ask::add().body(r#"{"displayName":"other","nope":1}"#).to(&server).await.is(400);
    Ask::add().body(r#"{"displayName":"other""#).to(&server).await.is(400);
    other.clone().with("content-type", "text/plain").to(&server).await.is(415);
    other.clone().with("odata-version", "5.0").to(&server).await.is(400);
    other.clone().without("authorization").to(&server).await.is(401);
    other.clone().query("$x").to(&server).await.is(400);
    other.method("PUT").to(&server).await.is(405);
    assert_eq!(Ask::read().to(&server).await.body, before);
}

#[tokio::test]
async fn a_symptom_that_refuses_changes_nothing_either() {
    let server = server(&["refuses-null", "server-error-on-string-content"]);
    Ask::add().body(r#"{"displayName":"kept"}"#).to(&server).await.is(204);
    let before = Ask::read().to(&server).await.body;
    Ask::add().body(r#"{"description":null}"#).to(&server).await.is(400);
    assert_eq!(Ask::add().body("{\"displayName\":\"\u{1f600}\"}").to(&server).await.status, 500);
    assert_eq!(Ask::read().to(&server).await.body, before);
}

#[tokio::test]
async fn assignments_do_not_share_a_policy() {
    let server = server(&[]);
    let ids = Options::ids(4);
    for id in &ids {
        Ask::new(Add, id).body(format!(r#"{{"displayName":"{id}"}}"#)).to(&server).await.is(204);
    }
    let mut policies = HashSet::new();
    for id in &ids {
        let policy = Ask::new(Read, id).to(&server).await.json();
        assert_eq!(policy["displayName"], **id);
        policies.insert(policy["id"].to_string());
    }
    assert_eq!(policies.len(), ids.len());
}

#[test]
fn ids_are_distinct_guids() {
    let ids = Options::ids(100);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 100);
    assert_eq!(Options::ids(3), ids[..3]);
    let others = [clock::request_id(7), clock::request_id(u64::MAX), clock::policy_id(7)];
    assert!(ids.iter().chain(&others).all(|id| Format::Guid.is_form_of(id)));
}

#[test]
fn the_logical_clock_follows_the_calendar() {
    const DAY: u64 = 86_400;
    assert_eq!(clock::instant(0), "2026-01-01T00:00:00Z");
    assert_eq!(clock::instant(DAY * 59 - 1), "2026-02-28T23:59:59Z");
    assert_eq!(clock::instant(DAY * 59), "2026-03-01T00:00:00Z");
    assert_eq!(clock::instant(DAY * (365 + 365 + 59)), "2028-02-29T00:00:00Z");
    assert_eq!(clock::instant(DAY * 364), "2026-12-31T00:00:00Z");
    assert_eq!(clock::instant(DAY * 27_087), "2100-03-01T00:00:00Z");
    assert_eq!(clock::instant(DAY * (146_097 + 1)), "2426-01-02T00:00:00Z");
    assert_eq!(clock::instant(u64::MAX).len(), 20);
}

#[test]
fn every_operation_of_the_contract_has_a_place() {
    let contract = contract();
    for operation in &contract.operations {
        let path = format!("{}{}", place::BASE, operation.path_for("x"));
        let place = place::Place::find(&contract, &path).unwrap();
        assert_eq!(&*place.id, "x");
        let method = operation.method.parse().unwrap();
        assert_eq!(place.operation(&method).unwrap().id, operation.id);
    }
}
