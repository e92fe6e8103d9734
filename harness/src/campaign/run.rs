//! One campaign from its first request to its last.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{RwLock, mpsc};
use tokio::time::Instant;

use super::account::Account;
use super::deadline::Deadline;
use super::event::{Event, Exchange, Left, Model, Phase};
use super::groups::Group;
use super::options::{Options, RunError};
use super::play::{Played, play, redact};
use super::reduction::GroupKey;
use super::selection::Rules;
use super::sender::{Outcome, Past, Shared, known_good, maker, told, work};
use super::silence::Unanswered;
use super::waiting::telling;
use super::{paste, reduce, tidy, trial};
use crate::case::{Case, Maker, Plan};
use crate::contract::{Contract, RuleId, rule};
use crate::judge::Verdict;
use crate::target::{Answer, Endpoint, NoAnswer};

/// Outcomes that may wait to be counted.
const WAITING: usize = 1_024;
/// Why a campaign stopped that the user stopped.
const INTERRUPTED: &str = "interrupted";
/// Why it stopped that the target stopped.
const GONE: &str = "the target answers no more";
/// Time for what is under way when a campaign has to end.
const GRACE: Duration = Duration::from_millis(400);
/// How long tidying may wait for its turns when the user wants an end.
const TIDYING: Duration = Duration::from_secs(3);

/// Whether a campaign goes on after an event; where it does not, why.
pub type Flow = ControlFlow<String>;

/// Runs a campaign. `stop` ends it early when it resolves, and so does a sink that
/// breaks; what was found until then is reported all the same.
///
/// # Errors
/// The target does not answer, or answers the first known-good case with 401,
/// 403 or 404.
pub async fn run(
    contract: Arc<Contract>,
    plan: Arc<Plan>,
    endpoint: Endpoint,
    options: Options,
    stop: impl Future<Output = ()>,
    sink: impl FnMut(&Event) -> Flow,
) -> Result<(), RunError> {
    let account = Account::new(contract, plan).selecting(&options.selection);
    resume(account, endpoint, options, stop, sink).await
}

/// Runs what is left of a campaign: what is in the account is not played again.
///
/// # Errors
/// As for [`run`].
pub async fn resume(
    mut account: Account,
    endpoint: Endpoint,
    options: Options,
    stop: impl Future<Output = ()>,
    sink: impl FnMut(&Event) -> Flow,
) -> Result<(), RunError> {
    // What comes after it has resolved finds it pending.
    let stop = stop.fuse();
    tokio::pin!(stop);
    let mut teller = Teller { sink, broken: None };
    let remember = tidy::remember(&account.contract, &endpoint, &options.ledger, &options.ids, options.overwrite);
    let remembered = tokio::select! {
        biased;
        remembered = telling(endpoint.pace(), remember, |event| teller.tell(event)) => Some(remembered),
        () = stop.as_mut() => None,
    };
    if let Some(why) = endpoint.pace().given_up() {
        return Err(RunError::Busy { base: endpoint.base().to_owned(), why });
    }
    let is_stopped = remembered.transpose()?.is_none();
    account.begin_playing(options.shard);
    let shared = Arc::new(shared(&account, endpoint, options));
    // However it ends, the target is left as it was.
    let walk = walk(&shared, &mut account, stop.as_mut(), is_stopped, &mut teller);
    let outcome = AssertUnwindSafe(walk).catch_unwind().await;
    let left = tidied(&shared, stop, &mut teller).await;
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let mut summary = account.summary(teller.broken.take());
    let waited = shared.waited();
    (summary.left, summary.busy, summary.waited) = (left, waited.busy, waited.time);
    teller.tell(&Event::Finished(Box::new(summary)));
    Ok(())
}

/// What the workers of a campaign share when it begins.
pub(super) fn shared(account: &Account, endpoint: Endpoint, options: Options) -> Shared {
    Shared {
        objects: locks(&options.ids),
        wire: RwLock::new(()),
        hangs: AtomicBool::new(false),
        gave_up: AtomicBool::new(false),
        is_endless: AtomicBool::new(false),
        unread: OnceLock::new(),
        unanswered: Unanswered::default(),
        past: Past::of(&endpoint),
        coverage: Arc::clone(&account.coverage),
        rules: Rules::of(&options.selection, &account.contract),
        next: AtomicU64::new(0),
        done: account.done(),
        earlier: account.before.elapsed,
        unknown: AtomicU64::new(1),
        stop: AtomicBool::new(false),
        contract: Arc::clone(&account.contract),
        plan: Arc::clone(&account.plan),
        before: endpoint.exchanges(),
        endpoint,
        options,
        begun: Instant::now(),
    }
}

