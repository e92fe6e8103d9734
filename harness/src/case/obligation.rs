//! An obligation: a rule at a place, and how it is exercised. The obligations of
//! a contract are finite, and a run walks all of them.

use super::script::Script;
use crate::contract::{Contract, Family, Level, RuleId};
use crate::generate::{Choice, PlaceId};
use crate::malform::{Change, Exchange, Operator, Rewriting};

/// How an obligation is exercised.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// The generator is told what is at the place.
    Choose(Choice<'static>),
    /// A valid body is changed at the place.
    Change(&'static Operator),
    /// A valid body is sent in another way.
    Exchange(&'static Exchange),
    /// A body is sent plainly and rewritten.
    Rewrite(&'static Rewriting, Base),
    /// What is stored is looked at.
    Store(Store),
    /// Requests that depend on each other are sent one after the other.
    Follow(&'static Script),
}

/// The body that is rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// One that must be accepted.
    Valid,
    /// One that touches an open point.
    Open,
    /// One that breaks a rule.
    Malformed,
}

impl Base {
    /// The base in a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Open => "open",
            Self::Malformed => "malformed",
        }
    }
}

/// What is looked at in what is stored.
#[derive(Clone, Copy, Debug)]
pub enum Store {
    /// A body with this at the place is read back.
    Value(Choice<'static>),
    /// A body with something at the place is replaced by one that has this there.
    Replaced(Choice<'static>),
    /// A request that is refused for this has changed nothing.
    Unchanged(Wrong),
    /// A create that is refused for this has left nothing behind.
    NothingLeft(Wrong),
}

/// What a request is refused for.
#[derive(Clone, Copy, Debug)]
pub enum Wrong {
    /// What the operator did to its body.
    Body(&'static Operator),
    /// A condition between properties of its body.
    Condition(RuleId),
    /// Something about the request around its body.
    Request(&'static Exchange),
}

/// A rule at a place.
#[derive(Clone, Copy, Debug)]
pub struct Obligation {
    /// The rule.
    pub rule: RuleId,
    /// Where: a place in the body; the body itself for what concerns the exchange.
    pub place: PlaceId,
    /// The operation that is asked for, by index in the contract.
    pub operation: usize,
    /// How.
    pub action: Action,
    /// How, in a word.
    pub name: &'static str,
}

impl Obligation {
    /// Whether the obligation is judged at all.
    pub fn is_judged(&self, contract: &Contract) -> bool {
        contract.rule(self.rule).level != Level::Unspecified
    }

    /// Whether it is about one body alone, and not about what stands around it.
    pub(super) fn is_of_body(&self) -> bool {
        matches!(self.action, Action::Choose(_) | Action::Change(_))
    }

    /// Whether it takes a caller of its own, who is not always there.
    pub(super) fn is_of_another_caller(&self) -> bool {
        let exchange = match self.action {
            Action::Exchange(exchange)
            | Action::Store(
                Store::Unchanged(Wrong::Request(exchange)) | Store::NothingLeft(Wrong::Request(exchange)),
            ) => exchange,
            _ => return false,
        };
        exchange.change == Change::Unprivileged
    }

    /// The family of its rule.
    pub fn family(&self, contract: &Contract) -> Family {
        contract.rule(self.rule).family
    }
}
