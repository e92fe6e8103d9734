//! Bodies and tapes that no run has found: the case that they make, and what is said of
//! the answer to it.

use super::command::Job;
use super::input::Input;
use crate::campaign::Replayed;
use crate::case::{Case, Maker, Plan};
use crate::cli::arguments::ReplayArgs;
use crate::contract::Contract;
use crate::reference;
use crate::validate::Label;

/// The contract as it holds where the case is sent, and the case. None where a tape
/// makes none.
pub(super) fn case(arguments: &ReplayArgs, contract: Contract, input: &Input) -> Option<(Contract, Case)> {
    let embedded = reference::Options::default();
    let contract = match contract.creates() && arguments.target.is_none() {
        true => contract.with_known(&embedded.packages),
        false => contract,
    };
    let ids = match &arguments.assignment_id {
        Some(id) => vec![id.clone()],
        None => embedded.assignments,
    };
    let plan = Plan::of(&contract);
    let mut maker = Maker::new(&contract, &plan, &ids, 0);
    let case = match input {
        Input::Finding(_) => None,
        Input::Body(bytes) => Some(maker.of_body(bytes)),
        Input::ValidTape(bytes) => maker.valid_from_bytes(bytes),
        Input::MalformedTape(bytes) => maker.malformed_from_bytes(bytes),
    }?;
    Some((contract, case))
}

/// What came of it, in words.
pub(super) fn words(job: &Job, replayed: &Replayed) -> String {
    let about = about(job);
    match replayed {
        Replayed::Fixed => format!("{about}, and the answer is what the contract expects"),
        Replayed::Changed(faults) => {
            let rule = |rule| &*job.contract.rule(rule).id;
            let faults =
                faults.iter().map(|fault| format!("breaks {}, {}", rule(fault.rule), fault.symptom.sentence()));
            format!("{about}; the target {}", faults.collect::<Vec<_>>().join("; "))
        }
        Replayed::Unknown(why) => format!("{about}; the target said nothing of it: {why}"),
        // There is no fault that was there before.
        Replayed::StillThere => about,
    }
}

/// What the body is.
fn about(job: &Job) -> String {
    let name = |rule| &*job.contract.rule(rule).id;
    match &job.case.label {
        Label::Valid => "a valid body".to_owned(),
        Label::Malformed(rule, at) => {
            let place = if at.is_root() { String::new() } else { format!(" at {at}") };
            format!("a body that breaks {}{place}", name(*rule))
        }
        Label::Unspecified(rules) => format!("a body that touches open points ({})", names(rules, name)),
        Label::Mixed(rules) => format!("a body that breaks more than one rule ({})", names(rules, name)),
    }
}

fn names<'c>(rules: &[crate::contract::RuleId], name: impl Fn(crate::contract::RuleId) -> &'c str) -> String {
    rules.iter().map(|&rule| name(rule)).collect::<Vec<_>>().join(", ")
}
