//! The checker: reads a body, decides which contract is meant, lets the validator
//! judge it, and puts what it found into words.

use std::ops::Range;

use super::context::{Context, Explanation};
use super::detect::Detected;
use super::explain::explain;
use super::span::{Cursor, SourceSpan};
use super::update;
use super::violation::Violation;
use crate::contract::{Contract, OperationKind, Property, RuleId, rule};
use crate::json::{Fault, Pointer, Step, Tree, ValueKind};
use crate::validate::{self, Declared, Dropped, Validator};

/// Values of one body that are read: far more than any policy has, and few enough
/// that they take tens of megabytes at most.
const MOST_VALUES: usize = 1 << 20;
/// Violations of one body that are told. A body with more has to be made anew anyway,
/// and a text can have millions.
const MOST_VIOLATIONS: usize = 1_000;

/// What was found in a body.
#[derive(Clone, Debug)]
pub struct Checked<'c> {
    /// The contract that it was judged by.
    pub contract: &'c Contract,
    /// What it looks like, where more than one contract was possible.
    pub detected: Option<Detected>,
    /// In the order of the text.
    pub violations: Vec<Violation>,
    /// Those beyond a thousand, which no report shows: how many, and the highest level
    /// among them.
    pub dropped: Dropped,
    /// Where reading stopped, because the body has more values than are read.
    pub stopped: Option<SourceSpan>,
}

/// Checks bodies, one after the other, in buffers that are used again.
///
/// ```
/// use policy_harness::check::Checker;
/// use policy_harness::contract::{Contract, OperationKind};
///
/// let (v1, beta) = (Contract::named("v1.0")?, Contract::named("beta")?);
/// let mut checker = Checker::new(&v1).or(&beta);
/// let checked = checker.check(br#"{"accessPackageId":"x","canExtend":true}"#, OperationKind::Create);
/// assert_eq!(&*checked.contract.name, "beta");
/// assert_eq!(checked.detected.unwrap().to_string(), "looks like beta (2 members of beta, 0 of v1.0)");
/// # Ok::<(), policy_harness::contract::ContractError>(())
/// ```
#[derive(Debug)]
pub struct Checker<'c> {
    /// In the order in which they were given.
    contracts: Vec<&'c Contract>,
    /// Of the first contract; it reads every body.
    first: Validator<'c>,
    /// Of the others.
    others: Vec<Validator<'c>>,
}

/// Every rule that a body breaks, in the order of the text.
pub fn check(body: &[u8], contract: &Contract, operation: OperationKind) -> Vec<Violation> {
    Checker::new(contract).check(body, operation).violations
}

impl<'c> Checker<'c> {
    /// A checker for bodies that are meant for this contract.
    pub fn new(contract: &'c Contract) -> Self {
        Self { contracts: vec![contract], first: validator(contract), others: Vec::new() }
    }

    /// The same where they may as well be meant for another one. Up to four are told
    /// apart.
    #[must_use]
    pub fn or(mut self, contract: &'c Contract) -> Self {
        self.contracts.push(contract);
        self.others.push(validator(contract));
        self
    }

    /// The contracts, in the order in which they were given.
    pub fn contracts(&self) -> &[&'c Contract] {
        &self.contracts
    }

    /// Checks the body of an operation of this kind, by the contract that it looks
    /// most like.
    pub fn check(&mut self, body: &[u8], operation: OperationKind) -> Checked<'c> {
        self.judged(body, operation, None)
    }

    /// The same by the contract of this index, whatever the body looks like.
    pub fn check_as(&mut self, body: &[u8], operation: OperationKind, contract: usize) -> Checked<'c> {
        self.judged(body, operation, Some(contract))
    }

    fn judged(&mut self, body: &[u8], operation: OperationKind, chosen: Option<usize>) -> Checked<'c> {
        self.first.parse(body);
        let is_told = self.contracts.len() > 1 && self.first.syntax_error().is_none();
        let detected = is_told.then(|| Detected::of(&self.contracts, self.first.tree()));
        let index = chosen.or_else(|| detected.as_ref().map(Detected::likeliest)).unwrap_or_default();
        let validator = match index.checked_sub(1).and_then(|index| self.others.get_mut(index)) {
            Some(other) => {
                other.exchange_text(&mut self.first);
                other
            }
            None => &mut self.first,
        };
        validator.judge();
        finding(validator, detected, body, operation)
    }
}

fn validator(contract: &Contract) -> Validator<'_> {
    Validator::new(contract).bounded(MOST_VALUES, MOST_VIOLATIONS).thorough()
}

