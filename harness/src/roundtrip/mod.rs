//! The round trip: bytes → typed model → bytes → typed model, and nothing lost
//! on the way.

use crate::json::{self, Difference};
use crate::model::{ModelError, Policy};

/// What became of a body.
#[derive(Debug)]
pub enum RoundTrip {
    /// The model gives back what it was given.
    Same,
    /// The model does not take the body.
    Refused(ModelError),
    /// The model gives back another text: what it lost or changed, and where.
    Changed(Difference),
    /// The model reads its own text as another policy.
    Unstable,
    /// The model does not take what it wrote.
    Unreadable(ModelError),
}

impl RoundTrip {
    /// Whether the body came back whole, or was refused.
    pub fn is_sound(&self) -> bool {
        matches!(self, Self::Same | Self::Refused(_))
    }
}

/// Takes a body through the typed model and back, twice, and compares.
///
/// ```
/// use policy_harness::roundtrip::{RoundTrip, round_trip};
/// assert!(matches!(round_trip(br#"{"expiration":{"duration":"P1DT0S"},"@x.y":1e2}"#), RoundTrip::Same));
/// assert!(matches!(round_trip(br#"{"expiration":"#), RoundTrip::Refused(_)));
/// ```
pub fn round_trip(body: &[u8]) -> RoundTrip {
    let policy = match Policy::from_slice(body) {
        Ok(policy) => policy,
        Err(error) => return RoundTrip::Refused(error),
    };
    let written = policy.to_vec();
    // The same text says the same again.
    if written == body {
        return RoundTrip::Same;
    }
    match Policy::from_slice(&written) {
        Ok(again) if again == policy => {}
        Ok(_) => return RoundTrip::Unstable,
        Err(error) => return RoundTrip::Unreadable(error),
    }
    // Both are JSON: the model took them.
    match (json::read(body), json::read(&written)) {
        (Ok(before), Ok(after)) => json::difference(&before, &after).map_or(RoundTrip::Same, RoundTrip::Changed),
        _ => RoundTrip::Unstable,
    }
}
