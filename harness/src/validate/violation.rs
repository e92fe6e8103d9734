//! What a body breaks, and where.

use std::ops::Range;

use crate::contract::{Contract, Level, Property, RuleId, StructuredType, TypeId};
use crate::json::{NodeId, Pointer};

/// A rule that a body breaks, or a point it touches that the contract leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule; its level says what breaking it means.
    pub rule: RuleId,
    /// The value, or the place where one is missing.
    pub at: Pointer,
    /// The bytes of the body to show.
    pub span: Range<usize>,
    /// The value in the tree of the validator that found it; none where the text
    /// is no JSON.
    pub node: Option<NodeId>,
    /// What is declared there.
    pub declared: Declared,
}

/// Violations that were not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// How many.
    pub count: usize,
    /// The highest level among them; none where there are none.
    pub worst: Option<Level>,
}

/// What is declared at a place of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The type of the object that the place belongs to; none for the root.
    pub owner: Option<TypeId>,
    /// The property of that type, by index; none where no property is declared, or
    /// where the object as a whole is meant.
    pub property: Option<usize>,
}

impl Declared {
    /// The type of the object that the place belongs to.
    pub fn owner(self, contract: &Contract) -> Option<&StructuredType> {
        self.owner.and_then(|id| contract.schema.types.get(usize::from(id.0)))
    }

    /// The property that is declared there.
    pub fn property(self, contract: &Contract) -> Option<&Property> {
        self.owner(contract)?.properties.get(self.property?)
    }
}
