//! The input as the tape of a case whose body an operator changed, or that was made
//! wrong: it breaks the rule that it was made for, at one place, and nothing else; and
//! the reference server answers with a status of that rule.

use policy_harness::roundtrip::round_trip;
use policy_harness::validate::{Label, Validator};

use crate::subject::{contract, maker, plan};
use crate::{planted, server};

/// Makes the case and looks at it from all sides.
pub fn generated_malformed(input: &[u8]) {
    let mut maker = maker();
    let Some(case) = maker.malformed_from_bytes(input) else { return };
    let shown = String::from_utf8_lossy(case.body());
    assert_eq!(case.mislabelled, None, "{shown}");
    let again = maker.malformed_from_bytes(input).map(|again| again.request);
    assert_eq!(again.as_ref(), Some(&case.request), "the same tape makes another request");
    assert_eq!(case.tree.to_bytes(), case.body(), "the body is not what its tree writes");

    let Label::Malformed(rule, at) = &case.label else { panic!("{:?}: {shown}", case.label) };
    let obligation = case.obligation.map(|number| &plan().obligations[number]);
    assert!(obligation.is_none_or(|obligation| obligation.rule == *rule), "{obligation:?}: {shown}");
    let mut validator = Validator::new(contract());
    let [violation] = validator.validate(case.body()) else { panic!("not one violation: {shown}") };
    assert_eq!((violation.rule, &violation.at), (*rule, at), "{shown}");

    let trip = round_trip(case.body());
    assert!(trip.is_sound(), "{trip:?}: {shown}");
    let status = planted::refused(&case, server::status(&case.request));
    assert!(server::is_proper(&case.label, status), "{status} for {shown}");
}
