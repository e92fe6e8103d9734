//! The validator: it bears any bytes, points inside them, and says the same of
//! the same bytes.

use std::cell::RefCell;

use policy_harness::json;
use policy_harness::validate::{Label, Validator};

use crate::seed;

thread_local! {
    static USED: RefCell<Validator<'static>> = RefCell::new(Validator::new(&seed().0));
}

/// Validates the input with a validator that has seen others, and with a new one.
pub fn validate(input: &[u8]) {
    let (contract, _) = seed();
    let mut fresh = Validator::new(contract);
    let violations = fresh.validate(input);
    USED.with_borrow_mut(|used| assert_eq!(used.validate(input), violations));
    for violation in violations {
        let span = &violation.span;
        assert!(span.start <= span.end && span.end <= input.len(), "{violation:?}");
    }
    if Label::of(contract, violations) == Label::Valid {
        assert!(json::read(input).is_ok(), "valid, and no JSON");
    }
}
