//! Strategies for property tests: payloads with their labels, made by the
//! generator and the operators, and shrunk on the payload's tree so that the
//! label stays what it was.
//!
//! ```
//! use policy_harness::model::Policy;
//! use policy_harness::strategy;
//! use proptest::test_runner::TestRunner;
//!
//! // A service's own reader would stand in the place of the model's.
//! TestRunner::default()
//!     .run(&strategy::policy(), |payload| {
//!         Policy::from_slice(&payload.bytes).unwrap();
//!         Ok(())
//!     })
//!     .unwrap();
//! ```
//!
//! | strategy | payloads |
//! |---|---|
//! | [`policy`] | that must be accepted |
//! | [`malformed`] | that break one rule |
//! | [`open`] | that touch a point which the contract leaves open |
//! | [`body_bytes`] | of all three kinds, for what must hold of any body: no crash, always an answer |
//!
//! Where a typed policy is what a property is about, [`Policy`](crate::model::Policy)
//! is `arbitrary::Arbitrary`, for fuzz targets too.
//!
//! A property that fails shows the smallest payload that still fails, as text:
//!
//! ```
//! use policy_harness::strategy;
//! use proptest::test_runner::{Config, TestError, TestRunner};
//!
//! let config = Config { failure_persistence: None, ..Config::default() };
//! let failed = TestRunner::new(config).run(&strategy::malformed(), |payload| {
//!     assert!(payload.rule_id() != "body/value/enum-member", "an enumeration");
//!     Ok(())
//! });
//! let Err(TestError::Fail(_, smallest)) = failed else { panic!("nothing failed") };
//! assert_eq!(smallest.rule_id(), "body/value/enum-member");
//! assert!(smallest.bytes.len() < 250);
//! ```
//!
//! That text, in a file of its own or as proptest keeps it below
//! `proptest-regressions/`, is what `policy-harness replay FILE` sends to a target.

mod payload;
mod payloads;
mod shrinking;

pub use payload::Payload;
pub use payloads::{Payloads, body_bytes, malformed, open, policy};
pub use shrinking::PayloadTree;
