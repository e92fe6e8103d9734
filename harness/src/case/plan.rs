//! The plan: every obligation of a contract, in an order that finds common
//! faults early. The few requests that tell whether there is a target at all
//! come first; then each operator at one place, a sample of what is stored, each
//! operator at a second place, and so on, so that a fault that shows everywhere
//! shows in the first few hundred requests. The rest of what is stored comes then, and
//! last what takes a caller who is not always there.

use std::collections::BTreeMap;

use super::list;
use super::obligation::{Action, Obligation};
use crate::contract::{Contract, Family, Level, OperationKind, RuleId, rule};
use crate::generate::Places;
use crate::pairs::{Pairs, Row, rows};

/// The obligations of a contract.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The places of its bodies.
    pub places: Places,
    /// All obligations with a request of their own, in the order in which a run
    /// walks them.
    pub obligations: Vec<Obligation>,
    /// How many of them come first, one at a time.
    pub opening: usize,
    /// What holds for answers, by operation: rules that no request breaks. They
    /// are met by answers that they apply to.
    pub answers: Vec<(RuleId, usize)>,
    /// The pairs of classes that bodies can have.
    pub pairs: Pairs,
    /// Objects in which all pairs occur.
    pub rows: Vec<Row>,
    /// The obligations by rule and name, so that each kind has one chance,
    /// however many places it has.
    pub(super) kinds: Vec<Vec<usize>>,
    /// Obligations whose bodies are malformed and can be rewritten.
    pub(super) malformed: Vec<usize>,
    /// Obligations that are sequences.
    pub(super) scripts: Vec<usize>,
    /// Obligations of one request, of which all is said by its body, and that is to
    /// be accepted.
    pub(super) plainly_valid: Vec<usize>,
    /// The same where the body is to be refused.
    pub(super) plainly_malformed: Vec<usize>,
}

impl Plan {
    /// Lists them.
    pub fn of(contract: &Contract) -> Self {
        let places = Places::of(contract);
        let mut obligations = list::obligations(contract, &places);
        let opening = order(contract, &mut obligations);
        let mut kinds: BTreeMap<(RuleId, &str), Vec<usize>> = BTreeMap::new();
        // What is asked before anything was added can be asked once only.
        let again = obligations.iter().enumerate().filter(|(_, obligation)| obligation.rule != rule::READ_UNSET);
        for (index, obligation) in again {
            kinds.entry((obligation.rule, obligation.name)).or_default().push(index);
        }
        let is_malformed = |obligation: &Obligation| {
            let row = contract.rule(obligation.rule);
            // Text that is no JSON has nothing to rewrite.
            matches!(obligation.action, Action::Change(_))
                && obligation.operation == 0
                && row.level != Level::Unspecified
                && row.id.starts_with("body/")
                && !row.id.starts_with("body/json/")
        };
        let those = |wanted: &dyn Fn(&Obligation) -> bool| {
            obligations.iter().enumerate().filter(|(_, one)| wanted(one)).map(|(index, _)| index).collect()
        };
        let malformed = those(&is_malformed);
        let scripts = those(&|one| matches!(one.action, Action::Follow(_)));
        let is_plain = |one: &Obligation| one.is_of_body() && one.is_judged(contract);
        let is_valid = |one: &Obligation| one.family(contract) == Family::Valid;
        let plainly_valid = those(&|one| is_plain(one) && is_valid(one));
        let plainly_malformed = those(&|one| is_plain(one) && !is_valid(one));
        let pairs = Pairs::of(contract, &places);
        Self {
            rows: rows(contract, &pairs),
            answers: answers(contract),
            kinds: kinds.into_values().collect(),
            places,
            obligations,
            opening,
            pairs,
            malformed,
            scripts,
            plainly_valid,
            plainly_malformed,
        }
    }

    /// Whether the obligation of this number is about one body alone.
    pub(super) fn is_of_body(&self, number: usize) -> bool {
        self.obligations.get(number).is_some_and(Obligation::is_of_body)
    }

    /// An obligation in words: the operator, the operation, and where.
    pub fn describe(&self, contract: &Contract, obligation: &Obligation) -> String {
        let operation = contract.operations.get(obligation.operation);
        let base = match obligation.action {
            Action::Rewrite(_, base) => Some(base),
            _ => None,
        };
        let place = self.places.describe(contract, obligation.place);
        let place = if place.is_empty() { "/".to_owned() } else { place };
        let operation = operation.map(|operation| operation.id.to_string());
        let base = base.map(|base| format!("{} body", base.name()));
        let words = [Some(obligation.name.to_owned()), operation, base, Some(place)];
        words.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }
}

