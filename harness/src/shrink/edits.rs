//! The changes that make a payload smaller or plainer, the boldest first.

use crate::json::{NodeId, Tree, ValueKind};

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// All white space out.
    Unspace,
    /// All escapes that JSON does not need out.
    Unescape,
    /// This many children out of a container, from this one on.
    Remove { container: NodeId, from: usize, count: usize },
    /// The white space around one node out.
    UnspaceNode(NodeId),
    /// The escapes of one node out.
    UnescapeNode(NodeId),
    /// A string cut to this many characters.
    Cut(NodeId, usize),
    /// A scalar replaced by a plain one of its kind.
    Plain(NodeId, &'static str),
    /// Members in the order of their names.
    Sort(NodeId),
    /// One byte only missing at the end.
    CutOne,
    /// A type named with its `#`.
    Hash(NodeId),
}

/// Every change that would make a difference to this tree, in order.
pub(super) fn edits(tree: &Tree) -> Vec<Edit> {
    let mut edits = Vec::new();
    let Some(root) = tree.root() else {
        return edits;
    };
    let nodes = tree.subtree(root);
    let escaped: Vec<NodeId> = nodes.iter().copied().filter(|&node| is_over_escaped(tree, node)).collect();
    for &node in &nodes {
        removals(tree, node, &mut edits);
    }
    if tree.has_spaces() {
        edits.push(Edit::Unspace);
        edits.extend(nodes.iter().filter(|&&node| tree.is_node_spaced(node)).map(|&node| Edit::UnspaceNode(node)));
    }
    if !escaped.is_empty() {
        edits.push(Edit::Unescape);
        edits.extend(escaped.iter().map(|&node| Edit::UnescapeNode(node)));
    }
    if tree.cut() > 1 {
        edits.push(Edit::CutOne);
    }
    for &node in &nodes {
        plainer(tree, node, &mut edits);
    }
    edits
}

fn removals(tree: &Tree, container: NodeId, edits: &mut Vec<Edit>) {
    let children = tree.children(container).count();
    let mut count = children;
    while count > 0 {
        edits.extend((0..children).step_by(count).map(|from| Edit::Remove { container, from, count }));
        count /= 2;
    }
}

fn plainer(tree: &Tree, node: NodeId, edits: &mut Vec<Edit>) {
    match tree.kind(node) {
        ValueKind::String => {
            if tree.has_name(node, "@odata.type") && !matches!(tree.raw(node), [] | [b'#', ..]) {
                edits.push(Edit::Hash(node));
            }
            let length = tree.string(node).chars().count();
            let mut keep = 0;
            while keep < length {
                edits.push(Edit::Cut(node, keep));
                keep = (keep * 2).max(keep + 1);
            }
        }
        ValueKind::Number => {
            // Plainer one way only, or the search would go back and forth.
            let plain: &[&str] = match tree.raw(node) {
                b"0" => &[],
                b"1" => &["0"],
                _ => &["0", "1"],
            };
            edits.extend(plain.iter().map(|text| Edit::Plain(node, text)));
        }
        ValueKind::Boolean if tree.raw(node) == b"true" => edits.push(Edit::Plain(node, "false")),
        ValueKind::Object if !is_sorted(tree, node) => edits.push(Edit::Sort(node)),
        _ => {}
    }
}

fn is_sorted(tree: &Tree, object: NodeId) -> bool {
    let names: Vec<_> = tree.children(object).map(|member| tree.name(member)).collect();
    names.is_sorted()
}

/// Makes the change.
pub(super) fn apply(edit: Edit, tree: &mut Tree) {
    match edit {
        Edit::Unspace => tree.clear_spaces(),
        Edit::UnspaceNode(node) => tree.clear_node_spaces(node),
        Edit::Unescape => {
            for node in tree.root().map(|root| tree.subtree(root)).unwrap_or_default() {
                unescape(tree, node);
            }
        }
        Edit::UnescapeNode(node) => unescape(tree, node),
        Edit::Remove { container, from, count } => {
            let mut children = tree.children_vec(container);
            children.drain(from..(from + count).min(children.len()));
            tree.set_children(container, &children);
        }
        Edit::Cut(node, keep) => {
            let content: String = tree.string(node).chars().take(keep).collect();
            let short = tree.string_of(&content);
            tree.replace(node, short);
        }
        Edit::Plain(node, text) => tree.set_raw(node, text.as_bytes()),
        Edit::Sort(object) => {
            let mut members = tree.children_vec(object);
            members.sort_by_key(|&member| tree.name(member).into_owned());
            tree.set_children(object, &members);
        }
        Edit::CutOne => tree.set_cut(1),
        Edit::Hash(node) => {
            let raw = [b"#", tree.raw(node)].concat();
            tree.set_raw(node, &raw);
        }
    }
}

/// Whether the name or the content of the node is written with escapes that
/// JSON does not need.
fn is_over_escaped(tree: &Tree, node: NodeId) -> bool {
    tree.has_escapes(node)
        && (encoded(&tree.name(node)) != tree.raw_name(node)
            || tree.kind(node) == ValueKind::String && encoded(&tree.string(node)) != tree.raw(node))
}

fn encoded(text: &str) -> Vec<u8> {
    let mut raw = Vec::with_capacity(text.len());
    crate::json::encode_into(text, &mut raw);
    raw
}

fn unescape(tree: &mut Tree, node: NodeId) {
    if !is_over_escaped(tree, node) {
        return;
    }
    if !tree.raw_name(node).is_empty() {
        let raw = encoded(&tree.name(node));
        tree.set_raw_name(node, &raw);
    }
    if tree.kind(node) == ValueKind::String {
        let raw = encoded(&tree.string(node));
        tree.set_raw(node, &raw);
    }
}
