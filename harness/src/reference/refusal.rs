//! Why a request is refused, and how that is written down: the OData error
//! object (OData JSON 4.01, 21.1), with the flaws that were asked for.

use std::fmt::Write;

use axum::http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};

use super::effect::Flaw;
use super::habit::{self, RetryAfter};
use super::reply::{JSON, Reply};
use super::variants::Habit;
use crate::contract::{Contract, RuleId, rule};
use crate::json::{self, Pointer};

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    /// The rule that is broken, where the contract has one.
    pub(super) rule: Option<RuleId>,
    /// What to say where it has none.
    pub(super) text: &'static str,
    /// The place in the body.
    pub(super) at: Option<Pointer>,
    pub(super) allow: Option<HeaderValue>,
    /// When to try again.
    pub(super) retry_after: Option<RetryAfter>,
}

impl Refusal {
    /// The refusal of a request that breaks `rule`.
    pub(super) fn by(rule: RuleId) -> Self {
        let (status, code) = match rule {
            rule::MESSAGE_HOST | rule::MESSAGE_LENGTH | rule::QUERY_OPTION | rule::ODATA_VERSION => {
                (StatusCode::BAD_REQUEST, "BadRequest")
            }
            rule::AUTHORIZATION_MISSING
            | rule::AUTHORIZATION_SCHEME
            | rule::AUTHORIZATION_EMPTY
            | rule::AUTHORIZATION_INVALID => (StatusCode::UNAUTHORIZED, "Unauthorized"),
            rule::PERMISSION => (StatusCode::FORBIDDEN, "Forbidden"),
            rule::ASSIGNMENT_UNKNOWN | rule::ASSIGNMENT_NO_GUID => (StatusCode::NOT_FOUND, "ResourceNotFound"),
            rule::METHOD => (StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
            rule::ACCEPT => (StatusCode::NOT_ACCEPTABLE, "NotAcceptable"),
            rule::CONTENT_TYPE_MISSING | rule::CONTENT_TYPE_OTHER => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType")
            }
            _ => (StatusCode::BAD_REQUEST, "InvalidModel"),
        };
        Self { status, code, rule: Some(rule), text: "", at: None, allow: None, retry_after: None }
    }

    /// The refusal of a body that breaks `rule` at a place.
    pub(super) fn at(rule: RuleId, at: Pointer) -> Self {
        Self { at: Some(at), ..Self::by(rule) }
    }

    /// A refusal for which the contract has no rule.
    pub(super) fn other(status: StatusCode, code: &'static str, text: &'static str) -> Self {
        Self { status, code, rule: None, text, at: None, allow: None, retry_after: None }
    }

    /// The refusal as an answer.
    pub(super) fn reply(&self, teller: &Teller<'_>) -> Reply {
        let (content_type, body) = teller.tell(self);
        let mut reply = Reply::new(self.status);
        if let Some(content_type) = content_type {
            reply.headers.insert(CONTENT_TYPE, content_type);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            reply.headers.insert(WWW_AUTHENTICATE, self.challenge());
        }
        if let Some(allow) = &self.allow {
            reply.headers.insert(ALLOW, allow.clone());
        }
        reply.headers.extend(self.retry_after.and_then(habit::retry_after));
        reply.body = body.into_bytes().into();
        reply
    }

    /// What to come back with (RFC 6750, 3).
    fn challenge(&self) -> HeaderValue {
        HeaderValue::from_static(match self.rule {
            Some(rule::AUTHORIZATION_INVALID) => r#"Bearer realm="reference", error="invalid_token""#,
            _ => r#"Bearer realm="reference""#,
        })
    }
}

/// Writes error objects.
pub(super) struct Teller<'a> {
    pub(super) contract: &'a Contract,
    pub(super) flaws: &'a [Flaw],
    pub(super) habit: Option<Habit>,
    pub(super) request_id: &'a str,
    /// What must not be repeated.
    pub(super) tokens: [&'a str; 2],
    /// The credentials that were sent, for the flaw that repeats them.
    pub(super) credentials: &'a str,
    /// The path that was asked for, and the body that came.
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
}

