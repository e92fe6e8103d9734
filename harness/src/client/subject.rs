//! A body that a client is tried with, and what is expected of it: told from the
//! bytes of its line, like every label.

use super::protocol;
use crate::case::{Action, Case, Maker, Plan};
use crate::contract::{Contract, RuleId, rule};
use crate::json::{Pointer, Step, Tree};
use crate::validate::{Label, Validator};

/// What is expected of a client that gets a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It takes the body, and writes what it means.
    Kept,
    /// It refuses the body, or keeps what stands at these places: points that the
    /// contract leaves open, and what a client cannot know.
    KeptOrRefused(Vec<Pointer>),
    /// It answers. The body breaks this rule.
    Answered(RuleId),
}

impl Expected {
    /// What is expected of a body of which the validator says this; none where nothing
    /// could be said.
    fn of(contract: &Contract, validator: &mut Validator<'_>, body: &[u8]) -> Option<Self> {
        let kind = contract.operations.first()?.kind;
        let violations = validator.validate_as(kind, body);
        let places = || violations.iter().map(|violation| violation.at.clone()).collect();
        match Label::of(contract, violations) {
            Label::Valid => Some(Self::Kept),
            Label::Unspecified(_) => Some(Self::KeptOrRefused(places())),
            // To a service they are faults; a client meets them when the service is newer.
            Label::Malformed(rule::ENUM_MEMBER | rule::UNDECLARED, _) => Some(Self::KeptOrRefused(places())),
            Label::Malformed(rule, _) => Some(Self::Answered(rule)),
            Label::Mixed(_) => None,
        }
    }

    /// Whether a smaller body is tried for the same reason.
    fn is_kin(&self, smaller: &Self) -> bool {
        match (self, smaller) {
            (Self::Answered(rule), Self::Answered(other)) => rule == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(smaller),
        }
    }

    /// The turn of such a body in a run.
    pub(super) fn turn(&self) -> usize {
        match self {
            Self::Kept => 0,
            Self::KeptOrRefused(_) => 1,
            Self::Answered(_) => 2,
        }
    }
}

/// A body that a client is tried with.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) tree: Tree,
    pub(super) line: Vec<u8>,
    pub(super) expected: Expected,
    /// What made it, in a word.
    pub(super) operator: &'static str,
}

impl Subject {
    /// The body of these bytes, where it can be sent and something is expected of it.
    pub(super) fn of(
        contract: &Contract,
        validator: &mut Validator<'_>,
        body: &[u8],
        operator: &'static str,
    ) -> Option<Self> {
        let tree = protocol::tree(body)?;
        let line = tree.to_bytes();
        let expected = Expected::of(contract, validator, &line)?;
        Some(Self { tree, line, expected, operator })
    }

    /// The subject with another body, where that is tried for the same reason.
    pub(super) fn with(&self, contract: &Contract, validator: &mut Validator<'_>, tree: &Tree) -> Option<Self> {
        let other = Self::of(contract, validator, &tree.to_bytes(), self.operator)?;
        self.expected.is_kin(&other.expected).then_some(other)
    }
}

/// The bodies of the plan's obligations: those that must be kept first, then those
/// with an open point, then those that break a rule.
pub(super) fn obligations(contract: &Contract, plan: &Plan, seed: u64) -> Vec<Subject> {
    let (mut maker, mut validator) = (Maker::new(contract, plan, &[], seed), Validator::new(contract));
    let is_of_bodies = |number: &usize| {
        let obligation = &plan.obligations[*number];
        obligation.operation == 0
            && matches!(obligation.action, Action::Choose(_) | Action::Change(_) | Action::Rewrite(..))
    };
    let cases = (0..plan.obligations.len()).filter(is_of_bodies).filter_map(|number| maker.make(number as u64));
    let mut subjects: Vec<Subject> = cases.filter_map(|case| of_case(contract, &mut validator, &case)).collect();
    subjects.sort_by_key(|subject| subject.expected.turn());
    subjects
}

/// The body of the random case of this number.
pub(super) fn random(
    contract: &Contract,
    plan: &Plan,
    maker: &mut Maker<'_>,
    validator: &mut Validator<'_>,
    number: u64,
) -> Option<Subject> {
    let case = maker.make(plan.obligations.len() as u64 + number)?;
    of_case(contract, validator, &case)
}

fn of_case(contract: &Contract, validator: &mut Validator<'_>, case: &Case) -> Option<Subject> {
    let body = case.request.body.as_deref().filter(|_| case.operation == 0 && case.mislabelled.is_none())?;
    Subject::of(contract, validator, body, case.operator)
}

/// Whether one of two places is inside the other, or is it.
pub(super) fn is_about(place: &Pointer, other: &Pointer) -> bool {
    let steps: (&[Step], &[Step]) = (place.steps(), other.steps());
    steps.0.iter().zip(steps.1).all(|(left, right)| left == right)
}
