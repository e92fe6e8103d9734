//! What the variants do: another status, another order, another form. What they
//! say stays within the contract.

use std::time::{Duration, SystemTime};

use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, VARY};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};

use super::keep::Form;
use super::place::Place;
use super::refusal::Refusal;
use super::variants::{Habit, Word};
use crate::contract::{Contract, OperationKind, rule};

const BUSY: &str = "The server is busy; try again later.";

/// How long a server that throttles takes nothing.
pub(super) const THROTTLED: Duration = Duration::from_secs(1);

/// The form in which a habit has policies read.
pub(super) fn form(habit: Habit) -> Option<Form> {
    match habit {
        Habit::Normalizes => Some(Form::Normalized),
        Habit::OmitsNulls => Some(Form::WithoutNulls),
        Habit::ShowsAll => Some(Form::Full),
        Habit::NoHash => Some(Form::WithoutHash),
        Habit::Rewrites => Some(Form::Rewritten),
        _ => None,
    }
}

/// The refusal of a request that comes at a bad moment.
pub(super) fn busy(habit: Habit, number: u64) -> Option<Refusal> {
    let Habit::Busy(every, status) = habit else { return None };
    // The first requests tell whether there is a target at all.
    let is_bad = number > every && number.is_multiple_of(every);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    is_bad.then(|| Refusal::other(status, "TooManyRequests", BUSY))
}

/// When to come back.
#[derive(Clone, Copy, Debug)]
pub(super) enum RetryAfter {
    Seconds(u32),
    Date(SystemTime),
}

/// The header that says so (RFC 9110, 10.2.3).
pub(super) fn retry_after(time: RetryAfter) -> Option<(HeaderName, HeaderValue)> {
    let value = match time {
        RetryAfter::Seconds(seconds) => HeaderValue::from(seconds),
        RetryAfter::Date(date) => HeaderValue::try_from(httpdate::fmt_http_date(date)).ok()?,
    };
    Some((RETRY_AFTER, value))
}

/// The refusal of a server that throttles, from a moment when it has until it has not.
pub(super) fn throttled(word: Word, until: SystemTime) -> Refusal {
    let (status, retry_after) = match word {
        Word::Seconds => (StatusCode::TOO_MANY_REQUESTS, Some(RetryAfter::Seconds(1))),
        // A date has whole seconds: the first one that is not too early.
        Word::Date => (StatusCode::TOO_MANY_REQUESTS, Some(RetryAfter::Date(until + Duration::from_secs(1)))),
        Word::Nothing => (StatusCode::SERVICE_UNAVAILABLE, None),
    };
    Refusal { retry_after, ..Refusal::other(status, "TooManyRequests", BUSY) }
}

/// The refusal of a create where there are too many policies already.
pub(super) fn too_many() -> Refusal {
    let text = "There are too many policies; delete some.";
    Refusal {
        retry_after: Some(RetryAfter::Seconds(1)),
        ..Refusal::other(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", text)
    }
}

/// What a habit says to a method at a place, before anything else is looked at.
pub(super) fn at(habit: Habit, method: &Method, place: &Place<'_>) -> Result<(), Refusal> {
    let is_read = place.operation(method).is_some_and(|operation| operation.kind == OperationKind::Read);
    let refused = |status: u16, allow| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        Err(Refusal { allow, ..Refusal::other(status, "NotSupported", "This is not offered here.") })
    };
    match habit {
        Habit::NoRead(status) if is_read || place.has(OperationKind::Read) => {
            refused(status, Some(HeaderValue::from_static("OPTIONS")))
        }
        Habit::NoOptions(status) if *method == Method::OPTIONS || *method == Method::HEAD => {
            refused(status, place.allow())
        }
        _ => Ok(()),
    }
}

/// A refusal with the status that a habit has for it.
pub(super) fn refusal(habit: Habit, refusal: Refusal, contract: &Contract) -> Refusal {
    let is_of_body = refusal.rule.is_some_and(|rule| contract.rule(rule).id.starts_with("body/"));
    let status = match (habit, refusal.rule) {
        (Habit::Unprocessable, _) if is_of_body => StatusCode::UNPROCESSABLE_ENTITY,
        (Habit::Forbids, Some(rule::ASSIGNMENT_UNKNOWN)) => StatusCode::FORBIDDEN,
        (Habit::Hides, Some(rule::PERMISSION)) => StatusCode::NOT_FOUND,
        (Habit::NotImplemented, Some(rule::METHOD | rule::QUERY_OPTION)) => StatusCode::NOT_IMPLEMENTED,
        _ => refusal.status,
    };
    Refusal { status, ..refusal }
}

/// Headers that mean nothing to the contract.
pub(super) fn extra_headers() -> [(HeaderName, HeaderValue); 4] {
    [
        (CACHE_CONTROL, HeaderValue::from_static("private")),
        (VARY, HeaderValue::from_static("Accept-Encoding")),
        (HeaderName::from_static("x-ms-ags-diagnostic"), HeaderValue::from_static(r#"{"ServerInfo":{"Slice":"E"}}"#)),
        (HeaderName::from_static("strict-transport-security"), HeaderValue::from_static("max-age=31536000")),
    ]
}
