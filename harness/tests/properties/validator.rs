//! The validator bears any bytes, says the same of the same bytes, and points
//! inside them.

use policy_harness::contract::rule;
use policy_harness::json::{Pointer, Step, Tree, ValueKind, read};
use policy_harness::validate::{Label, Validator};
use proptest::prelude::*;

use super::bytes::{Text, arbitrary, mutated, payload};
use super::{contract, holds};

fn is_sound(used: &mut Validator<'_>, bytes: &[u8]) -> Result<(), TestCaseError> {
    let violations = used.validate(bytes).to_vec();
    let mut fresh = Validator::new(contract());
    prop_assert_eq!(&violations, fresh.validate(bytes));
    prop_assert_eq!(used.shown(), fresh.shown());
    for one in &violations {
        let span = &one.span;
        prop_assert!(span.start <= span.end && span.end <= bytes.len(), "{one:?} of {}", bytes.len());
        prop_assert!(usize::from(one.rule.0) < contract().rules.len());
        prop_assert!(one.at.is_root() || names_a_value(fresh.tree(), &one.at), "{one:?}");
    }
    prop_assert!(violations.is_sorted_by_key(|one| one.span.start));
    Ok(())
}

/// Whether the value is there, or the object that lacks it.
fn names_a_value(tree: &Tree, at: &Pointer) -> bool {
    let (last, above) = at.steps().split_last().unwrap();
    tree.at(at).is_some() || matches!(last, Step::Name(_)) && tree.at(&above.iter().cloned().collect()).is_some()
}

#[test]
fn any_bytes_are_borne() {
    // One validator for all: what it saw before makes no difference.
    let used = std::cell::RefCell::new(Validator::new(contract()));
    holds(2_000, &arbitrary(), |Text(bytes)| is_sound(&mut used.borrow_mut(), &bytes));
    holds(1_000, &mutated(), |Text(bytes)| is_sound(&mut used.borrow_mut(), &bytes));
    holds(400, &payload(), |payload| is_sound(&mut used.borrow_mut(), &payload.bytes));
}

#[test]
fn white_space_and_order_do_not_change_a_label() {
    holds(500, &payload(), |payload| {
        let Ok(mut tree) = read(&payload.bytes) else { return Ok(()) };
        let label = |bytes: &[u8]| Label::of(contract(), Validator::new(contract()).validate(bytes));
        tree.clear_spaces();
        prop_assert_eq!(&label(&tree.to_bytes()), &payload.label);
        for node in tree.nodes() {
            let mut children = tree.children_vec(node);
            if tree.kind(node) == ValueKind::Object {
                children.reverse();
                tree.set_children(node, &children);
            }
        }
        prop_assert_eq!(&label(&tree.to_bytes()), &payload.label);
        Ok(())
    });
}

/// Few members and many are not compared in the same way.
#[test]
fn a_name_is_told_each_time_that_it_occurs_again() {
    let names = proptest::collection::vec((0..60_u32, any::<bool>()), 0..60);
    holds(400, &names, |names| {
        let mut body = String::from("{");
        let (mut seen, mut expected) = (std::collections::HashSet::new(), Vec::new());
        for &(name, is_escaped) in &names {
            let separator = if body.len() > 1 { "," } else { "" };
            let first = if is_escaped { "\\u006e" } else { "n" };
            let start = body.len() + separator.len();
            body.extend([separator, "\"", first, &name.to_string(), "\":0"]);
            if !seen.insert(name) {
                expected.push(start);
            }
        }
        body.push('}');
        let told = |validator: &mut Validator<'_>| {
            let violations = validator.validate(body.as_bytes()).iter();
            let again = violations.filter(|one| one.rule == rule::DUPLICATE_NAME).map(|one| one.span.start);
            again.collect::<Vec<_>>()
        };
        prop_assert_eq!(&told(&mut Validator::new(contract())), &expected, "{}", body);
        // Where not all are kept, the first are.
        expected.truncate(3);
        prop_assert_eq!(told(&mut Validator::new(contract()).bounded(usize::MAX, 3)), expected, "{}", body);
        Ok(())
    });
}
