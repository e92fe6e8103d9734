//! Rewritings: the same policy in another text, or sent in another way. A target
//! that accepts the one accepts the other, and one that refuses the one refuses
//! the other. None of them draws anything: a body has one other text of a kind,
//! so that it can be made again while the body is made smaller.

use arbitrary::Unstructured;

use super::exchange::{ANY, Change, SEND};
use crate::contract::{Contract, Kind, OperationKind, Primitive, RuleId, TYPE, rule};
use crate::edm;
use crate::generate::{Layout, Style, Tape, tape_for};
use crate::json::{NodeId, Tree, ValueKind};

/// One way to say the same.
#[derive(Clone, Copy, Debug)]
pub struct Rewriting {
    /// Short name, unique.
    pub name: &'static str,
    /// The acceptance rule that says that it does not matter.
    pub rule: RuleId,
    /// The operations that it applies to.
    pub kinds: &'static [OperationKind],
    /// The difference.
    pub how: How,
}

/// What is different.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// The body. None where this body has nothing to rewrite.
    Body(fn(&Contract, &mut Tree) -> Option<()>),
    /// The same in values of this primitive type, which a body may lack.
    Values(Primitive, fn(&str) -> Option<String>),
    /// The request around it.
    Request(Change),
}

impl Rewriting {
    /// Rewrites a body. None where it has nothing to rewrite; one of which only
    /// the request differs stays as it is.
    pub fn apply(&self, contract: &Contract, tree: &mut Tree) -> Option<()> {
        match self.how {
            How::Body(rewrite) => rewrite(contract, tree),
            How::Values(primitive, other) => values(contract, tree, primitive, other),
            How::Request(_) => Some(()),
        }
    }
}

const fn body(name: &'static str, rule: RuleId, how: fn(&Contract, &mut Tree) -> Option<()>) -> Rewriting {
    Rewriting { name, rule, kinds: SEND, how: How::Body(how) }
}

const fn request(name: &'static str, rule: RuleId, kinds: &'static [OperationKind], change: Change) -> Rewriting {
    Rewriting { name, rule, kinds, how: How::Request(change) }
}

const fn content_type(name: &'static str, value: &'static str) -> Rewriting {
    request(name, rule::ACCEPT_CONTENT_TYPE, SEND, Change::Header("content-type", Some(value)))
}

/// All of them.
pub const REWRITINGS: &[Rewriting] = &[
    body("members-reversed", rule::ACCEPT_MEMBER_ORDER, |_, tree| reversed(tree)),
    body("type-last", rule::ACCEPT_MEMBER_ORDER, |_, tree| type_last(tree)),
    body("indented", rule::ACCEPT_WHITE_SPACE, |_, tree| styled(tree, Layout::Indented, 0)),
    body("ragged", rule::ACCEPT_WHITE_SPACE, |_, tree| styled(tree, Layout::Ragged, 0)),
    body("some-escapes", rule::ACCEPT_ESCAPES, |_, tree| styled(tree, Layout::Compact, 8)),
    body("all-escapes", rule::ACCEPT_ESCAPES, |_, tree| styled(tree, Layout::Compact, 16)),
    body("annotated", rule::ACCEPT_ANNOTATION, annotated),
    Rewriting {
        name: "instants-in-another-offset",
        rule: rule::ACCEPT_EQUAL_INSTANT,
        kinds: SEND,
        how: How::Values(Primitive::DateTimeOffset, |text| edm::in_offset(text, 90)),
    },
    Rewriting {
        name: "durations-in-other-units",
        rule: rule::ACCEPT_EQUAL_DURATION,
        kinds: SEND,
        how: How::Values(Primitive::Duration, edm::in_other_units),
    },
    request("chunked", rule::ACCEPT_CHUNKED, SEND, Change::Chunked),
    content_type("charset", "application/json; charset=utf-8"),
    content_type("charset-upper-case", "application/json;charset=UTF-8"),
    content_type("metadata-minimal", "application/json;odata.metadata=minimal"),
    content_type("media-type-upper-case", "Application/JSON"),
    request("scheme-lower-case", rule::ACCEPT_SCHEME_CASE, ANY, Change::Scheme("bearer")),
    request("scheme-upper-case", rule::ACCEPT_SCHEME_CASE, SEND, Change::Scheme("BEARER")),
    request("custom-query-option", rule::ACCEPT_CUSTOM_QUERY, ANY, Change::Query("contoso=1")),
    request("custom-query-option-without-value", rule::ACCEPT_CUSTOM_QUERY, SEND, Change::Query("debug")),
];

/// All containers of a body, from the root down.
fn containers(tree: &Tree, kind: ValueKind) -> Vec<NodeId> {
    let nodes = tree.root().map(|root| tree.subtree(root)).unwrap_or_default();
    nodes.into_iter().filter(|&node| tree.kind(node) == kind).collect()
}

