//! The reference server in this process, without a socket: it is handed a request and
//! answers at once. What it should answer is told from the contract, and not by the
//! judge.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http;
use futures_util::FutureExt;
use policy_harness::contract::{Level, RuleId};
use policy_harness::reference::{Options, router};
use policy_harness::target::{Credentials, Request, Wire};
use policy_harness::validate::Label;
use tower::ServiceExt;

use crate::subject::{contract, ids};

thread_local! {
    // It keeps one policy for each assignment, so that it does not grow.
    static SERVER: Router = router(vec![Arc::new(contract().clone())], Options::default());
}

/// A request that is right but for its body.
pub(crate) fn request_with(body: &[u8]) -> Request {
    let operation = &contract().operations[0];
    Request {
        method: operation.method.clone(),
        path: operation.path_for(&ids()[0]),
        headers: vec![("content-type", "application/json".to_owned())],
        credentials: Credentials::Token("Bearer"),
        body: Some(body.to_vec()),
        wire: Wire::Plain,
    }
}

/// The status with which the server answers a request.
pub(crate) fn status(request: &Request) -> u16 {
    let mut message = http::Request::builder()
        .method(&*request.method)
        .uri(format!("/v1.0{}", request.path))
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", Options::default().token));
    for (name, value) in &request.headers {
        message = message.header(*name, value);
    }
    let body = Body::from(request.body.clone().unwrap_or_default());
    let message = message.body(body).expect("the maker's requests are HTTP");
    let answer = SERVER.with(Router::clone).oneshot(message).now_or_never();
    let Ok(answer) = answer.expect("nothing in this process is waited for");
    answer.status().as_u16()
}

/// Whether the contract has this status for an answer to a body with this label.
pub(crate) fn is_proper(label: &Label, status: u16) -> bool {
    let success = contract().operations[0].success;
    let is_must = |rule: &RuleId| contract().rule(*rule).level == Level::Must;
    match label {
        Label::Valid => status == success,
        Label::Malformed(rule, _) => {
            contract().rule(*rule).statuses.contains(status) || !is_must(rule) && status == success
        }
        // One that has to be refused is, whatever else it holds.
        Label::Mixed(rules) if rules.iter().any(is_must) => status / 100 == 4,
        Label::Mixed(_) | Label::Unspecified(_) => status == success || status / 100 == 4,
    }
}
