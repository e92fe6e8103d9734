//! Writes a tree, byte for byte as it says.

use super::tree::{NONE, NodeId, Tree, ValueKind};

impl Tree {
    /// The bytes of the tree.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len() + self.nodes.len() * 4);
        self.write_into(&mut out);
        out
    }

    /// Appends the bytes of the tree to `out`. An empty tree writes nothing.
    pub fn write_into(&self, out: &mut Vec<u8>) {
        let start = out.len();
        if let Some(root) = self.root {
            self.write_node(root, out);
        }
        let end = out.len().saturating_sub(self.cut as usize).max(start);
        out.truncate(end);
    }

    /// Appends the bytes of one value, without its name, white space around it
    /// included.
    pub fn write_node(&self, node: NodeId, out: &mut Vec<u8>) {
        // A stack of its own: a tree may be nested deeper than the thread's.
        let mut open: Vec<(NodeId, u32)> = Vec::new();
        let mut current = Some(node);
        loop {
            if let Some(node) = current.take() {
                if self.begin(node, out) {
                    open.push((node, self.node(node).first));
                } else {
                    out.extend_from_slice(self.bytes(self.spaces_of(node).after));
                }
            }
            let Some((container, next)) = open.last_mut() else {
                return;
            };
            let container = *container;
            if *next == NONE {
                open.pop();
                self.end(container, out);
            } else {
                let child = NodeId(*next);
                let node = self.node(child);
                if child.0 != self.node(container).first {
                    out.push(b',');
                }
                *next = node.next;
                if self.kind(container) == ValueKind::Object {
                    self.write_name(child, out);
                }
                current = Some(child);
            }
        }
    }

    /// Writes a node up to its first child; whether it is a container.
    fn begin(&self, node: NodeId, out: &mut Vec<u8>) -> bool {
        let spaces = self.spaces_of(node);
        out.extend_from_slice(self.bytes(spaces.before));
        match self.kind(node) {
            ValueKind::Object => out.push(b'{'),
            ValueKind::Array => out.push(b'['),
            ValueKind::String => {
                out.push(b'"');
                out.extend_from_slice(self.raw(node));
                out.push(b'"');
                return false;
            }
            ValueKind::Null | ValueKind::Boolean | ValueKind::Number | ValueKind::Verbatim => {
                out.extend_from_slice(self.raw(node));
                return false;
            }
        }
        true
    }

    fn end(&self, container: NodeId, out: &mut Vec<u8>) {
        let spaces = self.spaces_of(container);
        if self.node(container).first == NONE {
            out.extend_from_slice(self.bytes(spaces.inside));
        }
        out.push(if self.kind(container) == ValueKind::Object { b'}' } else { b']' });
        out.extend_from_slice(self.bytes(spaces.after));
    }

    fn write_name(&self, member: NodeId, out: &mut Vec<u8>) {
        let spaces = self.spaces_of(member);
        out.extend_from_slice(self.bytes(spaces.name_before));
        out.push(b'"');
        out.extend_from_slice(self.raw_name(member));
        out.push(b'"');
        out.extend_from_slice(self.bytes(spaces.name_after));
        out.push(b':');
    }
}
