//! Bytes that are no payload, or no longer one.

use policy_harness::strategy::{Payload, malformed, open, policy};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Bytes as they come, and bytes from which JSON is made.
pub(crate) fn arbitrary() -> impl Strategy<Value = Text> {
    const PIECES: &[&str] = &[
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "\\udc00", "\\n", "0", "-", "1", ".", "5", "e", "E+9",
        "e400", "true", "false", "null", "tru", " ", "\t", "\r\n", "\u{0}", "\u{7f}", "ä", "😀", "\u{feff}", "\"a\"",
        "\"a\":", "{}", "[]", "1,", "/", "x",
    ];
    let pieces = vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![1 => vec(any::<u8>(), 0..40), 4 => pieces].prop_map(Text)
}

/// A payload of any kind.
pub(crate) fn payload() -> impl Strategy<Value = Payload> {
    prop_oneof![policy(), malformed(), open()]
}

/// Payloads with a few bytes changed.
pub(crate) fn mutated() -> impl Strategy<Value = Text> {
    let change = (any::<Index>(), any::<Index>(), 0..6u8, select(&b"{}[],:\"\\ud8e+-.019tfn \n\0\xff\xc3"[..]));
    (payload(), vec(change, 1..4)).prop_map(|(payload, changes)| {
        let mut bytes = payload.bytes;
        for (at, other, kind, byte) in changes {
            // One past the end is a place too.
            let at = at.index(bytes.len() + 1);
            let other = other.index(bytes.len() + 1);
            let (from, to) = (at.min(other), at.max(other));
            match kind {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                2 if at < bytes.len() => drop(bytes.remove(at)),
                3 => bytes.truncate(at),
                4 => drop(bytes.drain(from..to.min(from + 40))),
                5 => {
                    let copy = bytes[from..to.min(from + 40)].to_vec();
                    bytes.splice(to..to, copy);
                }
                _ => {}
            }
        }
        Text(bytes)
    })
}

/// JSON texts with every freedom that RFC 8259 gives.
pub(crate) fn json() -> impl Strategy<Value = String> {
    let space = || select(&["", "", "", " ", "\n\t", "\r\n  "][..]);
    let string = || {
        let pieces =
            ["a", "é", "😀", "\\\"", "\\\\", "\\/", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\n", "\u{7f}", " "];
        vec(select(pieces.to_vec()), 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
    };
    let number = select(&["0", "-0", "1.50", "1e2", "1E+400", "-12.5e-3", "18446744073709551616"][..]);
    let leaf = prop_oneof![
        select(&["null", "true", "false", "[]", "{}", "[ ]", "{\n}"][..]).prop_map(str::to_owned),
        number.prop_map(str::to_owned),
        string(),
    ];
    let value = leaf.prop_recursive(5, 40, 4, move |inner| {
        let item =
            (space(), inner.clone(), space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member = (space(), string(), space(), item.clone())
            .prop_map(|(before, name, after, value)| format!("{before}{name}{after}:{value}"));
        prop_oneof![
            vec(item, 1..4).prop_map(|items| format!("[{}]", items.join(","))),
            vec(member, 1..4).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    });
    (space(), value, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"))
}

/// Bytes that are shown as text.
#[derive(Clone)]
pub(crate) struct Text(pub(crate) Vec<u8>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}
