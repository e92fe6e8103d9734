//! The reader takes what JSON is, refuses what it is not, and loses nothing.
//! `serde_json` is the witness, up to differences that are listed here.

use policy_harness::json::{self, Fault, Layout, NodeId, SyntaxError, Tree, ValueKind, read, read_into};
use policy_harness::validate::Label;
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::bytes::{Text, arbitrary, json, mutated, payload};
use super::holds;

/// Containers that `serde_json` follows, and one more.
const SERDE_DEPTH: usize = 128;

#[test]
fn a_text_is_written_back_byte_for_byte() {
    holds(1_000, &json(), |text| {
        let tree = read(text.as_bytes()).unwrap();
        prop_assert_eq!(String::from_utf8(tree.to_bytes()).unwrap(), text);
        Ok(())
    });
    holds(400, &payload(), |payload| {
        // Of a malformed payload, what is JSON nevertheless.
        match read(&payload.bytes) {
            Ok(tree) => prop_assert!(tree.to_bytes() == payload.bytes),
            Err(_) => {
                prop_assert!(matches!(payload.label, Label::Malformed(..)) || payload.rule_id().contains("byte-order"))
            }
        }
        Ok(())
    });
}

#[test]
fn a_tree_without_white_space_says_the_same() {
    holds(600, &json(), |text| {
        let mut plain = Tree::new();
        read_into(text.as_bytes(), &mut plain, Layout::Drop, usize::MAX).unwrap();
        let tree = read(text.as_bytes()).unwrap();
        prop_assert_eq!(json::difference(&tree, &plain), None);
        let again = read(&plain.to_bytes()).unwrap();
        prop_assert!(!again.is_spaced());
        prop_assert_eq!(json::difference(&tree, &again), None);
        Ok(())
    });
}

/// Our value in `serde_json`'s terms: of members with one name the last counts.
fn value(tree: &Tree, node: NodeId) -> Value {
    match tree.kind(node) {
        ValueKind::Object => {
            tree.children(node).map(|member| (tree.name(member).into_owned(), value(tree, member))).collect()
        }
        ValueKind::Array => tree.children(node).map(|item| value(tree, item)).collect(),
        ValueKind::String => Value::String(tree.string(node).into_owned()),
        _ => serde_json::from_slice(tree.raw(node)).unwrap(),
    }
}

/// Strings that are no text, and numbers beyond `f64`: `serde_json` refuses
/// them where it makes a value, JSON itself does not.
fn has_more_than_a_value(tree: &Tree) -> bool {
    let is_lone = |raw: &[u8]| serde_json::from_slice::<String>(&[b"\"", raw, b"\""].concat()).is_err();
    tree.nodes().any(|node| {
        is_lone(tree.raw_name(node))
            || match tree.kind(node) {
                ValueKind::String => is_lone(tree.raw(node)),
                ValueKind::Number => serde_json::from_slice::<Value>(tree.raw(node)).is_err(),
                _ => false,
            }
    })
}

fn agrees_with_serde(Text(bytes): Text) -> Result<(), TestCaseError> {
    let ours = read(&bytes);
    // Where values are only skipped, serde_json checks neither UTF-8 nor depth.
    let skipped = std::str::from_utf8(&bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(&bytes).is_ok();
    prop_assert_eq!(ours.is_ok(), skipped, "{:?}", ours.err());
    let made = serde_json::from_slice::<Value>(&bytes);
    let mut tree = Tree::new();
    match (read_into(&bytes, &mut tree, Layout::Drop, SERDE_DEPTH), made) {
        (Ok(()), Ok(theirs)) => prop_assert_eq!(value(&tree, tree.root().unwrap()), theirs),
        (Ok(()), Err(error)) => prop_assert!(has_more_than_a_value(&tree), "serde_json: {error}"),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => prop_assert!(false, "only ours refuses: {error}"),
    }
    Ok(())
}

#[test]
fn serde_json_takes_the_same_texts() {
    holds(4_000, &arbitrary(), agrees_with_serde);
    holds(400, &json().prop_map(|text| Text(text.into_bytes())), agrees_with_serde);
    holds(600, &mutated(), agrees_with_serde);
}

#[test]
fn nesting_ends_where_it_is_told_to() {
    for depth in [1, 5, SERDE_DEPTH - 1, SERDE_DEPTH, 1_000] {
        let text = [vec![b'['; depth], vec![b']'; depth]].concat();
        let ours = |limit| read_into(&text, &mut Tree::new(), Layout::Drop, limit);
        assert!(ours(depth + 1).is_ok());
        assert_eq!(ours(depth), Err(SyntaxError { fault: Fault::Depth, offset: depth - 1 }));
        assert_eq!(ours(SERDE_DEPTH).is_ok(), serde_json::from_slice::<Value>(&text).is_ok(), "{depth}");
    }
}

/// What stands before the fault could still become JSON.
fn is_first_fault(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(error) = read(bytes) else { return Ok(()) };
    prop_assert!(error.offset <= bytes.len());
    if matches!(error.fault, Fault::Utf8) {
        return Ok(());
    }
    if let Err(before) = read(&bytes[..error.offset]) {
        prop_assert_eq!(before.offset, error.offset, "{} but {}", error, before);
        prop_assert!(matches!(before.fault, Fault::UnexpectedEnd | Fault::Empty | Fault::Escape | Fault::Number));
    }
    Ok(())
}

#[test]
fn the_fault_named_is_the_first() {
    holds(2_000, &arbitrary(), |Text(bytes)| is_first_fault(&bytes));
    holds(300, &mutated(), |Text(bytes)| is_first_fault(&bytes));
}
