//! The typed model: nothing that it takes is lost, and it takes no text that is
//! no JSON.

use policy_harness::json;
use policy_harness::roundtrip::{RoundTrip, round_trip};

use crate::planted;

/// Takes the input through the model and back.
pub fn model_roundtrip(input: &[u8]) {
    match planted::returned(input, round_trip(input)) {
        RoundTrip::Same => assert!(json::read(input).is_ok(), "the model takes what is no JSON"),
        RoundTrip::Refused(error) => {
            assert!(!error.what().is_empty() && error.to_string().len() < 10_000 + input.len())
        }
        other => panic!("{other:?}"),
    }
}
