//! The workers: each takes the next index, makes the case, sends it and judges
//! the answer. What they find goes through one channel to the campaign.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{RwLock, mpsc};
use tokio::time::Instant;

use super::done::Done;
use super::event::{CaseRecord, Mileage, Model};
use super::options::Options;
use super::play::{Played, play};
use super::selection::Rules;
use super::silence::{self, Unanswered};
use super::{exchange, record, tidy, trial};
use crate::case::{Case, Maker, Plan, Scene};
use crate::contract::{Contract, Family, RuleId, rule};
use crate::hash::Fnv;
use crate::judge::{Doubt, Fault, Symptom, Verdict, error_code, exercised, no_answer_fault};
use crate::pairs::Coverage;
use crate::target::{Answer, Endpoint, NoAnswer, Redactor, Silence, Waited};

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
    /// Kinds of requests that are not answered.
    pub(super) unanswered: Unanswered,
    /// What the endpoint had been through before the run began.
    pub(super) past: Past,
    /// The pairs of classes that bodies had.
    pub(super) coverage: Arc<Coverage>,
    /// The rules that it is about.
    pub(super) rules: Rules,
    pub(super) next: AtomicU64,
    /// Cases that need not be played any more.
    pub(super) done: Done,
    /// Set when the target is gone or the user wants an end.
    pub(super) stop: AtomicBool,
    pub(super) begun: Instant,
    /// Time that runs took which this one goes on with.
    pub(super) earlier: Duration,
    /// Requests that the endpoint had sent before the run began.
    pub(super) before: u64,
}

/// What an endpoint has been through, in other runs or in this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    held_back: Duration,
    silence: Silence,
    waited: Waited,
}

impl Past {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        let pace = endpoint.pace();
        Self { held_back: pace.held_back(), silence: endpoint.silence(), waited: pace.waited() }
    }
}

/// What a worker found out about a case.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) record: Box<CaseRecord>,
    /// The case, where it shows faults: it may become a finding.
    pub(super) failed: Option<Box<Case>>,
    /// The target answers nothing any more.
    pub(super) is_gone: bool,
}

impl Shared {
    /// An id that nothing has and nothing had, in this run or another.
    pub(super) fn unknown_id(&self) -> String {
        let number = self.unknown.fetch_add(1, Ordering::Relaxed);
        let run = Fnv::default().bytes(self.options.ledger.run().as_bytes()).get() as u32;
        format!("{run:08x}-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff)
    }

    /// How far the run is.
    pub(super) fn mileage(&self) -> Mileage {
        Mileage { requests: self.endpoint.exchanges() - self.before, elapsed: self.begun.elapsed() }
    }

    /// Whether a case can be the first one of the run.
    pub(super) fn is_first(&self, index: u64) -> bool {
        index == 0 && self.options.shard.has(index) && !self.done.has(index)
    }

    /// How long a busy target has held the run back, as far as that may make it
    /// longer.
    pub(super) fn held_back(&self) -> Duration {
        let held = self.endpoint.pace().held_back().saturating_sub(self.past.held_back);
        held.min(self.options.patience)
    }

    /// How often the target was busy in this run, and how long it was left alone.
    pub(super) fn waited(&self) -> Waited {
        let (now, past) = (self.endpoint.pace().waited(), self.past.waited);
        Waited { busy: now.busy.saturating_sub(past.busy), time: now.time.saturating_sub(past.time) }
    }

    /// Time of the run, that in which a busy target held it back aside.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed().saturating_sub(self.held_back())
    }

    /// Why nothing more is to be sent, where it is the target that makes it so.
    pub(super) fn hopeless(&self) -> Option<String> {
        let (now, past) = (self.endpoint.silence(), self.past.silence);
        let most = self.endpoint.time_limit().saturating_mul(silence::LIMITS);
        let workers = u32::try_from(self.options.concurrency.max(1)).unwrap_or(u32::MAX);
        let is_lost = now.alone.saturating_sub(past.alone) >= most
            || now.added_up.saturating_sub(past.added_up) >= most.saturating_mul(workers);
        self.endpoint.pace().given_up().or_else(|| is_lost.then(|| silence::TOO_MUCH.to_owned()))
    }

    /// Whether the campaign is about a case: an obligation, or a body that goes
    /// under its rule.
    pub(super) fn selects(&self, obligation: Option<usize>, rule: RuleId) -> bool {
        let of_plan = obligation.and_then(|index| self.plan.obligations.get(index));
        self.rules.has(of_plan.map_or(rule, |obligation| obligation.rule))
    }

    /// What knows the tokens, to look for them in answers.
    pub(super) fn secret(&self) -> &Redactor {
        self.endpoint.redactor()
    }

    /// The next index, while there is time and there are cases.
    fn take(&self) -> Option<u64> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let is_wanted = |index: &u64| self.options.shard.has(*index) && !self.done.has(*index);
        let index = std::iter::repeat_with(|| self.next.fetch_add(1, Ordering::Relaxed)).find(is_wanted)?;
        let walked = self.plan.obligations.len() as u64;
        let (limit, is_left) = if index < walked {
            (self.options.walk, true)
        } else {
            (self.options.random, index < walked.saturating_add(self.options.cases))
        };
        // The time for random cases is that of all runs which it took.
        let elapsed = if index < walked { self.elapsed() } else { self.elapsed() + self.earlier };
        (is_left && elapsed < limit).then_some(index)
    }
}

