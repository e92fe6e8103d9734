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

/// Sends a case again that showed a fault, and takes away what it created.
///
/// # Errors
/// What is in the target cannot be put back afterwards.
pub async fn replay(
    contract: Arc<Contract>,
    endpoint: Endpoint,
    options: Options,
    case: &Case,
    fault: &Fault,
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

fn told(judgement: Judgement, before: &Fault) -> Replayed {
    let is_same = |fault: &Fault| fault.rule == before.rule && fault.symptom.to_string() == before.symptom.to_string();
    let is_silent = matches!(judgement.doubt, Some(Doubt::NoAnswer(NoAnswer::Closed | NoAnswer::Timeout(_))));
    if judgement.faults.iter().any(is_same) || is_silent && before.rule == rule::ANSWER_ALWAYS {
        Replayed::StillThere
    } else if !judgement.faults.is_empty() {
        Replayed::Changed(judgement.faults)
    } else if let Some(doubt) = judgement.doubt {
        Replayed::Unknown(doubt.to_string())
    } else {
        Replayed::Fixed
    }
}
