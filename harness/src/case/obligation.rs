//! An obligation: a rule at a place, and how it is exercised. The obligations of
//! a contract are finite, and a run walks all of them.

use crate::contract::{Contract, Family, Level, RuleId};
use crate::generate::{Choice, PlaceId};
use crate::malform::{Exchange, Operator, Rewriting};

/// How an obligation is exercised.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// The generator is told what is at the place.
    Choose(Choice<'static>),
    /// A valid body is changed at the place.
    Change(&'static Operator),
    /// A valid body is sent in another way; the operation is given by index.
    Exchange(&'static Exchange, usize),
    /// A body is sent plainly and rewritten; the operation is given by index.
    Rewrite(&'static Rewriting, usize, Base),
    /// What is stored is looked at.
    Store(Store),
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
    /// A refused body has changed nothing.
    UnchangedBy(&'static Operator),
    /// A body that is refused for a condition between properties has changed nothing.
    UnchangedWith(RuleId),
    /// A request that is refused for something else has changed nothing.
    UnchangedAfter(&'static Exchange),
}

/// A rule at a place.
#[derive(Clone, Copy, Debug)]
pub struct Obligation {
    /// The rule.
    pub rule: RuleId,
    /// Where: a place in the body; the body itself for what concerns the exchange.
    pub place: PlaceId,
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

    /// The family of its rule.
    pub fn family(&self, contract: &Contract) -> Family {
        contract.rule(self.rule).family
    }
}