/// Who tells of the campaign, until there is nobody to tell it to.
struct Teller<S> {
    sink: S,
    /// Why nothing more is to be sent.
    broken: Option<String>,
}

impl<S: FnMut(&Event) -> Flow> Teller<S> {
    fn tell(&mut self, event: &Event) {
        if let Flow::Break(why) = (self.sink)(event) {
            self.broken.get_or_insert(why);
        }
    }
}

/// Sends all cases and looks into what fails.
async fn walk<S: FnMut(&Event) -> Flow>(
    shared: &Arc<Shared>,
    account: &mut Account,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    mut is_stopped: bool,
    teller: &mut Teller<S>,
) -> Result<(), RunError> {
    let mut first = Vec::new();
    if !is_stopped {
        let open = telling(shared.endpoint.pace(), open_in_time(shared), |event| teller.tell(event));
        tokio::select! {
            biased;
            opened = open => first = opened?,
            () = stop.as_mut() => is_stopped = true,
        }
    }
    let obligations = shared.options.selection.count(&shared.contract, &shared.plan.obligations);
    teller.tell(&Event::Started { obligations, cases: shared.options.cases });
    for outcome in first {
        take(shared, account, outcome, teller);
    }
    if is_stopped {
        hurry(shared);
        account.stop(INTERRUPTED);
    } else {
        is_stopped = send_all(shared, account, stop.as_mut(), teller).await;
    }
    account.drive(shared.mileage());
    // Who answers nothing any more shows nothing either.
    if !is_stopped && !is_lost(shared, account) {
        find(shared, account, stop, teller).await;
    }
    for finding in account.findings(&|case| paste::lines(&shared.endpoint, case)) {
        teller.tell(&Event::Finding(Box::new(finding)));
    }
    Ok(())
}

/// What is left once the run has taken away what it can.
async fn tidied<S: FnMut(&Event) -> Flow>(
    shared: &Shared,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    teller: &mut Teller<S>,
) -> Left {
    let work = tidy(&shared.contract, &shared.endpoint, &shared.options.ledger, shared.options.settle);
    let work = telling(shared.endpoint.pace(), work, |event| teller.tell(event));
    tokio::pin!(work);
    tokio::select! {
        biased;
        left = work.as_mut() => left,
        () = stop.as_mut() => {
            hurry(shared);
            work.await
        }
    }
}

/// Nobody waits any more, except for what has to be taken away.
fn hurry(shared: &Shared) {
    shared.stop.store(true, Ordering::Relaxed);
    shared.endpoint.pace().hurry(Instant::now() + TIDYING);
}

/// The first requests, as long as there is time for anything at all.
async fn open_in_time(shared: &Shared) -> Result<Vec<Outcome>, RunError> {
    let deadline = Deadline::of_run(shared, shared.options.walk + shared.endpoint.time_limit());
    let opened = deadline.limit(shared, open(shared)).await;
    let base = shared.endpoint.base().to_owned();
    let why = shared.endpoint.pace().given_up();
    match (why, opened) {
        (Some(why), _) => Err(RunError::Busy { base, why }),
        (None, Some(opened)) => opened,
        (None, None) if shared.waited().busy > 0 => {
            Err(RunError::Busy { base, why: "it is too busy to answer".to_owned() })
        }
        (None, None) => Err(RunError::NoAnswer { base, why: NoAnswer::Timeout(shared.endpoint.time_limit()) }),
    }
}

/// A lock for each id; two that differ in letter case only are one object.
fn locks(ids: &[String]) -> Vec<Arc<RwLock<()>>> {
    let mut known: BTreeMap<String, Arc<RwLock<()>>> = BTreeMap::new();
    ids.iter().map(|id| Arc::clone(known.entry(id.to_ascii_lowercase()).or_default())).collect()
}

