//! The suite for other projects, tried on the reference server in this process: what
//! conforms passes, what does not fails with what a reader needs, and what a service
//! does to its caller is the service's fault.

#![cfg(all(feature = "conformance", feature = "reference"))]

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode};
use http_body_util::Full;
use policy_harness::conformance::{self, ConformanceError, Target};
use policy_harness::contract::{Contract, Level};
use policy_harness::reference::{self, Options, defect};
use policy_harness::report::Outcome;
use tower::ServiceExt;

fn target(name: &str, defects: &[&str]) -> Target {
    let contract = Contract::named(name).unwrap();
    let defects = defects.iter().map(|id| defect(id).unwrap()).collect();
    let options = Options { defects, ..Options::default() };
    let (assignments, packages) = (options.assignments.clone(), options.packages.clone());
    let (token, other) = (options.token.clone(), options.unprivileged_token.clone());
    let router = reference::router(vec![Arc::new(contract)], options);
    let target = Target::service(router).contract(name).token(&token).unprivileged_token(&other).cases(500);
    let target = assignments.iter().fold(target, |target, id| target.assignment_id(id));
    packages.iter().fold(target, |target, id| target.access_package_id(id))
}

#[tokio::test]
async fn what_conforms_passes() {
    for name in ["seed", "v1.0", "beta"] {
        conformance::assert(target(name, &[]).level(Level::Should)).await;
    }
}

#[tokio::test]
async fn what_does_not_conform_fails_with_a_report() {
    let target = target("seed", &["accepts-any-member"]);
    let report = conformance::check(target.clone()).await.unwrap();
    assert_eq!((report.outcome.clone(), report.failing), (Outcome::Findings, 1), "{report}");
    let text = report.to_string();
    for needed in ["FAIL  body/value/enum-member", "got 204", "curl -i -X POST", "fingerprint ", "Target::seed(1)"] {
        assert!(text.contains(needed), "{needed}: {text}");
    }
    assert!(!text.contains('\u{1b}') && !text.contains("--profile"), "{text}");
    assert!(!text.contains(&Options::default().token), "{text}");
    let failed = tokio::spawn(conformance::assert(target)).await.unwrap_err();
    let words = failed.into_panic().downcast::<String>().unwrap();
    assert!(words.contains("FAIL  body/value/enum-member"), "{words}");
}

#[tokio::test]
async fn a_part_of_the_rules_is_a_part() {
    let part = target("seed", &["accepts-any-member"]).skip("body/value/*").only("body/*");
    assert_eq!(conformance::check(part).await.unwrap().outcome, Outcome::Conforms);
}

#[tokio::test]
async fn findings_that_are_known_fail_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = target("seed", &["accepts-any-member"]);
    let report = conformance::check(target.clone().findings(folder.path().join("findings"))).await.unwrap();
    let fingerprint = &report.findings[0].fingerprint;
    assert!(folder.path().join("findings").join(format!("{fingerprint}.json")).exists());
    let known = folder.path().join("known.toml");
    std::fs::write(&known, format!("[[finding]]\nfingerprint = \"{fingerprint}\"\nreason = \"for a test\"\n")).unwrap();
    conformance::assert(target.clone().baseline(&known)).await;
    std::fs::write(&known, "[[finding]]\n").unwrap();
    assert!(matches!(conformance::check(target.baseline(&known)).await, Err(ConformanceError::Baseline(_))));
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let router = axum::Router::new();
    let error = conformance::check(Target::service(router.clone())).await.unwrap_err();
    assert!(error.to_string().contains("Target::assignment_id"), "{error}");
    let error = conformance::check(Target::service(router.clone()).contract("v1.0")).await.unwrap_err();
    assert!(error.to_string().contains("Target::access_package_id"), "{error}");
    let nobody = Target::service(router).assignment_id("00000000-0000-4000-8000-000000000001");
    let error = conformance::check(nobody.clone()).await.unwrap_err();
    assert!(error.to_string().contains("Target::base_path"), "{error}");
    assert!(conformance::check(nobody.base_path("v1.0")).await.is_err());
    let elsewhere = Target::url("http://example.com/v1.0").assignment_id("a");
    let error = conformance::check(elsewhere).await.unwrap_err();
    assert!(error.to_string().contains("example.com"), "{error}");
}

/// A service in front of the reference server, with what it does to requests and to
/// answers.
fn in_front(refuses: fn(&Request<Full<Bytes>>), alters: fn(Response<Body>) -> Response<Body>) -> Target {
    let options = Options::default();
    let (token, id) = (options.token.clone(), options.assignments[0].clone());
    let router = reference::router(vec![Arc::new(Contract::named("seed").unwrap())], options);
    let service = tower::service_fn(move |request| {
        let router = router.clone();
        async move {
            refuses(&request);
            Ok::<_, Infallible>(alters(router.oneshot(request).await?))
        }
    });
    Target::service(service).token(&token).assignment_id(&id).cases(100)
}

#[tokio::test]
async fn a_service_that_panics_is_one_that_does_not_answer() {
    let breaks_down = |request: &Request<_>| assert!(request.method() != "PATCH", "as a service may");
    let report = conformance::check(in_front(breaks_down, |answer| answer)).await.unwrap();
    let mut names = report.findings.iter().map(|finding| finding.fingerprint.as_str());
    assert!(names.any(|name| name.starts_with("answer-always-")), "{report}");
}

/// What a server leaves out on the way is left out here as well.
#[tokio::test]
async fn content_that_no_server_would_send_is_no_fault() {
    let chatty = |answer: Response<Body>| match answer.status() {
        StatusCode::NO_CONTENT => answer.map(|_| Body::from("{}")),
        _ => answer,
    };
    conformance::assert(in_front(|_| {}, chatty)).await;
}
