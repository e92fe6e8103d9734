//! Policies that are created, listed, read, replaced and deleted: on the plain
//! server, on the variants for which that makes a difference, and on each server
//! that gets it wrong.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use serde_json::{Value, json};

use super::{Ask, Got, options};
use crate::contract::{Contract, Format};
use crate::reference::{DEFECTS, Defect, Effect, Habit, Options, VARIANTS, Variant, router, variant};

const PATH: &str = "/v1.0/identityGovernance/entitlementManagement/assignmentPolicies";
const UNKNOWN: &str = "00000000-0000-4000-8000-00000000dead";

fn contracts() -> Vec<Arc<Contract>> {
    static ALL: LazyLock<Vec<Arc<Contract>>> =
        LazyLock::new(|| ["seed", "v1.0"].into_iter().map(|name| Arc::new(Contract::named(name).unwrap())).collect());
    ALL.clone()
}

/// A server of both contracts.
fn server(defects: &[&str]) -> Router {
    router(contracts(), options(defects))
}

fn varied(id: &str) -> Router {
    router(contracts(), Options { variant: Some(variant(id).unwrap()), ..Options::default() })
}

fn ask(method: &'static str, id: &str) -> Ask {
    let uri = if id.is_empty() { PATH.to_owned() } else { format!("{PATH}/{id}") };
    Ask::read().method(method).uri(&uri)
}

fn send(method: &'static str, id: &str, body: &Value) -> Ask {
    ask(method, id).with("content-type", "application/json").body(body.to_string())
}

/// A body for a create, with something of everything that a flaw may touch.
fn first(name: &str) -> Value {
    json!({
        "displayName": name,
        "description": "first",
        "allowedTargetScope": "specificDirectoryUsers",
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "userId": UNKNOWN}],
        "expiration": {"type": "afterDuration", "duration": "P7D"},
        "requestorSettings": {"enableTargetsToSelfAddAccess": true, "onBehalfRequestors": []},
        "reviewSettings": {"isEnabled": true, "schedule": {
            "startDateTime": "2030-01-01T02:00:00+02:00",
            "recurrence": {
                "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "monday"},
                "range": {"type": "noEnd", "startDate": "2030-01-01"},
            },
        }},
        "accessPackage": {"id": Options::package_ids(1)[0]},
    })
}

/// Another, for a replace, that leaves some of it out.
fn second(name: &str) -> Value {
    json!({
        "displayName": name,
        "description": null,
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.internalSponsors"}],
        "requestorSettings": {"onBehalfRequestors": []},
        "accessPackage": {"id": Options::package_ids(1)[0]},
    })
}

async fn created(server: &Router, name: &str) -> String {
    let got = send("POST", "", &first(name)).to(server).await.is(201);
    got.json()["id"].as_str().unwrap().to_owned()
}