/// The first requests, one at a time: what a read says before anything was
/// added, whether what is known to be good is answered, and whether a policy can
/// be read back.
async fn open(shared: &Shared) -> Result<Vec<Outcome>, RunError> {
    if shared.plan.obligations.is_empty() {
        return Err(RunError::NoCase);
    }
    let mut maker = maker(shared);
    let mut first = Vec::new();
    let is_first = |case: &Case| shared.is_first(case.index) && shared.selects(case.obligation, case.rule);
    if let Some(case) = opening(shared, &mut maker, rule::READ_UNSET).filter(is_first) {
        let played = play(shared, &case).await;
        // It is not asked again: later on there is a policy. Silence is for those to
        // judge that ask more than once.
        shared.next.store(1, Ordering::Relaxed);
        let outcome = told(shared, Box::new(case), Model::Refused, played);
        first.push(Outcome { is_gone: false, ..outcome });
    }
    // The first that is stored is judged too: it may be told from all that follow.
    let ready = is_ready(shared).await?;
    if shared.selects(ready.record.obligation, ready.record.rule) {
        first.push(ready);
    }
    if !shared.contract.creates()
        && let Some(case) = opening(shared, &mut maker, rule::ACCEPT_READ)
    {
        let status = play(shared, &case).await.answer.map(|answer| answer.status);
        if let Some(status @ (404 | 405 | 501)) = status {
            // Nobody has set it before.
            let _ = shared.unread.set(status);
        }
    }
    Ok(first)
}

/// The first case for a rule among those that come first.
fn opening(shared: &Shared, maker: &mut Maker<'_>, rule: RuleId) -> Option<Case> {
    let first = shared.plan.obligations.iter().take(shared.plan.opening);
    let index = first.map(|obligation| obligation.rule).position(|other| other == rule)?;
    maker.make(index as u64)
}

/// Tells of what came of a case, and counts it once that is done.
fn take<S: FnMut(&Event) -> Flow>(shared: &Shared, account: &mut Account, outcome: Outcome, teller: &mut Teller<S>) {
    let Outcome { mut record, failed, is_gone } = outcome;
    if is_gone {
        shared.stop.store(true, Ordering::Relaxed);
        account.stop(GONE);
    }
    if let Some(why) = shared.endpoint.out_of_tokens() {
        shared.stop.store(true, Ordering::Relaxed);
        account.stop(&format!("no token is left to use: {why}"));
    }
    if let Some(why) = shared.hopeless() {
        shared.stop.store(true, Ordering::Relaxed);
        account.stop(&why);
    }
    if teller.broken.is_some() || record.phase == Phase::Opening && account.has_opened() {
        return;
    }
    let is_nothing = matches!(record.verdict, Verdict::NotRun | Verdict::Inconclusive);
    record.is_settled = !(is_gone || is_nothing && account.stopped().is_some());
    record.mileage = account.drive(shared.mileage());
    let event = Event::Case(record);
    teller.tell(&event);
    if let (Event::Case(record), None) = (&event, &teller.broken) {
        account.add(record, failed.as_deref().map(|case| (case, &*record.faults)));
        let most = shared.options.max_findings;
        if account.groups.standing(shared.options.level) >= most {
            shared.stop.store(true, Ordering::Relaxed);
            account.stop(&format!("it stopped looking at --max-findings {most}"));
        }
    }
}

/// Whether what came of a known-good request lets a campaign begin.
pub(super) fn ready(shared: &Shared, outcome: &Result<Answer, NoAnswer>) -> Result<(), RunError> {
    let base = shared.endpoint.base().to_owned();
    match outcome {
        Ok(answer) if matches!(answer.status, 401 | 403 | 404) => {
            Err(RunError::NotReady { base, status: answer.status })
        }
        // What answers, but not in HTTP, is a finding.
        Ok(_) | Err(NoAnswer::NotHttp(_)) => Ok(()),
        Err(why) => Err(RunError::NoAnswer { base, why: why.clone() }),
    }
}

async fn is_ready(shared: &Shared) -> Result<Outcome, RunError> {
    let (case, outcome) = known_good(shared).await;
    let case = case.ok_or(RunError::NoCase)?;
    ready(shared, &outcome)?;
    let expected = trial::expectation(&shared.contract, &case);
    let mut judgement = trial::judge(&shared.contract, &case, expected, shared.secret(), outcome.as_ref());
    redact(shared, &mut judgement.faults);
    let model = trial::model(&shared.contract, &case);
    let request = [&*case.request.method, " ", &case.request.path].concat();
    let outcome = outcome.map(Arc::new);
    let exchanges = vec![Exchange { request, outcome: outcome.clone() }];
    let mut told = told(shared, Box::new(case), model, Played { exchanges, ..Played::of(judgement, outcome.ok()) });
    told.record.phase = Phase::Opening;
    Ok(told)
}

