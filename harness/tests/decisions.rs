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
    /// Rules that are judged although no row decides them, and why.
    proposed: Vec<Undecided>,
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

/// The contracts with what was decided for them.
fn contracts() -> [(Contract, File); 2] {
    let seed = toml::from_str(include_str!("decisions.toml")).unwrap();
    let v1 = toml::from_str(include_str!("decisions-v1.0.toml")).unwrap();
    let packages = ["22222222-2222-4222-8222-222222222222".to_owned()];
    [(Contract::named("seed").unwrap(), seed), (Contract::named("v1.0").unwrap().with_known(&packages), v1)]
}

fn is_absent(contract: &Contract, rule: &Rule) -> bool {
    contract.absent.iter().any(|id| contract.rule(*id).id == rule.id)
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
    for (contract, File { decision, undecided, proposed }) in contracts() {
        let mut decided = BTreeSet::new();
        for Undecided { rule, why } in proposed {
            let level = contract.rule(contract.rule_named(&rule).unwrap()).level;
            assert_ne!(level, Level::Unspecified, "{rule} is not judged, and needs no proposal");
            assert!(!why.is_empty());
            decided.insert(rule);
        }
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
        let is_judged = |rule: &&Rule| !is_absent(&contract, rule) && rule.family.is_of_targets();
        let present = contract.rules.iter().filter(is_judged);
        let missing: Vec<_> = present.filter(|rule| !decided.contains(&*rule.id)).map(|rule| &rule.id).collect();
        assert!(missing.is_empty(), "{}: no decision behind {missing:?}", contract.name);
    }
}

/// A rule that nothing exercises decides nothing.
#[test]
fn every_rule_has_an_obligation() {
    for (contract, _) in contracts() {
        let plan = Plan::of(&contract);
        let mut exercised: BTreeSet<_> = plan.obligations.iter().map(|obligation| obligation.rule).collect();
        exercised.extend(plan.answers.iter().map(|&(rule, _)| rule));
        // Advice is told to a person, a client is no target: no request exercises such rules.
        for rule in contract.rules.iter().filter(|rule| rule.family.is_of_targets()) {
            let id = contract.rule_named(&rule.id).unwrap();
            // What is about the second time, or about nothing, is exercised by nothing.
            let is_exercised = exercised.contains(&id);
            assert_ne!(is_exercised, is_absent(&contract, rule), "{}: {}", contract.name, rule.id);
        }
        let is_unchanged = |store: &Store| matches!(store, Store::Unchanged(Wrong::Body(_) | Wrong::Condition(_)));
        let stores = plan.obligations.iter().filter_map(|obligation| match &obligation.action {
            Action::Store(store) => Some(store),
            _ => None,
        });
        assert!(stores.filter(|store| is_unchanged(store)).count() > 60);
    }
}

#[test]
fn the_table_of_decisions_says_the_same() {
    let Some(folder) = std::env::var_os("POLICY_HARNESS_SHARED") else {
        println!("skipped: POLICY_HARNESS_SHARED names no folder with the table of decisions");
        return;
    };
    let text = std::fs::read_to_string(PathBuf::from(folder).join("contract.md")).unwrap();
    let rows: Vec<Vec<String>> = text
        .lines()
        .skip_while(|line| !line.starts_with("| point | seed |"))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    assert!(rows.len() > 50);
    for (column, (contract, file)) in (1..).zip(contracts()) {
        let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
        // "same" is what the first contract has, and what is said besides.
        let said = |row: &Vec<String>| match cell(row, column) {
            text if text.starts_with("same") => [cell(row, 1), text].join(" "),
            text => text,
        };
        let said: Vec<(usize, String)> =
            rows.iter().map(said).enumerate().filter(|(_, text)| !text.is_empty()).collect();
        let listed: Vec<usize> = file.decision.iter().map(|decision| decision.row).collect();
        assert_eq!(listed, said.iter().map(|(row, _)| *row).collect::<Vec<_>>());
        for ((row, text), decision) in said.iter().zip(&file.decision) {
            compare(&contract, *row, text, decision);
        }
    }
}

/// The levels of a row are those of its rules.
fn compare(contract: &Contract, row: usize, text: &str, decision: &Decision) {
    // What is said elsewhere is said for that row.
    let rules = named(contract, decision);
    if rules.is_empty() || text.starts_with("see ") {
        return;
    }
    let row = format!("{}, row {row}: {text}", contract.name);
    let has = |level: Level| rules.iter().any(|rule| rule.level == level);
    let says = |word: &str| text.contains(word);
    assert!(!says("must") || has(Level::Must), "{row}");
    assert!(!has(Level::Must) || says("must") || says("never"), "{row}");
    assert!(!has(Level::Unspecified) || says("unspecified"), "{row}");
    assert!(!says("unspecified") || has(Level::Unspecified) || says("is unspecified"), "{row}");
    let prefers = rules.iter().any(|rule| rule.level == Level::Should || !rule.preferred.is_empty());
    assert!(!says("should") || prefers, "{row}");
    assert!(!has(Level::Should) || says("should"), "{row}");
}
