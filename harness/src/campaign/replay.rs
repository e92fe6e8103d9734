//! Sends the case of a finding again, to see whether it still shows the fault.

use std::sync::Arc;

use super::account::Account;
use super::options::{Options, RunError};
use super::play::play;
use super::run::shared;
use super::tidy::{self, tidy};
use crate::case::{Case, Plan};
use crate::contract::{Contract, rule};
use crate::judge::{Doubt, Fault, Judgement};
use crate::target::{Endpoint, NoAnswer};

/// Times that a case is sent before what says nothing counts as nothing.
const ATTEMPTS: u32 = 3;

/// What a case shows now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same fault.
    StillThere,
    /// No fault.
    Fixed,
    /// Other faults.
    Changed(Vec<Fault>),
    /// Nothing, for this reason.
    Unknown(String),
}

/// Sends a case again, and takes away what it created. Where it is known to have shown
/// a fault, that is what is looked for.
///
/// # Errors
/// What is in the target cannot be put back afterwards.
pub async fn replay(
    contract: Arc<Contract>,
    endpoint: Endpoint,
    options: Options,
    case: &Case,
    fault: Option<&Fault>,
) -> Result<Replayed, RunError> {
    tidy::remember(&contract, &endpoint, &options.ledger, &options.ids, options.overwrite).await?;
    let plan = Arc::new(Plan::of(&contract));
    let shared = shared(&Account::new(contract, plan), endpoint, options);
    let mut replayed = Replayed::Unknown("it was not sent".to_owned());
    for _ in 0..ATTEMPTS {
        replayed = told(play(&shared, case).await.judgement, fault);
        if !matches!(replayed, Replayed::Unknown(_)) {
            break;
        }
    }
    tidy(&shared.contract, &shared.endpoint, &shared.options.ledger, shared.options.settle).await;
    Ok(replayed)
}

fn told(judgement: Judgement, before: Option<&Fault>) -> Replayed {
    let is_same = |fault: &Fault, before: &Fault| {
        fault.rule == before.rule && fault.symptom.to_string() == before.symptom.to_string()
    };
    let is_silent = matches!(judgement.doubt, Some(Doubt::NoAnswer(NoAnswer::Closed | NoAnswer::Timeout(_))));
    let is_there = before.is_some_and(|before| {
        judgement.faults.iter().any(|fault| is_same(fault, before)) || is_silent && before.rule == rule::ANSWER_ALWAYS
    });
    if is_there {
        Replayed::StillThere
    } else if !judgement.faults.is_empty() {
        Replayed::Changed(judgement.faults)
    } else if let Some(doubt) = judgement.doubt {
        Replayed::Unknown(doubt.to_string())
    } else {
        Replayed::Fixed
    }
}
