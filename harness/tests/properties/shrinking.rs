//! A counterexample is small: what is not needed to fail is gone, and what is
//! left still has its label.

use policy_harness::json::{Tree, ValueKind, read};
use policy_harness::strategy::{Payload, Payloads, malformed, open, policy};
use policy_harness::validate::{Label, Validator};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use super::contract;

/// Seeds, each of which finds another counterexample.
const SEEDS: u64 = 8;

/// The smallest payload found to have the property, for each seed.
fn smallest(strategy: &Payloads, has: impl Fn(&Payload) -> bool) -> Vec<Payload> {
    let search = |seed| {
        let config = Config {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed),
            cases: 2_000,
            max_shrink_iters: 20_000,
            ..Config::default()
        };
        let property = |payload| if has(&payload) { Err(TestCaseError::fail("found")) } else { Ok(()) };
        match TestRunner::new(config).run(strategy, property) {
            Err(TestError::Fail(_, payload)) => payload,
            other => panic!("seed {seed}: {other:?}"),
        }
    };
    let found: Vec<Payload> = (0..SEEDS).map(search).collect();
    for payload in &found {
        assert!(has(payload), "{payload:?}");
        let label = Label::of(contract(), Validator::new(contract()).validate(&payload.bytes));
        assert_eq!(label, payload.label, "{payload:?}");
    }
    found
}

/// Whether a member of the root is like this.
fn any_member(payload: &Payload, is: impl Fn(&Tree, policy_harness::json::NodeId) -> bool) -> bool {
    read(&payload.bytes).is_ok_and(|tree| tree.children(tree.root().unwrap()).any(|member| is(&tree, member)))
}

fn has_astral(text: &str) -> bool {
    text.chars().any(|character| character > '\u{ffff}')
}

#[test]
fn an_astral_character_is_left_alone_with_its_member() {
    let has = |payload: &Payload| {
        any_member(payload, |tree, node| tree.kind(node) == ValueKind::String && has_astral(&tree.string(node)))
    };
    for payload in smallest(&policy(), has) {
        assert!(payload.bytes.len() < 60, "{} bytes: {payload:?}", payload.bytes.len());
    }
}

#[test]
fn a_null_is_left_alone_with_its_member() {
    let has = |payload: &Payload| any_member(payload, |tree, node| tree.kind(node) == ValueKind::Null);
    for strategy in [policy(), open()] {
        for payload in smallest(&strategy, has) {
            let longest = if payload.label == Label::Valid { 60 } else { 250 };
            assert!(payload.bytes.len() < longest, "{} bytes: {payload:?}", payload.bytes.len());
        }
    }
}

/// Wherever it was: what is left is the way to it.
#[test]
fn what_is_deep_keeps_only_the_way_to_it() {
    let has_null = |payload: &Payload| any_member(payload, |tree, node| tree.kind(node) == ValueKind::Null);
    let found = smallest(&policy(), has_null);
    for payload in &found {
        let tree = read(&payload.bytes).unwrap();
        let nulls = tree.nodes().filter(|&node| tree.kind(node) == ValueKind::Null).count();
        assert_eq!(nulls, 1, "{payload:?}");
        assert!(payload.bytes.len() < 250, "{} bytes: {payload:?}", payload.bytes.len());
    }
    assert!(found.iter().any(|payload| payload.bytes.len() < 60), "{found:#?}");
}

#[test]
fn a_fault_keeps_only_what_it_takes() {
    // What is too deep is as long as it is deep.
    for payload in smallest(&malformed(), |payload| payload.rule_id() != "body/json/depth") {
        assert!(payload.bytes.len() < 300, "{} bytes: {payload:?}", payload.bytes.len());
        let Label::Malformed(rule, _) = payload.label else { panic!("{payload:?}") };
        assert_eq!(rule, payload.rule);
    }
}

#[test]
fn a_counterexample_is_shown_as_text() {
    let payload = smallest(&malformed(), |payload| payload.rule_id() == "body/null/collection").remove(0);
    let text = format!("{payload:?}");
    let body = std::str::from_utf8(&payload.bytes).unwrap();
    let head = format!("malformed payload (body/null/collection, null-for-collection at {}): ", payload.pointer);
    assert_eq!(text, head + body);
}
