//! Rules that a user changed for a service of their own: cases are still what they
//! are called, and what cannot be changed in this way says why.

use policy_harness::case::{Case, Maker, Plan};
use policy_harness::contract::{Contract, Family, Level, RuleChange};
use policy_harness::validate::Label;

const PACKAGE: &str = "22222222-2222-4222-8222-222222222222";

fn contract(name: &str) -> Contract {
    let contract = Contract::named(name).unwrap();
    if contract.creates() { contract.with_known(&[PACKAGE.to_owned()]) } else { contract }
}

fn change(rule: &str, level: Option<Level>, statuses: Option<&str>) -> RuleChange {
    let (rule, statuses) = (rule.to_owned(), statuses.map(str::to_owned));
    RuleChange { rule, level, statuses, reason: "our gateway has it so".to_owned() }
}

/// The cases of all obligations, and some random ones.
fn cases(contract: &Contract, mut look: impl FnMut(&Case)) {
    let plan = Plan::of(contract);
    let ids = ["00000001-3a5c-4d1e-9b7f-000000000001".to_owned()];
    let ids = if contract.creates() { &[][..] } else { &ids[..] };
    let mut maker = Maker::new(contract, &plan, ids, 3).for_run("ph-0123abcd");
    (0..plan.obligations.len() as u64 + 400).filter_map(|index| maker.make(index)).for_each(|case| look(&case));
}

#[test]
fn cases_of_changed_rules_are_what_they_are_called() {
    // Those of every kind of check that were the hardest to keep apart.
    let raised = [
        "body/value/string-control",
        "body/value/string-format",
        "body/value/duration-form",
        "body/value/int32-form",
        "body/property/open",
        "body/property/reference-member",
        "body/type/newer",
        "body/recurrence/review-type",
    ];
    let lowered = ["body/value/enum-member", "body/json/syntax", "body/property/undeclared", "accept/null"];
    for name in ["seed", "v1.0"] {
        let plain = contract(name);
        for (rules, level) in [(&raised[..], Level::Must), (&lowered, Level::Unspecified)] {
            for rule in rules {
                let statuses = (level == Level::Must).then_some("400, 422");
                let changed = plain.clone().with_change(&change(rule, Some(level), statuses)).unwrap();
                let id = changed.rule_named(rule).unwrap();
                let mut count = 0;
                cases(&changed, |case| {
                    assert!(case.mislabelled.is_none(), "{name} {rule}: {} {:?}", case.operator, case.mislabelled);
                    count += usize::from(match &case.label {
                        Label::Malformed(broken, _) => level == Level::Must && *broken == id,
                        Label::Unspecified(open) => level == Level::Unspecified && open.contains(&id),
                        Label::Valid | Label::Mixed(_) => false,
                    });
                });
                // What is to be accepted is in no label.
                let is_accept = changed.rule(id).family == Family::Valid;
                // A reference of `seed` stands in a property that is open itself.
                let is_never =
                    changed.absent.contains(&id) || (name, *rule) == ("seed", "body/property/reference-member");
                assert_eq!(count > 0, !is_accept && !is_never, "{name} {rule}");
            }
        }
    }
}

#[test]
fn what_is_changed_is_remembered_and_the_rest_is_kept() {
    let plain = contract("seed");
    let id = plain.rule_named("body/value/enum-member").unwrap();
    let should = plain.clone().with_change(&change("body/value/enum-member", Some(Level::Should), None)).unwrap();
    assert_eq!(should.rule(id).level, Level::Should);
    assert_eq!(should.rule(id).statuses, plain.rule(id).statuses);
    assert_eq!((should.changes.len(), should.changes[0].before), (1, Level::Must));
    let only = plain.clone().with_change(&change("body/value/enum-member", None, Some("409, 422"))).unwrap();
    assert_eq!(only.rule(id).level, Level::Must);
    let statuses = &only.rule(id).statuses;
    assert!(statuses.contains(409) && statuses.contains(422) && !statuses.contains(400));
    let open = plain.with_change(&change("body/value/enum-member", Some(Level::Unspecified), None)).unwrap();
    assert!(open.rule(id).statuses.is_empty());
}

#[test]
fn what_cannot_be_changed_says_why() {
    let plain = contract("seed");
    for (change, words) in [
        (change("body/value/no-such", Some(Level::Must), None), "no such rule"),
        (change("body/value/enum-member", None, None), "nothing is changed"),
        (change("body/value/enum-member", None, Some("4x")), "`4x`"),
        (change("body/value/enum-member", Some(Level::Unspecified), Some("400")), "remove one of them"),
        (change("body/value/int32-form", Some(Level::Must), None), "lacks statuses"),
        (change("state/stored", Some(Level::Should), Some("400")), "remove them"),
        (RuleChange { reason: " ".to_owned(), ..change("state/stored", Some(Level::Should), None) }, "lacks a reason"),
    ] {
        let error = plain.clone().with_change(&change).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains(&change.rule), "{error}");
    }
}
