//! One campaign from its first request to its last.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::event::{CaseRecord, Event, Model, Summary};
use super::finding::Finding;
use super::groups::{Group, Groups};
use super::options::{Options, RunError};
use super::reduce;
use super::sender::{Shared, known_good, work};
use crate::case::Plan;
use crate::contract::{Contract, Family, RuleId};
use crate::judge::Verdict;
use crate::target::Endpoint;

/// Outcomes that may wait to be counted.
const WAITING: usize = 1_024;
/// Why a campaign stopped that the user stopped.
const INTERRUPTED: &str = "interrupted";
/// Findings of one rule and symptom that are told apart by cause; more are one.
const CAUSES: usize = 3;

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
    let (next, stopping) = (AtomicU64::new(0), AtomicBool::new(false));
    let shared = Arc::new(Shared { contract, plan, endpoint, options, next, stop: stopping, begun });
    is_ready(&shared).await?;
    sink(&Event::Started { obligations: shared.plan.obligations.len(), cases: shared.options.cases });
    let mut counts = Counts::new(&shared);
    // What comes after it has resolved finds it pending.
    let stop = stop.fuse();
    tokio::pin!(stop);
    send_all(&shared, &mut counts, stop.as_mut(), &mut sink).await;
    let elapsed = begun.elapsed();
    let is_stopped = counts.stopped.as_deref() == Some(INTERRUPTED);
    for finding in find(&shared, std::mem::take(&mut counts.groups), stop, is_stopped, &mut sink).await {
        sink(&Event::Finding(Box::new(finding)));
    }
    let mut summary = counts.summary();
    summary.elapsed = elapsed;
    sink(&Event::Finished(Box::new(summary)));
    Ok(())
}

async fn is_ready(shared: &Shared) -> Result<(), RunError> {
    if shared.plan.obligations.is_empty() {
        return Err(RunError::NoCase);
    }
    let base = shared.endpoint.base().to_owned();
    match known_good(shared).await {
        Ok(answer) if matches!(answer.status, 401 | 403 | 404) => {
            Err(RunError::NotReady { base, status: answer.status })
        }
        Ok(_) => Ok(()),
        // What answers, but not in HTTP, is a finding.
        Err(crate::target::NoAnswer::NotHttp(_)) => Ok(()),
        Err(why) => Err(RunError::NoAnswer { base, why }),
    }
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
    tasks.shutdown().await;
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
    let mut merged = merge_many(causes);
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
    group.fault.rule == crate::contract::rule::ANSWER_ALWAYS
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
        let is_many = matches!(
            group.fault.rule,
            crate::contract::rule::ANSWER_SERVER_ERROR
                | crate::contract::rule::ANSWER_ALWAYS
                | crate::contract::rule::ANSWER_HTTP
        );
        let is_valid = shared.contract.rule(group.case.rule).family == Family::Valid;
        let about =
            is_many.then(|| if is_valid { reduce::trait_of(&shared.contract, &group.case) } else { group.case.rule });
        Self { rule, symptom: group.fault.symptom.to_string(), about }
    }
}

/// A target that crashes at everything has one fault, not one for each thing
/// that it was asked.
fn merge_many(causes: BTreeMap<Cause, Group>) -> Vec<(Cause, Group)> {
    let mut by_symptom: BTreeMap<(RuleId, String), Vec<(Cause, Group)>> = BTreeMap::new();
    for (cause, group) in causes {
        by_symptom.entry((cause.rule, cause.symptom.clone())).or_default().push((cause, group));
    }
    by_symptom
        .into_values()
        .flat_map(|mut same| {
            if same.len() > CAUSES {
                same.sort_by_key(|(_, group)| group.case.body().len());
                let mut rest = same.split_off(1);
                if let Some((_, first)) = same.first_mut() {
                    rest.drain(..).for_each(|(_, group)| first.merge(group));
                }
            }
            same
        })
        .collect()
}

/// What is counted while the cases come in.
struct Counts {
    summary: Summary,
    groups: Groups,
    covered: BTreeSet<usize>,
    stopped: Option<String>,
    families: Vec<Family>,
    reasons: BTreeMap<usize, String>,
}

impl Counts {
    fn new(shared: &Shared) -> Self {
        let mut summary = Summary::default();
        let families: Vec<Family> =
            shared.plan.obligations.iter().map(|obligation| shared.plan.family(&shared.contract, obligation)).collect();
        for &family in &families {
            summary.families.entry(family).or_default().obligations += 1;
        }
        Self {
            summary,
            groups: Groups::default(),
            covered: BTreeSet::new(),
            stopped: None,
            families,
            reasons: BTreeMap::new(),
        }
    }

    fn add(&mut self, shared: &Shared, record: &CaseRecord) {
        let summary = &mut self.summary;
        // An obligation counts where it is listed, a free body by its rule.
        let family = match record.obligation {
            Some(index) => self.families[index],
            None => shared.contract.rule(record.rule).family,
        };
        let tally = summary.families.entry(family).or_default();
        *tally.verdicts.entry(record.verdict).or_default() += 1;
        if record.mislabelled {
            summary.mislabelled += 1;
            summary.first_mislabelled = summary.first_mislabelled.take().or_else(|| record.reason.clone());
        }
        match &record.model {
            Model::Same => summary.round_trips += 1,
            Model::Refused => {}
            Model::Fault(what) => {
                summary.model_faults += 1;
                summary.first_model_fault.get_or_insert_with(|| format!("case {}: {what}", record.index));
            }
        }
        if let Some(observed) = record.observed {
            let (accepted, refused) = summary.profile.entry(observed.rule).or_default();
            *(if observed.is_accepted() { accepted } else { refused }) += 1;
        }
        match (record.verdict, record.obligation) {
            (Verdict::NotRun, Some(index)) => {
                self.reasons.insert(index, record.reason.clone().unwrap_or_default());
                return;
            }
            (Verdict::NotRun, None) => return,
            (Verdict::Inconclusive, Some(index)) => {
                let doubt = record.reason.as_deref().unwrap_or("the answer says nothing");
                self.reasons.insert(index, format!("no verdict: {doubt}"));
            }
            (Verdict::Inconclusive, None) => {}
            (_, Some(index)) if self.covered.insert(index) => tally.covered += 1,
            _ => {}
        }
        tally.cases += 1;
        summary.requests += 1;
    }

    fn summary(mut self) -> Summary {
        let total = self.families.len();
        let late = self.stopped.clone().unwrap_or_else(|| "no time was left (--seconds)".to_owned());
        for index in (0..total).filter(|index| !self.covered.contains(index)) {
            let reason = self.reasons.remove(&index).unwrap_or_else(|| late.clone());
            *self.summary.not_run.entry(reason).or_default() += 1;
        }
        self.summary.stopped = self.stopped;
        self.summary
    }
}
