//! Whether two JSON texts say the same: member order and white space do not
//! count, number lexemes and everything else do.

use std::borrow::Cow;

use super::pointer::{Pointer, Step};
use super::tree::{NodeId, Tree, ValueKind};

/// The first place where two texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub at: Pointer,
    /// What the first text has there, if anything.
    pub left: Option<String>,
    /// What the second text has there, if anything.
    pub right: Option<String>,
}

/// The first difference between two trees, or none. Members of one name are
/// compared in the order in which they stand.
pub fn difference(left: &Tree, right: &Tree) -> Option<Difference> {
    match (left.root(), right.root()) {
        (None, None) => None,
        (Some(l), Some(r)) => compare(left, right, l, r),
        (l, r) => Some(Difference {
            at: Pointer::default(),
            left: l.map(|node| excerpt(left, node)),
            right: r.map(|node| excerpt(right, node)),
        }),
    }
}

/// A pair of nodes still to compare, and the pair of containers that holds it.
struct Pending {
    left: NodeId,
    right: NodeId,
    parent: usize,
}

fn compare(left: &Tree, right: &Tree, l: NodeId, r: NodeId) -> Option<Difference> {
    // A list, not recursion: texts may be nested deeper than the stack.
    let mut pairs = vec![Pending { left: l, right: r, parent: 0 }];
    let mut index = 0;
    while index < pairs.len() {
        let (l, r) = (pairs[index].left, pairs[index].right);
        if !same_value(left, right, l, r) {
            let at = place(left, &pairs, index, None);
            return Some(Difference { at, left: Some(excerpt(left, l)), right: Some(excerpt(right, r)) });
        }
        match left.kind(l) {
            ValueKind::Array => {
                let (mut ls, mut rs) = (left.children(l), right.children(r));
                for item in 0.. {
                    match (ls.next(), rs.next()) {
                        (None, None) => break,
                        (Some(left), Some(right)) => pairs.push(Pending { left, right, parent: index }),
                        (l, r) => {
                            let at = place(left, &pairs, index, Some(Step::Index(item)));
                            let (l, r) = (l.map(|node| excerpt(left, node)), r.map(|node| excerpt(right, node)));
                            return Some(Difference { at, left: l, right: r });
                        }
                    }
                }
            }
            ValueKind::Object => {
                if let Some(difference) = pair_members(left, right, &mut pairs, index) {
                    return Some(difference);
                }
            }
            _ => {}
        }
        index += 1;
    }
    None
}

fn pair_members(left: &Tree, right: &Tree, pairs: &mut Vec<Pending>, index: usize) -> Option<Difference> {
    let (l, r) = (pairs[index].left, pairs[index].right);
    let (ls, rs) = (sorted(left, l), sorted(right, r));
    for at in 0..ls.len().max(rs.len()) {
        let (l, r) = (ls.get(at), rs.get(at));
        match (l, r) {
            (Some((name, left)), Some((other, right))) if name == other => {
                pairs.push(Pending { left: *left, right: *right, parent: index });
            }
            _ => {
                // The smaller name is the one that the other side lacks.
                let left_first = match (l, r) {
                    (Some(l), Some(r)) => l.0 < r.0,
                    (l, _) => l.is_some(),
                };
                let (name, has_left) = if left_first { (l, true) } else { (r, false) };
                let step = name.map(|(name, _)| Step::Name((&**name).into()));
                let at = place(left, pairs, index, step);
                let text = name.map(|&(_, node)| excerpt(if has_left { left } else { right }, node));
                let (l, r) = if has_left { (text, None) } else { (None, text) };
                return Some(Difference { at, left: l, right: r });
            }
        }
    }
    None
}

/// The members of an object by their names; those of one name as they stand.
fn sorted(tree: &Tree, object: NodeId) -> Vec<(Cow<'_, str>, NodeId)> {
    let mut members: Vec<_> = tree.children(object).map(|member| (tree.name(member), member)).collect();
    members.sort_by(|a, b| a.0.cmp(&b.0));
    members
}

fn same_value(left: &Tree, right: &Tree, l: NodeId, r: NodeId) -> bool {
    let kind = left.kind(l);
    kind == right.kind(r)
        && match kind {
            ValueKind::String if left.is_escaped(l) || right.is_escaped(r) => left.string(l) == right.string(r),
            ValueKind::Array | ValueKind::Object => true,
            _ => left.raw(l) == right.raw(r),
        }
}

/// Where a pair stands, and from there one step further.
fn place(tree: &Tree, pairs: &[Pending], index: usize, last: Option<Step>) -> Pointer {
    let mut steps: Vec<Step> = last.into_iter().collect();
    let mut index = index;
    // The first pair is that of the whole texts.
    while index > 0 {
        let Pending { left, parent, .. } = pairs[index];
        let container = pairs[parent].left;
        steps.push(match tree.kind(container) {
            ValueKind::Array => Step::Index(tree.children(container).take_while(|&item| item != left).count()),
            _ => Step::Name(tree.name(left).into()),
        });
        index = parent;
    }
    steps.reverse();
    Pointer::from_iter(steps)
}

/// The value's text, cut to a length that fits a line.
pub(crate) fn excerpt(tree: &Tree, node: NodeId) -> String {
    const LONGEST: usize = 120;
    let mut bytes = Vec::new();
    tree.write_node(node, &mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    fn at(left: &str, right: &str) -> Option<String> {
        let (left, right) = (read(left.as_bytes()).unwrap(), read(right.as_bytes()).unwrap());
        difference(&left, &right).map(|difference| difference.at.to_string())
    }

    #[test]
    fn order_white_space_and_escapes_do_not_count() {
        assert_eq!(at(r#"{"a":1,"b":[ "\u0061" ]}"#, r#"{"b":["a"],"a":1}"#), None);
    }

    #[test]
    fn everything_else_counts() {
        assert_eq!(at(r#"{"a":{"b":1}}"#, r#"{"a":{"b":1.0}}"#).unwrap(), "/a/b");
        assert_eq!(at(r#"{"a":[1,2]}"#, r#"{"a":[1]}"#).unwrap(), "/a/1");
        assert_eq!(at(r#"{"a":1}"#, r#"{"a":1,"b":2}"#).unwrap(), "/b");
        assert_eq!(at(r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#).unwrap(), "/a");
        assert_eq!(at("[]", "{}").unwrap(), "");
    }
}
