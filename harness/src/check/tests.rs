//! What `check` tells goes with what the validator found, whatever the body: every
//! case of every contract is taken.

use super::{Checker, Severity, check};
use crate::case::{Maker, Plan};
use crate::contract::{Contract, Level, OperationKind, rule};
use crate::validate::Label;

/// Cases of each contract, beside its obligations.
const RANDOM: u64 = 2_000;

fn contracts() -> [Contract; 3] {
    ["seed", "v1.0", "beta"].map(|name| Contract::named(name).unwrap())
}

#[test]
fn every_case_is_told_as_it_is_labelled() {
    for contract in contracts() {
        let plan = Plan::of(&contract);
        let ids = [String::new()];
        let mut maker = Maker::new(&contract, &plan, &ids, 7);
        let kind = contract.operations[0].kind;
        let mut checker = Checker::new(&contract);
        let mut told = 0;
        for case in (0..plan.obligations.len() as u64 + RANDOM).filter_map(|index| maker.make(index)) {
            let is_first = case.operation == 0 && case.request.body.is_some();
            // A refused exchange has a body that is well.
            if !is_first {
                continue;
            }
            let violations = checker.check(case.body(), kind).violations;
            let shown = || String::from_utf8_lossy(case.body()).into_owned();
            match &case.label {
                Label::Valid => assert!(violations.is_empty(), "{}: {violations:#?}", shown()),
                Label::Unspecified(_) => {
                    assert!(violations.iter().all(|one| one.severity() == Severity::Note), "{}", shown());
                }
                Label::Malformed(broken, at) => {
                    let id = &contract.rule(*broken).id;
                    let is_it = |one: &&super::Violation| one.rule == *id && one.pointer == *at;
                    let found = violations.iter().find(is_it);
                    let found = found.unwrap_or_else(|| panic!("{id} at {at}: {} {violations:#?}", shown()));
                    assert_ne!(found.level, Level::Unspecified);
                    told += 1;
                }
                Label::Mixed(_) => {}
            }
            for one in &violations {
                assert!(one.span.range().end <= case.body().len().max(1), "{one:?}");
                assert!(!one.message.is_empty() && !one.message.ends_with('.'), "{one:?}");
                let texts = [Some(&one.message), one.expected.as_ref(), one.found.as_ref(), one.suggestion.as_ref()];
                let is_plain = |text: &&String| !text.chars().any(char::is_control) && !text.contains("``");
                assert!(texts.iter().flatten().all(is_plain), "{one:?}");
            }
            assert!(violations.is_sorted_by_key(|one| one.span.offset), "{violations:#?}");
        }
        assert!(told > 1_000, "{}: {told}", contract.name);
    }
}

#[test]
fn a_reference_that_is_bound_is_not_called_missing() {
    let contract = Contract::named("v1.0").unwrap();
    let body = br#"{"accessPackage@odata.bind":"https://graph.example/accessPackages/1"}"#;
    let violations = check(body, &contract, OperationKind::Create);
    let told: Vec<&str> = violations.iter().map(|one| &*one.rule).collect();
    assert_eq!(told, ["body/annotation/control-information"]);
}

