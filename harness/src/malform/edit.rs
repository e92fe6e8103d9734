//! What an operator works on: the tree, the node at its place, and the tape for
//! what it may choose.

use super::site::Site;
use crate::contract::{Contract, TYPE};
use crate::generate::Tape;
use crate::json::{NodeId, Tree, ValueKind};

/// A change to one body.
#[derive(Debug)]
pub struct Edit<'e, 'c, 'u, 'b> {
    /// The contract that the body follows.
    pub contract: &'c Contract,
    /// The body.
    pub tree: &'e mut Tree,
    /// The node at the operator's place.
    pub at: NodeId,
    /// What is there.
    pub site: Site<'c>,
    /// Choices.
    pub tape: &'e mut Tape<'u, 'b>,
}

impl Edit<'_, '_, '_, '_> {
    /// Puts a scalar in the place of the node. `text` is JSON for one scalar.
    pub(super) fn put(&mut self, text: &str) {
        let value = scalar(self.tree, text);
        self.tree.replace(self.at, value);
    }

    /// The container of the node.
    pub(super) fn parent(&self) -> Option<NodeId> {
        let path = self.tree.path_to(self.at);
        path.len().checked_sub(2).and_then(|index| path.get(index).copied())
    }

    /// Adds a member to an object, at a place drawn from the tape.
    pub(super) fn insert(&mut self, object: NodeId, name: &str, value: NodeId) {
        self.tree.set_raw_name(value, name.as_bytes());
        let mut members = self.tree.children_vec(object);
        let index = self.tape.below(members.len() + 1);
        members.insert(index, value);
        self.tree.set_children(object, &members);
    }

    /// Gives the object at the place this `@odata.type` (JSON for one scalar).
    pub(super) fn name_type(&mut self, text: &str) {
        let value = scalar(self.tree, text);
        match self.tree.member(self.at, TYPE) {
            Some(member) => self.tree.replace(member, value),
            None => self.insert(self.at, TYPE, value),
        }
    }

    /// All nodes of the body of this kind; the root is none of them.
    pub(super) fn of_kind(&self, kind: ValueKind) -> Vec<NodeId> {
        let nodes = self.tree.root().map(|root| self.tree.subtree(root)).unwrap_or_default();
        nodes.into_iter().skip(1).filter(|&node| self.tree.kind(node) == kind).collect()
    }
}

/// A node from JSON for one scalar or an empty container.
pub(super) fn scalar(tree: &mut Tree, text: &str) -> NodeId {
    match text.as_bytes() {
        b"{}" => tree.object(),
        b"[]" => tree.array(),
        [b'"', content @ .., b'"'] => tree.scalar(ValueKind::String, content),
        b"null" => tree.scalar(ValueKind::Null, b"null"),
        b"true" | b"false" => tree.scalar(ValueKind::Boolean, text.as_bytes()),
        _ => tree.scalar(ValueKind::Number, text.as_bytes()),
    }
}
