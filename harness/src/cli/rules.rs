//! `rules`: what the contract asks for, and why.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::arguments::RulesArgs;
use super::exit::{Exit, Failure, is_closed_pipe};
use super::subject::contract;
use crate::case::Plan;
use crate::contract::{Contract, Family, Level, Rule};
use crate::report::family_name;

const BOLD: Style = Style::new().bold();

pub(super) fn rules(arguments: &RulesArgs) -> Result<Exit, Failure> {
    let contract = contract(&arguments.contract)?;
    let printed = match &arguments.id {
        id if arguments.obligations => {
            let prefix = id.as_deref().unwrap_or_default();
            if !contract.rules.iter().any(|rule| &*rule.id == prefix || is_below(&rule.id, prefix)) {
                return Err(unknown(&contract, prefix));
            }
            obligations(&contract, prefix)
        }
        None => list(&contract, ""),
        Some(id) => match contract.rule_named(id) {
            Some(rule) => explain(&contract, contract.rule(rule)),
            None if contract.rules.iter().any(|rule| is_below(&rule.id, id)) => list(&contract, id),
            None => return Err(unknown(&contract, id)),
        },
    };
    match printed {
        Err(error) if !is_closed_pipe(&error) => Err(Failure::incomplete(error)),
        _ => Ok(Exit::Good),
    }
}

/// Whether a rule's id begins with these parts.
fn is_below(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix.trim_end_matches('/')).is_some_and(|rest| prefix.is_empty() || rest.starts_with('/'))
}

/// Whether a rule says nothing in this contract.
fn is_absent(contract: &Contract, rule: &Rule) -> bool {
    contract.absent.iter().any(|&id| contract.rule(id).id == rule.id)
}

fn list(contract: &Contract, prefix: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    let mut rules: Vec<&Rule> =
        contract.rules.iter().filter(|rule| is_below(&rule.id, prefix) && !is_absent(contract, rule)).collect();
    rules.sort_by_key(|rule| (rule.family, rule.id.clone()));
    writeln!(out, "{:<41} {:<11} {:<22} STATEMENT", "RULE", "LEVEL", "STATUSES")?;
    for rule in &rules {
        writeln!(
            out,
            "{BOLD}{:<41}{BOLD:#} {:<11} {:<22} {}",
            rule.id,
            level(rule.level),
            statuses(rule),
            rule.statement
        )?;
    }
    writeln!(out, "\n{} rules of the contract {}. `policy-harness rules ID` explains one.", rules.len(), contract.name)
}

/// Every rule at every place where it applies, and how many there are.
fn obligations(contract: &Contract, prefix: &str) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout());
    let plan = Plan::of(contract);
    let mut counts: BTreeMap<Family, usize> = BTreeMap::new();
    let is_wanted = |id: &str| id == prefix || is_below(id, prefix);
    for obligation in &plan.obligations {
        let rule = contract.rule(obligation.rule);
        if is_wanted(&rule.id) {
            *counts.entry(rule.family).or_default() += 1;
            writeln!(out, "{:<41} {:<11} {}", rule.id, level(rule.level), plan.describe(contract, obligation))?;
        }
    }
    for &(rule, operation) in &plan.answers {
        let rule = contract.rule(rule);
        if is_wanted(&rule.id) {
            *counts.entry(rule.family).or_default() += 1;
            let operation = &contract.operations[operation].id;
            writeln!(out, "{:<41} {:<11} any answer of {operation}", rule.id, level(rule.level))?;
        }
    }
    writeln!(out)?;
    for (family, count) in &counts {
        writeln!(out, "{:<10} {count:>6}", family_name(*family))?;
    }
    writeln!(out, "{} obligations of the contract {}.", counts.values().sum::<usize>(), contract.name)?;
    out.flush()
}

fn explain(contract: &Contract, rule: &Rule) -> io::Result<()> {
    let mut out = anstream::stdout();
    writeln!(out, "{BOLD}{}{BOLD:#}", rule.id)?;
    writeln!(out, "  {}", rule.statement)?;
    writeln!(out, "  level     {} ({})", level(rule.level), meaning(rule.level))?;
    if !rule.statuses.is_empty() {
        writeln!(out, "  statuses  {}", statuses(rule))?;
    }
    for citation in &rule.citations {
        writeln!(out, "  source    {citation}")?;
    }
    writeln!(out, "  example   {}", rule.example)?;
    let silent = if is_absent(contract, rule) { "; the rule says nothing there" } else { "" };
    writeln!(out, "  contract  {} ({}){silent}", contract.name, contract.title)
}

fn statuses(rule: &Rule) -> String {
    match (rule.statuses.is_empty(), rule.preferred.is_empty()) {
        (true, _) => "-".to_owned(),
        (false, true) => rule.statuses.to_string(),
        (false, false) => format!("{}, best {}", rule.statuses, rule.preferred),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Unspecified => "unspecified",
    }
}

fn meaning(level: Level) -> &'static str {
    match level {
        Level::Must => "breaking it fails a run",
        Level::Should => "breaking it warns, and fails with --level should",
        Level::Unspecified => "what a target does is noted and never judged",
    }
}

/// Names the rules that share most with what was asked for.
fn unknown(contract: &Contract, id: &str) -> Failure {
    let last = id.rsplit('/').next().unwrap_or(id);
    let near: Vec<&str> = contract
        .rules
        .iter()
        .map(|rule| &*rule.id)
        .filter(|other| other.starts_with(id) || !last.is_empty() && other.contains(last))
        .take(5)
        .collect();
    let advice = if near.is_empty() {
        "`policy-harness rules` lists them".to_owned()
    } else {
        format!("near it: {}", near.join(", "))
    };
    Failure::usage(format!("the contract {} has no rule `{id}`", contract.name)).advise(advice)
}
