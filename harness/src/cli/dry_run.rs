//! What a run would send: how many requests of which kind, and the first of them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::arguments::RunArgs;
use super::choice::selection;
use super::exit::{Exit, Failure, is_closed_pipe};
use crate::case::{Case, Maker, Plan, Scene};
use crate::contract::{Contract, Family};
use crate::reference;
use crate::report;

/// Requests that a dry run shows.
const SHOWN: usize = 10;

/// Shows what would be sent: how many requests of which kind, and one of each.
pub(super) fn dry_run(arguments: &RunArgs, contracts: &[Contract], seed: u64) -> Result<Exit, Failure> {
    let mut out = anstream::stdout();
    let mut print = || -> io::Result<()> {
        for contract in contracts {
            planned(&mut out, arguments, contract, seed)?;
        }
        writeln!(out, "Nothing was sent.")
    };
    match print() {
        Err(error) if !is_closed_pipe(&error) => Err(Failure::incomplete(error)),
        _ => Ok(Exit::Good),
    }
}

/// Requests that a case takes where all goes well: its own, and those around it.
fn requests_of(case: &Case) -> usize {
    let around = match &case.scene {
        Scene::Alone => 0,
        Scene::Alike { .. } | Scene::Stored { .. } | Scene::NothingLeft { .. } => 1,
        Scene::Unchanged { .. } | Scene::Next { .. } => 2,
        Scene::Sequence { steps } => steps.len().saturating_sub(1),
    };
    1 + around + usize::from(case.before.is_some())
}

fn planned(out: &mut impl Write, arguments: &RunArgs, contract: &Contract, seed: u64) -> io::Result<()> {
    // As a run makes them, so that these are its cases.
    let embedded = reference::Options::default();
    let given = |ids: &[String], others: &[String]| if ids.is_empty() { others.to_vec() } else { ids.to_vec() };
    let packages = given(&arguments.access_package_ids, &embedded.packages);
    let known = contract.creates().then(|| contract.clone().with_known(&packages));
    let contract = known.as_ref().unwrap_or(contract);
    let ids = if contract.creates() { Vec::new() } else { given(&arguments.assignment_ids, &embedded.assignments) };
    let plan = Plan::of(contract);
    let mut maker = Maker::new(contract, &plan, &ids, seed);
    let mut requests: BTreeMap<usize, usize> = BTreeMap::new();
    let walked = plan.obligations.len() as u64;
    for case in (0..walked).filter_map(|index| maker.make(index)) {
        *requests.entry(case.operation).or_default() += requests_of(&case);
    }
    let mut families: BTreeMap<Family, Vec<u64>> = BTreeMap::new();
    let selection = selection(arguments);
    let is_selected = |rule| selection.has(&contract.rule(rule).id);
    for (index, obligation) in (0..).zip(&plan.obligations).filter(|(_, one)| is_selected(one.rule)) {
        families.entry(obligation.family(contract)).or_default().push(index);
    }
    let target = arguments.target.as_deref().unwrap_or("the embedded reference server");
    writeln!(out, "Would send to {target}, contract {}, with seed {seed}, one case an obligation:", contract.name)?;
    for (family, indexes) in &families {
        writeln!(out, "  {:>7}  {}", indexes.len(), report::family_name(*family))?;
    }
    writeln!(out, "which takes these requests, by the operation that the case is about:")?;
    for (operation, count) in requests {
        let operation = &contract.operations[operation];
        writeln!(out, "  {count:>7}  {} {}", operation.method, operation.path)?;
    }
    let random = match (arguments.cases, arguments.seconds) {
        (Some(cases), _) => format!("{cases} random cases"),
        (None, Some(seconds)) => format!("random cases until {seconds} seconds are over"),
        (None, None) => "up to 5,000 random cases".to_owned(),
    };
    writeln!(out, "and then {random}. The first of each family, and some more:")?;
    let firsts = families.values().filter_map(|indexes| indexes.first().copied());
    let others = (0..).zip(&plan.obligations).filter(|(_, one)| is_selected(one.rule)).map(|(index, _)| index);
    let shown: Vec<u64> = firsts.chain(others).take(SHOWN).collect();
    for case in shown.into_iter().filter_map(|index| maker.make(index)) {
        let rule = &contract.rule(case.rule).id;
        writeln!(out, "  {rule} ({})\n    {} {}", case.operator, case.request.method, case.request.path)?;
    }
    Ok(())
}
