//! The containers that are open at a place of a text. Few texts are nested deep,
//! so the outer ones take no memory of their own.

use super::tree::NodeId;

/// Containers inside one another, the outermost first.
#[derive(Debug)]
pub(super) struct Nesting {
    outer: [NodeId; Self::OUTER],
    inner: Vec<NodeId>,
    depth: usize,
}

impl Nesting {
    const OUTER: usize = 16;

    pub(super) fn new() -> Self {
        Self { outer: [NodeId(0); Self::OUTER], inner: Vec::new(), depth: 0 }
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn push(&mut self, container: NodeId) {
        match self.outer.get_mut(self.depth) {
            Some(place) => *place = container,
            None => self.inner.push(container),
        }
        self.depth += 1;
    }

    /// The innermost container.
    pub(super) fn last(&self) -> Option<NodeId> {
        let last = self.depth.checked_sub(1)?;
        self.outer.get(last).or_else(|| self.inner.last()).copied()
    }

    pub(super) fn pop(&mut self) -> Option<NodeId> {
        let last = self.last()?;
        self.depth -= 1;
        self.inner.truncate(self.depth.saturating_sub(Self::OUTER));
        Some(last)
    }
}