/// A sentence that names the member helps more than the rule's own statement.
#[test]
fn every_rule_on_bodies_has_a_sentence_of_its_own() {
    let contract = Contract::named("seed").unwrap();
    let plan = Plan::of(&contract);
    let ids = [String::new()];
    let mut maker = Maker::new(&contract, &plan, &ids, 3);
    let mut general = std::collections::BTreeSet::new();
    for case in (0..plan.obligations.len() as u64).filter_map(|index| maker.make(index)) {
        for one in check(case.body(), &contract, OperationKind::Add) {
            let row = contract.rule(contract.rule_named(&one.rule).unwrap());
            if row.condition.is_none() && super::words::sentence(&row.statement) == one.message {
                general.insert(one.rule);
            }
        }
    }
    assert!(general.is_empty(), "{general:?}");
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_text() {
    let contract = Contract::named("v1.0").unwrap();
    let body = br##"{"DisplayName":7,"accessPackage":{"id":"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13"},
        "expiration":{"type":"duration","duration":"P3M"},
        "specificAllowedTargets":[{"userId":"x"},null,{"@odata.type":"#microsoft.graph.nobody"}],"stages":[]}"##;
    let violations = check(body, &contract, OperationKind::Create);
    let told: Vec<(String, &str)> = violations.iter().map(|one| (one.pointer.to_string(), &*one.rule)).collect();
    let expected = [
        ("/DisplayName", "body/property/case"),
        ("/DisplayName", "body/value/json-type"),
        ("/expiration/type", "body/value/enum-member"),
        ("/expiration/duration", "body/value/duration-units"),
        ("/specificAllowedTargets/0", "body/type/missing"),
        ("/specificAllowedTargets/1", "body/null/item"),
        ("/specificAllowedTargets/2/@odata.type", "body/type/unknown"),
        ("/stages", "body/property/undeclared"),
    ];
    assert_eq!(told.iter().map(|(at, rule)| (&**at, *rule)).collect::<Vec<_>>(), expected);
}

#[test]
fn members_of_an_object_whose_type_is_at_fault_are_looked_at() {
    let contract = Contract::named("v1.0").unwrap();
    let body = br##"{"@odata.type":"#Microsoft.IGAELM.EC.FrontEnd.ExternalModel.accessPackageAssignmentPolicy",
        "accessPackage":{"id":"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13"},"allowedTargetScope":"String"}"##;
    let violations = check(body, &contract, OperationKind::Create);
    assert!(violations.iter().any(|one| &*one.rule == "body/value/enum-member"), "{violations:#?}");
}

