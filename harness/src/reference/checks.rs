//! What the head of a request must say. Each check answers with the rule that
//! is broken; whether that refuses the request is for the caller to say.

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::contract::{OperationKind, RuleId, rule};
use crate::validate::RuleSet;

/// `Host` (RFC 9112, 3.2): once, and not empty.
pub(super) fn host(headers: &HeaderMap) -> Result<(), RuleId> {
    match single(headers, &HOST) {
        Some(host) if !host.as_bytes().is_empty() => Ok(()),
        _ => Err(rule::MESSAGE_HOST),
    }
}

/// `Authorization` (RFC 6750, 2.1), with the token that may do everything and the one
/// that may do nothing.
pub(super) fn credentials(headers: &HeaderMap, token: &str, unprivileged: &str) -> Result<(), RuleId> {
    if !headers.contains_key(AUTHORIZATION) {
        return Err(rule::AUTHORIZATION_MISSING);
    }
    let value = single(headers, &AUTHORIZATION).ok_or(rule::AUTHORIZATION_INVALID)?;
    let (scheme, given) = scheme_and_token(value.as_bytes());
    if !scheme.eq_ignore_ascii_case(b"Bearer") {
        Err(rule::AUTHORIZATION_SCHEME)
    } else if given.is_empty() {
        Err(rule::AUTHORIZATION_EMPTY)
    } else if given == token.as_bytes() {
        Ok(())
    } else if given == unprivileged.as_bytes() {
        Err(rule::PERMISSION)
    } else {
        Err(rule::AUTHORIZATION_INVALID)
    }
}

/// Options with a `$` are OData's (Protocol, 11.2.1): all that there are here
/// shape what is read.
pub(super) fn query(query: Option<&str>, kind: OperationKind) -> Result<(), RuleId> {
    let unknown = |option: &str| {
        let name = option.split_once('=').map_or(option, |(name, _)| name);
        let name = super::place::percent_decoded(name);
        let known = match &*name {
            b"$select" | b"$expand" => kind.is_safe(),
            b"$filter" | b"$top" | b"$skip" | b"$skiptoken" => kind == OperationKind::List,
            _ => false,
        };
        name.starts_with(b"$") && !known
    };
    match query.is_some_and(|query| query.split('&').any(unknown)) {
        true => Err(rule::QUERY_OPTION),
        false => Ok(()),
    }
}

/// `OData-Version` up to 4.01 (Protocol, 8.1.5).
pub(super) fn odata_version(headers: &HeaderMap) -> Result<(), RuleId> {
    const NAME: HeaderName = HeaderName::from_static("odata-version");
    if !headers.contains_key(NAME) {
        return Ok(());
    }
    let supported = |value: &HeaderValue| {
        let (major, minor) = value.to_str().ok()?.trim().split_once('.')?;
        let digits = [major, minor].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let major: u32 = major.parse().ok()?;
        // The minor version is written as a fraction: 4.01 is before 4.1.
        (digits && !minor.is_empty() && (major < 4 || major == 4 && minor <= "01")).then_some(())
    };
    single(headers, &NAME).and_then(supported).ok_or(rule::ODATA_VERSION)
}

/// `Accept` names something that JSON is (RFC 9110, 12.5.1).
pub(super) fn accept(headers: &HeaderMap) -> Result<(), RuleId> {
    let mut ranges = headers
        .get_all(ACCEPT)
        .iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .map(|range| String::from_utf8_lossy(range).to_ascii_lowercase())
        .filter(|range| !range.trim().is_empty())
        .peekable();
    let takes_json = |range: String| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0f32)));
        (name.contains('*') || name.contains("json")) && !refused
    };
    match ranges.peek().is_none() || ranges.any(takes_json) {
        true => Ok(()),
        false => Err(rule::ACCEPT),
    }
}

/// `Content-Type` is application/json in UTF-8.
pub(super) fn content_type(headers: &HeaderMap) -> Result<(), RuleId> {
    if !headers.contains_key(CONTENT_TYPE) {
        return Err(rule::CONTENT_TYPE_MISSING);
    }
    let value = single(headers, &CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or(rule::CONTENT_TYPE_OTHER)?;
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let is_utf8 = |part: &str| match part.split_once('=') {
        Some((name, charset)) if name.trim().eq_ignore_ascii_case("charset") => {
            charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    };
    match is_json && parts.all(is_utf8) {
        true => Ok(()),
        false => Err(rule::CONTENT_TYPE_OTHER),
    }
}

/// Adds the acceptance rules that the head of a request shows.
pub(super) fn shown(request: &Parts, shown: &mut RuleSet) {
    let headers = &request.headers;
    if headers.contains_key(TRANSFER_ENCODING) {
        shown.insert(rule::ACCEPT_CHUNKED);
    }
    if headers.get(CONTENT_TYPE).is_some_and(|value| value != "application/json") {
        shown.insert(rule::ACCEPT_CONTENT_TYPE);
    }
    if headers.get(AUTHORIZATION).is_some_and(|value| scheme_and_token(value.as_bytes()).0 != b"Bearer") {
        shown.insert(rule::ACCEPT_SCHEME_CASE);
    }
    if request.uri.query().is_some_and(|query| !query.is_empty()) {
        shown.insert(rule::ACCEPT_CUSTOM_QUERY);
    }
}

fn scheme_and_token(value: &[u8]) -> (&[u8], &[u8]) {
    let value = value.trim_ascii();
    let end = value.iter().position(|&byte| byte == b' ').unwrap_or(value.len());
    let (scheme, rest) = value.split_at(end);
    (scheme, rest.trim_ascii())
}

/// The header's value, where it comes once.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}
