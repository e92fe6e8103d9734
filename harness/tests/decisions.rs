//! What was decided, row by row, and the rules that carry it. Without anything
//! else the rules are held against this list: each exists, and none is made up
//! that no row has decided. Where POLICY_HARNESS_SHARED names a folder with the
//! table of decisions, the list is held against the table: every row that speaks
//! of the seed contract has its place here, and its levels are those of the rules.

use std::collections::BTreeSet;
use std::path::PathBuf;

use policy_harness::case::{Action, Plan, Store, Wrong};
use policy_harness::contract::{Contract, Level, Rule};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    decision: Vec<Decision>,
    /// Rules on points that no row decides, and why they are there.
    undecided: Vec<Undecided>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Undecided {
    rule: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// Its place in the table, from 0 on.
    row: usize,
    point: String,
    /// Ids of rules, or `prefix/*`.
    #[serde(default)]
    rules: Vec<String>,
    /// Where no rule carries it, what does.
    carried_by: Option<String>,
}

fn file() -> File {
    toml::from_str(include_str!("decisions.toml")).unwrap()
}

/// The rules that an entry names.
fn named<'c>(contract: &'c Contract, decision: &Decision) -> Vec<&'c Rule> {
    let fits = |rule: &Rule, name: &str| match name.strip_suffix('*') {
        Some(prefix) => rule.id.starts_with(prefix),
        None => *rule.id == *name,
    };
    for name in &decision.rules {
        let is_there = contract.rules.iter().any(|rule| fits(rule, name));
        assert!(is_there, "row {}: no rule {name}", decision.row);
    }
    contract.rules.iter().filter(|rule| decision.rules.iter().any(|name| fits(rule, name))).collect()
}

#[test]
fn every_rule_was_decided_and_every_decision_has_its_rules() {
    let contract = Contract::named("seed").unwrap();
    let mut decided = BTreeSet::new();
    let File { decision, undecided } = file();
    for Undecided { rule, why } in undecided {
        let level = contract.rule(contract.rule_named(&rule).unwrap()).level;
        assert_eq!(level, Level::Unspecified, "{rule} is judged, and nothing decides it");
        assert!(!why.is_empty());
        decided.insert(rule);
    }
    for decision in decision {
        assert!(!decision.point.is_empty());
        assert_ne!(decision.rules.is_empty(), decision.carried_by.is_none(), "row {}", decision.row);
        decided.extend(named(&contract, &decision).into_iter().map(|rule| rule.id.to_string()));
    }
    let missing: Vec<_> =
        contract.rules.iter().filter(|rule| !decided.contains(&*rule.id)).map(|rule| &rule.id).collect();
    assert!(missing.is_empty(), "no decision behind {missing:?}");
}

/// A rule that nothing exercises decides nothing.
#[test]
fn every_rule_has_an_obligation() {
    let contract = Contract::named("seed").unwrap();
    let plan = Plan::of(&contract);
    let mut exercised: BTreeSet<_> = plan.obligations.iter().map(|obligation| obligation.rule).collect();
    exercised.extend(plan.answers.iter().map(|&(rule, _)| rule));
    for rule in &contract.rules {
        let id = contract.rule_named(&rule.id).unwrap();
        assert!(exercised.contains(&id), "{} is exercised by nothing", rule.id);
    }
    let is_unchanged = |store: &Store| matches!(store, Store::Unchanged(Wrong::Body(_) | Wrong::Condition(_)));
    let stores = plan.obligations.iter().filter_map(|obligation| match &obligation.action {
        Action::Store(store) => Some(store),
        _ => None,
    });
    assert!(stores.filter(|store| is_unchanged(store)).count() > 60);
}

#[test]
fn the_table_of_decisions_says_the_same() {
    let Some(folder) = std::env::var_os("POLICY_HARNESS_SHARED") else {
        println!("skipped: POLICY_HARNESS_SHARED names no folder with the table of decisions");
        return;
    };
    let text = std::fs::read_to_string(PathBuf::from(folder).join("contract.md")).unwrap();
    let contract = Contract::named("seed").unwrap();
    let rows: Vec<(usize, String)> = text
        .lines()
        .skip_while(|line| !line.starts_with("| point | seed |"))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').nth(1).unwrap_or_default().trim().to_owned())
        .enumerate()
        .filter(|(_, seed)| !seed.is_empty())
        .collect();
    assert!(rows.len() > 50);
    let decisions = file().decision;
    let listed: Vec<usize> = decisions.iter().map(|decision| decision.row).collect();
    assert_eq!(listed, rows.iter().map(|(row, _)| *row).collect::<Vec<_>>());
    for ((row, seed), decision) in rows.iter().zip(&decisions) {
        let rules = named(&contract, decision);
        if rules.is_empty() {
            continue;
        }
        let has = |level: Level| rules.iter().any(|rule| rule.level == level);
        let says = |word: &str| seed.contains(word);
        assert!(!says("must") || has(Level::Must), "row {row}: {seed}");
        assert!(!has(Level::Must) || says("must") || says("never"), "row {row}: {seed}");
        assert!(!has(Level::Unspecified) || says("unspecified"), "row {row}: {seed}");
        assert!(!says("unspecified") || has(Level::Unspecified), "row {row}: {seed}");
        let prefers = rules.iter().any(|rule| rule.level == Level::Should || !rule.preferred.is_empty());
        assert!(!says("should") || prefers, "row {row}: {seed}");
        assert!(!has(Level::Should) || says("should"), "row {row}: {seed}");
    }
}
