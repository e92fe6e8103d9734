//! Which acceptance rules a body shows: what a target that refuses it may have
//! stumbled over. Acceptance rules come first in the table of rules, so a set
//! of them is one word.

use super::validator::Validator;
use crate::contract::{Contract, RuleId};

/// A set of acceptance rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleSet(u64);

impl RuleSet {
    /// Adds a rule; one beyond the acceptance rules is not kept.
    pub fn insert(&mut self, rule: RuleId) {
        self.0 |= 1u64.checked_shl(u32::from(rule.0)).unwrap_or_default();
    }

    /// Whether the rule is in the set.
    pub fn contains(self, rule: RuleId) -> bool {
        self.0 & 1u64.checked_shl(u32::from(rule.0)).unwrap_or_default() != 0
    }

    /// The rules, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = RuleId> {
        (0..64).map(RuleId).filter(move |&rule| self.contains(rule))
    }
}

/// The acceptance rules that a body shows.
pub fn shown(contract: &Contract, body: &[u8]) -> Vec<RuleId> {
    let mut validator = Validator::new(contract);
    validator.validate(body);
    validator.shown().iter().collect()
}
