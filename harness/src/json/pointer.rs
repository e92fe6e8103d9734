//! JSON Pointers (RFC 6901): where a value is.

use std::fmt;

use super::tree::{NONE, NodeId, Tree, ValueKind};

/// One step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// To the member of this name.
    Name(Box<str>),
    /// To the item at this index.
    Index(usize),
}

/// A JSON Pointer. Empty for the whole text.
///
/// ```
/// use policy_harness::json::{Pointer, Step};
/// let pointer = Pointer::from_iter([Step::Name("a/b".into()), Step::Index(0)]);
/// assert_eq!(pointer.to_string(), "/a~1b/0");
/// assert_eq!(pointer.erased().to_string(), "/a~1b/*");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Pointer {
    steps: Vec<Step>,
}

impl Pointer {
    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it names the whole text.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// The pointer with every index written as `*`, for grouping by place.
    pub fn erased(&self) -> Self {
        let erase = |step: &Step| match step {
            Step::Index(_) => Step::Name("*".into()),
            name @ Step::Name(_) => name.clone(),
        };
        Self { steps: self.steps.iter().map(erase).collect() }
    }
}

impl Tree {
    /// Where `node` is.
    pub fn pointer(&self, node: NodeId) -> Pointer {
        let path = self.path_to(node);
        let step = |pair: &[NodeId]| match *pair {
            [parent, child] if self.kind(parent) == ValueKind::Array => {
                Step::Index(self.children(parent).take_while(|&other| other != child).count())
            }
            [_, child] => Step::Name(self.name(child).into()),
            _ => Step::Index(0),
        };
        path.windows(2).map(step).collect()
    }

    /// The node at `pointer`; of members with one name, the last.
    pub fn at(&self, pointer: &Pointer) -> Option<NodeId> {
        let mut node = self.root()?;
        for step in &pointer.steps {
            node = match step {
                Step::Name(name) => self.member(node, name)?,
                Step::Index(index) => self.children(node).nth(*index)?,
            };
        }
        Some(node)
    }
}

/// Where every node of a tree hangs: one walk over the tree, after which the
/// pointer of a node takes no other.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// By node: its container, and its place in it.
    above: Vec<(NodeId, u32)>,
}

impl Lineage {
    /// Walks over the tree. What was known of another one is forgotten.
    pub fn read(&mut self, tree: &Tree) {
        self.above.clear();
        self.above.resize(tree.len(), (NodeId(NONE), 0));
        for container in tree.nodes() {
            for (index, child) in (0..).zip(tree.children(container)) {
                self.above[child.0 as usize] = (container, index);
            }
        }
    }

    /// Where `node` is in the tree that was read.
    pub fn pointer(&self, tree: &Tree, node: NodeId) -> Pointer {
        let mut steps = Vec::new();
        let mut node = node;
        while let Some(&(container, index)) = self.above.get(node.0 as usize).filter(|(above, _)| above.0 != NONE) {
            steps.push(match tree.kind(container) {
                ValueKind::Array => Step::Index(index as usize),
                _ => Step::Name(tree.name(node).into()),
            });
            node = container;
        }
        steps.reverse();
        Pointer { steps }
    }
}

impl FromIterator<Step> for Pointer {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self { steps: steps.into_iter().collect() }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match step {
                Step::Index(index) => write!(f, "/{index}")?,
                Step::Name(name) if !name.contains(['~', '/']) => write!(f, "/{name}")?,
                Step::Name(name) => write!(f, "/{}", name.replace('~', "~0").replace('/', "~1"))?,
            }
        }
        Ok(())
    }
}
