//! The score: what was caught, by family, and what was said of servers that
//! conform.

use std::collections::BTreeMap;

use super::subject::{Outcome, Subject};
use crate::contract::Family;

/// Defects of one family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FamilyScore {
    /// Defects that were planted.
    pub planted: usize,
    /// Defects that were found under the right rule, in no more than three findings.
    pub caught: usize,
    /// Cases until each was met, in order.
    pub cases: Vec<u64>,
}

impl FamilyScore {
    /// The median of the cases until a defect was met.
    pub fn median(&self) -> Option<u64> {
        self.cases.get(self.cases.len() / 2).copied()
    }
}

/// What the trial says of the harness.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Defects by family.
    pub families: BTreeMap<Family, FamilyScore>,
    /// Servers that conform.
    pub variants: usize,
    /// Those of them that were accused of something.
    pub false_alarms: usize,
    /// What went wrong.
    pub failures: Vec<Outcome>,
}

impl Score {
    /// Takes in one campaign.
    pub fn add(&mut self, outcome: &Outcome) {
        let is_right = outcome.failure.is_none();
        match outcome.subject {
            Subject::Defect(defect) => {
                let family = self.families.entry(defect.family).or_default();
                family.planted += 1;
                family.caught += usize::from(is_right);
                family.cases.extend(outcome.cases);
                family.cases.sort_unstable();
            }
            Subject::Variant(..) | Subject::Plain(_) => {
                self.variants += 1;
                self.false_alarms += usize::from(!is_right);
            }
        }
        if !is_right {
            self.failures.push(outcome.clone());
        }
    }

    /// All families together.
    pub fn all(&self) -> FamilyScore {
        let mut all = FamilyScore::default();
        for family in self.families.values() {
            all.planted += family.planted;
            all.caught += family.caught;
            all.cases.extend(&family.cases);
        }
        all.cases.sort_unstable();
        all
    }

    /// Whether everything was caught and nothing was made up.
    pub fn is_perfect(&self) -> bool {
        self.failures.is_empty()
    }
}
