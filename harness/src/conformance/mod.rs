//! A conformance suite for the tests of a service: one dev-dependency, and the
//! service's own `cargo test` says whether it keeps the contract.
//!
//! [`assert`] is for one plain test, whatever the test framework:
//!
//! ```
//! # use std::sync::Arc;
//! # use policy_harness::contract::Contract;
//! # use policy_harness::reference;
//! use policy_harness::conformance::{self, Target};
//!
//! # fn app() -> axum::Router {
//! #     let contract = Contract::named("seed").unwrap();
//! #     reference::router(vec![Arc::new(contract)], reference::Options::default())
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! // #[tokio::test]
//! async fn keeps_the_contract() {
//!     // Any tower service as it is, such as an axum Router.
//!     let target = Target::service(app())
//!         .token("reference-server-token")
//!         .assignment_id("00000001-3a5c-4d1e-9b7f-000000000001");
//!     conformance::assert(target.cases(100)).await;
//! }
//! # keeps_the_contract();
//! ```
//!
//! [`suite`] is for a test target of its own, with a named test for each obligation
//! of the contract (`harness = false` in `Cargo.toml`):
//!
//! ```no_run
//! // tests/conformance.rs
//! use std::process::ExitCode;
//!
//! use policy_harness::conformance::{self, Target};
//!
//! #[tokio::main]
//! async fn main() -> ExitCode {
//!     conformance::suite(Target::url("http://127.0.0.1:8080/v1.0").token("…")).await
//! }
//! ```
//!
//! `cargo test --test conformance -- body/value` takes a part of them.

mod error;
mod plain;
mod suite;
mod target;
mod tested;
#[cfg(all(test, feature = "reference"))]
mod tests;

pub use error::ConformanceError;
pub use plain::{Report, assert, check};
pub use suite::suite;
pub use target::Target;
