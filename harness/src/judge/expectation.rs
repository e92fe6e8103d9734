//! What a case expects of its answer. It is fixed when the case is made, and
//! names rules only; the statuses that satisfy them stand in the contract.

use crate::contract::{OperationKind, RuleId};
use crate::target::{Redactor, Request};

/// What is expected of the answer to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expectation {
    /// The request is accepted.
    Accept {
        /// The rule that says so.
        rule: RuleId,
        /// The documented status.
        status: u16,
        /// A body is documented.
        content: bool,
    },
    /// The request is refused, with the statuses of this rule.
    Refuse {
        /// The rule that the request breaks.
        rule: RuleId,
    },
    /// The message is not framed as RFC 9112 has it: it is refused, or the
    /// connection is closed, or nothing comes.
    RefuseMessage {
        /// The rule that the message breaks.
        rule: RuleId,
    },
    /// The request says the same as another, and is accepted if that was, and
    /// refused if that was.
    Alike {
        /// The rule that says so.
        rule: RuleId,
        /// The status of the other.
        plain: u16,
        /// The body must be accepted, whichever way it is written.
        is_valid: bool,
    },
    /// The request is refused with any 4xx, because of what happened before.
    Gone {
        /// The rule that says so.
        rule: RuleId,
    },
    /// Whether the request is accepted is left open.
    Open {
        /// The point that the contract leaves open.
        rule: RuleId,
    },
}

impl Expectation {
    /// The rule that it rests on.
    pub fn rule(self) -> RuleId {
        match self {
            Self::Accept { rule, .. }
            | Self::Alike { rule, .. }
            | Self::Refuse { rule }
            | Self::RefuseMessage { rule }
            | Self::Gone { rule }
            | Self::Open { rule } => rule,
        }
    }
}

/// What judging needs to know of the request.
#[derive(Clone, Copy)]
pub struct Facts<'r> {
    /// What is asked for.
    pub kind: OperationKind,
    /// The request. What it said itself is no leak when it comes back.
    pub request: &'r Request,
    /// What knows the tokens, which must never come back.
    pub secret: &'r Redactor,
    /// The body is what is wrong, not the exchange around it.
    pub is_body_fault: bool,
    /// 501 is a proper answer, beyond the rules that list it: to a method or an
    /// option that need not exist.
    pub may_be_unimplemented: bool,
}