/// Some, if it is true.
fn when(is_changed: bool) -> Option<()> {
    is_changed.then_some(())
}

fn reversed(tree: &mut Tree) -> Option<()> {
    let mut is_changed = false;
    for object in containers(tree, ValueKind::Object) {
        let mut members = tree.children_vec(object);
        is_changed |= members.len() > 1;
        members.reverse();
        tree.set_children(object, &members);
    }
    when(is_changed)
}

fn type_last(tree: &mut Tree) -> Option<()> {
    let mut is_changed = false;
    for object in containers(tree, ValueKind::Object) {
        let before = tree.children_vec(object);
        let (types, mut others): (Vec<_>, Vec<_>) =
            before.iter().copied().partition(|&member| tree.has_name(member, TYPE));
        others.extend(types);
        is_changed |= others != before;
        tree.set_children(object, &others);
    }
    when(is_changed)
}

/// The style in which a tape that is always the same writes it.
fn styled(tree: &mut Tree, layout: Layout, escapes: usize) -> Option<()> {
    const TAPE: usize = 4096;
    let mut bytes = [0; TAPE];
    tape_for(0, 0, &mut bytes);
    let before = tree.to_bytes();
    let style = Style { layout, escapes, ..Style::default() };
    style.apply(&mut Tape::new(&mut Unstructured::new(&bytes)), tree);
    when(tree.to_bytes() != before)
}

/// An annotation in every object, and one beside every property.
fn annotated(contract: &Contract, tree: &mut Tree) -> Option<()> {
    let mut is_changed = false;
    for (object, actual) in contract.objects(tree) {
        let mut members = Vec::new();
        for member in tree.children_vec(object) {
            if contract.property_of(tree, member, actual).is_some() {
                let name = [tree.raw_name(member), b"@contoso.source"].concat();
                let note = tree.string_of("import");
                tree.set_raw_name(note, &name);
                members.push(note);
            }
            members.push(member);
        }
        let note = tree.scalar(ValueKind::Number, b"7");
        tree.set_raw_name(note, b"@contoso.batch");
        members.push(note);
        tree.set_children(object, &members);
        is_changed = true;
    }
    when(is_changed)
}

fn values(contract: &Contract, tree: &mut Tree, primitive: Primitive, other: fn(&str) -> Option<String>) -> Option<()> {
    let mut is_changed = false;
    for (node, property) in contract.values(tree) {
        if property.kind == Kind::Primitive(primitive)
            && tree.kind(node) == ValueKind::String
            && let Some(text) = other(&tree.string(node))
        {
            tree.set_raw(node, text.as_bytes());
            is_changed = true;
        }
    }
    when(is_changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::validate::{Label, Validator};

    /// Whatever is wrong or open about a body stays so, and nothing is added.
    #[test]
    fn a_body_stays_what_it_is() {
        let contract = Contract::named("seed").unwrap();
        let mut validator = Validator::new(&contract);
        for text in [
            r##"{"displayName":"a b","specificAllowedTargets":[{"@odata.type":"#microsoft.graph.singleUser","userId":"0a4e1c58-2f62-4f6d-9d0b-6f2f0c9a7b11"}],"expiration":{"type":"afterDuration","duration":"P3D"},"createdDateTime":"2030-01-01T00:00:00Z"}"##,
            r#"{"displayName":7,"expiration":{"type":"afterDuration","duration":"P3D"},"createdDateTime":"2030-01-01T00:00:00Z"}"#,
            r##"{"accessPackage":{"id":"0a4e1c58-2f62-4f6d-9d0b-6f2f0c9a7b11"},"specificAllowedTargets":[{"userId":"b","@odata.type":"#microsoft.graph.singleUser"}],"expiration":{"type":"afterDuration","duration":"P3D"},"createdDateTime":"2030-01-01T00:00:00Z"}"##,
        ] {
            let tree = json::read(text.as_bytes()).unwrap();
            let rules =
                |bytes: &[u8], validator: &mut Validator<'_>| match Label::of(&contract, validator.validate(bytes)) {
                    Label::Malformed(rule, _) => Label::Malformed(rule, json::Pointer::default()),
                    other => other,
                };
            let label = rules(text.as_bytes(), &mut validator);
            let mut applied = 0;
            for rewriting in REWRITINGS {
                let mut other = tree.clone();
                if rewriting.apply(&contract, &mut other).is_some() {
                    applied += 1;
                    let bytes = other.to_bytes();
                    let found = rules(&bytes, &mut validator);
                    assert_eq!(found, label, "{}: {}", rewriting.name, String::from_utf8_lossy(&bytes));
                    let is_request = matches!(rewriting.how, How::Request(_));
                    assert_eq!(bytes == text.as_bytes(), is_request, "{}", rewriting.name);
                }
            }
            assert!(applied > 14, "{applied}: {text}");
        }
    }
}