#[test]
fn versions_are_told_apart_by_the_members_of_one_alone() {
    let [_, v1, beta] = contracts();
    let mut checker = Checker::new(&v1).or(&beta);
    for (body, contract, text) in [
        ("{}", "v1.0", "taken for v1.0, as nothing in it is of one version alone"),
        ("[]", "v1.0", "taken for v1.0, as nothing in it is of one version alone"),
        (r#"{"displayName":"a"}"#, "v1.0", "taken for v1.0, as nothing in it is of one version alone"),
        (r#"{"expiration":{"type":"noExpiration"}}"#, "v1.0", "looks like v1.0 (2 members of v1.0, 0 of beta)"),
        (r#"{"CanExtend":true}"#, "beta", "looks like beta (1 member of beta, 0 of v1.0)"),
        (
            r#"{"accessReviewSettings":{"isEnabled":true},"expiration":null}"#,
            "beta",
            "mixed (2 members of beta, 1 of v1.0), judged as beta",
        ),
        (
            r##"{"questions":[{"@odata.type":"#microsoft.graph.accessPackageTextInputQuestion","regexPattern":"a"}]}"##,
            "v1.0",
            "looks like v1.0 (1 member of v1.0, 0 of beta)",
        ),
    ] {
        let checked = checker.check(body.as_bytes(), OperationKind::Create);
        assert_eq!(checked.detected.unwrap().to_string(), text, "{body}");
        assert_eq!(&*checked.contract.name, contract, "{body}");
    }
    assert_eq!(checker.check(b"{", OperationKind::Create).detected, None, "nothing was read");
}

#[test]
fn an_update_is_told_what_it_resets_and_nothing_that_it_says() {
    let [_, v1, beta] = contracts();
    let told = |contract: &Contract, body: &str| {
        let violations = check(body.as_bytes(), contract, OperationKind::Replace);
        violations.iter().map(|one| format!("{} {}", one.rule, one.pointer)).collect::<Vec<_>>()
    };
    let empty = told(&v1, "{}");
    assert!(empty.contains(&"update/reference /accessPackage".to_owned()), "{empty:?}");
    assert!(empty.contains(&"update/resets /reviewSettings".to_owned()), "{empty:?}");
    assert!(!empty.iter().any(|one| one.contains("createdDateTime") || one.ends_with("/id")), "{empty:?}");
    let given = told(&v1, r#"{"reviewSettings":null,"questions":[],"accessPackage":{}}"#);
    assert!(given.contains(&"update/reference /accessPackage".to_owned()), "{given:?}");
    assert!(!given.iter().any(|one| one.contains("reviewSettings") || one.contains("questions")), "{given:?}");
    let empty = told(&beta, "{}");
    assert!(empty.contains(&"update/reference /accessPackageId".to_owned()), "{empty:?}");
    assert!(empty.contains(&"update/resets /accessReviewSettings".to_owned()), "{empty:?}");
    assert_eq!(empty.iter().filter(|one| one.ends_with(" /accessPackageId")).count(), 1, "{empty:?}");
    assert_eq!(told(&v1, "[]"), ["body/json/root-object "]);
    let create = check(b"{}", &v1, OperationKind::Create);
    assert!(create.iter().all(|one| !one.rule.starts_with("update/")));
}

#[test]
fn every_pair_of_names_in_the_hints_is_of_the_other_version() {
    let [_, v1, beta] = contracts();
    let has = |contract: &Contract, name: &str| {
        contract.schema.types.iter().flat_map(|one| &one.properties).any(|property| *property.name == *name)
    };
    for (contract, other) in [(&v1, &beta), (&beta, &v1)] {
        for hint in &contract.hints.elsewhere {
            assert_eq!(*hint.version, *other.name, "{hint:?}");
            assert!(has(other, &hint.property), "{hint:?}");
        }
    }
    // Every member of a policy that one version alone has is known to the other.
    for (contract, other) in [(&v1, &beta), (&beta, &v1)] {
        let body = |contract: &Contract| contract.schema.types[usize::from(contract.body.0)].properties.clone();
        let missing = body(other).into_iter().filter(|one| body(contract).iter().all(|mine| mine.name != one.name));
        for property in missing {
            assert!(contract.elsewhere(contract.body, &property.name).is_some(), "{}", property.name);
        }
    }
}

#[test]
fn a_body_with_more_faults_than_a_report_shows_says_how_many() {
    let contract = Contract::named("seed").unwrap();
    let members: Vec<String> = (0..5_000).map(|index| format!("\"x{index}\":1")).collect();
    let body = format!("{{{}}}", members.join(","));
    let checked = Checker::new(&contract).check(body.as_bytes(), OperationKind::Add);
    assert_eq!((checked.violations.len(), checked.dropped.count), (1_000, 4_000));
    assert_eq!(checked.dropped.worst, Some(Level::Must));
    assert_eq!(rule::ENGINE[usize::from(rule::UNDECLARED.0)], &*checked.violations[0].rule);
}

/// A thousand open points, or a thousand warnings, hide no error.
#[test]
fn what_is_not_shown_counts_all_the_same() {
    let contract = Contract::named("seed").unwrap();
    let open = vec![r##"{"@odata.type":"#microsoft.graph.singleUser","userId":"alex"}"##; 1_500].join(",");
    let body = |last: &str| format!("{{\"specificAllowedTargets\":[{open}],\"displayName\":{last}}}");
    let worst = |body: &str| Checker::new(&contract).check(body.as_bytes(), OperationKind::Add).dropped.worst;
    assert_eq!(worst(&body("\"a\"")), Some(Level::Unspecified));
    assert_eq!(worst(&body("7")), Some(Level::Must));
    // A label has no bounds: it would be another one.
    let mut validator = crate::validate::Validator::new(&contract);
    let label = Label::of(&contract, validator.validate(body("7").as_bytes()));
    assert!(matches!(label, Label::Mixed(_)), "{label:?}");
}
