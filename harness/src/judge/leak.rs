//! What an error gives away of the target's inside or of the credentials. The
//! patterns say what looks like a leak; here is decided where they are looked
//! for, and what is none because the request said it first.

use std::borrow::Cow;

use memchr::memmem;

use super::expectation::Facts;
use super::patterns;
use super::symptom::{Leak, Symptom};
use crate::contract::Contract;
use crate::json::{self, NodeId, Tree, ValueKind};
use crate::target::{Answer, Credentials, Redactor};

/// Shorter secrets turn up by accident.
const SHORTEST_SECRET: usize = 8;
/// Longest piece of an answer that is quoted, in characters.
const LONGEST_QUOTE: usize = 80;

/// What an answer gives away: the credentials, and the gravest of all else. `tree` is its body, where that is JSON.
pub(super) fn symptoms(contract: &Contract, facts: &Facts<'_>, answer: &Answer, tree: Option<&Tree>) -> Vec<Symptom> {
    let mut search = Search { facts, verbatim: verbatim(facts).map(Redactor::knowing), found: Vec::new() };
    for (_, value) in &answer.headers {
        search.look_for_secrets(&String::from_utf8_lossy(value));
    }
    match tree {
        Some(tree) => each_string(tree, |text| search.look(text, contract)),
        None => search.look(&String::from_utf8_lossy(&answer.body), contract),
    }
    gravest(search.found)
}

/// Credentials, and one thing besides: a stack trace is full of type names and
/// paths, and is one fault for all that.
fn gravest(found: Vec<Symptom>) -> Vec<Symptom> {
    let is_secret = |symptom: &Symptom| matches!(symptom, Symptom::Leak(Leak::Credentials, _));
    let (secrets, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_secret);
    secrets.into_iter().chain(others.into_iter().min()).collect()
}

/// The credentials that a request has in the place of a token, without the name of
/// their scheme.
fn verbatim<'r>(facts: &Facts<'r>) -> Option<&'r str> {
    let secret = match facts.request.credentials {
        Credentials::Verbatim(value) => value.split_once(' ').map(|(_, secret)| secret.trim()),
        Credentials::Token(_) | Credentials::Unprivileged | Credentials::Altered(_) | Credentials::Absent => None,
    };
    secret.filter(|text| text.len() >= SHORTEST_SECRET)
}

struct Search<'f, 'r> {
    facts: &'f Facts<'r>,
    verbatim: Option<Redactor>,
    found: Vec<Symptom>,
}

impl Search<'_, '_> {
    fn look(&mut self, text: &str, contract: &Contract) {
        self.look_for_secrets(text);
        patterns::each(text, contract, &mut |leak, words| {
            if !self.has(leak) && !self.was_said(words) {
                let quote = self.quote(words);
                self.found.push(Symptom::Leak(leak, quote));
            }
        });
    }

    fn look_for_secrets(&mut self, text: &str) {
        if self.shows_secret(text) && !self.has(Leak::Credentials) {
            self.found.push(Symptom::Leak(Leak::Credentials, "".into()));
        }
    }

    fn shows_secret(&self, text: &str) -> bool {
        self.facts.secret.is_shown_in(text) || self.verbatim.as_ref().is_some_and(|own| own.is_shown_in(text))
    }

    fn has(&self, leak: Leak) -> bool {
        self.found.iter().any(|symptom| matches!(symptom, Symptom::Leak(other, _) if *other == leak))
    }

    /// Whether the request itself contained these words.
    fn was_said(&self, words: &str) -> bool {
        let request = self.facts.request;
        if request.path.contains(words) || request.headers.iter().any(|(_, value)| value.contains(words)) {
            return true;
        }
        let body = request.body.as_deref().unwrap_or_default();
        let mut escaped = Vec::new();
        json::encode_into(words, &mut escaped);
        contains(body, words.as_bytes()) || contains(body, &escaped) || says_with_escapes(body, words)
    }

    fn quote(&self, words: &str) -> Box<str> {
        // Short ones turn up by accident, but are not repeated either.
        if self.facts.secret.is_held_by(words) || self.shows_secret(words) {
            return "[redacted]".into();
        }
        shown(words, LONGEST_QUOTE)
    }
}

/// The start of a text from outside, without what a terminal would obey.
pub(super) fn shown(text: &str, longest: usize) -> Box<str> {
    let obeyed = |each: char| {
        each.is_control() || matches!(each, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    let plain = text.chars().take(longest).map(|each| if obeyed(each) { char::REPLACEMENT_CHARACTER } else { each });
    plain.collect::<String>().into()
}

/// Whether a body has these words in a string, written with escapes of any kind.
fn says_with_escapes(body: &[u8], words: &str) -> bool {
    let mut tree = Tree::new();
    if !body.contains(&b'\\') || json::read_into(body, &mut tree, json::Layout::Drop, usize::MAX).is_err() {
        return false;
    }
    let mut said = false;
    each_string(&tree, |text| said |= text.contains(words));
    said
}

/// Calls `look` with every string of a text, names of members included.
fn each_string(tree: &Tree, mut look: impl FnMut(&str)) {
    let mut pending: Vec<NodeId> = tree.root().into_iter().collect();
    while let Some(node) = pending.pop() {
        if tree.kind(node) == ValueKind::String {
            look(&tree.string(node));
        }
        let name: Cow<'_, str> = tree.name(node);
        if !name.is_empty() {
            look(&name);
        }
        pending.extend(tree.children(node));
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && memmem::find(text, part).is_some()
}
