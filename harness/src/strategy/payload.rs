//! A payload and what it is.

use std::fmt;
use std::sync::Arc;

use crate::contract::{Contract, RuleId};
use crate::json::Pointer;
use crate::validate::Label;

/// A payload and what it is. Its `Debug` form is the payload's text behind its
/// label, so that a failing property shows what can be pasted into a file.
#[derive(Clone)]
pub struct Payload {
    /// The payload.
    pub bytes: Vec<u8>,
    /// What the validator says of these bytes.
    pub label: Label,
    /// The rule that the payload shows, breaks or leaves open.
    pub rule: RuleId,
    /// The operator or choice that made the payload, in a word.
    pub operator: &'static str,
    /// The value at fault in a malformed payload; otherwise the place that the
    /// payload was made for, as long as that has not been shrunk away.
    pub pointer: Pointer,
    pub(super) contract: Arc<Contract>,
}

impl Payload {
    /// The rule's name, such as `body/value/enum-member`.
    pub fn rule_id(&self) -> &str {
        &self.contract.rule(self.rule).id
    }

    /// The contract that the payload was made from.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} payload ({}, {}", self.label.name(), self.rule_id(), self.operator)?;
        if !self.pointer.is_root() {
            write!(f, " at {}", self.pointer)?;
        }
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => write!(f, "): {text}"),
            Err(_) => write!(f, "), not UTF-8: b\"{}\"", self.bytes.escape_ascii()),
        }
    }
}
