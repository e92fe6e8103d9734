//! A case that was made, what is asked around it, and what the harness has to
//! say if it made it wrong.

use super::script::Act;
use crate::contract::{Contract, RuleId};
use crate::json::{Pointer, Tree};
use crate::malform::{How, Rewriting};
use crate::target::Request;
use crate::validate::Label;

/// One request and what is expected of its answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its place in the run; with the seed it decides everything else.
    pub index: u64,
    /// The obligation that it exercises, by index in the plan; none for a body
    /// that is free.
    pub obligation: Option<usize>,
    /// The operator or choice that made it, in a word.
    pub operator: &'static str,
    /// The rule that its request shows, breaks or leaves open.
    pub rule: RuleId,
    /// Where in the body.
    pub at: Pointer,
    /// What the body is, told from its bytes.
    pub label: Label,
    /// The operation, by index in the contract.
    pub operation: usize,
    /// The object that it is about, by index in the ids that the maker was given.
    pub object: usize,
    /// What is sent.
    pub request: Request,
    /// What is stored first, where the request needs something to be there.
    pub before: Option<Box<Request>>,
    /// What is asked around it.
    pub scene: Scene,
    /// The body as a tree, for the shrinker. It writes the body's bytes, or those
    /// of the plain request that the body is a rewriting of.
    pub tree: Tree,
    /// The bytes are not what the operator says they are: a fault of the
    /// harness. Such a case is counted and never sent.
    pub mislabelled: Option<Mislabelled>,
}

/// What is asked around the request of a case, to see more than its answer.
#[derive(Clone, Debug)]
pub enum Scene {
    /// Nothing.
    Alone,
    /// The same is asked plainly first: both are accepted, or neither is.
    Alike {
        /// The plain request.
        plain: Box<Request>,
        /// How the request of the case differs.
        rewriting: &'static Rewriting,
    },
    /// What was stored is read back.
    Stored {
        /// Reads it.
        read: Box<Request>,
    },
    /// What is stored is read before and after a request that is refused.
    Unchanged {
        /// Reads it.
        read: Box<Request>,
    },
    /// All are listed after a create that is refused.
    NothingLeft {
        /// Lists them.
        list: Box<Request>,
        /// What the refused policy is called.
        mark: String,
    },
    /// Requests that depend on each other, in their order.
    Sequence {
        /// All of them, the request of the case among them.
        steps: Vec<Step>,
    },
    /// A request that is right follows on a connection of its own.
    Next {
        /// That request.
        good: Box<Request>,
    },
}

/// One request of a sequence.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub act: Act,
    /// The operation, by index in the contract.
    pub operation: usize,
    /// What is sent; the path has a blank for the id, and the body is that of the
    /// policy, where the act has one of its own.
    pub request: Request,
    /// The label of that body.
    pub label: Label,
    /// The rule that the body shows or breaks.
    pub rule: RuleId,
    /// What the policy is called.
    pub mark: Option<String>,
}

impl Scene {
    /// The scene in a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Alike { .. } => "alike",
            Self::Stored { .. } => "stored",
            Self::Unchanged { .. } => "unchanged",
            Self::NothingLeft { .. } => "nothing-left",
            Self::Sequence { .. } => "sequence",
            Self::Next { .. } => "next",
        }
    }

    /// Whether nobody else may write to the object meanwhile.
    pub fn is_exclusive(&self) -> bool {
        match self {
            Self::Stored { .. } | Self::Unchanged { .. } => true,
            // What these look at they made themselves.
            Self::NothingLeft { .. } | Self::Sequence { .. } => false,
            Self::Alone | Self::Alike { .. } | Self::Next { .. } => false,
        }
    }
}

impl Case {
    /// The bytes of the body.
    pub fn body(&self) -> &[u8] {
        self.request.body.as_deref().unwrap_or_default()
    }

    /// The case with another body of the same kind. None where that has nothing
    /// to rewrite, so that it would show nothing.
    pub fn with_tree(&self, contract: &Contract, tree: &Tree) -> Option<Self> {
        let mut case = self.clone();
        let bytes = tree.to_bytes();
        if let Scene::Sequence { .. } = case.scene {
            return None;
        }
        if let Scene::Alike { plain, rewriting } = &mut case.scene {
            plain.body = Some(bytes.clone());
            let mut other = tree.clone();
            rewriting.apply(contract, &mut other)?;
            case.request.body = Some(match rewriting.how {
                How::Request(_) => bytes,
                How::Body(_) | How::Values(..) => other.to_bytes(),
            });
        } else {
            case.request.body = Some(bytes);
        }
        case.tree.clone_from(tree);
        Some(case)
    }
}

/// What an operator claimed and what the validator found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mislabelled {
    /// What the bytes should have been.
    pub claimed: Label,
    /// What they are.
    pub found: Label,
}
