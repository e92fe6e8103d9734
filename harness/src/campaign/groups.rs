//! Failures by cause, as far as it can be told before anything is reduced: the
//! rule that the answer breaks, how it shows, and for a crash also what the
//! request was about. Of each group the smallest case is kept, and numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::reduction::GroupKey;
use crate::case::{Case, Scene};
use crate::contract::{Level, RuleId, rule};
use crate::judge::Fault;
use crate::validate::Label;

/// Groups kept at most; a target that fails in more ways is broken beyond
/// telling them apart.
const MOST: usize = 200;
/// Places remembered for one group.
const MOST_PLACES: usize = 50;

/// Failures of one cause.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) fault: Fault,
    /// The case with the smallest body, of those the first by index.
    pub(super) case: Box<Case>,
    /// The first of all cases.
    pub(super) first: u64,
    pub(super) cases: u64,
    pub(super) obligations: BTreeSet<usize>,
    pub(super) places: BTreeSet<String>,
    /// Those that obligations showed, which is the same in every run.
    pub(super) walked: BTreeSet<String>,
}

/// All groups.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) groups: BTreeMap<GroupKey, Group>,
}

impl Groups {
    /// Adds the faults of a case.
    pub(super) fn add(&mut self, case: &Case, faults: &[Fault]) {
        for fault in faults {
            let key = GroupKey { rule: fault.rule, symptom: fault.symptom.to_string(), about: about(fault, case) };
            let group = self.groups.entry(key).or_insert_with(|| Group {
                fault: fault.clone(),
                case: Box::new(case.clone()),
                first: case.index,
                cases: 0,
                obligations: BTreeSet::new(),
                places: BTreeSet::new(),
                walked: BTreeSet::new(),
            });
            group.add(fault, case);
            // The same ones stay, whichever came first.
            if self.groups.len() > MOST {
                self.groups.pop_last();
            }
        }
    }
}

impl Groups {
    /// Groups whose failure is of this level or above.
    pub(super) fn standing(&self, level: Level) -> usize {
        self.groups.values().filter(|group| group.fault.level >= level).count()
    }
}

impl Group {
    fn add(&mut self, fault: &Fault, case: &Case) {
        self.cases += 1;
        self.obligations.extend(case.obligation);
        let place = fault.symptom.at().unwrap_or(&case.at).erased().to_string();
        let is_walked = case.obligation.and_then(|number| u64::try_from(number).ok()) == Some(case.index);
        if is_walked {
            insert(&mut self.walked, place.clone());
        }
        insert(&mut self.places, place);
        self.first = self.first.min(case.index);
        // By size and index, whichever worker was quicker.
        if size(case) < size(&self.case) {
            (*self.case).clone_from(case);
            self.fault = fault.clone();
        }
    }

    /// Takes in another group of the same cause.
    pub(super) fn merge(&mut self, other: Self) {
        self.cases += other.cases;
        self.obligations.extend(other.obligations);
        other.places.into_iter().for_each(|place| insert(&mut self.places, place));
        other.walked.into_iter().for_each(|place| insert(&mut self.walked, place));
        self.first = self.first.min(other.first);
        if size(&other.case) < size(&self.case) {
            (self.case, self.fault) = (other.case, other.fault);
        }
    }
}

/// Keeps the first ones by name, whichever came first.
fn insert(places: &mut BTreeSet<String>, place: String) {
    places.insert(place);
    if places.len() > MOST_PLACES {
        places.pop_last();
    }
}

/// One request is easier to read than several, a small body than a large one, and
/// what is beyond doubt is easier to believe.
pub(super) fn size(case: &Case) -> (usize, bool, usize, u64) {
    let steps = match &case.scene {
        Scene::Sequence { steps } => steps.len(),
        _ => 0,
    };
    (steps, matches!(case.label, Label::Unspecified(_)), case.body().len(), case.index)
}

/// A crash or silence has as many causes as there are things to be asked.
fn about(fault: &Fault, case: &Case) -> Option<RuleId> {
    [rule::ANSWER_SERVER_ERROR, rule::ANSWER_ALWAYS, rule::ANSWER_HTTP].contains(&fault.rule).then_some(case.rule)
}
