//! A case that was made, and what the harness has to say if it made it wrong.

use crate::contract::RuleId;
use crate::json::{Pointer, Tree};
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
    /// The rule that it shows, breaks or leaves open.
    pub rule: RuleId,
    /// Where in the body.
    pub at: Pointer,
    /// What the body is, told from its bytes.
    pub label: Label,
    /// The operation, by index in the contract.
    pub operation: usize,
    /// What is sent.
    pub request: Request,
    /// The body as a tree, for the shrinker. It writes the body's bytes.
    pub tree: Tree,
    /// The bytes are not what the operator says they are: a fault of the
    /// harness. Such a case is counted and never sent.
    pub mislabelled: Option<Mislabelled>,
}

impl Case {
    /// The bytes of the body.
    pub fn body(&self) -> &[u8] {
        self.request.body.as_deref().unwrap_or_default()
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
