//! Changes to the rules of a contract that a user makes for a service of their own:
//! another level, other statuses, and always the reason.

use super::error::ContractError;
use super::rows::Outcome;
use super::{Contract, Level, RuleId};

/// What is to hold instead of what the contract says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Id of the rule, `body/value/enum-member`.
    pub rule: String,
    /// Its level; none leaves it.
    pub level: Option<Level>,
    /// The statuses that a request which breaks it is answered with, `400|422` or
    /// `400, 422`; none leaves them.
    pub statuses: Option<String>,
    /// Why, for whoever reads a report.
    pub reason: String,
}

/// A rule that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The rule.
    pub rule: RuleId,
    /// The level that the contract gave it.
    pub before: Level,
    /// Why it was changed.
    pub reason: Box<str>,
}

impl Contract {
    /// The contract with one rule changed. What is made of it, a plan or a server,
    /// has to be made behind the change.
    ///
    /// # Errors
    /// There is no such rule, no reason, nothing to change, or level and statuses do
    /// not go together; the text says what to do.
    pub fn with_change(mut self, change: &RuleChange) -> Result<Self, ContractError> {
        let fault = |what: String| ContractError::in_file(&change.rule, what);
        let Some(id) = self.rule_named(&change.rule) else {
            return Err(fault(format!("the contract {} has no such rule; correct the id", self.name)));
        };
        if change.reason.trim().is_empty() {
            return Err(fault("lacks a reason; say in `reason` why it is other for this service".to_owned()));
        }
        if change.level.is_none() && change.statuses.is_none() {
            return Err(fault("nothing is changed; give `level` or `statuses`".to_owned()));
        }
        let row = &mut self.rules[usize::from(id.0)];
        let (before, level) = (row.level, change.level.unwrap_or(row.level));
        if level == Level::Unspecified && change.statuses.is_some() {
            return Err(fault("has statuses, and what is left open has none; remove one of them".to_owned()));
        }
        let text = change.statuses.as_ref().map(|text| text.replace(',', "|"));
        // What is left open now has lost its statuses, as what the contract leaves open.
        let is_kept = text.is_none() && level != Level::Unspecified && !row.statuses.is_empty();
        if !is_kept {
            let outcome = Outcome::read(row.family, level, text.as_deref(), None).map_err(fault)?;
            (row.statuses, row.preferred) = (outcome.statuses, outcome.preferred);
        }
        row.level = level;
        self.changes.retain(|known| known.rule != id);
        self.changes.push(Changed { rule: id, before, reason: change.reason.trim().into() });
        Ok(self)
    }
}
