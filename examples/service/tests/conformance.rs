//! The conformance suite: a named test for each obligation of the contract.
//!
//! ```text
//! cargo test -p policy-harness-example-service --test conformance -- body/value/enum-member
//! ```
//!
//! What is known stands in `known.toml`, each with a reason, and is ignored. Take an
//! entry out to see how a test fails.

use std::process::ExitCode;

use policy_harness::conformance::{self, Target};
use policy_harness_example_service::{ASSIGNMENT, TOKEN, app};

#[tokio::main]
async fn main() -> ExitCode {
    let router = match app() {
        Ok(router) => router,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let known = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/known.toml");
    let target = Target::service(router).token(TOKEN).assignment_id(ASSIGNMENT).baseline(known);
    conformance::suite(target).await
}
