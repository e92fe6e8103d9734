//! What a body is about that cannot be made smaller.

use crate::json::{Pointer, Tree};

/// The place that a small body is about: the end of its one branch, or where it parts.
///
/// ```
/// use policy_harness::{json, shrink::heart};
/// let body = json::read(br#"{"a":{"@x.y":1,"b":[{"c":1,"d":2}]}}"#).unwrap();
/// assert_eq!(heart(&body).to_string(), "/a/b/0");
/// ```
pub fn heart(tree: &Tree) -> Pointer {
    let Some(mut node) = tree.root() else { return Pointer::default() };
    loop {
        let mut members = tree.children(node).filter(|&member| !tree.name(member).contains('@'));
        match (members.next(), members.next()) {
            (Some(only), None) => node = only,
            _ => return tree.pointer(node),
        }
    }
}
