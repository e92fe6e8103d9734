//! The typed model gives back what it takes, and refuses what it cannot hold.

use policy_harness::contract::{RuleId, rule};
use policy_harness::json::{self, Pointer, Step, ValueKind};
use policy_harness::model::{FaultKind, Policy};
use policy_harness::roundtrip::{RoundTrip, round_trip};
use policy_harness::strategy::{malformed, open, policy};
use policy_harness::validate::Label;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::bytes::{Text, arbitrary, mutated};
use super::holds;

/// bytes → model → bytes → model, in this test's own words.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    let policy = Policy::from_slice(bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let written = policy.to_vec();
    prop_assert_eq!(&Policy::from_slice(&written).unwrap(), &policy);
    let (before, after) = (json::read(bytes).unwrap(), json::read(&written).unwrap());
    prop_assert_eq!(json::difference(&before, &after), None);
    prop_assert!(matches!(round_trip(bytes), RoundTrip::Same));
    // Once more changes nothing: the model's own order is final.
    prop_assert_eq!(&Policy::from_slice(&written).unwrap().to_vec(), &written);
    // serde says the same, both ways, and so does a policy that outlives its text.
    prop_assert_eq!(&serde_json::from_slice::<Policy<'_>>(&written).unwrap(), &policy);
    prop_assert_eq!(&serde_json::to_vec(&policy).unwrap(), &written);
    let owned = policy.clone().into_owned();
    prop_assert_eq!(&owned, &policy);
    prop_assert_eq!(owned.to_vec(), written);
    Ok(())
}

#[test]
fn a_valid_body_comes_back_whole() {
    holds(500, &policy(), |payload| survives(&payload.bytes));
}

/// A byte order mark is no JSON; the validator looks behind it, serde does not.
/// What is no string is no member of an enumeration, known or not.
#[test]
fn an_open_body_comes_back_whole() {
    holds(500, &open(), |payload| {
        if matches!(&payload.label, Label::Unspecified(rules) if rules.contains(&rule::ENUM_JSON_TYPE)) {
            let error = Policy::from_slice(&payload.bytes).unwrap_err();
            prop_assert!(error.what().contains("a member of"), "{error}");
            return Ok(());
        }
        if payload.bytes.starts_with(b"\xEF\xBB\xBF") {
            prop_assert!(Policy::from_slice(&payload.bytes).is_err());
            return survives(&payload.bytes[3..]);
        }
        survives(&payload.bytes)
    });
}

/// Faults of the text itself: no reader takes it.
const TEXT: &[RuleId] = &[rule::SYNTAX, rule::UTF8, rule::EMPTY];
/// What the types cannot hold: another JSON type than the declared one (an
/// enumeration is a string, with a member that may be unknown), and escapes that
/// are no text. Containers too deep stand in the place of a boolean.
const REFUSED: &[RuleId] =
    &[rule::ROOT, rule::DEPTH, rule::LONE_SURROGATE, rule::JSON_TYPE, rule::QUOTED, rule::ENUM_NUMBER];

/// Whether the model must refuse a payload that breaks this rule there; none
/// where both are right.
fn is_refused(rule: RuleId, at: &Pointer, bytes: &[u8]) -> Option<bool> {
    let is_text = || {
        let tree = json::read(bytes).unwrap();
        tree.at(at).is_some_and(|node| tree.kind(node) == ValueKind::String)
    };
    match rule {
        _ if TEXT.contains(&rule) || REFUSED.contains(&rule) => Some(true),
        // The types hold the text of a date or a duration, whatever it says.
        rule::DURATION | rule::DATE | rule::DATE_TIME => Some(!is_text()),
        // A union keeps an object whose type it does not know; elsewhere
        // `@odata.type` is a string.
        rule::TYPE_NOT_STRING => None,
        rule::DUPLICATE_NAME => Some(match at.steps().last() {
            Some(Step::Name(name)) => !name.contains('@'),
            _ => true,
        }),
        // Unknown members, types, names and lexemes are kept.
        _ => Some(false),
    }
}

/// The path of a model's error as the steps of a pointer, indexes as numbers.
fn steps(path: &str) -> Vec<String> {
    path.split(['.', '[', ']']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_malformed_body_is_held_or_refused_by_its_rule() {
    holds(1_000, &malformed(), |payload| {
        let Label::Malformed(rule, at) = &payload.label else { return Err(TestCaseError::fail("not malformed")) };
        let error = match round_trip(&payload.bytes) {
            RoundTrip::Same => {
                prop_assert!(is_refused(*rule, at, &payload.bytes) != Some(true), "taken");
                return survives(&payload.bytes);
            }
            RoundTrip::Refused(error) => error,
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        };
        prop_assert!(is_refused(*rule, at, &payload.bytes) != Some(false), "refused: {error}");
        prop_assert!(error.line() > 0 && !error.what().is_empty());
        // A value of the wrong type is met before the fault of the text inside
        // it; escapes that are no text count as one or the other.
        let is_text = TEXT.contains(rule);
        prop_assert!(is_text || *rule == rule::LONE_SURROGATE || error.kind() == FaultKind::Data, "{error}");
        let is_placed = !is_text && *rule != rule::DEPTH;
        if is_placed && !at.steps().iter().any(|step| matches!(step, Step::Name(name) if name.contains('.'))) {
            // Of a value that does not fit, the model and the validator name the same place.
            let named: Vec<String> = at.to_string().split('/').skip(1).map(str::to_owned).collect();
            prop_assert_eq!(steps(error.path()), named, "{}", &error);
        }
        Ok(())
    });
}

/// A fault inside a member's value is refused with a path that begins with the
/// member's name.
#[test]
fn a_fault_of_the_text_is_refused_with_its_path() {
    const FAULTS: &[&str] = &["", "01", "tru", "'a'", "[1,]", "{\"a\" 1}", "{a:1}", "\"\\x\"", "[1}", "\u{1}", "NaN"];
    let faults = (policy(), any::<Index>(), select(FAULTS));
    holds(400, &faults, |(payload, at, fault)| {
        let mut tree = json::read(&payload.bytes).unwrap();
        let members = tree.children_vec(tree.root().unwrap());
        if members.is_empty() {
            return Ok(());
        }
        let member = members[at.index(members.len())];
        let name = tree.name(member).into_owned();
        let broken = tree.verbatim(fault.as_bytes());
        tree.replace(member, broken);
        let bytes = tree.to_bytes();
        let error = Policy::from_slice(&bytes).unwrap_err();
        // A container where none is declared is met before the fault inside it.
        let is_container = fault.starts_with(['{', '[']);
        prop_assert!(is_container || error.kind() == FaultKind::Syntax, "{error}");
        prop_assert!(error.path().starts_with(&name), "{error} but the fault is in {name}");
        let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        prop_assert!((1..=lines + 1).contains(&error.line()));
        Ok(())
    });
}

#[test]
fn no_bytes_are_lost_or_too_much() {
    let is_sound = |Text(bytes): Text| {
        let trip = round_trip(&bytes);
        prop_assert!(trip.is_sound(), "{trip:?}");
        Ok(())
    };
    holds(2_000, &arbitrary(), is_sound);
    holds(1_000, &mutated(), is_sound);
}