/// Works until nothing is left to do.
pub(super) async fn work(shared: Arc<Shared>, outcomes: mpsc::Sender<Outcome>) {
    let mut maker = maker(&shared);
    while let Some(index) = shared.take() {
        let walked = usize::try_from(index).ok().and_then(|index| shared.plan.obligations.get(index));
        if walked.is_some_and(|obligation| !shared.rules.has(obligation.rule)) {
            continue;
        }
        let outcome = match maker.make(index) {
            Some(case) if !shared.selects(case.obligation, case.rule) => continue,
            Some(case) => attempt(&shared, Box::new(case)).await,
            None => {
                Outcome { record: Box::new(record::no_occasion(&shared.plan, index)), failed: None, is_gone: false }
            }
        };
        if outcomes.send(outcome).await.is_err() {
            return;
        }
    }
}

async fn attempt(shared: &Shared, mut case: Box<Case>) -> Outcome {
    let model = trial::model(&shared.contract, &case);
    if case.mislabelled.is_some() {
        let mut record = Box::new(record::record(&shared.plan, &case, model));
        record.reason = Some(mislabel(&case));
        return Outcome { record, failed: None, is_gone: false };
    }
    if let Some(reason) = obstacle(shared, &mut case) {
        let mut record = Box::new(record::record(&shared.plan, &case, model));
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
    if shared.unanswered.is_known(case) {
        return Some(silence::REASON.to_owned());
    }
    let status = shared.unread.get().filter(|_| trial::needs_read(&shared.contract, case))?;
    if case.obligation.is_none() {
        case.scene = Scene::Alone;
        return None;
    }
    Some(format!("the target does not offer to read a policy back (it answers {status})"))
}

/// What is told of a case that was played.
pub(super) fn told(shared: &Shared, mut case: Box<Case>, model: Model, played: Played) -> Outcome {
    let Played { judgement, answer, steps, exchanges, .. } = played;
    let judgement = judgement.keeping(|fault| !shared.rules.skips(fault.rule));
    let is_unsent = matches!(judgement.doubt, Some(Doubt::NoAnswer(NoAnswer::Unsent(_))));
    let is_gone = !is_unsent && matches!(judgement.doubt, Some(Doubt::NoAnswer(_)));
    let mut record = Box::new(record::record(&shared.plan, &case, model));
    record.verdict = if is_unsent { Verdict::NotRun } else { judgement.verdict };
    record.faults = judgement.faults;
    (record.steps, record.exchanges) = (steps, exchanges);
    let shown = |text: String| shared.endpoint.redacted(text);
    record.observed = judgement.observed;
    record.reason = judgement.doubt.as_ref().map(|doubt| shown(doubt.to_string()));
    if let Some(answer) = answer {
        record.status = Some(answer.status);
        record.exercised = exercised(&case.request.method, &answer);
        record.error_code = error_code(&answer, shared.secret()).map(shown);
        record.elapsed = answer.elapsed;
    }
    if record::is_judged(&shared.contract, &case, &record) {
        shared.coverage.add(&shared.contract, &shared.plan.pairs, &case.tree, &case.label);
    }
    if matches!(case.scene, Scene::Next { .. }) && judgement.doubt.is_none() {
        record.exercised.push(rule::ANSWER_NEXT);
    }
    if let Scene::Sequence { steps: all } = &mut case.scene {
        // What comes behind the fault was never sent.
        all.truncate(steps.max(1));
    }
    let failed = (!record.faults.is_empty()).then_some(case);
    Outcome { record, failed, is_gone }
}

/// Plays a case until there is an answer; none three times over, while a
/// known-good case is answered, is a fault.
async fn settle(shared: &Shared, case: &Case) -> Played {
    let mut played = play(shared, case).await;
    for attempt in 1..ATTEMPTS {
        // It was asked again already, and left alone in between.
        if matches!(played.judgement.doubt, Some(Doubt::Busy(429 | 503))) {
            break;
        }
        // What a busy target said may be other in a moment.
        if played.judgement.faults.is_empty() && played.judgement.doubt.is_some() {
            tokio::time::sleep(MOMENT * attempt).await;
        }
        if !needs_proof(shared, &played) {
            break;
        }
        if shared.stop.load(Ordering::Relaxed) {
            // What nobody can ask about any more accuses nobody.
            let doubt = played.judgement.doubt.unwrap_or(Doubt::Around);
            return Played { exchanges: played.exchanges, ..Played::doubt(doubt) };
        }
        // Others have found out in the meantime.
        if played.is_silent && shared.unanswered.is_known(case) {
            let known = Doubt::NoAnswer(NoAnswer::Unsent(silence::REASON.to_owned()));
            return Played { exchanges: played.exchanges, ..Played::doubt(known) };
        }
        let mut exchanges = std::mem::take(&mut played.exchanges);
        played = play(shared, case).await;
        exchanges.append(&mut played.exchanges);
        played.exchanges = exchanges;
    }
    if played.is_silent {
        shared.unanswered.add(case);
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
        let exchange::Sent { outcome, created, .. } = exchange::send(shared, case.operation, &case.request).await;
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
