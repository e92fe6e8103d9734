//! The label of every case is what its bytes say, and every obligation has a
//! case. `POLICY_HARNESS_CASES=100000` makes more cases than the usual 10,000;
//! `POLICY_HARNESS_SEED` makes others.

use std::collections::BTreeMap;

use policy_harness::case::{Action, Maker, Plan};
use policy_harness::contract::Contract;
use policy_harness::validate::Label;

/// A number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

fn shown(contract: &Contract, label: &Label) -> String {
    let ids = |rules: &[policy_harness::contract::RuleId]| -> Vec<String> {
        rules.iter().map(|&rule| contract.rule(rule).id.to_string()).collect()
    };
    match label {
        Label::Valid => "valid".to_owned(),
        Label::Unspecified(rules) => format!("unspecified ({})", ids(rules).join(", ")),
        Label::Mixed(rules) => format!("mixed ({})", ids(rules).join(", ")),
        Label::Malformed(rule, at) => format!("malformed ({} at \"{at}\")", contract.rule(*rule).id),
    }
}

/// The contracts, with an access package that exists and one run or the other.
fn contracts() -> Vec<(Contract, &'static str)> {
    let packages = ["22222222-2222-4222-8222-222222222222".to_owned()];
    let v1 = || Contract::named("v1.0").unwrap();
    let beta = || Contract::named("beta").unwrap();
    vec![
        (Contract::named("seed").unwrap(), ""),
        (v1().with_known(&packages), "ph-0123abcd"),
        // Where nobody said what exists, anything may.
        (v1(), ""),
        (beta().with_known(&packages), "ph-0123abcd"),
        (beta(), ""),
    ]
}

/// Mislabelled cases of one cause: how many, and the first of them.
#[derive(Default)]
struct Cause {
    count: u64,
    first: String,
}

#[test]
fn no_case_is_mislabelled() {
    for (contract, run) in contracts() {
        no_case_of(&contract, run);
    }
}

fn no_case_of(contract: &Contract, run: &str) {
    let plan = Plan::of(contract);
    let ids = ["11111111-1111-4111-8111-111111111111".to_owned()];
    let seed = setting("POLICY_HARNESS_SEED", 4053);
    let count = setting("POLICY_HARNESS_CASES", 10_000);
    let mut maker = Maker::new(contract, &plan, &ids, seed).for_run(run);
    let mut causes: BTreeMap<String, Cause> = BTreeMap::new();
    let mut made = 0;
    for index in 0..count {
        let Some(case) = maker.make(index) else { continue };
        made += 1;
        let Some(mislabelled) = &case.mislabelled else { continue };
        let (claimed, found) = (shown(contract, &mislabelled.claimed), shown(contract, &mislabelled.found));
        let rule = &contract.rule(case.rule).id;
        let cause = causes.entry(format!("{} for {rule}", case.operator)).or_default();
        cause.count += 1;
        if cause.count == 1 {
            let body: String = String::from_utf8_lossy(case.body()).chars().take(2_000).collect();
            cause.first = format!("case {index} of seed {seed}: claimed {claimed}, found {found}\n    {body}");
        }
    }
    let text: Vec<String> =
        causes.iter().map(|(name, cause)| format!("{name}, {} times; {}", cause.count, cause.first)).collect();
    assert!(causes.is_empty(), "mislabelled in {}:\n{}", contract.name, text.join("\n"));
    assert!(made > count * 9 / 10, "only {made} of {count} cases were made");
}

/// Beside an open point in the body nothing could be said of the request.
#[test]
fn what_is_wrong_with_a_request_is_wrong_beside_a_valid_body() {
    let contract = Contract::named("seed").unwrap();
    let plan = Plan::of(&contract);
    let is_exchange = |number: usize| matches!(plan.obligations[number].action, Action::Exchange(..));
    let first = plan.obligations.len() as u64;
    let mut made = 0;
    // Seed 133 comes to a body that holds nothing but an open point.
    for seed in 114..154 {
        let mut maker = Maker::new(&contract, &plan, &[], seed);
        for case in (first..first + 2_000).filter_map(|index| maker.make(index)) {
            if case.obligation.is_some_and(is_exchange) {
                made += 1;
                let body = String::from_utf8_lossy(case.body());
                assert_eq!(case.label, Label::Valid, "case {} of seed {seed}: {body}", case.index);
            }
        }
    }
    assert!(made > 500, "{made}");
}

#[test]
fn every_obligation_has_its_case() {
    for (contract, run) in contracts() {
        // What is left behind is found by its name.
        every_obligation_of(&contract, if contract.creates() { "ph-0123abcd" } else { run });
    }
}

fn every_obligation_of(contract: &Contract, run: &str) {
    let plan = Plan::of(contract);
    let mut maker = Maker::new(contract, &plan, &[], setting("POLICY_HARNESS_SEED", 4053)).for_run(run);
    let mut faults = Vec::new();
    for (number, obligation) in plan.obligations.iter().enumerate() {
        let rule = &contract.rule(obligation.rule).id;
        let place = plan.places.describe(contract, obligation.place);
        match maker.make(number as u64) {
            None => faults.push(format!("{number}: {rule} at {place} has no occasion: {:?}", obligation.action)),
            Some(case) if case.obligation != Some(number) => {
                faults.push(format!("{number}: {rule} at {place} is case {:?}", case.obligation));
            }
            Some(case) => {
                if let Some(mislabelled) = case.mislabelled {
                    faults.push(format!("{number}: {rule} at {place} is {}", shown(contract, &mislabelled.found)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {} obligations:\n{}", faults.len(), plan.obligations.len(), faults.join("\n"));
}

/// The knob reaches from an empty object to 64 KiB.
#[test]
fn sizes_reach_from_nothing_to_64_kib() {
    use arbitrary::Unstructured;
    use policy_harness::generate::{Generator, Options, Tape, tape_for};
    use policy_harness::json::Tree;

    let contract = Contract::named("seed").unwrap();
    let plan = Plan::of(&contract);
    let (mut tree, mut bytes) = (Tree::new(), vec![0; 64 * 1024]);
    let mut longest = |size: usize| {
        let options = Options { size, ..Options::default() };
        let lengths = (0..200).map(|index| {
            tape_for(5, index, &mut bytes);
            let mut input = Unstructured::new(&bytes);
            Generator::new(&contract, &plan.places, options).body(&mut Tape::new(&mut input), None, &mut tree);
            tree.to_bytes().len()
        });
        let lengths: Vec<usize> = lengths.collect();
        (lengths.iter().min().copied().unwrap(), lengths.iter().max().copied().unwrap())
    };
    assert_eq!(longest(0).0, 2);
    let (small, large) = (longest(80).1, longest(1_500).1);
    assert!(small < 16 * 1024, "{small}");
    assert!((56 * 1024..160 * 1024).contains(&large), "{large}");
}
