//! The same in one plain test, and what the suite finds without the list of what is
//! known.

use policy_harness::conformance::{self, Target};
use policy_harness_example_service::{ASSIGNMENT, TOKEN, app};

fn target() -> Target {
    Target::service(app().unwrap()).token(TOKEN).assignment_id(ASSIGNMENT)
}

#[tokio::test]
async fn the_service_keeps_the_contract_but_for_what_is_known() {
    let known = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/known.toml");
    conformance::assert(target().baseline(known)).await;
}

#[tokio::test]
async fn the_fault_is_found() {
    let report = conformance::check(target()).await.unwrap();
    assert_eq!(report.failing, 1, "{report}");
    assert!(report.to_string().contains("FAIL  state/server-set"), "{report}");
    assert!(!report.to_string().contains(TOKEN));
}

/// What the service holds bodies against is what the contract says today.
#[test]
fn the_schema_is_that_of_the_contract() {
    let contract = policy_harness::contract::Contract::named("seed").unwrap();
    let exported = policy_harness::export::json_schema(&contract);
    assert!(include_str!("../policy.schema.json") == exported, "export it again");
}
