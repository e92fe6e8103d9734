//! Ids of a user's own: bodies that are valid name what the user said exists, and
//! nothing else of its kind.

use std::collections::{BTreeMap, BTreeSet};

use policy_harness::case::{Case, Maker, Plan, Scene};
use policy_harness::contract::Contract;
use policy_harness::json;
use policy_harness::target::Request;
use policy_harness::validate::{Label, Validator};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

const PACKAGE: &str = "22222222-2222-4222-8222-222222222222";
const KINDS: [&str; 5] = ["connectedOrganizationId", "groupId", "servicePrincipalId", "userId", "customExtension"];

fn given(kind: &str) -> [String; 2] {
    let number = KINDS.iter().position(|known| *known == kind).unwrap();
    [1, 2].map(|count| format!("{number:08x}-1111-4111-8111-{count:012x}"))
}

fn contract(name: &str, kinds: &[&str]) -> Contract {
    let contract = Contract::named(name).unwrap();
    let contract = if contract.creates() { contract.with_known(&[PACKAGE.to_owned()]) } else { contract };
    let ids = kinds.iter().flat_map(|kind| given(kind).map(|id| ((*kind).to_owned(), id)));
    ids.fold(contract, |contract, (kind, id)| contract.with_id(&kind, &id).unwrap())
}

/// All requests of a case that have a body.
fn requests(case: &Case) -> Vec<&Request> {
    let mut requests: Vec<&Request> = [Some(&case.request), case.before.as_deref()].into_iter().flatten().collect();
    match &case.scene {
        Scene::Alike { plain, .. } => requests.push(plain),
        Scene::Next { good } => requests.push(good),
        Scene::Sequence { steps } => requests.extend(steps.iter().map(|step| &step.request)),
        _ => {}
    }
    requests.into_iter().filter(|request| request.body.is_some()).collect()
}

/// The ids that bodies have which are valid, by kind.
fn used(contract: &Contract, cases: impl Iterator<Item = Case>) -> BTreeMap<String, BTreeSet<String>> {
    let mut validator = Validator::new(contract);
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases {
        for request in requests(&case) {
            let body = request.body.as_deref().unwrap();
            if Label::of(contract, validator.validate(body)) != Label::Valid {
                continue;
            }
            let tree = json::read(body).unwrap();
            assert!(!contract.names_unknown(&tree), "{}: {}", case.operator, String::from_utf8_lossy(body));
            for (id, property) in contract.ids_in(&tree) {
                let kind = property.id_kind.as_deref().unwrap();
                used.entry(kind.to_owned()).or_default().insert(tree.string(id).into_owned());
            }
        }
    }
    used
}

fn of_plan(contract: &Contract) -> BTreeMap<String, BTreeSet<String>> {
    let plan = Plan::of(contract);
    let ids = ["00000001-3a5c-4d1e-9b7f-000000000001".to_owned()];
    let mut maker = Maker::new(contract, &plan, &ids, 5).for_run("ph-0123abcd");
    used(contract, (0..plan.obligations.len() as u64 + 1_000).filter_map(|index| maker.make(index)))
}

#[test]
fn valid_bodies_of_a_run_name_what_is_given() {
    for name in ["seed", "v1.0"] {
        let contract = contract(name, &KINDS);
        assert_eq!(contract.id_kinds(), KINDS);
        let used = of_plan(&contract);
        for kind in KINDS {
            // Under `seed` whatever has an extension is left open.
            let wanted = if name == "seed" && kind == "customExtension" { 0 } else { 2 };
            let ids = used.get(kind).cloned().unwrap_or_default();
            assert_eq!(ids.len(), wanted, "{name} {kind}: {ids:?}");
            assert!(ids.iter().all(|id| given(kind).contains(id)));
        }
    }
}

#[test]
fn what_is_not_given_is_invented() {
    let used = of_plan(&contract("v1.0", &["userId"]));
    assert_eq!(used["userId"], given("userId").into_iter().collect());
    for kind in KINDS.iter().filter(|kind| **kind != "userId") {
        assert!(used[*kind].len() > 20, "{kind}");
    }
    let none = of_plan(&contract("v1.0", &[]));
    assert!(none["userId"].len() > 20);
}

#[test]
fn what_is_no_kind_or_no_id_says_so() {
    let plain = contract("seed", &[]);
    let error = plain.clone().with_id("user", &given("userId")[0]).unwrap_err().to_string();
    assert!(KINDS.iter().all(|kind| error.contains(kind)), "{error}");
    let error = plain.with_id("userId", "me@contoso.example").unwrap_err().to_string();
    assert!(error.contains("userId") && error.contains("GUID"), "{error}");
}

#[test]
fn so_do_those_of_any_tape() {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) };
    for name in ["seed", "v1.0"] {
        let contract = contract(name, &KINDS);
        let plan = Plan::of(&contract);
        let ids = ["00000001-3a5c-4d1e-9b7f-000000000001".to_owned()];
        let tapes = prop::collection::vec(any::<u8>(), 0..3_000);
        let outcome = TestRunner::new(config.clone()).run(&tapes, |bytes| {
            let case = Maker::new(&contract, &plan, &ids, 0).from_bytes(&bytes);
            used(&contract, case.into_iter());
            Ok(())
        });
        outcome.unwrap();
    }
}
