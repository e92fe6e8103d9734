//! Making a tree and changing it. Nothing is ever taken out of the table: what
//! is detached is no longer reached, and [`Tree::clear`] frees all at once.

use super::tree::{NONE, Node, NodeId, Spaces, Span, Tree, ValueKind};

impl Tree {
    /// A new node of text as it stands. For a string: what stands between the quotes.
    pub fn scalar(&mut self, kind: ValueKind, raw: &[u8]) -> NodeId {
        let text = self.push_text(raw);
        let escaped = kind == ValueKind::String && raw.contains(&b'\\');
        self.push_node(kind, text, escaped)
    }

    /// The same for a text that `write` appends to the buffer it is given.
    pub fn scalar_by(&mut self, kind: ValueKind, write: impl FnOnce(&mut Vec<u8>)) -> NodeId {
        let start = self.text.len() as u32;
        write(&mut self.text);
        let text = Span { start, end: self.text.len() as u32 };
        let escaped = kind == ValueKind::String && self.bytes(text).contains(&b'\\');
        self.push_node(kind, text, escaped)
    }

    /// A new node that writes these bytes as they are.
    pub fn verbatim(&mut self, bytes: &[u8]) -> NodeId {
        self.scalar(ValueKind::Verbatim, bytes)
    }

    /// A new string with this content, escaped as little as JSON allows.
    pub fn string_of(&mut self, content: &str) -> NodeId {
        self.scalar_by(ValueKind::String, |text| super::text::encode_into(content, text))
    }

    /// A new, empty object.
    pub fn object(&mut self) -> NodeId {
        self.push_node(ValueKind::Object, Span::default(), false)
    }

    /// A new, empty array.
    pub fn array(&mut self) -> NodeId {
        self.push_node(ValueKind::Array, Span::default(), false)
    }

    /// Gives a scalar another text, as it will be written (between the quotes,
    /// for a string).
    pub fn set_raw(&mut self, node: NodeId, raw: &[u8]) {
        let text = self.push_text(raw);
        let node = self.node_mut(node);
        node.text = text;
        node.escaped = node.kind == ValueKind::String && raw.contains(&b'\\');
    }

    /// Gives a node the name of a member, as it will stand between the quotes.
    pub fn set_raw_name(&mut self, node: NodeId, raw: &[u8]) {
        let name = self.push_text(raw);
        let escaped = raw.contains(&b'\\');
        let node = self.node_mut(node);
        node.name = name;
        node.name_escaped = escaped;
        node.has_name = true;
    }

    /// Gives a node the name of a member, which needs no escape.
    pub fn set_name(&mut self, node: NodeId, name: &str) {
        let name = self.push_text(name.as_bytes());
        let node = self.node_mut(node);
        (node.name, node.name_escaped, node.has_name) = (name, false, true);
    }

    /// Appends `child` to a container.
    pub fn append(&mut self, container: NodeId, child: NodeId) {
        let last = self.node(container).last;
        if last == NONE {
            self.node_mut(container).first = child.0;
        } else {
            self.node_mut(NodeId(last)).next = child.0;
        }
        let node = self.node_mut(container);
        node.last = child.0;
        self.node_mut(child).next = NONE;
    }

    /// Appends `child` to an object under `name`, which needs no escape.
    pub fn append_member(&mut self, object: NodeId, name: &str, child: NodeId) {
        self.set_name(child, name);
        self.append(object, child);
    }

    /// Takes `child` out of its container.
    pub fn detach(&mut self, container: NodeId, child: NodeId) {
        let children: Vec<NodeId> = self.children(container).filter(|&other| other != child).collect();
        self.set_children(container, &children);
    }

    /// Puts `children` in the place of what the container held.
    pub fn set_children(&mut self, container: NodeId, children: &[NodeId]) {
        let node = self.node_mut(container);
        (node.first, node.last) = (NONE, NONE);
        for &child in children {
            self.append(container, child);
        }
    }

