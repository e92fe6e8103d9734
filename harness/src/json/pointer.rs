//! JSON Pointers (RFC 6901): where a value is.

use std::fmt;

use super::tree::{NodeId, Tree, ValueKind};

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
                Step::Name(name) => write!(f, "/{}", name.replace('~', "~0").replace('/', "~1"))?,
            }
        }
        Ok(())
    }
}
