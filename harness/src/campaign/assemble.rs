//! From groups and what reducing made of them to findings: groups that turn out
//! to have one cause are put together, and each finding gets its name. Nothing is
//! asked of a target, so that findings can be told from records alone.

use std::collections::BTreeMap;

use super::finding::{Finding, Standing, fingerprint};
use super::groups::{Group, size};
use super::naming;
use super::reduction::{GroupKey, Reduction};
use crate::case::Scene;
use crate::contract::{Contract, Family, RuleId, rule};
use crate::judge::Symptom;

/// Findings of one rule and symptom that are told apart by cause; more are one.
const CAUSES: usize = 3;
/// The same for what is stored: who stores wrongly does so in many ways at once.
const CAUSES_OF_STATE: usize = 2;

/// What makes two reduced groups one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    rule: RuleId,
    symptom: String,
    /// For a crash: what the smallest request is about.
    about: Option<RuleId>,
}

/// A group with what its smallest case became.
#[derive(Clone, Debug)]
struct Reduced {
    group: Group,
    confirmed: (u32, u32),
    curl: String,
}

impl Group {
    /// What stands for a reduction where there was none.
    pub(super) fn unreduced(&self, key: GroupKey, curl: String) -> Reduction {
        Reduction {
            key,
            from: self.case.index,
            rule: self.fault.rule,
            fault: self.fault.clone(),
            case: (*self.case).clone(),
            confirmed: (0, 0),
            curl,
        }
    }
}

/// The findings, the gravest first.
pub(super) fn assemble(contract: &Contract, groups: Vec<(Group, Reduction)>) -> Vec<Finding> {
    let mut causes: BTreeMap<Cause, Reduced> = BTreeMap::new();
    for (mut group, reduction) in groups {
        let cause = Cause::of(contract, &reduction);
        let Reduction { fault, case, confirmed, curl, .. } = reduction;
        (group.fault, *group.case) = (fault, case);
        let reduced = Reduced { group, confirmed, curl };
        match causes.entry(cause) {
            std::collections::btree_map::Entry::Occupied(mut known) => known.get_mut().merge(reduced),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(reduced);
            }
        }
    }
    let merged = merge_many(contract, causes);
    let mut findings: Vec<Finding> =
        merged.into_iter().map(|(cause, reduced)| finding(contract, cause.rule, reduced)).collect();
    findings
        .sort_by(|one, two| (two.level, one.first, &one.fingerprint).cmp(&(one.level, two.first, &two.fingerprint)));
    findings
}

impl Cause {
    fn of(contract: &Contract, reduction: &Reduction) -> Self {
        let Reduction { fault, case, rule, .. } = reduction;
        let about = is_of_any(fault.rule).then(|| match contract.rule(case.rule).family {
            Family::Valid => naming::trait_of(contract, case),
            _ => case.rule,
        });
        Self { rule: *rule, symptom: fault.symptom.to_string(), about }
    }
}

impl Reduced {
    fn merge(&mut self, other: Self) {
        if size(&other.group.case) < size(&self.group.case) {
            (self.confirmed, self.curl) = (other.confirmed, other.curl);
        }
        self.group.merge(other.group);
    }
}

/// A crash or silence has as many causes as there are things to be asked.
pub(super) fn is_of_any(id: RuleId) -> bool {
    [rule::ANSWER_SERVER_ERROR, rule::ANSWER_ALWAYS, rule::ANSWER_HTTP].contains(&id)
}

/// A target that crashes at everything has one fault, not one for each thing
/// that it was asked; and one that stores nothing right has one, in however many
/// ways it shows.
fn merge_many(contract: &Contract, causes: BTreeMap<Cause, Reduced>) -> Vec<(Cause, Reduced)> {
    let is_state = |cause: &Cause| contract.rule(cause.rule).family == Family::State;
    let mut by_symptom: BTreeMap<(RuleId, String), Vec<(Cause, Reduced)>> = BTreeMap::new();
    for (cause, reduced) in causes {
        let symptom = if is_state(&cause) { String::new() } else { cause.symptom.clone() };
        by_symptom.entry((cause.rule, symptom)).or_default().push((cause, reduced));
    }
    let mut merged = Vec::new();
    for mut same in by_symptom.into_values() {
        let most = if same.first().is_some_and(|(cause, _)| is_state(cause)) { CAUSES_OF_STATE } else { CAUSES };
        if same.len() > most {
            same.sort_by_key(|(_, reduced)| size(&reduced.group.case));
            let mut rest = same.split_off(1);
            if let Some((_, first)) = same.first_mut() {
                rest.drain(..).for_each(|(_, reduced)| first.merge(reduced));
            }
        }
        merged.extend(same);
    }
    merged
}

