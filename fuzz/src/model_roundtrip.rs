//! The typed model: nothing that it takes is lost, it takes no text that is no JSON,
//! and what serde_json reads and writes of it is the same.

use policy_harness::json;
use policy_harness::model::Policy;
use policy_harness::roundtrip::{RoundTrip, round_trip};

use crate::planted;

/// Takes the input through the model and back, by the model's own reader and writer and
/// by serde_json.
pub fn model_roundtrip(input: &[u8]) {
    match planted::returned(input, round_trip(input)) {
        RoundTrip::Same => assert!(json::read(input).is_ok(), "the model takes what is no JSON"),
        RoundTrip::Refused(error) => {
            assert!(!error.what().is_empty() && error.to_string().len() < 10_000 + input.len())
        }
        other => panic!("{other:?}"),
    }
    if let Ok(policy) = serde_json::from_slice::<Policy<'_>>(input) {
        assert_eq!(serde_json::to_vec(&policy).expect("no value is beyond JSON"), policy.to_vec());
        assert_eq!(Policy::from_slice(input).as_ref(), Ok(&policy));
    }
}