fn names(list: &Got) -> Vec<String> {
    let list = list.json();
    list["value"].as_array().unwrap().iter().map(|item| item["displayName"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_policy_lives() {
    let server = server(&[]);
    let got = send("POST", "", &first("a")).to(&server).await.is(201);
    let policy = got.json();
    let id = policy["id"].as_str().unwrap().to_owned();
    assert!(Format::Guid.is_form_of(&id));
    assert_eq!(got.header("location"), format!("http://localhost{PATH}/{id}"));
    assert_eq!(got.header("content-type"), "application/json");
    assert_eq!(policy.get("accessPackage"), None);
    assert_eq!(policy["expiration"], first("a")["expiration"]);
    assert_eq!(ask("GET", &id).to(&server).await.is(200).json(), policy);
    assert_eq!(ask("GET", &id.to_uppercase()).to(&server).await.is(200).json(), policy);

    let put = send("PUT", &id, &second("b")).to(&server).await.is(200).json();
    assert_eq!((&put["id"], &put["createdDateTime"]), (&policy["id"], &policy["createdDateTime"]));
    assert_ne!(put["modifiedDateTime"], policy["modifiedDateTime"]);
    assert_eq!((put.get("expiration"), &put["displayName"]), (None, &json!("b")));
    assert_eq!(ask("GET", &id).to(&server).await.is(200).json(), put);
    let again = send("PUT", &id, &put).to(&server).await.is(200).json();
    assert_eq!(again["requestorSettings"], put["requestorSettings"]);

    ask("DELETE", &id).to(&server).await.is(204);
    for method in ["GET", "DELETE"] {
        ask(method, &id).to(&server).await.is(404);
    }
    send("PUT", &id, &second("c")).to(&server).await.is(404);
    assert!(names(&ask("GET", "").to(&server).await.is(200)).is_empty());
}

#[tokio::test]
async fn lists_are_in_order_and_items_have_no_context() {
    let server = server(&[]);
    for name in ["a", "b", "c"] {
        created(&server, name).await;
    }
    let got = ask("GET", "").to(&server).await.is(200);
    assert_eq!(names(&got), ["a", "b", "c"]);
    let list = got.json();
    assert!(list["@odata.context"].as_str().unwrap().ends_with("/entitlementManagement/assignmentPolicies"));
    let mut item = ask("GET", list["value"][1]["id"].as_str().unwrap()).to(&server).await.json();
    item.as_object_mut().unwrap().remove("@odata.context").unwrap();
    assert_eq!(list["value"][1], item);
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let server = server(&[]);
    let id = created(&server, "a").await;
    let without = json!({"displayName": "b"});
    send("POST", "", &without).to(&server).await.is(400);
    send("PUT", &id, &without).to(&server).await.is(200);
    send("POST", "", &json!({"accessPackage": {"id": UNKNOWN}})).to(&server).await.is(400);
    send("PUT", &id, &json!({"displayName": 7})).to(&server).await.is(400);
    send("PUT", UNKNOWN, &second("b")).to(&server).await.is(404);
    ask("GET", "7").to(&server).await.is(404);
    assert_eq!(ask("PATCH", &id).to(&server).await.is(405).header("allow"), "GET, PUT, DELETE, HEAD, OPTIONS");
    assert_eq!(ask("DELETE", "").to(&server).await.is(405).header("allow"), "POST, GET, HEAD, OPTIONS");
    for option in ["$select=id", "$expand=catalog", "$filter=a", "$top=1", "$skip=1", "$skiptoken=0"] {
        ask("GET", "").query(option).to(&server).await.is(200);
        let is_known = option.starts_with("$select") || option.starts_with("$expand");
        ask("GET", &id).query(option).to(&server).await.is(if is_known { 200 } else { 400 });
        ask("DELETE", &id).query(option).to(&server).await.is(400);
    }
    ask("GET", "").with("accept", "text/html").to(&server).await.is(406);
    ask("GET", "").without("authorization").to(&server).await.is(401);
    ask("GET", "").uri("/v1.0/nowhere").without("authorization").to(&server).await.is(401);
    ask("GET", "").uri("/v1.0/nowhere").to(&server).await.is(404);
    assert_eq!(names(&ask("GET", "").to(&server).await), ["b"]);
}

#[tokio::test]
async fn both_contracts_are_served() {
    let server = server(&[]);
    Ask::add().body(r#"{"displayName":"a"}"#).to(&server).await.is(204);
    Ask::read().to(&server).await.is(200);
    created(&server, "b").await;
    assert_eq!(names(&ask("GET", "").to(&server).await), ["b"]);
}

#[tokio::test]
async fn a_server_without_contracts_has_nothing() {
    assert_eq!(Ask::read().to(&router(Vec::new(), Options::default())).await.status, 404);
}

/// What a read answers, every variant takes back.
#[tokio::test]
async fn every_variant_takes_what_it_answered() {
    // A directory knows only what it was told of, and has tests of its own.
    let takes_any = |one: &&Variant| one.settle.is_zero() && one.habit != Habit::Directory;
    for one in VARIANTS.iter().filter(takes_any) {
        let server = varied(one.id);
        let id = created(&server, "a").await;
        let read = ask("GET", &id).to(&server).await.is(200);
        let put = ask("PUT", &id).with("content-type", "application/json").body(read.bytes());
        let put = put.to(&server).await;
        assert_eq!(put.status, 200, "{}: {put:?}", one.id);
        assert_eq!(ask("GET", &id).to(&server).await.json()["displayName"], "a", "{}", one.id);
    }
}

#[tokio::test]
async fn one_that_refuses_what_is_open() {
    let server = varied("refuses-open");
    let id = created(&server, "a").await;
    send("PUT", &id, &json!({"displayName": "b"})).to(&server).await.is(400);
}

#[tokio::test]
async fn one_that_lags() {
    let server = varied("lags");
    let wait = || tokio::time::sleep(Duration::from_millis(250));
    let id = created(&server, "a").await;
    ask("GET", &id).to(&server).await.is(404);
    assert!(names(&ask("GET", "").to(&server).await).is_empty());
    send("PUT", &id, &second("b")).to(&server).await.is(200);
    wait().await;
    assert_eq!(names(&ask("GET", "").to(&server).await), ["b"]);
    ask("DELETE", &id).to(&server).await.is(204);
    ask("DELETE", &id).to(&server).await.is(404);
    send("PUT", &id, &second("c")).to(&server).await.is(404);
    ask("GET", &id).to(&server).await.is(200);
    assert_eq!(names(&ask("GET", "").to(&server).await), ["b"]);
    wait().await;
    ask("GET", &id).to(&server).await.is(404);
    assert!(names(&ask("GET", "").to(&server).await).is_empty());

    Ask::add().to(&server).await.is(204);
    Ask::read().to(&server).await.is(404);
    wait().await;
    Ask::read().to(&server).await.is(200);
}

#[tokio::test]
async fn one_that_pages() {
    let server = varied("pages");
    let mut ids = Vec::new();
    for number in 0..12 {
        ids.push(created(&server, &number.to_string()).await);
    }
    let mut all = Vec::new();
    let mut uri = PATH.to_owned();
    loop {
        let page = ask("GET", "").uri(&uri).to(&server).await.is(200);
        all.extend(names(&page));
        // What is gone in the meantime shifts nothing.
        ask("DELETE", &ids[0]).to(&server).await;
        let Some(next) = page.json()["@odata.nextLink"].as_str().map(str::to_owned) else { break };
        uri = next.strip_prefix("http://localhost").unwrap().to_owned();
    }
    assert_eq!(all, (0..12).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_that_forbids_what_was_deleted() {
    let server = varied("forbids-deleted");
    let id = created(&server, "a").await;
    ask("DELETE", &id).to(&server).await.is(204);
    for (id, status) in [(&*id, 403), (UNKNOWN, 404)] {
        ask("GET", id).to(&server).await.is(status);
        ask("DELETE", id).to(&server).await.is(status);
        send("PUT", id, &second("b")).to(&server).await.is(status);
    }
}

#[tokio::test]
async fn one_with_more_members() {
    let server = varied("extra-members");
    let id = created(&server, "a").await;
    let policy = ask("GET", &id).to(&server).await.json();
    assert_eq!((&policy["contosoRevision"], &policy["@odata.etag"]), (&json!(7), &json!("W/\"7\"")));
    assert_eq!(policy["expiration"], first("a")["expiration"]);
    send("PUT", &id, &json!({"contosoRevisions": 7})).to(&server).await.is(400);
    send("POST", "", &policy).to(&server).await.is(400);
}

#[tokio::test]
async fn one_with_a_relative_location() {
    let server = varied("relative-location");
    let got = send("POST", "", &first("a")).to(&server).await.is(201);
    let location = format!("{PATH}('{}')", got.json()["id"].as_str().unwrap());
    assert_eq!(got.header("location"), location);
    assert_eq!(ask("GET", "").uri(&location).to(&server).await.is(200).json(), got.json());
}

/// However long it runs, it remembers so much and no more.
#[tokio::test]
async fn memory_is_bounded() {
    let server = varied("forbids-deleted");
    let body = json!({"accessPackage": {"id": Options::package_ids(1)[0]}});
    let mut ids = Vec::new();
    for _ in 0..20_000 {
        let got = send("POST", "", &body).to(&server).await;
        assert_eq!(got.status, 201);
        ids.push(got.header("location").rsplit('/').next().unwrap().to_owned());
    }
    let refused = send("POST", "", &body).to(&server).await.is(429);
    assert_eq!(refused.header("retry-after"), "1");
    for id in &ids[..2_001] {
        ask("DELETE", id).to(&server).await.is(204);
    }
    ask("GET", &ids[0]).to(&server).await.is(404);
    ask("GET", &ids[1]).to(&server).await.is(403);
    send("POST", "", &body).to(&server).await.is(201);
}

/// What a server answers to the acts of a life, each under a name.
async fn story(server: &Router) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    let mut tell = async |name: &'static str, ask: Ask| {
        let got = ask.to(server).await;
        let body = String::from_utf8_lossy(got.bytes()).into_owned();
        // The number of a request says nothing.
        let body = if got.status < 400 { body } else { String::new() };
        told.push((name, format!("{} {} {body}", got.status, got.header("location"))));
        got
    };
    let policy = tell("create", send("POST", "", &first("a"))).await.json();
    let id = policy["id"].as_str().unwrap().to_owned();
    let id = id.as_str();
    tell("read created", ask("GET", id)).await;
    tell("list created", ask("GET", "")).await;
    let mut others = Vec::new();
    for name in ["b", "c"] {
        let other = tell("create", send("POST", "", &first(name))).await.json();
        others.push(other["id"].as_str().unwrap().to_owned());
    }
    tell("list three", ask("GET", "")).await;
    let mut wrong_type = first("x");
    wrong_type["specificAllowedTargets"][0]["@odata.type"] = json!("#microsoft.graph.nope");
    tell("refused type", send("POST", "", &wrong_type)).await;
    tell("list after refused type", ask("GET", "")).await;
    tell("no JSON", ask("POST", "").with("content-type", "application/json").body("{,}")).await;
    tell("refused", send("POST", "", &json!({"displayName": "x", "nope": 1}))).await;
    tell("list after refused", ask("GET", "")).await;
    let visiting = |ask: Ask| ask.with("authorization", "Bearer visitor-without-rights");
    tell("create by a visitor", visiting(send("POST", "", &first("v")))).await;
    tell("list after a visitor", ask("GET", "")).await;
    for name in ["replace", "replace again"] {
        tell(name, send("PUT", id, &second("d"))).await;
        tell(if name == "replace" { "read replaced" } else { "read again" }, ask("GET", id)).await;
        tell("list replaced", ask("GET", "")).await;
    }
    for other in &others {
        tell("read other", ask("GET", other)).await;
    }
    let read = tell("read", ask("GET", id)).await;
    let as_read = ask("PUT", id).with("content-type", "application/json").body(read.bytes());
    tell("replace as read", as_read.clone()).await;
    let plain: Value = json!({"displayName": "e"});
    tell("replace in part", send("PUT", id, &plain)).await;
    tell("refused replace", send("PUT", id, &json!({"displayName": "f", "allowedTargetScope": "nobody"}))).await;
    tell("read after refused", ask("GET", id)).await;
    tell("replace by a visitor", visiting(send("PUT", id, &second("v")))).await;
    tell("read after a visitor", ask("GET", id)).await;
    tell("delete", ask("DELETE", id)).await;
    for other in &others {
        tell("read other", ask("GET", other)).await;
    }
    tell("read deleted", ask("GET", id)).await;
    tell("list deleted", ask("GET", "")).await;
    tell("delete again", ask("DELETE", id)).await;
    tell("replace deleted", send("PUT", id, &second("g"))).await;
    tell("read deleted", ask("GET", id)).await;
    tell("replace unknown", send("PUT", UNKNOWN, &second("h"))).await;
    tell("read unknown", ask("GET", UNKNOWN)).await;
    tell("list at last", ask("GET", "")).await;
    told
}

/// Each defect, and the act that shows it first.
const SHOWN: &[(&str, &str)] = &[
    ("create-stores-nothing", "read created"),
    ("create-answers-another-id", "create"),
    ("lists-only-replaced", "list created"),
    ("lists-two", "list three"),
    ("lists-no-replaced", "list replaced"),
    ("no-location", "create"),
    ("location-of-another", "create"),
    ("location-of-collection", "create"),
    ("refused-create-stays", "list after refused type"),
    ("refused-create-of-types-stays", "list after refused type"),
    ("put-merges", "replace"),
    ("put-merges-inside", "replace"),
    ("put-keeps-for-null", "replace"),
    ("put-appends-items", "replace"),
    ("put-does-nothing", "read replaced"),
    ("put-again-doubles-items", "replace again"),
    ("put-makes-a-second", "list replaced"),
    ("put-changes-id", "replace"),
    ("put-creates", "replace unknown"),
    ("put-brings-back", "replace deleted"),
    ("put-refuses-server-set", "replace as read"),
    ("put-refuses-context", "replace as read"),
    ("put-wants-what-create-wants", "replace as read"),
    ("put-changes-another", "list replaced"),
    ("create-without-permission-stays", "list after a visitor"),
    ("put-without-permission-stores", "read after a visitor"),
    ("refused-put-stores", "read after refused"),
    ("refused-put-deletes", "read after refused"),
    ("delete-does-nothing", "read deleted"),
    ("deleted-is-read", "read deleted"),
    ("delete-takes-another", "read other"),
    ("server-error-on-second-delete", "delete again"),
    ("deletes-again", "delete again"),
    ("created-yesterday", "create"),
    ("create-quotes-booleans", "create"),
    ("lists-number-ids", "list created"),
];

#[tokio::test]
async fn every_defect_shows_where_it_should() {
    let plain = story(&server(&[])).await;
    // What is wrong about bodies and operations is no part of the story.
    let of_life = |defect: &&Defect| {
        defect.contract == "v1.0" && !matches!(defect.effect, Effect::Accepts(_) | Effect::Answers(..))
    };
    for defect in DEFECTS.iter().filter(of_life) {
        let told = story(&server(&[defect.id])).await;
        let differing = plain.iter().zip(&told).find(|(right, wrong)| right.1 != wrong.1);
        let (right, wrong) = differing.unwrap_or_else(|| panic!("{} does not show", defect.id));
        let expected = SHOWN.iter().find(|(id, _)| *id == defect.id).map(|(_, act)| *act);
        assert_eq!(expected, Some(right.0), "{}: {right:?} {wrong:?}", defect.id);
    }
    assert_eq!(SHOWN.len(), DEFECTS.iter().filter(of_life).count());
}

/// What a defect changes besides, it would be found for by mistake.
#[tokio::test]
async fn a_defect_of_life_leaves_the_seed_alone() {
    for defect in DEFECTS.iter().filter(|defect| defect.contract == "v1.0") {
        let server = server(&[defect.id]);
        Ask::add().body(r#"{"displayName":"kept","description":"d"}"#).to(&server).await.is(204);
        let before = Ask::read().to(&server).await.is(200);
        Ask::add().body(r#"{"displayName":7}"#).to(&server).await.is(400);
        assert_eq!(Ask::read().to(&server).await.body.is_some(), before.body.is_some(), "{}", defect.id);
        assert_eq!(Ask::read().to(&server).await.body, before.body, "{}", defect.id);
    }
}

#[tokio::test]
async fn what_is_no_json_leaves_nothing() {
    let server = server(&["refused-create-stays"]);
    for body in ["", "{,}", "[]", "\u{feff}{}", &"{\"a\":".repeat(500)] {
        ask("POST", "").with("content-type", "application/json").body(body).to(&server).await.is(400);
    }
    assert!(names(&ask("GET", "").to(&server).await).is_empty());
    send("POST", "", &json!({"displayName": "x"})).to(&server).await.is(400);
    assert_eq!(names(&ask("GET", "").to(&server).await), ["x"]);
}
