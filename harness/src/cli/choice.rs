//! `--only` and `--skip`: the globs name rules, and leave something to send.

use super::arguments::RunArgs;
use super::exit::Failure;
use crate::campaign::{Selection, is_match};
use crate::case::Plan;
use crate::contract::Contract;
use crate::near::several;

/// The rules that the command line selects.
pub(super) fn selection(arguments: &RunArgs) -> Selection {
    Selection { only: arguments.only.clone(), skip: arguments.skip.clone() }
}

/// The contracts that have an obligation which is selected.
pub(super) fn selected(arguments: &RunArgs, contracts: Vec<Contract>) -> Result<Vec<Contract>, Failure> {
    let selection = selection(arguments);
    if selection.is_whole() {
        return Ok(contracts);
    }
    for (flag, globs) in [("--only", &selection.only), ("--skip", &selection.skip)] {
        globs.iter().try_for_each(|glob| check(flag, glob, &contracts))?;
    }
    let is_there = |contract: &Contract| selection.count(contract, &Plan::of(contract).obligations) > 0;
    let chosen: Vec<Contract> = contracts.into_iter().filter(is_there).collect();
    if chosen.is_empty() {
        return Err(Failure::usage(format!("{selection} leaves nothing to send")).advise(
            "rules on answers have no requests of their own and are looked at with every answer: select other rules as well",
        ));
    }
    Ok(chosen)
}

fn check(flag: &str, glob: &str, contracts: &[Contract]) -> Result<(), Failure> {
    let ids = || contracts.iter().flat_map(|contract| &contract.rules).map(|rule| &*rule.id);
    if ids().any(|id| is_match(glob, id)) {
        return Ok(());
    }
    let near = several(&glob.replace('*', ""), ids());
    let advice = if near.is_empty() {
        "`policy-harness rules` lists them; `*` stands for any part of an id".to_owned()
    } else {
        format!("near it: {}", near.join(", "))
    };
    Err(Failure::usage(format!("{flag} `{glob}` matches no rule")).advise(advice))
}
