//! The input as a tape: the case that it makes has the label that was claimed,
//! its bytes are those of its tree, and a valid body goes through the model.

use policy_harness::case::{Case, Maker, Scene};
use policy_harness::contract::rule;
use policy_harness::roundtrip::{RoundTrip, round_trip};
use policy_harness::validate::Label;

use crate::seed;

/// Makes the case and looks at it from all sides.
pub fn generated(input: &[u8]) {
    // The first two bytes choose an obligation, or none: the tape decides then.
    let (number, tape) = match input {
        [low, high, tape @ ..] => (usize::from(u16::from_le_bytes([*low, *high])), tape),
        _ => (usize::MAX, input),
    };
    if let Some(case) = make(number, tape) {
        assert_eq!(case.mislabelled, None, "{}", String::from_utf8_lossy(case.body()));
        let again = make(number, tape).map(|again| again.request);
        assert_eq!(again.as_ref(), Some(&case.request), "the same tape makes another request");
        looked_at(&case);
    }
}

fn make(number: usize, tape: &[u8]) -> Option<Case> {
    let (contract, plan) = seed();
    let mut maker = Maker::new(contract, plan, &[], 0);
    match number < plan.obligations.len() {
        true => maker.obligation_from_bytes(number, tape),
        false => maker.from_bytes(tape),
    }
}

fn looked_at(case: &Case) {
    let bytes = case.tree.to_bytes();
    // What is rewritten is kept as it was before.
    let is_rewritten = matches!(case.scene, Scene::Alike { .. });
    assert!(is_rewritten || case.request.body.as_ref().is_none_or(|body| *body == bytes));
    let trip = round_trip(&bytes);
    assert!(trip.is_sound(), "{trip:?}");
    let is_held = match &case.label {
        Label::Valid => true,
        // A byte order mark is no JSON, and an enumeration is a string.
        Label::Unspecified(rules) => {
            !rules.iter().any(|rule| matches!(*rule, rule::BYTE_ORDER_MARK | rule::ENUM_JSON_TYPE))
        }
        Label::Malformed(..) | Label::Mixed(_) => false,
    };
    if is_held {
        assert!(matches!(trip, RoundTrip::Same), "{trip:?}: {}", String::from_utf8_lossy(&bytes));
    }
}