/// One in so many of the obligations of a rule on state is among the early ones.
/// Whoever looks at what is stored has the object to itself, so it is a sample.
const SAMPLE: usize = 32;

/// When an obligation is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// One at a time, in this order.
    Opening(u8),
    /// Its kind for the first time.
    First,
    /// The sample of what is stored.
    Sample,
    /// Its kind for this time.
    Again(usize),
    /// What else is stored.
    Stored(usize),
    /// What takes another caller.
    Last,
}

/// Sorts the obligations; the number of those that come first one at a time.
fn order(contract: &Contract, obligations: &mut Vec<Obligation>) -> usize {
    let opening = |obligation: &Obligation| match (obligation.rule, obligation.action) {
        (rule::READ_UNSET, _) => Some(0),
        (rule::ACCEPT_EMPTY_OBJECT, Action::Change(_)) => Some(1),
        (rule::ACCEPT_BODY, Action::Choose(_)) if obligation.place == Places::ROOT && obligation.operation == 0 => {
            Some(2)
        }
        (rule::ACCEPT_READ, Action::Exchange(_)) => Some(3),
        _ => None,
    };
    let mut turns: BTreeMap<(RuleId, &str), usize> = BTreeMap::new();
    let mut looks: BTreeMap<RuleId, usize> = BTreeMap::new();
    let mut staged: Vec<(Stage, Obligation)> = Vec::with_capacity(obligations.len());
    for obligation in obligations.drain(..) {
        if obligation.is_of_another_caller() {
            staged.push((Stage::Last, obligation));
            continue;
        }
        let turn = counted(turns.entry((obligation.rule, obligation.name)).or_default());
        let look = counted(looks.entry(obligation.rule).or_default());
        // Who looks at what it made itself needs nobody to wait.
        let is_state = obligation.family(contract) == Family::State && !contract.creates();
        let stage = match opening(&obligation) {
            Some(place) => Stage::Opening(place),
            None if is_state && look.is_multiple_of(SAMPLE) => Stage::Sample,
            None if is_state => Stage::Stored(turn),
            None if turn == 0 => Stage::First,
            None => Stage::Again(turn),
        };
        staged.push((stage, obligation));
    }
    staged.sort_by_key(|(stage, _)| *stage);
    let first = staged.iter().take_while(|(stage, _)| matches!(stage, Stage::Opening(_))).count();
    obligations.extend(staged.into_iter().map(|(_, obligation)| obligation));
    first
}

/// How often it was counted before.
fn counted(count: &mut usize) -> usize {
    *count += 1;
    *count - 1
}

/// The rules on answers that can apply to each operation.
fn answers(contract: &Contract) -> Vec<(RuleId, usize)> {
    let mut answers = Vec::new();
    for (index, operation) in contract.operations.iter().enumerate() {
        let without = operation.success == 204;
        // Other methods are tried once on each path.
        let is_first = contract.operations.iter().position(|other| other.path == operation.path) == Some(index);
        let rules = [
            (rule::ANSWER_ALWAYS, true),
            (rule::ANSWER_NEXT, operation.kind.sends_policy()),
            (rule::ANSWER_HTTP, true),
            (rule::ANSWER_SERVER_ERROR, true),
            (rule::ANSWER_REDIRECT, true),
            (rule::ANSWER_NO_CONTENT, without),
            (rule::ANSWER_CONTENT, !without),
            (rule::ANSWER_ERROR_OBJECT, true),
            (rule::ANSWER_ERROR_TYPE, true),
            (rule::ANSWER_LEAK, true),
            (rule::ANSWER_WWW_AUTHENTICATE, true),
            (rule::ANSWER_ALLOW, is_first),
            (rule::ANSWER_LOCATION, operation.kind == OperationKind::Create),
            (rule::ANSWER_TYPES, operation.kind.answers_content()),
            (rule::ERROR_TEXT, true),
        ];
        answers.extend(rules.into_iter().filter(|(_, applies)| *applies).map(|(rule, _)| (rule, index)));
    }
    answers
}
