//! A small service for one operation of Microsoft Graph: adding a policy to an
//! assignment, and reading it back. It holds bodies against the JSON Schema that
//! `policy-harness contract export json-schema` writes, and has one fault, which its
//! own tests find: it stores a policy as it came, with what only a server sets. (And it
//! is warned of one thing more: `serde_json` keeps the last of two members with one
//! name, so the schema never sees the first.)

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

/// The bearer token that is let in.
pub const TOKEN: &str = "example-token";
/// The assignment that exists.
pub const ASSIGNMENT: &str = "00000001-0000-4000-8000-000000000001";

const SCHEMA: &str = include_str!("../policy.schema.json");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// What the service keeps, and what it holds bodies against.
struct Service {
    schemas: Schemas,
    schema: SchemaIndex,
    policies: Mutex<HashMap<String, Option<Value>>>,
}

/// The service.
///
/// # Errors
/// Its schema cannot be read.
pub fn app() -> Result<Router, Box<dyn std::error::Error>> {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("policy.json", serde_json::from_str(SCHEMA)?)?;
    let schema = compiler.compile("policy.json", &mut schemas)?;
    let policies = Mutex::new(HashMap::from([(ASSIGNMENT.to_owned(), None)]));
    let below = "/v1.0/identityGovernance/entitlementManagement/assignments/{id}/assignmentPolicy";
    let router = Router::new()
        .route(below, get(read))
        .route(&format!("{below}/$ref"), post(add))
        .method_not_allowed_fallback(async || refusal(StatusCode::METHOD_NOT_ALLOWED, "There is no such operation."))
        .fallback(async || refusal(StatusCode::NOT_FOUND, "There is no resource at this path."))
        .layer(axum::middleware::map_response(dress))
        .with_state(Arc::new(Service { schemas, schema, policies }));
    Ok(router)
}

/// The headers of every answer.
async fn dress(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
    headers.insert(REQUEST_ID, HeaderValue::from_static("00000000-0000-4000-8000-000000000000"));
    answer
}

/// Why a request is refused.
struct Refusal(StatusCode, String);

fn refusal(status: StatusCode, message: &str) -> Refusal {
    Refusal(status, message.to_owned())
}

/// An error as OData wants it.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, message) = self;
        let code = status.canonical_reason().unwrap_or("Error").replace(' ', "");
        let body = json!({ "error": { "code": code, "message": message } }).to_string();
        let mut answer = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

/// What is asked of every request: a caller who is known, no query options, and a
/// version of OData that is spoken here.
fn let_in(headers: &HeaderMap, query: &HashMap<String, String>) -> Result<(), Refusal> {
    let credentials = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = credentials.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim() != TOKEN {
        return Err(refusal(StatusCode::UNAUTHORIZED, "A bearer token is needed."));
    }
    if query.keys().any(|name| name.starts_with('$')) {
        return Err(refusal(StatusCode::BAD_REQUEST, "This query option is not known here."));
    }
    match headers.get("odata-version").map(HeaderValue::as_bytes) {
        None | Some(b"4.0" | b"4.01") => Ok(()),
        Some(_) => Err(refusal(StatusCode::BAD_REQUEST, "This version of OData is not spoken here.")),
    }
}

/// The id in a path; what is no text is no id either.
fn assignment(id: Result<Path<String>, PathRejection>) -> Result<String, Refusal> {
    let nowhere = |_| refusal(StatusCode::NOT_FOUND, "There is no such assignment.");
    id.map(|Path(id)| id.to_ascii_lowercase()).map_err(nowhere)
}

async fn add(
    State(service): State<Arc<Service>>,
    id: Result<Path<String>, PathRejection>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let_in(&headers, &query)?;
    let id = assignment(id)?;
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body has to be application/json."));
    }
    let wrong = |message: &str| refusal(StatusCode::BAD_REQUEST, message);
    let policy: Value = serde_json::from_slice(&body).map_err(|error| wrong(&error.to_string()))?;
    let judged = service.schemas.validate(&policy, service.schema);
    judged.map_err(|_| wrong("The policy does not fit its schema."))?;
    let mut policies = service.policies.lock().unwrap_or_else(PoisonError::into_inner);
    let nowhere = || refusal(StatusCode::NOT_FOUND, "There is no such assignment.");
    *policies.get_mut(&id).ok_or_else(nowhere)? = Some(policy);
    Ok(StatusCode::NO_CONTENT)
}

async fn read(
    State(service): State<Arc<Service>>,
    id: Result<Path<String>, PathRejection>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let_in(&headers, &query)?;
    let id = assignment(id)?;
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if !["application/json", "application/*", "*/*"].iter().any(|known| accept.contains(known)) {
        return Err(refusal(StatusCode::NOT_ACCEPTABLE, "The answer would be application/json."));
    }
    let policies = service.policies.lock().unwrap_or_else(PoisonError::into_inner);
    let policy = policies.get(&id).and_then(Option::as_ref);
    let policy = policy.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "There is no policy here."))?;
    Ok(([(CONTENT_TYPE, "application/json")], policy.to_string()).into_response())
}
