//! The workers: each takes the next index, makes the case, sends it and judges
//! the answer. What they find goes through one channel to the campaign.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::sync::{RwLock, mpsc};
use tokio::time::Instant;

use super::event::{CaseRecord, Model, Phase};
use super::options::Options;
use super::play::{Played, play};
use super::{exchange, tidy, trial};
use crate::case::{Case, Maker, Plan, Scene};
use crate::contract::{Contract, Family, rule};
use crate::judge::{Doubt, Fault, Judgement, Symptom, Verdict, error_code, exercised, no_answer_fault};
use crate::pairs::Coverage;
use crate::target::{Answer, Endpoint, NoAnswer};

/// Times that a case is sent before no answer counts as none.
const ATTEMPTS: u32 = 3;
/// Time for a busy target to collect itself.
const MOMENT: Duration = Duration::from_millis(20);

/// What all workers share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) contract: Arc<Contract>,
    pub(super) plan: Arc<Plan>,
    pub(super) endpoint: Endpoint,
    pub(super) options: Options,
    /// By object: who writes to it shares the lock, who looks at what is stored
    /// has it alone.
    pub(super) objects: Vec<Arc<RwLock<()>>>,
    /// Who wants to be alone on the wire has it alone, everybody else shares it.
    pub(super) wire: RwLock<()>,
    /// The target hangs on messages that it cannot take: nobody is to wait for that.
    pub(super) hangs: AtomicBool,
    /// The list has more pages than are read.
    pub(super) is_endless: AtomicBool,
    /// Ids that nothing has which were used.
    pub(super) unknown: AtomicU64,
    /// A request was given up, so that what it asked for may be done later.
    pub(super) gave_up: AtomicBool,
    /// The status that says that the target does not offer to read a policy back.
    pub(super) unread: OnceLock<u16>,
    /// The pairs of classes that bodies had.
    pub(super) coverage: Coverage,
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
    /// An id that nothing has and nothing had, in this run or another.
    pub(super) fn unknown_id(&self) -> String {
        let number = self.unknown.fetch_add(1, Ordering::Relaxed);
        let run = self
            .options
            .ledger
            .run()
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{run:08x}-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff)
    }

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
    let mut maker = maker(&shared);
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

async fn attempt(shared: &Shared, mut case: Case) -> Outcome {
    let model = trial::model(&shared.contract, &case);
    if case.mislabelled.is_some() {
        let mut record = record(shared, &case, model);
        record.mislabelled = true;
        record.reason = Some(mislabel(&case));
        return Outcome { record, failed: None, is_gone: false };
    }
    if let Some(reason) = obstacle(shared, &mut case) {
        let mut record = record(shared, &case, model);
        record.reason = Some(reason);
        return Outcome { record, failed: None, is_gone: false };
    }
    let played = settle(shared, &case).await;
    told(shared, case, model, played)
}

/// Why a case cannot be sent to this target. One that can do without looking at
/// what is stored does.
fn obstacle(shared: &Shared, case: &mut Case) -> Option<String> {
    if let Some(reason) = trial::obstacle(&shared.endpoint, case) {
        return Some(reason.to_owned());
    }
    let status = shared.unread.get().filter(|_| trial::needs_read(&shared.contract, case))?;
    if case.obligation.is_none() {
        case.scene = Scene::Alone;
        return None;
    }
    Some(format!("the target does not offer to read a policy back (it answers {status})"))
}

/// What is told of a case that was played.
pub(super) fn told(shared: &Shared, mut case: Case, model: Model, played: Played) -> Outcome {
    let Played { judgement, answer, steps } = played;
    let is_unsent = matches!(judgement.doubt, Some(Doubt::NoAnswer(NoAnswer::Unsent(_))));
    let is_gone = !is_unsent && matches!(judgement.doubt, Some(Doubt::NoAnswer(_)));
    let mut record = record(shared, &case, model);
    record.verdict = if is_unsent { Verdict::NotRun } else { judgement.verdict };
    record.faults = judgement.faults.iter().map(|fault| (fault.rule, fault.symptom.to_string())).collect();
    record.observed = judgement.observed;
    record.reason = judgement.doubt.as_ref().map(ToString::to_string);
    if let Some(answer) = answer {
        record.status = Some(answer.status);
        record.exercised = exercised(&case.request.method, &answer);
        record.error_code = error_code(&answer, shared.secret());
        record.elapsed = answer.elapsed;
        // Elsewhere the target need not have looked at the body.
        let is_of_body = shared.contract.rule(case.rule).family != Family::Http && case.request.body.is_some();
        if is_of_body && judgement.doubt.is_none() {
            shared.coverage.add(&shared.contract, &shared.plan.pairs, &case.tree, &case.label);
        }
    }
    if matches!(case.scene, Scene::Next { .. }) && judgement.doubt.is_none() {
        record.exercised.push(rule::ANSWER_NEXT);
    }
    if let Scene::Sequence { steps: all } = &mut case.scene {
        // What comes behind the fault was never sent.
        all.truncate(steps.max(1));
    }
    let failed = (!judgement.faults.is_empty()).then(|| (Box::new(case), judgement));
    Outcome { record, failed, is_gone }
}