/// The finding that a cause makes.
fn finding(contract: &Contract, rule: RuleId, reduced: Reduced) -> Finding {
    let Reduced { group, confirmed, curl } = reduced;
    let symptom = group.fault.symptom.to_string();
    let place = group.fault.symptom.at().unwrap_or(&group.case.at).erased().to_string();
    let about = if is_of_any(rule) { &*contract.rule(group.case.rule).id } else { "" };
    // Random cases show more of a fault the longer a run is; its name has to be the
    // same in all of them.
    let mut walked = group.walked.iter();
    let named_place = match (walked.next(), walked.next()) {
        (Some(_), Some(_)) => "*",
        (Some(only), None) => only,
        (None, _) => &place,
    };
    Finding {
        rule,
        level: group.fault.level,
        got: group.fault.symptom.sentence(),
        expected: expected(contract, &group, rule),
        fingerprint: fingerprint(&contract.rule(rule).id, named_place, &[&*symptom, about].concat()),
        symptom,
        place,
        places: group.places,
        operator: group.case.operator,
        obligations: group.obligations,
        cases: group.cases,
        first: group.first,
        curl,
        fault: group.fault,
        case: group.case,
        confirmed,
        standing: Standing::New,
    }
}

/// What the rule asks for, in a few words.
fn expected(contract: &Contract, group: &Group, rule: RuleId) -> String {
    let row = contract.rule(rule);
    if let Symptom::Unlike { plain, .. } = group.fault.symptom {
        return format!("{plain}, or any other status of its kind, as for the same request written plainly");
    }
    let preferred = if row.preferred.is_empty() { String::new() } else { format!(", best {}", row.preferred) };
    let is_one = !matches!(group.case.scene, Scene::Sequence { .. });
    match row.family {
        Family::Valid if is_one => {
            let operation = &contract.operations[group.case.operation];
            format!("{}", operation.success)
        }
        Family::State if matches!(group.fault.symptom, Symptom::Status(_)) => match rule {
            rule::DELETED | rule::DELETED_ONCE | rule::CREATES_NOTHING => "4xx".to_owned(),
            _ => "200".to_owned(),
        },
        Family::Valid | Family::Answer | Family::State => row.statement.to_string(),
        _ => format!("{}{preferred}", row.statuses),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::case::{Maker, Plan};
    use crate::contract::Level;
    use crate::judge::Fault;

    /// The name of the finding of a group that showed at these places: in obligations,
    /// and in random cases besides.
    fn named(walked: &[&str], random: &[&str]) -> String {
        let contract = Contract::named("seed").unwrap();
        let plan = Plan::of(&contract);
        let case = Maker::new(&contract, &plan, &[String::new()], 1).make(5).unwrap();
        let fault = Fault { rule: rule::ENUM_MEMBER, level: Level::Must, symptom: Symptom::Status(204) };
        let places = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
        let group = Group {
            fault: fault.clone(),
            first: case.index,
            case: Box::new(case),
            cases: 1,
            obligations: BTreeSet::new(),
            places: places(&[walked, random].concat()),
            walked: places(walked),
        };
        let key = GroupKey { rule: fault.rule, symptom: fault.symptom.to_string(), about: None };
        let reduction = group.unreduced(key, String::new());
        let findings = assemble(&contract, vec![(group, reduction)]);
        findings.into_iter().next().unwrap().fingerprint
    }

    #[test]
    fn what_random_cases_show_besides_is_no_part_of_the_name() {
        assert_eq!(named(&["/a"], &[]), named(&["/a"], &["/b", "/c"]));
        assert_eq!(named(&["/a", "/b"], &[]), named(&["/a", "/c"], &["/d"]));
        assert_ne!(named(&["/a"], &[]), named(&["/b"], &[]));
        assert_ne!(named(&["/a"], &[]), named(&["/a", "/b"], &[]));
    }
}
