//! Payloads that are valid and hard to read. The difficulty stands in annotations,
//! in which anything may stand, and in how the rest is written.

use std::fmt::Write;

use policy_harness::json::{self, NodeId, Tree, ValueKind};

/// Containers in one another.
const DEPTH: usize = 90;
/// Members of one object.
const MEMBERS: usize = 300;
/// Times that the characters of the long string are repeated.
const REPEATS: usize = 200;

/// Makes a body hard to read, in one of four ways.
pub(crate) fn harden(tree: &mut Tree, way: usize) {
    let Some(root) = tree.root() else { return };
    match way % 4 {
        0 => annotate(tree, root, "@hostile.deep", &deep()),
        1 => annotate(tree, root, "@hostile.long", &long()),
        2 => (0..MEMBERS).for_each(|nth| annotate(tree, root, &format!("@hostile.n{nth}"), &some_value(nth))),
        _ => escape(tree),
    }
}

fn annotate(tree: &mut Tree, object: NodeId, name: &str, text: &str) {
    let Ok(value) = json::read(text.as_bytes()) else { return };
    let Some(root) = value.root() else { return };
    let node = tree.copy_from(&value, root);
    tree.append_member(object, name, node);
}

fn deep() -> String {
    let (open, close) = (r#"[{"a":"#, "}]");
    [&*open.repeat(DEPTH / 2), "0", &*close.repeat(DEPTH / 2)].concat()
}

/// Every kind of escape, and characters of one to four bytes.
fn long() -> String {
    let characters = r#"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 a é 漢 😀"#;
    format!("\"{}\"", characters.repeat(REPEATS))
}

fn some_value(nth: usize) -> String {
    match nth % 4 {
        0 => format!("{nth}.50e+1"),
        1 => "null".to_owned(),
        2 => format!("\"\\t{nth}\""),
        _ => format!("[ {nth} , {{}} ]"),
    }
}

/// Writes every character of every name and string as a code unit.
fn escape(tree: &mut Tree) {
    let nodes: Vec<_> = tree.nodes().collect();
    for node in nodes {
        if tree.kind(node) == ValueKind::String {
            let raw = escaped(&tree.string(node));
            tree.set_raw(node, raw.as_bytes());
        }
        if !tree.raw_name(node).is_empty() {
            let raw = escaped(&tree.name(node));
            tree.set_raw_name(node, raw.as_bytes());
        }
    }
}

fn escaped(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut raw, unit| {
        // Writing to a string cannot fail.
        let _ = write!(raw, "\\u{unit:04x}");
        raw
    })
}
