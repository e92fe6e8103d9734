//! The tree: one flat table of nodes over one buffer of text. Every lexeme, name
//! and run of white space is a range of that buffer, so reading copies the
//! input once, a tree that is used again allocates nothing, and a clone (the
//! shrinker makes many) is two copies of plain memory.

/// Index of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Whether the range is empty.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Number of bytes.
    fn len(self) -> u32 {
        self.end - self.start
    }

    /// As a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number; its lexeme is kept.
    Number,
    /// A string; what stands between its quotes is kept.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// Bytes written as they are. The reader makes none; a malformation does.
    Verbatim,
}

/// White space (or what a malformation puts in its place) around a node:
/// `[name_before] "name" [name_after] : [before] value [after]`, and `inside`
/// a container that has no children.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spaces {
    pub(super) name_before: Span,
    pub(super) name_after: Span,
    pub(super) before: Span,
    pub(super) after: Span,
    pub(super) inside: Span,
}

/// A node: 40 bytes, white space apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: ValueKind,
    /// The text between the quotes has a backslash.
    pub(super) escaped: bool,
    /// The name's text has a backslash.
    pub(super) name_escaped: bool,
    pub(super) has_name: bool,
    /// Between the quotes for a string; the lexeme for other scalars; from
    /// bracket to bracket for a container that was read.
    pub(super) text: Span,
    pub(super) name: Span,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) next: u32,
}

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// A JSON text as a tree. See the [module](super).
///
/// ```
/// use policy_harness::json::{self, Tree};
/// let text = br#"{ "a":1e2, "a":"\u0061" }"#;
/// let tree = json::read(text).unwrap();
/// assert_eq!(tree.to_bytes(), text);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(super) text: Vec<u8>,
    pub(super) nodes: Vec<Node>,
    /// By node; shorter than `nodes` where the rest has none.
    pub(super) spaces: Vec<Spaces>,
    pub(super) root: Option<NodeId>,
    /// Bytes to leave out at the end of what is written.
    pub(super) cut: u32,
    /// The text that was read has white space between its tokens.
    pub(super) is_spaced: bool,
}

