//! One campaign from its first request to its last.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{RwLock, mpsc};
use tokio::time::Instant;

use super::counts::Counts;
use super::event::{Event, Model, Summary};
use super::finding::Finding;
use super::groups::{Group, Groups, size};
use super::naming;
use super::options::{Options, RunError};
use super::play::{Played, play};
use super::reduce;
use super::sender::{Outcome, Shared, known_good, maker, told, work};
use super::{tidy, trial};
use crate::case::{Case, Maker, Plan};
use crate::contract::{Contract, Family, RuleId, rule};
use crate::pairs::Coverage;
use crate::target::{Endpoint, NoAnswer};

/// Outcomes that may wait to be counted.
const WAITING: usize = 1_024;
/// Why a campaign stopped that the user stopped.
const INTERRUPTED: &str = "interrupted";
/// Findings of one rule and symptom that are told apart by cause; more are one.
const CAUSES: usize = 3;
/// The same for what is stored: who stores wrongly does so in many ways at once.
const CAUSES_OF_STATE: usize = 2;

/// Runs a campaign. `stop` ends it early when it resolves; what was found until
/// then is reported all the same.
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
    mut sink: impl FnMut(&Event),
) -> Result<(), RunError> {
    let begun = Instant::now();
    tidy::remember(&contract, &endpoint, &options.ledger, &options.ids, options.overwrite).await?;
    let shared = Arc::new(Shared {
        objects: locks(&options.ids),
        wire: RwLock::new(()),
        hangs: AtomicBool::new(false),
        gave_up: AtomicBool::new(false),
        is_endless: AtomicBool::new(false),
        unread: OnceLock::new(),
        coverage: Coverage::new(&plan.pairs),
        next: AtomicU64::new(0),
        unknown: AtomicU64::new(1),
        stop: AtomicBool::new(false),
        contract,
        plan,
        endpoint,
        options,
        begun,
    });
    // However it ends, the target is left as it was.
    let outcome = AssertUnwindSafe(walk(&shared, stop, &mut sink)).catch_unwind().await;
    let left = tidy(&shared.contract, &shared.endpoint, &shared.options.ledger, shared.options.settle).await;
    let mut summary = outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    summary.left = left;
    sink(&Event::Finished(Box::new(summary)));
    Ok(())
}

/// Sends all cases and looks into what fails.
async fn walk(
    shared: &Arc<Shared>,
    stop: impl Future<Output = ()>,
    mut sink: &mut impl FnMut(&Event),
) -> Result<Summary, RunError> {
    let begun = shared.begun;
    let before = shared.endpoint.exchanges();
    let first = open(shared).await?;
    sink(&Event::Started { obligations: shared.plan.obligations.len(), cases: shared.options.cases });
    let mut counts = Counts::new(shared);
    for outcome in first {
        take(shared, &mut counts, outcome, &mut sink);
    }
    // What comes after it has resolved finds it pending.
    let stop = stop.fuse();
    tokio::pin!(stop);
    send_all(shared, &mut counts, stop.as_mut(), &mut sink).await;
    let (elapsed, requests) = (begun.elapsed(), shared.endpoint.exchanges() - before);
    let is_stopped = counts.stopped.as_deref() == Some(INTERRUPTED);
    for finding in find(shared, std::mem::take(&mut counts.groups), stop, is_stopped, &mut sink).await {
        sink(&Event::Finding(Box::new(finding)));
    }
    let mut summary = counts.summary(shared);
    (summary.elapsed, summary.requests) = (elapsed, requests);
    Ok(summary)
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
    if let Some(case) = opening(shared, &mut maker, rule::READ_UNSET).filter(|case| case.index == 0) {
        let played = play(shared, &case).await;
        // It is not asked again: later on there is a policy. Silence is for those to
        // judge that ask more than once.
        shared.next.store(1, Ordering::Relaxed);
        let outcome = told(shared, case, Model::Refused, played);
        first.push(Outcome { is_gone: false, ..outcome });
    }
    // The first that is stored is judged too: it may be told from all that follow.
    first.push(is_ready(shared).await?);
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

/// Counts what came of a case, and tells of it.
fn take(shared: &Shared, counts: &mut Counts, outcome: Outcome, sink: &mut impl FnMut(&Event)) {
    if outcome.is_gone {
        shared.stop.store(true, Ordering::Relaxed);
        counts.stopped.get_or_insert_with(|| "the target answers no more".to_owned());
    }
    if let Some((case, judgement)) = &outcome.failed {
        counts.groups.add(case, judgement);
    }
    counts.add(shared, &outcome.record);
    sink(&Event::Case(Box::new(outcome.record)));
}

async fn is_ready(shared: &Shared) -> Result<Outcome, RunError> {
    let base = shared.endpoint.base().to_owned();
    let (case, outcome) = known_good(shared).await;
    let case = case.ok_or(RunError::NoCase)?;
    match &outcome {
        Ok(answer) if matches!(answer.status, 401 | 403 | 404) => {
            return Err(RunError::NotReady { base, status: answer.status });
        }
        // What answers, but not in HTTP, is a finding.
        Ok(_) | Err(NoAnswer::NotHttp(_)) => {}
        Err(why) => return Err(RunError::NoAnswer { base, why: why.clone() }),
    }
    let expected = trial::expectation(&shared.contract, &case);
    let judgement = trial::judge(&shared.contract, &case, expected, shared.secret(), outcome.as_ref());
    let model = trial::model(&shared.contract, &case);
    Ok(told(shared, case, model, Played::of(judgement, outcome.ok())))
}

async fn send_all(
    shared: &Arc<Shared>,
    counts: &mut Counts,
    mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
    sink: &mut impl FnMut(&Event),
) {
    let (sender, mut outcomes) = mpsc::channel(WAITING);
    let workers = shared.options.concurrency.max(1);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        tasks.spawn(work(Arc::clone(shared), sender.clone()));
    }
    drop(sender);
    // A case that hangs is left behind when the time for all is over.
    let deadline = tokio::time::sleep_until(
        shared.begun + shared.options.walk.max(shared.options.random) + shared.endpoint.time_limit(),
    );
    tokio::pin!(deadline);
    loop {
        tokio::select! {
            outcome = outcomes.recv() => {
                let Some(outcome) = outcome else { break };
                take(shared, counts, outcome, sink);
            }
            () = stop.as_mut() => {
                counts.stopped = Some(INTERRUPTED.to_owned());
                break;
            }
            () = deadline.as_mut() => {
                counts.stopped.get_or_insert_with(|| "the time was over".to_owned());
                break;
            }
        }
    }
    shared.stop.store(true, Ordering::Relaxed);
    tasks.abort_all();
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended
            && error.is_panic()
        {
            // What a worker could not bear is for the caller to know.
            std::panic::resume_unwind(error.into_panic());
        }
    }
}

