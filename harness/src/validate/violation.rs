//! What a body breaks, and where.

use std::ops::Range;

use crate::contract::RuleId;
use crate::json::Pointer;

/// A rule that a body breaks, or a point it touches that the contract leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule; its level says what breaking it means.
    pub rule: RuleId,
    /// The value, or the place where one is missing.
    pub at: Pointer,
    /// The bytes of the body to show.
    pub span: Range<usize>,
}