impl Teller<'_> {
    /// Content type and body.
    fn tell(&self, refusal: &Refusal) -> (Option<HeaderValue>, String) {
        let has = |flaw| self.flaws.contains(&flaw);
        if self.habit == Some(Habit::BareErrors) {
            return (None, String::new());
        }
        if has(Flaw::Html) {
            let page = "<!DOCTYPE html><html><body><h1>The request was refused</h1></body></html>";
            return (Some(HeaderValue::from_static("text/html")), page.to_owned());
        }
        let content_type = if has(Flaw::NoContentType) {
            None
        } else if has(Flaw::TextContentType) {
            Some(HeaderValue::from_static("text/plain; charset=utf-8"))
        } else if self.habit == Some(Habit::ErrorParameters) {
            Some(HeaderValue::from_static("Application/JSON; odata.metadata=minimal; charset=utf-8"))
        } else {
            Some(JSON)
        };
        let body = if has(Flaw::NotJson) { "The request was refused.".to_owned() } else { self.object(refusal) };
        (content_type, body)
    }

    fn object(&self, refusal: &Refusal) -> String {
        let has = |flaw| self.flaws.contains(&flaw);
        let target = refusal.at.as_ref().map(|at| self.shown(at.to_string()));
        let mut out = String::with_capacity(512);
        out.push_str(if has(Flaw::NoWrapper) { "{" } else { r#"{"error":{"# });
        if has(Flaw::CodeNumber) {
            out.push_str(r#""code":"#);
            out.push_str(refusal.status.as_str());
            out.push(',');
        } else if !has(Flaw::NoCode) {
            member(&mut out, "code", if has(Flaw::EmptyCode) { "" } else { refusal.code });
            out.push(',');
        }
        if !has(Flaw::NoMessage) {
            let message =
                if has(Flaw::EmptyMessage) { String::new() } else { self.message(refusal, target.as_deref()) };
            member(&mut out, "message", &message);
            out.push(',');
        }
        if let Some(target) = target.filter(|target| !target.is_empty()) {
            member(&mut out, "target", &target);
            out.push(',');
        }
        if self.habit == Some(Habit::TalkativeErrors) {
            self.talk(&mut out);
        }
        out.push_str(r#""innerError":{"#);
        member(&mut out, "request-id", self.request_id);
        out.push_str(if has(Flaw::NoWrapper) { "}}" } else { "}}}" });
        out
    }

    /// Everything that an error object may have besides, none of it a leak.
    fn talk(&self, out: &mut String) {
        let sent: String = String::from_utf8_lossy(self.body).chars().take(400).collect();
        out.push_str(r#""details":[{"#);
        member(out, "code", "SchemaMismatch");
        out.push(',');
        let said = format!(
            "microsoft.graph.accessPackageAssignmentPolicy at /v1.0{} was sent as {sent}; see #/definitions/policy",
            self.path
        );
        member(out, "message", &self.shown(said));
        out.push_str("}],");
        member(out, "help", "https://learn.example.invalid/graph/errors.html?code=400");
        out.push(',');
    }

    fn message(&self, refusal: &Refusal, target: Option<&str>) -> String {
        let statement = refusal.rule.map_or(refusal.text, |rule| &self.contract.rule(rule).statement);
        let mut message = statement.to_owned();
        // Writing to a string cannot fail.
        let _ = match target {
            None => Ok(()),
            Some("") => write!(message, " At the root."),
            Some(target) => write!(message, " At {target}."),
        };
        for flaw in self.flaws {
            let _ = match flaw {
                Flaw::Credentials => write!(message, " Sent with: {}", self.credentials),
                Flaw::FilePath => write!(message, " Raised in /srv/policies/app/handlers/assignment_policy.py"),
                Flaw::StackTrace => write!(message, "\n{STACK_TRACE}"),
                Flaw::TypeName => write!(message, " Raised by System.Text.Json.JsonException"),
                _ => Ok(()),
            };
        }
        message
    }

    /// A pointer fit for an answer. A name in a body may hold the token, or be
    /// as long as the body.
    fn shown(&self, mut pointer: String) -> String {
        for token in self.tokens.into_iter().filter(|token| !token.is_empty()) {
            if pointer.contains(token) {
                pointer = pointer.replace(token, "[redacted]");
            }
        }
        if let Some((end, _)) = pointer.char_indices().nth(LONGEST_POINTER) {
            pointer.truncate(end);
            pointer.push('…');
        }
        pointer
    }
}

/// Characters of a pointer that are shown.
const LONGEST_POINTER: usize = 200;

/// A stack trace as a careless server shows it.
pub(super) const STACK_TRACE: &str = "\
System.ArgumentNullException: Value cannot be null. (Parameter 'source')
   at Example.Policies.Service.PolicyModelBinder.Bind(JsonReader reader) in C:\\build\\src\\PolicyModelBinder.cs:line 118
   at Example.Policies.Service.AssignmentPolicyController.Post(String id) in C:\\build\\src\\AssignmentPolicyController.cs:line 42";

/// Appends `"name":"content"`. The name needs no escape.
pub(super) fn member(out: &mut String, name: &str, content: &str) {
    let mut escaped = Vec::with_capacity(content.len());
    json::encode_into(content, &mut escaped);
    out.push('"');
    out.push_str(name);
    out.push_str("\":\"");
    out.push_str(&String::from_utf8_lossy(&escaped));
    out.push('"');
}