/// Plays a case until there is an answer; none three times over, while a
/// known-good case is answered, is a fault.
async fn settle(shared: &Shared, case: &Case) -> Played {
    let mut played = play(shared, case).await;
    for attempt in 1..ATTEMPTS {
        // What a busy target said may be other in a moment.
        if played.judgement.faults.is_empty() && played.judgement.doubt.is_some() {
            tokio::time::sleep(MOMENT * attempt).await;
        }
        if !needs_proof(shared, &played) || shared.stop.load(Ordering::Relaxed) {
            return played;
        }
        played = play(shared, case).await;
    }
    if played.is_unanswered() && known_good(shared).await.1.is_ok() {
        played.judgement.faults.push(no_answer_fault(&shared.contract));
        played.judgement.verdict = Verdict::Fail;
        played.judgement.doubt = None;
    }
    played
}

/// Whether what came may be an accident: nothing that decides anything, a
/// connection that died, two answers to the same with something between them, or a
/// policy that a request wrote which was given up before.
fn needs_proof(shared: &Shared, played: &Played) -> bool {
    let is_doubtful = |fault: &Fault| {
        let is_state = shared.contract.rule(fault.rule).family == Family::State;
        fault.rule == rule::ANSWER_NEXT
            || matches!(fault.symptom, Symptom::Unlike { .. })
            || is_state && shared.gave_up.load(Ordering::Relaxed)
    };
    let is_unsent = matches!(played.judgement.doubt, Some(Doubt::NoAnswer(NoAnswer::Unsent(_))));
    played.judgement.doubt.is_some() && !is_unsent || played.judgement.faults.iter().any(is_doubtful)
}

/// Sends the first cases of the plan, of which those with a body are known to be
/// good, until one is answered: the last one sent, and what came.
pub(super) async fn known_good(shared: &Shared) -> (Option<Case>, Result<Answer, NoAnswer>) {
    let mut maker = maker(shared);
    let mut sent = (None, Err(NoAnswer::Closed));
    let opening = (0..shared.plan.opening as u64).filter_map(|index| maker.make(index));
    for case in opening.filter(|case| case.operation == 0) {
        let _together = match shared.objects.get(case.object) {
            Some(object) => Some(object.read().await),
            None => None,
        };
        let exchange::Sent { outcome, created } = exchange::send(shared, case.operation, &case.request).await;
        if let Some(id) = created {
            tidy::delete(&shared.contract, &shared.endpoint, &shared.options.ledger, &id).await;
        }
        // Nobody there is nobody there, whatever is sent.
        let is_told = !matches!(outcome, Err(NoAnswer::Closed | NoAnswer::Timeout(_)));
        sent = (Some(case), outcome);
        if is_told {
            break;
        }
    }
    sent
}

/// Makes the cases of the campaign.
pub(super) fn maker(shared: &Shared) -> Maker<'_> {
    let maker = Maker::new(&shared.contract, &shared.plan, &shared.options.ids, shared.options.seed);
    maker.for_run(shared.options.ledger.run())
}

fn record(shared: &Shared, case: &Case, model: Model) -> CaseRecord {
    let is_walked = case.index < shared.plan.obligations.len() as u64;
    CaseRecord {
        index: case.index,
        phase: if is_walked { Phase::Obligations } else { Phase::Random },
        obligation: case.obligation,
        operation: case.operation,
        operator: case.operator,
        rule: case.rule,
        pointer: case.at.to_string(),
        label: case.label.name(),
        request: format!("{} {}", case.request.method, case.request.path),
        scene: case.scene.name(),
        body_length: case.body().len(),
        verdict: Verdict::NotRun,
        faults: Vec::new(),
        observed: None,
        reason: None,
        status: None,
        exercised: Vec::new(),
        error_code: None,
        elapsed: Duration::ZERO,
        model,
        mislabelled: false,
    }
}

fn no_occasion(shared: &Shared, index: u64) -> Outcome {
    let obligation = usize::try_from(index).ok().filter(|&index| index < shared.plan.obligations.len());
    let broken = obligation.map_or(rule::ACCEPT_BODY, |index| shared.plan.obligations[index].rule);
    let record = CaseRecord {
        index,
        phase: if obligation.is_some() { Phase::Obligations } else { Phase::Random },
        obligation,
        operation: 0,
        operator: "none",
        rule: broken,
        pointer: String::new(),
        label: "none",
        request: String::new(),
        scene: "none",
        body_length: 0,
        verdict: Verdict::NotRun,
        faults: Vec::new(),
        observed: None,
        reason: Some("no body gave an occasion for it".to_owned()),
        status: None,
        exercised: Vec::new(),
        error_code: None,
        elapsed: Duration::ZERO,
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
