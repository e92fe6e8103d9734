//! What a body is, by its violations.

use super::violation::Violation;
use crate::contract::{Contract, Level, RuleId};
use crate::json::Pointer;

/// What a body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// Breaks nothing, touches no open point: must be accepted.
    Valid,
    /// Breaks nothing, and touches these open points: never judged.
    Unspecified(Vec<RuleId>),
    /// Breaks exactly one rule, at one place, and touches no open point.
    Malformed(RuleId, Pointer),
    /// Breaks more than one rule, or breaks one and touches open points: an
    /// answer to it could not be attributed, so it is never sent.
    Mixed(Vec<RuleId>),
}

impl Label {
    /// The label that the violations of a body make.
    pub fn of(contract: &Contract, violations: &[Violation]) -> Self {
        let is_open = |violation: &Violation| contract.rule(violation.rule).level == Level::Unspecified;
        let mut rules: Vec<RuleId> = violations.iter().map(|violation| violation.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        match violations {
            [] => Self::Valid,
            all if all.iter().all(is_open) => Self::Unspecified(rules),
            [one] => Self::Malformed(one.rule, one.at.clone()),
            _ => Self::Mixed(rules),
        }
    }

    /// The label in a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Unspecified(_) => "unspecified",
            Self::Malformed(..) => "malformed",
            Self::Mixed(_) => "mixed",
        }
    }
}