impl Tree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty tree with room for a body of the usual size.
    pub fn roomy() -> Self {
        const TEXT: usize = 2048;
        const NODES: usize = 64;
        Self { text: Vec::with_capacity(TEXT), nodes: Vec::with_capacity(NODES), ..Self::default() }
    }

    /// Empties the tree and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.nodes.clear();
        self.spaces.clear();
        self.root = None;
        self.cut = 0;
        self.is_spaced = false;
    }

    /// The root, where there is one.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// Makes `node` the root.
    pub fn set_root(&mut self, node: NodeId) {
        self.root = Some(node);
    }

    /// Number of nodes ever made in this tree.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Bytes of all texts ever put into this tree.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Whether no node was made.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node is.
    pub fn kind(&self, node: NodeId) -> ValueKind {
        self.node(node).kind
    }

    /// The bytes of `span`.
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The text between the quotes of a string, or the lexeme of another
    /// scalar, as written.
    pub fn raw(&self, node: NodeId) -> &[u8] {
        self.bytes(self.node(node).text)
    }

    /// Where the node's value stands in the text it was read from: a string
    /// with its quotes, a container from bracket to bracket.
    pub fn value_span(&self, node: NodeId) -> Span {
        let Node { kind, text, .. } = *self.node(node);
        if kind == ValueKind::String { Span { start: text.start.saturating_sub(1), end: text.end + 1 } } else { text }
    }

    /// Where the member's name stands in the text it was read from, quotes included.
    pub fn name_span(&self, node: NodeId) -> Span {
        let name = self.node(node).name;
        Span { start: name.start.saturating_sub(1), end: name.end + 1 }
    }

    /// The name of a member as written between its quotes; empty for items.
    pub fn raw_name(&self, node: NodeId) -> &[u8] {
        self.bytes(self.node(node).name)
    }

    /// Whether the text of a string has escapes.
    pub fn is_escaped(&self, node: NodeId) -> bool {
        self.node(node).escaped
    }

    /// The content of a string, escapes decoded; a lone surrogate becomes U+FFFD.
    pub fn string(&self, node: NodeId) -> std::borrow::Cow<'_, str> {
        super::text::decode(self.raw(node), self.node(node).escaped)
    }

    /// The same, where what has escapes is decoded into a buffer that is used again.
    pub(crate) fn string_in<'t>(&'t self, node: NodeId, buffer: &'t mut String) -> &'t str {
        super::text::decode_in(self.raw(node), self.node(node).escaped, buffer)
    }

    /// Whether the content of a string, escapes decoded, is `text`; or the lexeme of
    /// another scalar.
    pub fn has_text(&self, node: NodeId, text: &str) -> bool {
        let raw = self.raw(node);
        if self.node(node).escaped { says(raw, text) } else { raw == text.as_bytes() }
    }

    /// The name of a member, escapes decoded.
    pub fn name(&self, node: NodeId) -> std::borrow::Cow<'_, str> {
        super::text::decode(self.raw_name(node), self.node(node).name_escaped)
    }

    /// The same, where what has escapes is decoded into a buffer that is used again.
    pub(crate) fn name_in<'t>(&'t self, node: NodeId, buffer: &'t mut String) -> &'t str {
        super::text::decode_in(self.raw_name(node), self.node(node).name_escaped, buffer)
    }

    /// Every node made in this tree, in the order of their making.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// Whether the name or the content of the node has escapes.
    pub fn has_escapes(&self, node: NodeId) -> bool {
        let node = self.node(node);
        node.escaped || node.name_escaped
    }

    /// The first child of a container.
    pub fn first(&self, node: NodeId) -> Option<NodeId> {
        let first = self.node(node).first;
        (first != NONE).then_some(NodeId(first))
    }

    /// The child behind this one in its container.
    pub fn next(&self, node: NodeId) -> Option<NodeId> {
        let next = self.node(node).next;
        (next != NONE).then_some(NodeId(next))
    }

    /// The children of a container, in order.
    pub fn children(&self, node: NodeId) -> Children<'_> {
        Children { tree: self, next: self.node(node).first }
    }

    /// The children of a container, in order, apart from the tree.
    pub fn children_vec(&self, node: NodeId) -> Vec<NodeId> {
        self.children(node).collect()
    }

    /// Whether two members have one name, escapes decoded.
    pub fn same_name(&self, left: NodeId, right: NodeId) -> bool {
        let (one, other) = (self.node(left), self.node(right));
        if one.name_escaped || other.name_escaped {
            let name = |node: &Node| (self.bytes(node.name), node.name_escaped);
            super::text::is_same(name(one), name(other))
        } else {
            one.name.len() == other.name.len() && self.bytes(one.name) == self.bytes(other.name)
        }
    }

    /// The last member of this name; of two with one name the later one wins
    /// with most readers.
    pub fn member(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.children(object).filter(|&child| self.has_name(child, name)).last()
    }

    /// Whether the member's name, escapes decoded, is `name`.
    pub fn has_name(&self, node: NodeId, name: &str) -> bool {
        let raw = self.raw_name(node);
        if self.node(node).name_escaped { says(raw, name) } else { raw == name.as_bytes() }
    }

    /// Whether the text that was read has white space between its tokens.
    pub fn is_spaced(&self) -> bool {
        self.is_spaced
    }

    /// Whether there is white space around the node, or inside it.
    pub fn is_node_spaced(&self, node: NodeId) -> bool {
        let Spaces { name_before, name_after, before, after, inside } = self.spaces_of(node);
        [name_before, name_after, before, after, inside].iter().any(|space| !space.is_empty())
    }

    /// Whether any white space is kept.
    pub fn has_spaces(&self) -> bool {
        self.nodes().any(|node| self.is_node_spaced(node))
    }

    /// Number of bytes left out at the end.
    pub fn cut(&self) -> u32 {
        self.cut
    }

    /// The node and all below it, parents before children.
    pub fn subtree(&self, node: NodeId) -> Vec<NodeId> {
        let mut nodes = vec![node];
        let mut next = 0;
        while let Some(&node) = nodes.get(next) {
            nodes.extend(self.children(node));
            next += 1;
        }
        nodes
    }

    /// The nodes from the root down to `node`, both included.
    pub fn path_to(&self, node: NodeId) -> Ancestors {
        let mut path = Vec::new();
        if let Some(root) = self.root {
            self.find(root, node, &mut path);
        }
        path
    }

    /// A stack of its own: the tree may be deeper than the thread's.
    fn find(&self, root: NodeId, node: NodeId, path: &mut Ancestors) {
        path.push(root);
        let mut pending = vec![self.children(root)];
        while path.last() != Some(&node) {
            match pending.last_mut().map(Iterator::next) {
                Some(Some(child)) => {
                    path.push(child);
                    pending.push(self.children(child));
                }
                Some(None) => {
                    pending.pop();
                    path.pop();
                }
                None => return,
            }
        }
    }

    pub(super) fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node.0 as usize]
    }

    pub(super) fn node_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.0 as usize]
    }

    pub(super) fn spaces_of(&self, node: NodeId) -> Spaces {
        self.spaces.get(node.0 as usize).copied().unwrap_or_default()
    }

    pub(super) fn spaces_mut(&mut self, node: NodeId) -> &mut Spaces {
        let index = node.0 as usize;
        if self.spaces.len() <= index {
            self.spaces.resize(index + 1, Spaces::default());
        }
        &mut self.spaces[index]
    }
}

/// The nodes from a root down to a node.
pub type Ancestors = Vec<NodeId>;

/// The children of a container, in order.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next == NONE {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.node(id).next;
        Some(id)
    }
}

/// Whether the content of a string with escapes is `text`.
fn says(raw: &[u8], text: &str) -> bool {
    super::text::is_same((raw, true), (text.as_bytes(), false))
}
