//! Lexical freedom: white space, escapes and member order, none of which says
//! anything.

use super::tape::Tape;
use crate::json::{self, NodeId, Tree, ValueKind};

/// How a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// White space between tokens.
    pub layout: Layout,
    /// Of 16, how many strings and names are written with escapes they do not need.
    pub escapes: usize,
    /// Members stand in an order drawn from the tape.
    pub shuffled: bool,
    /// `@odata.type` stands behind the other members.
    pub type_last: bool,
}

/// White space between tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// None.
    #[default]
    Compact,
    /// A line a member, indented by two blanks.
    Indented,
    /// Any white space anywhere.
    Ragged,
}

impl Style {
    /// A style from the tape; an empty one gives the plainest.
    pub(super) fn draw(tape: &mut Tape<'_, '_>) -> Self {
        Self {
            layout: [Layout::Compact, Layout::Compact, Layout::Indented, Layout::Ragged][tape.below(4)],
            escapes: [0, 0, 0, 2][tape.below(4)],
            shuffled: tape.chance(1, 3),
            type_last: tape.chance(1, 4),
        }
    }

    /// Puts members in the order of the style.
    pub(super) fn order(&self, tape: &mut Tape<'_, '_>, members: &mut [NodeId]) {
        if self.shuffled {
            for last in (1..members.len()).rev() {
                members.swap(last, tape.below(last + 1));
            }
        }
    }

    /// Writes the style into the tree.
    pub fn apply(&self, tape: &mut Tape<'_, '_>, tree: &mut Tree) {
        let Some(root) = tree.root() else { return };
        if self.escapes > 0 {
            escape(self.escapes, tape, tree, root);
        }
        match self.layout {
            Layout::Compact => {}
            Layout::Indented => indent(tree, root, 0),
            Layout::Ragged => {
                for node in tree.subtree(root) {
                    ragged(tape, tree, node);
                }
            }
        }
    }
}

fn escape(rate: usize, tape: &mut Tape<'_, '_>, tree: &mut Tree, root: NodeId) {
    for node in tree.subtree(root) {
        if tree.has_escapes(node) {
            continue;
        }
        if tree.kind(node) == ValueKind::String && tape.chance(rate, 16) {
            let raw = escaped(tape, &tree.string(node));
            tree.set_raw(node, raw.as_bytes());
        }
        if !tree.raw_name(node).is_empty() && tape.chance(rate, 16) {
            let raw = escaped(tape, &tree.name(node));
            tree.set_raw_name(node, raw.as_bytes());
        }
    }
}

/// The text with one character, or all, written as code units.
fn escaped(tape: &mut Tape<'_, '_>, text: &str) -> String {
    let all = tape.chance(1, 8);
    let one = tape.below(text.chars().count());
    let mut raw = Vec::with_capacity(text.len() + 12);
    for (index, character) in text.chars().enumerate() {
        if all || index == one {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                json::encode_unit(*unit, &mut raw);
            }
        } else {
            json::encode_into(character.encode_utf8(&mut [0; 4]), &mut raw);
        }
    }
    String::from_utf8(raw).unwrap_or_default()
}

/// Objects and arrays of a body are nested only as deep as its types.
fn indent(tree: &mut Tree, node: NodeId, depth: usize) {
    let children = tree.children_vec(node);
    let Some(&last) = children.last() else { return };
    let is_object = tree.kind(node) == ValueKind::Object;
    let line = ["\n", &"  ".repeat(depth + 1)].concat();
    for child in children {
        if is_object {
            tree.set_space_before_name(child, line.as_bytes());
            tree.set_space_before(child, b" ");
        } else {
            tree.set_space_before(child, line.as_bytes());
        }
        indent(tree, child, depth + 1);
    }
    let end = ["\n", &"  ".repeat(depth)].concat();
    tree.set_space_after(last, end.as_bytes());
}

fn ragged(tape: &mut Tape<'_, '_>, tree: &mut Tree, node: NodeId) {
    const SPACES: &[&str] = &["", "", " ", "\t", "\r\n", "\n \n"];
    let mut space = || tape.pick(SPACES).copied().unwrap_or_default().as_bytes();
    let (before, after, before_name, after_name) = (space(), space(), space(), space());
    tree.set_space_before(node, before);
    tree.set_space_after(node, after);
    if !tree.raw_name(node).is_empty() {
        tree.set_space_before_name(node, before_name);
        tree.set_space_after_name(node, after_name);
    } else if matches!(tree.kind(node), ValueKind::Array | ValueKind::Object) {
        tree.set_space_inside(node, before_name);
    }
}
