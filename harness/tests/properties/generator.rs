//! What the generator makes is valid, and what an operator makes of it breaks
//! the operator's rule and no other.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use policy_harness::case::{Maker, Plan, Scene};
use policy_harness::contract::{Contract, Level, OperationKind, rule};
use policy_harness::generate::{Choice, Generator, Goal, Options, Places, Tape, tape_for};
use policy_harness::json::{Pointer, Tree};
use policy_harness::malform::{Edit, Operator, Site, operators};
use policy_harness::validate::{Label, Validator, Violation};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{contract, holds, plan};

/// Tapes of any length: whatever is behind their end is the smallest choice.
fn tape() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 0..64), vec(any::<u8>(), 512..4096)]
}

fn options() -> impl Strategy<Value = Options> {
    (0..2_000usize, any::<bool>(), any::<bool>()).prop_map(|(size, open, styled)| Options {
        size,
        open,
        styled,
        complete: false,
    })
}

fn shown(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|one| format!("{} at {}", contract().rule(one.rule).id, one.at)).collect()
}

#[test]
fn a_body_is_valid_or_touches_only_open_points() {
    holds(300, &(tape(), options()), |(tape, options)| {
        let mut tree = Tree::new();
        let mut generator = Generator::new(contract(), &plan().places, options);
        let body = generator.body(&mut Tape::new(&mut Unstructured::new(&tape)), None, &mut tree);
        let bytes = tree.to_bytes();
        let mut validator = Validator::new(contract());
        let violations = validator.validate(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        if options.open {
            let is_open = |one: &Violation| contract().rule(one.rule).level == Level::Unspecified;
            prop_assert!(violations.iter().all(is_open), "{:?} in {text}", shown(violations));
        } else {
            // `@odata.id` can stand alone where nothing else was drawn; the body says so.
            prop_assert!(body.open.iter().all(|&rule| rule == rule::REFERENCE_ONLY), "{text}");
            let found: Vec<_> = violations.iter().map(|one| one.rule).collect();
            prop_assert!(found == body.open, "{:?} in {text}", shown(violations));
        }
        prop_assert!(body.broken.is_empty());
        Ok(())
    });
}

#[test]
fn every_place_is_reached_by_a_valid_body() {
    let mut validator = Validator::new(contract());
    let mut tree = Tree::new();
    for (id, place) in plan().places.iter().filter(|(_, place)| !place.is_open) {
        let mut bytes = [0; 2048];
        let mut reached = false;
        for attempt in 0..8 {
            tape_for(attempt, u64::from(id.0), &mut bytes);
            let mut generator = Generator::new(contract(), &plan().places, Options { size: 16, ..Options::default() });
            let goal = Goal { place: id, choice: Choice::Any };
            let body = generator.body(&mut Tape::new(&mut Unstructured::new(&bytes)), Some(goal), &mut tree);
            let violations = validator.validate(&tree.to_bytes());
            // Where the way to a place has an open point on it, the body says so.
            let found: BTreeSet<_> = violations.iter().map(|one| one.rule).collect();
            assert!(found.iter().eq(&body.open), "{:?} but {:?}", shown(violations), body.open);
            reached |= body.at.is_some() && body.open.is_empty();
        }
        assert!(reached, "{} ({:?})", plan().places.describe(contract(), id), place.step);
    }
}

/// A lone `@odata.id` makes a body an entity reference, of which nothing is asked.
#[test]
fn what_breaks_a_condition_is_no_reference() {
    let contract = Contract::named("v1.0").unwrap();
    let plan = Plan::of(&contract);
    let mut generator = Generator::new(&contract, &plan.places, Options::default());
    let missing = contract.rule_named("body/access-package/missing").unwrap();
    let mut validator = Validator::new(&contract);
    let mut tree = Tree::new();
    for index in 0..20_000 {
        let mut bytes = [0; 512];
        tape_for(0, index, &mut bytes);
        let goal = Goal { place: Places::ROOT, choice: Choice::Broken(missing) };
        let body = generator.body(&mut Tape::new(&mut Unstructured::new(&bytes)), Some(goal), &mut tree);
        let found = validator.validate_as(OperationKind::Create, &tree.to_bytes());
        assert!(found.iter().any(|one| one.rule == missing), "{:?}, {:?}", shown(found), body.open);
    }
}

/// Whether one is inside the other.
fn is_on_one_path(left: &Pointer, right: &Pointer) -> bool {
    left.steps().iter().zip(right.steps()).all(|(left, right)| left == right)
}

/// The operator's change at a place, on a body of this tape: none where there
/// is no occasion, otherwise what is wrong with it.
fn fault_of(operator: &Operator, goal: Goal<'_>, index: u64) -> Option<Result<(), String>> {
    let mut bytes = [0; 2048];
    tape_for(11, index, &mut bytes);
    let mut bytes = Unstructured::new(&bytes);
    let tape = &mut Tape::new(&mut bytes);
    let mut tree = Tree::new();
    let options = Options { size: 24, styled: index.is_multiple_of(2), ..Options::default() };
    let body = Generator::new(contract(), &plan().places, options).body(tape, Some(goal), &mut tree);
    if !body.open.is_empty() {
        return None;
    }
    let at = body.at?;
    let place = tree.pointer(at);
    let before = tree.to_bytes();
    let site = Site::of(contract(), &plan().places, goal.place);
    (operator.edit)(&mut Edit { contract: contract(), tree: &mut tree, at, site, tape })?;
    let after = tree.to_bytes();
    let mut validator = Validator::new(contract());
    let mut label = |bytes: &[u8]| Label::of(contract(), validator.validate(bytes));
    let is_valid_before = label(&before) == Label::Valid;
    let found = label(&after);
    let row = contract().rule(operator.rule);
    let is_right = match row.level {
        _ if row.id.starts_with("accept/") => found == Label::Valid,
        Level::Unspecified => found == Label::Unspecified(vec![operator.rule]),
        Level::Should | Level::Must => {
            matches!(&found, Label::Malformed(rule, at) if *rule == operator.rule
                && (is_on_one_path(at, &place) || operator.rule == rule::PROPERTY_CASE))
        }
    };
    // A body that was empty already stays what it was.
    let is_changed = before != after || before == b"{}";
    Some(if is_valid_before && is_right && is_changed {
        Ok(())
    } else {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(1_500).collect::<String>();
        Err(format!("{found:?} at {place}\nbefore: {}\nafter:  {}", text(&before), text(&after)))
    })
}

#[test]
fn every_operator_breaks_its_rule_and_no_other() {
    let places: Vec<_> = plan().places.iter().filter(|(_, place)| !place.is_open).map(|(id, _)| id).collect();
    let mut faults: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let mut names = BTreeSet::new();
    // References stand where everything is open; labels.rs looks at those.
    let is_judged = |rule| rule != rule::REFERENCE_MEMBER && !contract().absent.contains(&rule);
    let judged = operators().filter(|operator| is_judged(operator.rule));
    for (number, operator) in judged.enumerate() {
        assert!(names.insert(operator.name), "two operators are called {}", operator.name);
        let applies = |id: &&_| (operator.applies)(contract(), Site::of(contract(), &plan().places, **id));
        let fitting: Vec<_> = places.iter().filter(applies).copied().collect();
        // Places from all over the body, and more bodies where there are few places.
        let step = fitting.len().div_ceil(24).max(1);
        let tries = if fitting.len() < 8 { 24 } else { 3 };
        let mut occasions = 0;
        for (turn, &place) in fitting.iter().step_by(step).enumerate() {
            for attempt in 0..tries {
                let index = (number * 10_000 + turn * 100 + attempt) as u64;
                let choice = Choice::Any;
                let Some(result) = fault_of(operator, Goal { place, choice }, index) else { continue };
                occasions += 1;
                if let Err(fault) = result {
                    let entry = faults.entry(operator.name).or_default();
                    entry.0 += 1;
                    entry.1 = fault;
                }
            }
        }
        assert!(occasions > 0, "{} had no occasion at {} places", operator.name, fitting.len());
    }
    let text: Vec<String> =
        faults.iter().map(|(name, (count, fault))| format!("{name}, {count} times: {fault}")).collect();
    assert!(faults.is_empty(), "{}", text.join("\n\n"));
    assert!(names.len() >= 30, "{} operators", names.len());
}

#[test]
fn a_case_is_what_its_maker_says() {
    holds(600, &tape(), |tape| {
        let mut maker = Maker::new(contract(), plan(), &[], 0);
        let Some(case) = maker.from_bytes(&tape) else { return Ok(()) };
        let text = String::from_utf8_lossy(case.body()).into_owned();
        prop_assert!(case.mislabelled.is_none(), "{:?} in {text}", case.mislabelled);
        let bytes = case.tree.to_bytes();
        // What is rewritten is kept as it was before.
        let is_rewritten = matches!(case.scene, Scene::Alike { .. });
        prop_assert!(is_rewritten || case.request.body.as_ref().is_none_or(|body| *body == bytes), "{text}");
        // A validator that has seen nothing else finds the same.
        let found = Label::of(contract(), Validator::new(contract()).validate(&bytes));
        prop_assert_eq!(&found, &case.label, "{}", &text);
        if let Label::Malformed(rule, at) = found
            && !is_rewritten
        {
            prop_assert_eq!((rule, at), (case.rule, case.at));
        }
        Ok(())
    });
}