async fn send_all<S: FnMut(&Event) -> Flow>(
    shared: &Arc<Shared>,
    account: &mut Account,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    teller: &mut Teller<S>,
) -> bool {
    let mut is_interrupted = false;
    let (sender, mut outcomes) = mpsc::channel(WAITING);
    let workers = shared.options.concurrency.max(1);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        tasks.spawn(work(Arc::clone(shared), sender.clone()));
    }
    drop(sender);
    // A case that hangs is left behind when the time for all is over.
    let limit = shared.options.walk.max(shared.options.random) + shared.endpoint.time_limit();
    let over = Deadline::of_run(shared, limit).over(shared);
    tokio::pin!(over);
    let mut pauses = shared.endpoint.pace().pauses();
    while teller.broken.is_none() {
        tokio::select! {
            outcome = outcomes.recv() => {
                let Some(outcome) = outcome else { break };
                take(shared, account, outcome, teller);
            }
            pause = pauses.next() => teller.tell(&Event::Waiting { status: pause.status, time: pause.time }),
            () = stop.as_mut() => {
                hurry(shared);
                account.stop(INTERRUPTED);
                is_interrupted = true;
                break;
            }
            () = over.as_mut() => {
                account.stop("the time was over");
                break;
            }
        }
    }
    shared.stop.store(true, Ordering::Relaxed);
    // What is under way may come to its end, so that it is known what it left behind.
    let grace = tokio::time::sleep(GRACE);
    tokio::pin!(grace);
    while teller.broken.is_none() {
        tokio::select! {
            outcome = outcomes.recv() => {
                let Some(outcome) = outcome else { break };
                take(shared, account, outcome, teller);
            }
            () = grace.as_mut() => break,
        }
    }
    tasks.abort_all();
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended
            && error.is_panic()
        {
            // What a worker could not bear is for the caller to know.
            std::panic::resume_unwind(error.into_panic());
        }
    }
    is_interrupted
}

/// Reduces the groups, the gravest first. Silence comes last: asking again takes a
/// whole time limit. What was reduced before is not reduced again.
async fn find<S: FnMut(&Event) -> Flow>(
    shared: &Arc<Shared>,
    account: &mut Account,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    teller: &mut Teller<S>,
) {
    let mut groups: Vec<(GroupKey, Group)> =
        account.groups.groups.iter().map(|(key, group)| (key.clone(), group.clone())).collect();
    groups.sort_by_key(|(_, group)| (is_silence(group), Reverse(group.fault.level), group.first));
    // The rest is for sending the smallest requests again.
    let reducing = shared.options.whole - shared.options.whole / 10;
    // Each request about silence takes a whole time limit: there is one time for all.
    let mut for_silence = shared.options.reduce.max(6 * shared.endpoint.time_limit());
    let all = groups.len();
    for (done, (key, group)) in groups.into_iter().enumerate() {
        if teller.broken.is_some() {
            return;
        }
        if account.reduction(&key, &group).is_some() {
            continue;
        }
        teller.tell(&Event::Reducing { done, all });
        let mut limit = shared.options.reduce.min(reducing.saturating_sub(shared.elapsed()));
        let mut whole = shared.options.whole.saturating_sub(shared.elapsed());
        if is_silence(&group) {
            whole = whole.min(for_silence);
            limit = limit.min(whole.saturating_sub(2 * shared.endpoint.time_limit()));
        }
        let begun = shared.elapsed();
        let work = reduce::reduce(shared, key, &group, limit, whole);
        let work = telling(shared.endpoint.pace(), work, |event| teller.tell(event));
        let reduction = tokio::select! {
            reduction = work => reduction,
            () = stop.as_mut() => {
                hurry(shared);
                account.stop(INTERRUPTED);
                return;
            }
        };
        if is_silence(&group) {
            for_silence = for_silence.saturating_sub(shared.elapsed().saturating_sub(begun));
        }
        if is_lost(shared, account) {
            return;
        }
        teller.tell(&Event::Reduced(Box::new(reduction.clone())));
        if teller.broken.is_none() {
            account.recall_reduction(reduction);
        }
    }
}

/// Whether the target is not there any more for whoever asks.
fn is_lost(shared: &Shared, account: &Account) -> bool {
    let is_gone = account.stopped() == Some(GONE);
    is_gone || shared.endpoint.out_of_tokens().is_some() || shared.endpoint.pace().given_up().is_some()
}

fn is_silence(group: &Group) -> bool {
    group.fault.rule == rule::ANSWER_ALWAYS
}
