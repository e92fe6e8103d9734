//! The input as the tape of a case whose body must be accepted. All that know the
//! contract, or part of it, agree that it must: the validator, the typed model, the
//! exported JSON Schema and the reference server.

use policy_harness::roundtrip::{RoundTrip, round_trip};
use policy_harness::validate::{Label, Validator};

use crate::subject::{contract, maker};
use crate::{planted, schema, server};

/// Makes the case and asks everybody.
pub fn generated_valid(input: &[u8]) {
    let mut maker = maker();
    let Some(case) = maker.valid_from_bytes(input) else { return };
    let shown = String::from_utf8_lossy(case.body());
    assert_eq!(case.mislabelled, None, "{shown}");
    let again = maker.valid_from_bytes(input).map(|again| again.request);
    assert_eq!(again.as_ref(), Some(&case.request), "the same tape makes another request");
    assert_eq!(case.tree.to_bytes(), case.body(), "the body is not what its tree writes");

    let mut validator = Validator::new(contract());
    assert_eq!(validator.validate(case.body()), [], "{shown}");
    let trip = round_trip(case.body());
    assert!(matches!(trip, RoundTrip::Same), "{trip:?}: {shown}");
    assert_ne!(schema::fits(case.body()), Some(false), "the schema refuses {shown}");
    let status = planted::accepted(&case, server::status(&case.request));
    assert!(server::is_proper(&Label::Valid, status), "{status} for {shown}");
}
