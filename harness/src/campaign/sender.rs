//! The workers: each takes the next index, makes the case, sends it and judges
//! the answer. What they find goes through one channel to the campaign.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use secrecy::ExposeSecret;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::event::{CaseRecord, Model, Phase};
use super::options::Options;
use super::trial;
use crate::case::{Case, Maker, Plan};
use crate::contract::Contract;
use crate::judge::{Doubt, Judgement, Verdict, no_answer_fault};
use crate::target::{Answer, Endpoint, NoAnswer};

/// Times that a case is sent before no answer counts as none.
const ATTEMPTS: usize = 3;
/// Cases at the head of the plan that are known to be good.
const KNOWN_GOOD: u64 = 2;

/// What all workers share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) contract: Arc<Contract>,
    pub(super) plan: Arc<Plan>,
    pub(super) endpoint: Endpoint,
    pub(super) options: Options,
    pub(super) next: AtomicU64,
    /// Set when the target is gone or the user wants an end.
    pub(super) stop: AtomicBool,
    pub(super) begun: Instant,
}

/// What a worker found out about a case.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) record: CaseRecord,
    /// The case with its faults, where there are any: it may become a finding.
    pub(super) failed: Option<(Box<Case>, Judgement)>,
    /// The target answers nothing any more.
    pub(super) is_gone: bool,
}

impl Shared {
    /// The token, to look for in answers.
    pub(super) fn secret(&self) -> Option<&str> {
        self.endpoint.token().map(ExposeSecret::expose_secret)
    }

    /// The next index, while there is time and there are cases.
    fn take(&self) -> Option<u64> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        let walked = self.plan.obligations.len() as u64;
        let (limit, is_left) = if index < walked {
            (self.options.walk, true)
        } else {
            (self.options.random, index < walked.saturating_add(self.options.cases))
        };
        (is_left && self.begun.elapsed() < limit).then_some(index)
    }
}

/// Works until nothing is left to do.
pub(super) async fn work(shared: Arc<Shared>, outcomes: mpsc::Sender<Outcome>) {
    let mut maker = Maker::new(&shared.contract, &shared.plan, &shared.options.ids, shared.options.seed);
    while let Some(index) = shared.take() {
        let outcome = match maker.make(index) {
            Some(case) => attempt(&shared, case).await,
            None => no_occasion(&shared, index),
        };
        if outcomes.send(outcome).await.is_err() {
            return;
        }
    }
}

async fn attempt(shared: &Shared, case: Case) -> Outcome {
    let model = trial::model(&shared.contract, &case);
    if case.mislabelled.is_some() {
        let mut record = record(shared, &case, model);
        record.mislabelled = true;
        record.reason = Some(mislabel(&case));
        return Outcome { record, failed: None, is_gone: false };
    }
    if let Some(reason) = trial::obstacle(&shared.endpoint, &case) {
        let mut record = record(shared, &case, model);
        record.reason = Some(reason.to_owned());
        return Outcome { record, failed: None, is_gone: false };
    }
    let (judgement, answer) = settle(shared, &case).await;
    let is_unsent = matches!(judgement.doubt, Some(Doubt::NoAnswer(NoAnswer::Unsent(_))));
    let is_gone = !is_unsent && matches!(judgement.doubt, Some(Doubt::NoAnswer(_)));
    let mut record = record(shared, &case, model);
    record.verdict = if is_unsent { Verdict::NotRun } else { judgement.verdict };
    record.faults = judgement.faults.iter().map(|fault| (fault.rule, fault.symptom.to_string())).collect();
    record.observed = judgement.observed;
    record.reason = judgement.doubt.as_ref().map(ToString::to_string);
    record.status = answer.as_ref().map(|answer| answer.status);
    record.elapsed = answer.map(|answer| answer.elapsed).unwrap_or_default();
    let failed = (!judgement.faults.is_empty()).then(|| (Box::new(case), judgement));
    Outcome { record, failed, is_gone }
}