/// What a validator found, in words.
fn finding<'c>(
    validator: &Validator<'c>,
    detected: Option<Detected>,
    body: &[u8],
    operation: OperationKind,
) -> Checked<'c> {
    let contract = validator.contract();
    let is_update = operation == OperationKind::Replace;
    let syntax_error = validator.syntax_error();
    let is_whole = syntax_error.is_none_or(|error| error.fault != Fault::TooMany);
    let mut told = Vec::new();
    let is_told = |violation: &&validate::Violation| is_whole && !is_passed_over(contract, validator.tree(), violation);
    for violation in validator.violations().iter().filter(is_told) {
        let context = Context { contract, tree: validator.tree(), body, syntax_error, violation };
        let declared = violation.declared;
        let mut pointer = violation.at.clone();
        let (mut rule, mut explanation) = (violation.rule, None);
        if is_update && contract.rule(rule).creates {
            rule = rule::UPDATE_REFERENCE;
            pointer = update::place(&context);
            explanation = Some(update::reference(&context));
        }
        let explanation = explanation.unwrap_or_else(|| explain(&context));
        told.push(Unplaced { rule, pointer, range: context.span(), explanation, declared });
    }
    if is_update {
        told.extend(resets(contract, validator));
    }
    told.sort_by_key(|one| one.range.start);
    let mut cursor = Cursor::new(body);
    let stopped = syntax_error.filter(|_| !is_whole).map(|error| Cursor::new(body).span(&(error.offset..error.offset)));
    Checked {
        contract,
        detected,
        violations: told.into_iter().map(|one| one.violation(contract, &mut cursor)).collect(),
        dropped: validator.dropped(),
        stopped,
    }
}

/// Whether nothing is to be told: a value of a person's own, of which only examples
/// are known, or a reference that is missing because another form of it is there,
/// which is told by itself.
fn is_passed_over(contract: &Contract, tree: &Tree, violation: &validate::Violation) -> bool {
    let asked = contract.rule(violation.rule).condition.as_ref().map(|(_, condition)| condition.then.property);
    let asked = asked.and_then(|index| violation.declared.owner(contract)?.properties.get(index));
    let bound = asked.zip(violation.node).filter(|(asked, _)| asked.is_reference);
    if bound.is_some_and(|(asked, node)| tree.member(node, &format!("{}@odata.bind", asked.name)).is_some()) {
        return true;
    }
    let (owner, property) = (violation.declared.owner, violation.declared.property(contract));
    let named = owner.zip(property).filter(|_| violation.rule == rule::STRING_FORMAT);
    named.is_some_and(|(owner, property)| contract.hints.is_free(&contract.schema, owner, &property.name))
}

/// A violation before its place is counted in lines.
struct Unplaced {
    rule: RuleId,
    pointer: Pointer,
    range: Range<usize>,
    explanation: Explanation,
    declared: Declared,
}

impl Unplaced {
    fn violation(self, contract: &Contract, cursor: &mut Cursor<'_>) -> Violation {
        let row = contract.rule(self.rule);
        let name = match self.pointer.steps().iter().rev().find(|step| matches!(step, Step::Name(_))) {
            Some(Step::Name(name)) => name,
            _ => "",
        };
        let Explanation { message, expected, found, suggestion } = self.explanation;
        // What is known of quoted literals is not known of other strings.
        let is_other = self.rule == rule::QUOTED && suggestion.is_none();
        let note = contract.note(self.rule, self.declared.owner, name).filter(|_| !is_other);
        Violation {
            rule: row.id.clone(),
            level: row.level,
            citations: row.citations.clone(),
            span: cursor.span(&self.range),
            message,
            expected,
            found,
            suggestion,
            note: note.map(Into::into),
            pointer: self.pointer,
        }
    }
}

/// What a body that replaces a policy leaves out.
fn resets(contract: &Contract, validator: &Validator<'_>) -> Vec<Unplaced> {
    let tree = validator.tree();
    let is_policy = validator.syntax_error().is_none();
    let root = tree.root().filter(|&root| is_policy && tree.kind(root) == ValueKind::Object);
    let Some(root) = root else { return Vec::new() };
    let start = validator.shift(tree.value_span(root)).start;
    let told = |property: &Property| Unplaced {
        rule: rule::UPDATE_RESETS,
        pointer: Pointer::from_iter([Step::Name(property.name.clone())]),
        range: start..start + 1,
        explanation: update::explain(property),
        declared: Declared { owner: Some(contract.body), property: None },
    };
    update::resets(contract, tree, root).into_iter().map(told).collect()
}
