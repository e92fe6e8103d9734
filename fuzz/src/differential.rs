//! The typed model against the validator. They share the reader of nothing and the
//! tables of nothing, so that where one takes a body and the other does not, the
//! difference is a listed one or a fault.

use std::cell::RefCell;

use policy_harness::contract::{Level, rule};
use policy_harness::model::Policy;
use policy_harness::validate::{Validator, Violation};

use crate::planted;
use crate::subject::contract;

/// What the model does with a body that breaks a rule, or touches an open point, and
/// that the validator sees otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// It takes the body that must, or should, be refused.
    Takes,
    /// It takes it at some places, or in some forms, and refuses it at others.
    MayTake,
    /// It refuses a body that may be accepted.
    Refuses,
}

/// A difference that is known.
pub struct Known {
    /// Id of the rule.
    pub rule: &'static str,
    /// What the model does all the same.
    pub model: Model,
    /// Why it is so.
    pub reason: &'static str,
}

const fn known(rule: &'static str, model: Model, reason: &'static str) -> Known {
    Known { rule, model, reason }
}

const BETWEEN: &str = "The model reads each property by itself; what holds between them is the contract's.";
const KEPT: &str = "The model keeps what it does not know, so that nothing is lost on the way.";
const NULLS: &str =
    "The model tells absent, null and value apart everywhere, and leaves it to others where null may stand.";
const INSIDE: &str = "The validator does not look into an object whose type it does not know; the model does where one type alone can stand there.";
const TEXT: &str = "The model keeps the text of the value, whatever it says; other JSON types it refuses.";
const NUMBER: &str = "The model keeps the text of a number, whatever it says.";

/// All of them. A body that touches none of them is taken by both or by neither.
pub const KNOWN: &[Known] = &[
    known("body/expiration/both-values", Model::Takes, BETWEEN),
    known("body/expiration/duration-missing", Model::Takes, BETWEEN),
    known("body/expiration/duration-type", Model::Takes, BETWEEN),
    known("body/expiration/end-missing", Model::Takes, BETWEEN),
    known("body/expiration/end-type", Model::Takes, BETWEEN),
    known(
        "body/json/byte-order-mark",
        Model::Refuses,
        "RFC 8259, 8.1 lets a reader refuse the mark or ignore it; serde_json refuses it.",
    ),
    known(
        "body/json/duplicate-name",
        Model::MayTake,
        "A declared property has one place in the model; other members are kept as they come.",
    ),
    known(
        "body/json/depth",
        Model::MayTake,
        "serde_json goes along to a depth of 128, where the contract stops before.",
    ),
    known(
        "body/json/lone-surrogate",
        Model::MayTake,
        "The text of members that the model does not declare is kept as it is written, and not decoded.",
    ),
    known("body/null/collection", Model::Takes, NULLS),
    known("body/null/item", Model::Takes, NULLS),
    known("body/null/non-nullable", Model::Takes, NULLS),
    known("body/property/case", Model::Takes, KEPT),
    known("body/property/undeclared", Model::Takes, KEPT),
    known("body/type/abstract", Model::MayTake, INSIDE),
    known("body/type/form", Model::MayTake, INSIDE),
    known("body/type/missing", Model::Takes, KEPT),
    known(
        "body/type/not-string",
        Model::MayTake,
        "Where an object may have one type only, the model keeps what is said of its type as it is.",
    ),
    known("body/type/unknown", Model::MayTake, INSIDE),
    known("body/type/unrelated", Model::MayTake, INSIDE),
    known("body/value/date", Model::MayTake, TEXT),
    known("body/value/date-time", Model::MayTake, TEXT),
    known("body/value/date-time-offset", Model::Takes, TEXT),
    known("body/value/date-with-time", Model::Takes, TEXT),
    known("body/value/duration", Model::MayTake, TEXT),
    known("body/value/duration-units", Model::Takes, TEXT),
    known("body/value/enum-case", Model::Takes, KEPT),
    known(
        "body/value/enum-json-type",
        Model::Refuses,
        "A service may read other JSON types as a member; the model has an enumeration as a string.",
    ),
    known("body/value/enum-member", Model::Takes, KEPT),
    known("body/value/impossible-date", Model::Takes, TEXT),
    known("body/value/int32-fraction", Model::Takes, NUMBER),
    known("body/value/int32-range", Model::Takes, NUMBER),
];

thread_local! {
    static VALIDATOR: RefCell<Validator<'static>> = RefCell::new(Validator::new(contract()));
}

/// Reads the input both ways.
pub fn differential(input: &[u8]) {
    let is_taken = planted::taken(input, Policy::from_slice(input).is_ok());
    VALIDATOR.with_borrow_mut(|validator| {
        let violations = validator.validate(input);
        let is_told = violations.iter().any(|one| tells(one, is_taken) && !is_kept(one, violations));
        match is_taken {
            true => assert!(!is_told, "the model takes what breaks {}", named(violations)),
            false => assert!(is_told, "the model refuses what breaks {}", named(violations)),
        }
    });
}

/// Whether a broken rule, or a point that is touched, says that the model refuses the
/// body; or, where it has taken it, that it should not have.
fn tells(violation: &Violation, is_taken: bool) -> bool {
    let row = contract().rule(violation.rule);
    match KNOWN.iter().find(|known| known.rule == &*row.id).map(|known| known.model) {
        Some(Model::Takes) => false,
        Some(Model::MayTake) => !is_taken,
        Some(Model::Refuses) => true,
        None => row.level != Level::Unspecified,
    }
}

/// Whether it is in something that the model does not know, and keeps: a member whose
/// name has another letter case, an object whose type is named in an unusual way. The
/// validator reads either as the one that is meant.
fn is_kept(violation: &Violation, all: &[Violation]) -> bool {
    let kept = all.iter().filter_map(|one| match (one.rule, one.at.steps()) {
        (rule::PROPERTY_CASE, steps) => Some(steps),
        (rule::TYPE_FORM, [object @ .., _]) => Some(object),
        _ => None,
    });
    let steps = violation.at.steps();
    violation.rule != rule::TYPE_FORM && kept.into_iter().any(|above| steps.starts_with(above))
}

fn named(violations: &[Violation]) -> String {
    match violations {
        [] => "nothing".to_owned(),
        all => all.iter().map(|one| &*contract().rule(one.rule).id).collect::<Vec<_>>().join(", "),
    }
}