/// Sends a case until there is an answer; none three times over, while a
/// known-good case is answered, is a fault.
async fn settle(shared: &Shared, case: &Case) -> (Judgement, Option<Answer>) {
    let mut judgement = None;
    for _ in 0..ATTEMPTS {
        let outcome = shared.endpoint.exchange(&case.request).await;
        let found = trial::judge(&shared.contract, case, shared.secret(), outcome.as_ref());
        // What cannot be sent now cannot be sent later, and is no fault of the target.
        let is_settled = !matches!(found.doubt, Some(Doubt::NoAnswer(_)))
            || matches!(outcome, Err(NoAnswer::Unsent(_)))
            || shared.stop.load(Ordering::Relaxed);
        if is_settled {
            return (found, outcome.ok());
        }
        judgement = Some(found);
    }
    let is_alive = known_good(shared).await.is_ok();
    match judgement {
        Some(mut judgement) if is_alive => {
            judgement.faults.push(no_answer_fault(&shared.contract));
            judgement.verdict = Verdict::Fail;
            judgement.doubt = None;
            (judgement, None)
        }
        Some(judgement) => (judgement, None),
        None => (trial::judge(&shared.contract, case, None, Err(&NoAnswer::Closed)), None),
    }
}

/// Sends the first cases of the plan, which are known to be good, until one is
/// answered.
pub(super) async fn known_good(shared: &Shared) -> Result<Answer, NoAnswer> {
    let mut maker = Maker::new(&shared.contract, &shared.plan, &shared.options.ids, shared.options.seed);
    let mut outcome = Err(NoAnswer::Closed);
    for case in (0..KNOWN_GOOD).filter_map(|index| maker.make(index)) {
        outcome = shared.endpoint.exchange(&case.request).await;
        // Nobody there is nobody there, whatever is sent.
        if !matches!(outcome, Err(NoAnswer::Closed | NoAnswer::Timeout(_))) {
            break;
        }
    }
    outcome
}

fn record(shared: &Shared, case: &Case, model: Model) -> CaseRecord {
    let is_walked = case.index < shared.plan.obligations.len() as u64;
    CaseRecord {
        index: case.index,
        phase: if is_walked { Phase::Obligations } else { Phase::Random },
        obligation: case.obligation,
        operator: case.operator,
        rule: case.rule,
        pointer: case.at.to_string(),
        label: case.label.name(),
        request: format!("{} {}", case.request.method, case.request.path),
        body_length: case.body().len(),
        verdict: Verdict::NotRun,
        faults: Vec::new(),
        observed: None,
        reason: None,
        status: None,
        elapsed: std::time::Duration::ZERO,
        model,
        mislabelled: false,
    }
}

fn no_occasion(shared: &Shared, index: u64) -> Outcome {
    let obligation = usize::try_from(index).ok().filter(|&index| index < shared.plan.obligations.len());
    let rule = obligation.map_or(crate::contract::rule::ACCEPT_BODY, |index| shared.plan.obligations[index].rule);
    let record = CaseRecord {
        index,
        phase: if obligation.is_some() { Phase::Obligations } else { Phase::Random },
        obligation,
        operator: "none",
        rule,
        pointer: String::new(),
        label: "none",
        request: String::new(),
        body_length: 0,
        verdict: Verdict::NotRun,
        faults: Vec::new(),
        observed: None,
        reason: Some("no body gave an occasion for it".to_owned()),
        status: None,
        elapsed: std::time::Duration::ZERO,
        model: Model::Refused,
        mislabelled: false,
    };
    Outcome { record, failed: None, is_gone: false }
}

fn mislabel(case: &Case) -> String {
    let Some(mislabelled) = &case.mislabelled else { return String::new() };
    format!(
        "{} at {} was to be {:?} and is {:?}: {}",
        case.operator,
        case.at,
        mislabelled.claimed,
        mislabelled.found,
        String::from_utf8_lossy(case.body())
    )
}
