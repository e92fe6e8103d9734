//! The validator and `check`: they bear any bytes, point inside them, and say the same
//! of the same bytes, under every contract; and the reference server, given these bytes,
//! answers accordingly.

use std::cell::RefCell;
use std::sync::OnceLock;

use policy_harness::check::{self, Checker};
use policy_harness::contract::{Contract, OperationKind};
use policy_harness::json;
use policy_harness::validate::{Label, Validator};

use crate::subject::{contract, named};
use crate::{planted, server};

/// The contracts, each with an operation that takes a body.
fn asked() -> &'static [(Contract, OperationKind)] {
    static ASKED: OnceLock<Vec<(Contract, OperationKind)>> = OnceLock::new();
    ASKED.get_or_init(|| {
        let all = [("seed", OperationKind::Add), ("v1.0", OperationKind::Replace), ("beta", OperationKind::Create)];
        all.map(|(name, kind)| (named(name), kind)).into()
    })
}

thread_local! {
    static VALIDATOR: RefCell<Validator<'static>> = RefCell::new(Validator::new(contract()));
    static CHECKERS: RefCell<Vec<Checker<'static>>> =
        RefCell::new(asked().iter().map(|(contract, _)| Checker::new(contract)).collect());
}

/// Validates the input, has it explained, and sends it.
pub fn validate(input: &[u8]) {
    let label = labelled(input);
    CHECKERS.with_borrow_mut(|checkers| {
        for (checker, (contract, operation)) in checkers.iter_mut().zip(asked()) {
            let told = planted::told(input, checker.check(input, *operation).violations);
            told.iter().for_each(|violation| is_sane(input, violation));
            // One that has seen no other body says the same.
            assert_eq!(told, check::check(input, contract, *operation));
        }
    });
    let status = server::status(&server::request_with(input));
    assert!(server::is_proper(&label, status), "{status} for {label:?}");
}

/// The label of the input, by a validator that has seen others and by a new one.
fn labelled(input: &[u8]) -> Label {
    let mut fresh = Validator::new(contract());
    let violations = fresh.validate(input);
    VALIDATOR.with_borrow_mut(|used| assert_eq!(used.validate(input), violations));
    for violation in violations {
        let span = &violation.span;
        assert!(span.start <= span.end && span.end <= input.len(), "{violation:?}");
    }
    let label = Label::of(contract(), violations);
    assert!(label != Label::Valid || json::read(input).is_ok(), "valid, and no JSON");
    label
}

/// Whether the place of a violation is in the text, counted as an editor counts.
fn is_sane(input: &[u8], violation: &check::Violation) {
    let span = violation.span;
    assert!(span.range().end <= input.len(), "{violation:?}");
    assert!((span.line, span.column) <= (span.end_line, span.end_column), "{violation:?}");
    let before = &input[..span.offset];
    assert_eq!(span.line, 1 + before.iter().filter(|&&byte| byte == b'\n').count(), "{violation:?}");
    assert!(span.column >= 1 && span.column <= 1 + before.len(), "{violation:?}");
    assert!(!violation.message.is_empty() && !violation.citations.is_empty(), "{violation:?}");
}
