//! The harness on trial, in part: `policy-harness self-test` takes all servers.
//! And the trial on trial: a defect that does nothing is not caught, a server
//! that is wrong does not pass for one that conforms.

use std::collections::BTreeMap;
use std::time::Duration;

use policy_harness::contract::{Contract, Family, Level, Operation, Rule};
use policy_harness::reference::{self, DEFECTS, Defect, Effect, Habit, Variant, variant};
use policy_harness::selftest::{self, Arena, Outcome, Score, Subject, put_to_trial};
use policy_harness::target::{Credentials, Wire};

/// Enough for every row of pairs that must be accepted.
const CASES: u64 = 2_000;
const SEED: u64 = 7;

fn trial(subjects: &[Subject]) -> Vec<Outcome> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let arena = Arena::new().unwrap();
    let run = |&subject: &Subject| runtime.block_on(put_to_trial(&arena, subject, SEED, CASES)).unwrap();
    subjects.iter().map(run).collect()
}

fn assert_all_right(outcomes: &[Outcome]) {
    let failed: Vec<String> = outcomes
        .iter()
        .filter_map(|outcome| {
            let failure = outcome.failure.as_ref()?;
            Some(format!("{}: {failure}: {:#?}", outcome.subject.id(), outcome.findings))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// One defect of each group of rules.
#[test]
fn planted_defects_are_found_under_their_rule() {
    let mut rules = BTreeMap::new();
    for defect in DEFECTS {
        let group = defect.rule.rsplit_once('/').map_or(defect.rule, |(group, _)| group);
        rules.entry((defect.contract, group)).or_insert(Subject::Defect(defect));
    }
    let chosen: Vec<Subject> = rules.into_values().collect();
    assert!(chosen.len() >= 12, "{}", chosen.len());
    let outcomes = trial(&chosen);
    assert_all_right(&outcomes);
    assert!(outcomes.iter().all(|outcome| outcome.cases.is_some() && (1..=3).contains(&outcome.findings.len())));
}

/// The same server and some of its defects under the contract that only its name
/// chooses: nothing in either knows the types.
#[test]
fn a_contract_on_other_types_is_tested_as_well() {
    let beta = |id: &str| -> &'static Defect {
        Box::leak(Box::new(Defect { contract: "beta", ..*reference::defect(id).unwrap() }))
    };
    let chosen = [
        "accepts-no-package",
        "accepts-unknown-package",
        "accepts-missing-type",
        "accepts-impossible-date",
        "put-merges",
        "delete-does-nothing",
        "create-quotes-booleans",
        "refused-create-stays",
    ];
    let outcomes = trial(&chosen.map(|id| Subject::Defect(beta(id))));
    assert_all_right(&outcomes);
    assert!(outcomes.iter().all(|outcome| outcome.cases.is_some()));
    let conforming =
        ["normalizes", "omits-nulls", "refuses-open"].map(|id| Subject::Variant(variant(id).unwrap(), "beta"));
    assert_all_right(&trial(&[&conforming[..], &[Subject::Plain("beta")]].concat()));
}

/// What a defect of the exchange lets pass is still in the request that is shown.
#[test]
fn the_smallest_request_is_what_is_wrong() {
    let http = DEFECTS
        .iter()
        .filter(|defect| defect.contract == "seed")
        .filter(|defect| defect.family == Family::Http && matches!(defect.effect, Effect::Accepts(_)));
    let chosen: Vec<Subject> = http.map(Subject::Defect).collect();
    assert!(chosen.len() > 10);
    let contract = Contract::named("seed").unwrap();
    for outcome in trial(&chosen) {
        assert!(outcome.failure.is_none(), "{}: {:?}", outcome.subject.id(), outcome.failure);
        for finding in outcome.findings {
            let request = &finding.case.request;
            let is_known = |operation: &Operation| {
                let ids = reference::Options::ids(4);
                operation.method == request.method && ids.iter().any(|id| operation.path_for(id) == request.path)
            };
            let is_plain = contract.operations.iter().any(is_known)
                && request.wire == Wire::Plain
                && request.credentials == Credentials::Token("Bearer")
                && request.headers.len() == 1
                && request.headers[0].1 == "application/json";
            assert!(!is_plain, "{}: {}", outcome.subject.id(), finding.curl);
        }
    }
}

#[test]
fn conforming_servers_are_accused_of_nothing() {
    let chosen = ["refuses-open", "no-read", "normalizes", "talkative-errors", "hangs-up", "throttles"];
    let variants = chosen.iter().map(|id| Subject::Variant(variant(id).unwrap(), "seed"));
    assert_all_right(&trial(&variants.chain([Subject::Plain("seed")]).collect::<Vec<_>>()));
}

/// What is stored may be shown otherwise, later, in parts, and with more.
#[test]
fn servers_that_store_in_their_own_way_are_accused_of_nothing() {
    let chosen =
        ["normalizes", "omits-nulls", "lags", "extra-members", "pages", "forbids-deleted", "relative-location"];
    let variants = chosen.iter().map(|id| Subject::Variant(variant(id).unwrap(), "v1.0"));
    assert_all_right(&trial(&variants.chain([Subject::Plain("v1.0")]).collect::<Vec<_>>()));
}

#[test]
fn every_subject_has_a_name_of_its_own() {
    let mut names: Vec<_> = selftest::subjects().iter().map(|subject| (subject.contract(), subject.id())).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|two| two[0] != two[1]), "{names:?}");
}

