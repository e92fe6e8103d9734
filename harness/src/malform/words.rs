//! The words that requests are made of besides what is generated: names of
//! headers, schemes, values. Who reads a request from a file finds its words
//! here, and nothing else is sent.

use super::exchange::{Change, EXCHANGES};
use super::rewriting::{How, REWRITINGS};

/// What good requests say.
const GOOD: &[&str] = &["content-type", "accept", "Bearer"];

/// The word of this text, where requests of this version have it.
///
/// ```
/// assert_eq!(policy_harness::malform::word("content-type"), Some("content-type"));
/// assert_eq!(policy_harness::malform::word("x-api-key"), None);
/// ```
pub fn word(text: &str) -> Option<&'static str> {
    let rewritten = REWRITINGS.iter().filter_map(|rewriting| match rewriting.how {
        How::Request(change) => Some(change),
        How::Body(_) | How::Values(..) => None,
    });
    let changed = EXCHANGES.iter().map(|exchange| exchange.change).chain(rewritten);
    let words = changed.filter_map(|change| match change {
        Change::Header(word, _) | Change::Scheme(word) | Change::Authorization(Some(word)) => Some(word),
        _ => None,
    });
    GOOD.iter().copied().chain(words).find(|word| *word == text)
}