    /// Makes `node` write what `value` writes, keeping its own name, place and
    /// the white space around it.
    pub fn replace(&mut self, node: NodeId, value: NodeId) {
        let source = *self.node(value);
        let target = self.node_mut(node);
        target.kind = source.kind;
        target.text = source.text;
        target.escaped = source.escaped;
        (target.first, target.last) = (source.first, source.last);
        let inside = self.spaces_of(value).inside;
        if !inside.is_empty() || !self.spaces_of(node).inside.is_empty() {
            self.spaces_mut(node).inside = inside;
        }
    }

    /// A copy of a node, with all below it and its name, in the same tree.
    pub fn duplicate(&mut self, node: NodeId) -> NodeId {
        let Node { kind, text, escaped, .. } = *self.node(node);
        let copy = self.push_node(kind, text, escaped);
        let Node { name, name_escaped, has_name, .. } = *self.node(node);
        let target = self.node_mut(copy);
        (target.name, target.name_escaped, target.has_name) = (name, name_escaped, has_name);
        for child in self.children_vec(node) {
            let child = self.duplicate(child);
            self.append(copy, child);
        }
        copy
    }

    /// Copies a node of another tree, with all below it, into this one.
    pub fn copy_from(&mut self, other: &Self, node: NodeId) -> NodeId {
        let source = *other.node(node);
        let copy = self.scalar(source.kind, other.bytes(source.text));
        if source.has_name {
            self.set_raw_name(copy, other.bytes(source.name));
        }
        for child in other.children(node) {
            let child = self.copy_from(other, child);
            self.append(copy, child);
        }
        copy
    }

    /// Puts bytes between a value and what follows it.
    pub fn set_space_after(&mut self, node: NodeId, bytes: &[u8]) {
        let span = self.push_text(bytes);
        self.spaces_mut(node).after = span;
    }

    /// Puts bytes before a value (behind the colon, for a member).
    pub fn set_space_before(&mut self, node: NodeId, bytes: &[u8]) {
        let span = self.push_text(bytes);
        self.spaces_mut(node).before = span;
    }

    /// Puts bytes before a member's name.
    pub fn set_space_before_name(&mut self, node: NodeId, bytes: &[u8]) {
        let span = self.push_text(bytes);
        self.spaces_mut(node).name_before = span;
    }

    /// Puts bytes between a member's name and its colon.
    pub fn set_space_after_name(&mut self, node: NodeId, bytes: &[u8]) {
        let span = self.push_text(bytes);
        self.spaces_mut(node).name_after = span;
    }

    /// Puts bytes between the brackets of a container without children.
    pub fn set_space_inside(&mut self, node: NodeId, bytes: &[u8]) {
        let span = self.push_text(bytes);
        self.spaces_mut(node).inside = span;
    }

    /// Forgets all white space.
    pub fn clear_spaces(&mut self) {
        self.spaces.clear();
    }

    /// Forgets the white space around one node.
    pub fn clear_node_spaces(&mut self, node: NodeId) {
        if let Some(spaces) = self.spaces.get_mut(node.0 as usize) {
            *spaces = Spaces::default();
        }
    }

    /// Leaves out this many bytes at the end of what is written.
    pub fn set_cut(&mut self, bytes: u32) {
        self.cut = bytes;
    }

    pub(super) fn push_text(&mut self, bytes: &[u8]) -> Span {
        if bytes.is_empty() {
            return Span::default();
        }
        let start = self.text.len() as u32;
        self.text.extend_from_slice(bytes);
        Span { start, end: self.text.len() as u32 }
    }

    pub(super) fn push_node(&mut self, kind: ValueKind, text: Span, escaped: bool) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            kind,
            escaped,
            name_escaped: false,
            has_name: false,
            text,
            name: Span::default(),
            first: NONE,
            last: NONE,
            next: NONE,
        });
        id
    }
}
