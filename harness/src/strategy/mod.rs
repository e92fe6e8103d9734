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
//!     .run(&strategy::valid(), |payload| {
//!         Policy::from_slice(&payload.bytes).unwrap();
//!         Ok(())
//!     })
//!     .unwrap();
//! ```
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

mod payload;
mod payloads;
mod shrinking;

pub use payload::Payload;
pub use payloads::{Payloads, malformed, open, valid};
pub use shrinking::PayloadTree;