#[test]
fn a_trial_can_be_lost() {
    static NOTHING: Defect = Defect {
        id: "nothing",
        family: Family::Value,
        rule: "body/value/enum-member",
        contract: "seed",
        about: "Does nothing.",
        effect: Effect::Omits("x-never-sent"),
    };
    static WRONG_RULE: Defect = Defect {
        id: "wrong-rule",
        family: Family::Value,
        rule: "body/value/json-type",
        contract: "seed",
        about: "Breaks another rule than it says.",
        effect: Effect::Accepts("body/value/enum-member"),
    };
    static NOT_CONFORMING: Variant = Variant {
        id: "fails-on-options",
        about: "Fails.",
        habit: Habit::NoOptions(500),
        warns: false,
        settle: Duration::ZERO,
    };
    static MORE_THAN_WARNED: Variant = Variant {
        id: "accepts-should",
        about: "Accepts.",
        habit: Habit::AcceptsShould,
        warns: false,
        settle: Duration::ZERO,
    };
    let subjects = [
        Subject::Defect(&NOTHING),
        Subject::Defect(&WRONG_RULE),
        Subject::Variant(&NOT_CONFORMING, "seed"),
        Subject::Variant(&MORE_THAN_WARNED, "v1.0"),
    ];
    let mut score = Score::default();
    for outcome in trial(&subjects) {
        assert!(outcome.failure.is_some(), "{} passed", outcome.subject.id());
        score.add(&outcome);
    }
    assert!(!score.is_perfect());
    assert_eq!((score.all().planted, score.all().caught), (2, 0));
    assert_eq!((score.variants, score.false_alarms), (2, 2));
}

/// Each rule that a target can be accused of breaking is broken by a defect.
#[test]
fn every_rule_has_a_planted_defect() {
    for name in Contract::names() {
        let contract = Contract::named(name).unwrap();
        let is_absent = |rule: &Rule| contract.absent.iter().any(|id| contract.rule(*id).id == rule.id);
        let is_judged =
            |rule: &&Rule| rule.level != Level::Unspecified && rule.family.is_of_targets() && !is_absent(rule);
        let judged = contract.rules.iter().filter(is_judged);
        let missing: Vec<&str> =
            judged.map(|rule| &*rule.id).filter(|id| !DEFECTS.iter().any(|defect| defect.rule == *id)).collect();
        assert!(missing.is_empty(), "{name}: no defect breaks {missing:?}");
    }
}
