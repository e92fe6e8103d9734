//! From faults of one cause to a finding: the client is asked again with smaller
//! bodies, as long as they show the same.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Breakdown, Fault, Key, Symptom, faults};
use super::finding::Finding;
use super::options::Event;
use super::run::Group;
use super::session::{Heard, NotReady, SETTLE, Session};
use super::subject::Subject;
use crate::contract::{Contract, RuleId, rule};
use crate::shrink::{Shrinker, heart};
use crate::validate::Validator;

/// Breakdowns that making one body small may cost: each takes a start, and most of
/// them a time limit.
const BREAKDOWNS: u32 = 20;
/// Times that the smallest body is sent to see whether it always shows.
const CONFIRMATIONS: u32 = 2;

/// The findings, the worst first.
pub(super) fn all(
    contract: &Contract,
    session: &mut Session<'_>,
    asks: u32,
    groups: BTreeMap<Key, Group>,
    tell: &mut dyn FnMut(Event),
) -> Vec<Finding> {
    let groups = causes(groups);
    let count = groups.len();
    let mut findings = Vec::with_capacity(count);
    for (number, (key, group)) in groups.into_iter().enumerate() {
        tell(Event::Reducing(number, count));
        let reducer = Reducer { contract, session, key: &key, asks, breakdowns: BREAKDOWNS };
        findings.push(reducer.finding(group));
    }
    let mut findings = one_of_each(findings);
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.level, finding.bodies)));
    findings
}

/// The groups without those that follow from others: where a value is not kept, a null
/// and what is open are not kept either.
fn causes(mut groups: BTreeMap<Key, Group>) -> BTreeMap<Key, Group> {
    let kept = groups.iter().filter(|((rule, _), _)| *rule == rule::CLIENT_KEPT);
    let places: BTreeSet<String> = kept.flat_map(|(_, group)| group.places.keys().cloned()).collect();
    let follows = |rule: RuleId, group: &Group| {
        matches!(rule, rule::CLIENT_NULL_KEPT | rule::CLIENT_UNKNOWN_KEPT)
            && group.places.keys().all(|place| places.contains(place))
    };
    groups.retain(|(rule, _), group| !follows(*rule, group));
    groups
}

/// Refusals of one place are one finding, whatever words they were refused with.
fn one_of_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen: BTreeMap<(RuleId, String), usize> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let is_refusal = matches!(finding.fault.symptom, Symptom::Refused(_));
        let place = finding.places.first().map(|(place, _)| place.clone()).unwrap_or_default();
        let next = kept.len();
        match seen.entry((finding.rule, place)).or_insert(next) {
            first if is_refusal && *first < next => kept[*first].bodies += finding.bodies,
            _ => kept.push(finding),
        }
    }
    kept
}

struct Reducer<'r, 's> {
    contract: &'r Contract,
    session: &'r mut Session<'s>,
    key: &'r Key,
    /// Times that the client may still be asked.
    asks: u32,
    breakdowns: u32,
}

impl Reducer<'_, '_> {
    fn finding(mut self, group: Group) -> Finding {
        let Group { mut fault, mut subject, bodies, places } = group;
        let asks = self.asks;
        let mut validator = Validator::new(self.contract);
        let mut shrinker = Shrinker::new(subject.tree.clone());
        while !self.is_over() {
            let Some(candidate) = shrinker.next_candidate() else { break };
            let Some(smaller) = subject.with(self.contract, &mut validator, candidate) else { continue };
            if let Some(shown) = self.shown(&smaller) {
                shrinker.accept();
                (fault, subject) = (shown, smaller);
            }
        }
        let confirmed = if asks == 0 { (0, 0) } else { self.confirm(&subject) };
        let places = match fault.symptom {
            Symptom::Changed(_) => by_number(places),
            // No place was named: it is what the body is about.
            Symptom::Broken(_) | Symptom::Refused(_) => vec![(heart(&subject.tree).erased().to_string(), bodies)],
        };
        let level = self.contract.rule(fault.rule).level;
        let Subject { line, operator, .. } = subject;
        Finding { rule: fault.rule, level, fault, places, bodies, body: line, operator, confirmed }
    }

    fn is_over(&self) -> bool {
        self.asks == 0 || self.breakdowns == 0 || self.session.is_stopped()
    }

    fn confirm(&mut self, subject: &Subject) -> (u32, u32) {
        let (mut shown, mut sent) = (0, 0);
        while sent < CONFIRMATIONS && !self.session.is_stopped() {
            shown += u32::from(self.shown(subject).is_some());
            sent += 1;
        }
        (shown, sent)
    }

    /// The fault, where the body still shows it.
    fn shown(&mut self, subject: &Subject) -> Option<Fault> {
        self.asks = self.asks.saturating_sub(1);
        let found = match self.session.ask(&subject.line) {
            Heard::Answer(answer) => match self.surplus() {
                Some(breakdown) => vec![Fault::broken(breakdown)],
                None => faults(self.contract, subject, &answer),
            },
            Heard::Broken(breakdown) | Heard::Gone(NotReady::Broken(breakdown)) => {
                self.breakdowns = self.breakdowns.saturating_sub(1);
                vec![Fault::broken(breakdown)]
            }
            Heard::Gone(_) | Heard::Stopped => Vec::new(),
        };
        found.into_iter().find(|fault| fault.key() == *self.key)
    }

    /// A second line, where that is what is looked for.
    fn surplus(&mut self) -> Option<Breakdown> {
        let is_wanted = *self.key == Fault::broken(Breakdown::surplus(b"")).key();
        if is_wanted { self.session.surplus(SETTLE) } else { None }
    }
}

/// The places with their numbers, the greatest first.
fn by_number(places: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut places: Vec<(String, u64)> = places.into_iter().collect();
    places.sort_by_key(|(_, bodies)| std::cmp::Reverse(*bodies));
    places
}
