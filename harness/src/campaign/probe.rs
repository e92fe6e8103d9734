//! A smoke test: the first requests of a campaign and one that has to be refused,
//! before thousands of them are sent. What it puts into the target it takes away,
//! as a campaign does.

use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::event::Left;
use super::options::{Options, RunError};
use super::play::{Played, play};
use super::run::{ready, shared};
use super::sender::{Shared, known_good, maker};
use super::{paste, tidy, trial};
use crate::case::{Case, Plan};
use crate::contract::{Contract, Level, RuleId};
use crate::judge::{Judgement, error_message};
use crate::target::{Answer, Endpoint};
use crate::validate::Label;

/// What came of a smoke test.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What was tried, in order; the last one is the malformed body.
    pub tried: Vec<Tried>,
    /// What could not be taken away again.
    pub left: Left,
}

/// A request and what the target made of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The rule that it shows or breaks.
    pub rule: RuleId,
    /// Whether it has to be accepted; otherwise it has to be refused.
    pub is_good: bool,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// Time for the answer.
    pub elapsed: Duration,
    /// What the target says in `error.message`.
    pub message: Option<String>,
    /// When to try again, as the target says it.
    pub retry_after: Option<String>,
    /// The request as a line for a shell.
    pub curl: String,
    /// Rules that the answer breaks, with how it shows in a sentence.
    pub faults: Vec<(RuleId, Level, String)>,
    /// Why the answer says nothing, where it does not.
    pub doubt: Option<String>,
}

/// Tries a target.
///
/// # Errors
/// As those of [`run`](super::run()).
pub async fn probe(
    contract: Arc<Contract>,
    plan: Arc<Plan>,
    endpoint: Endpoint,
    options: Options,
) -> Result<Probe, RunError> {
    tidy::remember(&contract, &endpoint, &options.ledger, &options.ids, options.overwrite).await?;
    let shared = shared(&Account::new(contract, plan), endpoint, options);
    let tried = try_all(&shared).await;
    let left = tidy(&shared.contract, &shared.endpoint, &shared.options.ledger, shared.options.settle).await;
    Ok(Probe { tried: tried?, left })
}

async fn try_all(shared: &Shared) -> Result<Vec<Tried>, RunError> {
    let (case, outcome) = known_good(shared).await;
    let case = case.ok_or(RunError::NoCase)?;
    ready(shared, &outcome)?;
    let expected = trial::expectation(&shared.contract, &case);
    let judgement = trial::judge(&shared.contract, &case, expected, shared.secret(), outcome.as_ref());
    let mut tried = vec![told(shared, &case, judgement, outcome.as_ref().ok())];
    // Another body that must be accepted, with something in it.
    let mut maker = maker(shared);
    let opening = (0..shared.plan.opening as u64).filter_map(|index| maker.make(index));
    let good = opening.filter(|other| other.operation == 0 && other.label == Label::Valid && other.index != case.index);
    for case in good.collect::<Vec<_>>() {
        tried.push(played(shared, &case).await);
    }
    let is_wrong = |case: &Case| {
        let level = shared.contract.rule(case.rule).level;
        case.operation == 0 && matches!(case.label, Label::Malformed(..)) && level == Level::Must
    };
    let mut others =
        (shared.plan.opening as u64..shared.plan.obligations.len() as u64).filter_map(|index| maker.make(index));
    let wrong = others.find(is_wrong).ok_or(RunError::NoCase)?;
    tried.push(played(shared, &wrong).await);
    Ok(tried)
}

async fn played(shared: &Shared, case: &Case) -> Tried {
    let Played { judgement, answer, .. } = play(shared, case).await;
    told(shared, case, judgement, answer.as_deref())
}

fn told(shared: &Shared, case: &Case, judgement: Judgement, answer: Option<&Answer>) -> Tried {
    let shown = |text: String| shared.endpoint.redacted(text);
    let message = answer.and_then(|answer| error_message(answer, shared.secret()));
    Tried {
        rule: case.rule,
        is_good: case.label == Label::Valid,
        status: answer.map(|answer| answer.status),
        elapsed: answer.map(|answer| answer.elapsed).unwrap_or_default(),
        message: message.map(shown),
        retry_after: answer
            .and_then(|answer| answer.header("retry-after"))
            .filter(|text| text.len() < 40 && text.bytes().all(|byte| matches!(byte, b' '..=b'~')))
            .map(|text| shown(text.to_owned())),
        curl: paste::lines(&shared.endpoint, case),
        faults: judgement
            .faults
            .iter()
            .map(|fault| (fault.rule, fault.level, shown(fault.symptom.sentence())))
            .collect(),
        doubt: judgement.doubt.map(|doubt| shown(doubt.to_string())),
    }
}