/// Reduces the groups, the gravest first, and puts those together that turn out
/// to have one cause. Silence comes last: asking again takes a whole time limit.
async fn find(
    shared: &Arc<Shared>,
    groups: Groups,
    mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
    mut is_stopped: bool,
    sink: &mut impl FnMut(&Event),
) -> Vec<Finding> {
    let mut groups: Vec<Group> = groups.groups.into_values().collect();
    groups.sort_by_key(|group| (is_silence(group), std::cmp::Reverse(group.fault.level), group.first));
    // The rest is for sending the smallest requests again.
    let reducing = shared.options.whole - shared.options.whole / 10;
    let all = groups.len();
    let mut causes: BTreeMap<Cause, Group> = BTreeMap::new();
    for (done, group) in groups.into_iter().enumerate() {
        sink(&Event::Reducing { done, all });
        let left = reducing.saturating_sub(shared.begun.elapsed());
        let limit = if is_stopped { Duration::ZERO } else { shared.options.reduce.min(left) };
        let spare = group.clone();
        let (group, rule) = tokio::select! {
            reduced = reduce::reduce(shared, group, limit) => reduced,
            () = stop.as_mut(), if !is_stopped => {
                is_stopped = true;
                let rule = spare.fault.rule;
                (spare, rule)
            }
        };
        let cause = Cause::of(shared, &group, rule);
        match causes.entry(cause) {
            std::collections::btree_map::Entry::Occupied(mut known) => known.get_mut().merge(group),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(group);
            }
        }
    }
    let mut findings = Vec::new();
    let mut merged = merge_many(&shared.contract, causes);
    merged.sort_by_key(|(_, group)| is_silence(group));
    for (cause, group) in merged {
        let now = Instant::now();
        let end = if is_stopped { now } else { shared.begun + shared.options.whole };
        let finding = tokio::select! {
            finding = reduce::finish(shared, group.clone(), cause.rule, end) => finding,
            () = stop.as_mut(), if !is_stopped => {
                is_stopped = true;
                reduce::finish(shared, group, cause.rule, now).await
            }
        };
        findings.push(finding);
    }
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.level), finding.first));
    findings
}

fn is_silence(group: &Group) -> bool {
    group.fault.rule == rule::ANSWER_ALWAYS
}

/// What makes two reduced groups one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    rule: RuleId,
    symptom: String,
    /// For a crash: what the smallest request is about.
    about: Option<RuleId>,
}

impl Cause {
    fn of(shared: &Shared, group: &Group, rule: RuleId) -> Self {
        let is_many = matches!(group.fault.rule, rule::ANSWER_SERVER_ERROR | rule::ANSWER_ALWAYS | rule::ANSWER_HTTP);
        let is_valid = shared.contract.rule(group.case.rule).family == Family::Valid;
        let about =
            is_many.then(|| if is_valid { naming::trait_of(&shared.contract, &group.case) } else { group.case.rule });
        Self { rule, symptom: group.fault.symptom.to_string(), about }
    }
}

/// A target that crashes at everything has one fault, not one for each thing
/// that it was asked; and one that stores nothing right has one, in however many
/// ways it shows.
fn merge_many(contract: &Contract, causes: BTreeMap<Cause, Group>) -> Vec<(Cause, Group)> {
    let mut by_symptom: BTreeMap<(RuleId, String), Vec<(Cause, Group)>> = BTreeMap::new();
    for (cause, group) in causes {
        let is_state = contract.rule(cause.rule).family == Family::State;
        let symptom = if is_state { String::new() } else { cause.symptom.clone() };
        by_symptom.entry((cause.rule, symptom)).or_default().push((cause, group));
    }
    by_symptom
        .into_values()
        .flat_map(|mut same| {
            let is_state = same.first().is_some_and(|(cause, _)| contract.rule(cause.rule).family == Family::State);
            if same.len() > if is_state { CAUSES_OF_STATE } else { CAUSES } {
                same.sort_by_key(|(_, group)| size(&group.case));
                let mut rest = same.split_off(1);
                if let Some((_, first)) = same.first_mut() {
                    rest.drain(..).for_each(|(_, group)| first.merge(group));
                }
            }
            same
        })
        .collect()
}
