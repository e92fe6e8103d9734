//! Writes a tree, byte for byte as it says.

use super::nesting::Nesting;
use super::tree::{NONE, NodeId, Spaces, Span, Tree, ValueKind};

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
        // No recursion: a tree may be nested deeper than the thread's stack.
        let mut open = Nesting::new();
        let mut node = node;
        loop {
            if let Some(first) = self.begin(node, out) {
                open.push(node);
                self.begin_child(first, self.kind(node), out);
                node = first;
                continue;
            }
            // Behind a value: the next one, or the end of containers.
            loop {
                let Some(container) = open.last() else { return };
                let kind = self.kind(container);
                let next = self.node(node).next;
                if next != NONE {
                    out.push(b',');
                    node = NodeId(next);
                    self.begin_child(node, kind, out);
                    break;
                }
                open.pop();
                self.end(container, kind, out);
                node = container;
            }
        }
    }

    /// Writes a scalar, an empty container, or the start of one that has children:
    /// the first of them.
    fn begin(&self, node: NodeId, out: &mut Vec<u8>) -> Option<NodeId> {
        self.write_space(node, |spaces| spaces.before, out);
        let entry = self.node(node);
        match entry.kind {
            ValueKind::String => write_quoted(self.bytes(entry.text), out),
            ValueKind::Null | ValueKind::Boolean | ValueKind::Number | ValueKind::Verbatim => {
                out.extend_from_slice(self.bytes(entry.text));
            }
            ValueKind::Object | ValueKind::Array => {
                out.push(if entry.kind == ValueKind::Object { b'{' } else { b'[' });
                if entry.first != NONE {
                    return Some(NodeId(entry.first));
                }
                self.write_space(node, |spaces| spaces.inside, out);
                self.end(node, entry.kind, out);
                return None;
            }
        }
        self.write_space(node, |spaces| spaces.after, out);
        None
    }

    /// Writes what stands before a child's value in a container of this kind.
    fn begin_child(&self, child: NodeId, container: ValueKind, out: &mut Vec<u8>) {
        if container == ValueKind::Object {
            self.write_space(child, |spaces| spaces.name_before, out);
            write_quoted(self.raw_name(child), out);
            self.write_space(child, |spaces| spaces.name_after, out);
            out.push(b':');
        }
    }

    fn end(&self, container: NodeId, kind: ValueKind, out: &mut Vec<u8>) {
        out.push(if kind == ValueKind::Object { b'}' } else { b']' });
        self.write_space(container, |spaces| spaces.after, out);
    }

    fn write_space(&self, node: NodeId, which: impl Fn(&Spaces) -> Span, out: &mut Vec<u8>) {
        if let Some(spaces) = self.spaces.get(node.0 as usize) {
            out.extend_from_slice(self.bytes(which(spaces)));
        }
    }
}

fn write_quoted(raw: &[u8], out: &mut Vec<u8>) {
    out.reserve(raw.len() + 3);
    out.push(b'"');
    out.extend_from_slice(raw);
    out.push(b'"');
}
