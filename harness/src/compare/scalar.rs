//! Whether two values of a type mean the same.

use crate::contract::{Kind, Primitive, Property};
use crate::edm::{Int32Form, instant, int32, length};
use crate::json::{NodeId, Tree, ValueKind};

/// Whether two scalars, the second from an answer, mean the same.
pub(super) fn is_equal(property: &Property, sent: (&Tree, NodeId), read: (&Tree, NodeId)) -> bool {
    let ((sent, left), (read, right)) = (sent, read);
    if sent.kind(left) != read.kind(right) {
        return false;
    }
    let (one, other) = (sent.string(left), read.string(right));
    // GUIDs and language tags have no letter case (RFC 9562, section 4; RFC 5646, 2.1.1).
    if one == other || property.facets.format.is_some() && one.eq_ignore_ascii_case(&other) {
        return true;
    }
    match property.kind {
        Kind::Primitive(Primitive::DateTimeOffset) => is_same(instant(&one), instant(&other)),
        Kind::Primitive(Primitive::Duration) => is_same(length(&one), length(&other)),
        Kind::Primitive(Primitive::Int32) => match (int32(&one), int32(&other)) {
            (Int32Form::Value(one), Int32Form::Value(other)) => one == other,
            // 1.0 and 1e0 are whole numbers in other clothes.
            _ => one.parse::<f64>().ok().zip(other.parse::<f64>().ok()).is_some_and(|(one, other)| one == other),
        },
        Kind::Primitive(Primitive::Boolean | Primitive::Date | Primitive::String)
        | Kind::Enum(_)
        | Kind::Structured(_) => false,
    }
}

fn is_same(one: Option<i128>, other: Option<i128>) -> bool {
    one.is_some() && one == other
}

/// Whether a value is one that no server would put there by itself.
pub(super) fn is_telling(property: &Property, tree: &Tree, node: NodeId) -> bool {
    match property.kind {
        _ if tree.kind(node) == ValueKind::Null => false,
        Kind::Primitive(Primitive::Boolean) | Kind::Enum(_) => false,
        Kind::Primitive(Primitive::Int32) => !matches!(tree.raw(node), b"0" | b"1" | b"-1"),
        Kind::Primitive(Primitive::Duration) => length(&tree.string(node)).is_none_or(|length| length != 0),
        Kind::Primitive(_) => tree.kind(node) == ValueKind::String && !tree.raw(node).is_empty(),
        Kind::Structured(_) => false,
    }
}
