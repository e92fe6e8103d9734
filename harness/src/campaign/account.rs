//! What the cases of a campaign add up to, whether they are played now or told
//! from the record of a run that was killed, or of one on another machine. All
//! that is said at the end follows from the account, so that it does not matter
//! how many runs it took.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assemble::assemble;
use super::counts::Counts;
use super::done::Done;
use super::event::{CaseRecord, Event, Exchange, Mileage, Phase, Summary};
use super::finding::Finding;
use super::groups::{Group, Groups};
use super::reduction::{GroupKey, Reduction};
use super::selection::Selection;
use super::shard::Shard;
use super::{record, trial};
use crate::case::{Case, Maker, Plan, Scene};
use crate::contract::{Contract, RuleId};
use crate::judge::{Fault, Observed, Verdict};
use crate::pairs::Coverage;

/// What was recorded of a case: all that cannot be made again from seed and index.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its index.
    pub index: u64,
    /// The digest of what it sends; 0 where none could be made.
    pub digest: u64,
    /// It was the first known-good request.
    pub is_opening: bool,
    /// Its scene was left out, because the target has no reads.
    pub is_plain: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// Rules that the answers break, each with how it shows.
    pub faults: Vec<Fault>,
    /// What was noted at an open point.
    pub observed: Option<Observed>,
    /// Why nothing was decided, or nothing was sent.
    pub reason: Option<String>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Rules on answers that the answer could have broken.
    pub exercised: Vec<RuleId>,
    /// The code of the error in the answer.
    pub error_code: Option<String>,
    /// From the first byte sent to the last one received.
    pub elapsed: std::time::Duration,
    /// For a sequence: how many of its requests were sent.
    pub steps: usize,
    /// What was sent for it, in order, and what came.
    pub exchanges: Vec<Exchange>,
    /// How far the run was.
    pub mileage: Mileage,
}

/// Why a record cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ToldError {
    /// The seed makes another case of this index now.
    #[error("case {0} is another one now: the record is of another version, or of other arguments")]
    OtherCase(u64),
    /// It is there twice.
    #[error("case {0} is recorded twice")]
    Twice(u64),
    /// It belongs to another shard.
    #[error("case {0} does not belong to shard {1}")]
    OtherShard(u64, Shard),
}

/// What the cases of a campaign add up to.
pub struct Account {
    pub(super) contract: Arc<Contract>,
    pub(super) plan: Arc<Plan>,
    pub(super) coverage: Arc<Coverage>,
    counts: Counts,
    pub(super) groups: Groups,
    /// By number of the shard.
    done: BTreeMap<u32, Done>,
    has_opened: bool,
    shard: Shard,
    /// All parts that are told of.
    shards: Vec<Shard>,
    reductions: BTreeMap<GroupKey, Reduction>,
    /// How far the runs were that came before this one.
    pub(super) before: Mileage,
    latest: Mileage,
}

impl Account {
    /// Nothing yet.
    pub fn new(contract: Arc<Contract>, plan: Arc<Plan>) -> Self {
        Self {
            coverage: Arc::new(Coverage::new(&plan.pairs)),
            counts: Counts::new(&contract, &plan, &Selection::default()),
            contract,
            plan,
            groups: Groups::default(),
            done: BTreeMap::new(),
            has_opened: false,
            shard: Shard::WHOLE,
            shards: Vec::new(),
            reductions: BTreeMap::new(),
            before: Mileage::default(),
            latest: Mileage::default(),
        }
    }

    /// The same of the rules that are selected; nothing is told of yet.
    #[must_use]
    pub fn selecting(self, selection: &Selection) -> Self {
        Self { counts: Counts::new(&self.contract, &self.plan, selection), ..self }
    }

    /// The plan that the cases follow.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is told from now on is of this part of the cases, by a run of its own.
    pub fn begin_shard(&mut self, shard: Shard) {
        self.begin_playing(shard);
    }

    /// Takes in a case that was recorded. `maker` makes the cases of the run that it
    /// is of. None for what is known already and is no case: the first known-good
    /// request of another shard.
    ///
    /// # Errors
    /// The record does not belong here.
    pub fn recall(&mut self, maker: &mut Maker<'_>, told: Told) -> Result<Option<CaseRecord>, ToldError> {
        let index = told.index;
        if !told.is_opening && !self.shard.has(index) {
            return Err(ToldError::OtherShard(index, self.shard));
        }
        let mut case = maker.make(index);
        if case.as_ref().map_or(0, Case::digest) != told.digest {
            return Err(ToldError::OtherCase(index));
        }
        self.latest = told.mileage;
        if told.is_opening && self.has_opened {
            return Ok(None);
        }
        let model = case.as_ref().map(|case| trial::model(&self.contract, case));
        if let Some(case) = &mut case {
            if told.is_plain {
                case.scene = Scene::Alone;
            }
            if let Scene::Sequence { steps } = &mut case.scene {
                steps.truncate(told.steps.max(1));
            }
        }
        let record = record::told(&self.plan, case.as_ref(), model, told);
        if let Some(case) = &case
            && record::is_judged(&self.contract, case, &record)
        {
            self.coverage.add(&self.contract, &self.plan.pairs, &case.tree, &case.label);
        }
        if !self.add(&record, case.as_ref().map(|case| (case, &*record.faults))) {
            return Err(ToldError::Twice(index));
        }
        Ok(Some(record))
    }

    /// Takes in a group that was reduced. Of several reductions that one counts which
    /// began with the smallest case of all.
    pub fn recall_reduction(&mut self, mut reduction: Reduction) {
        let group = self.groups.groups.get(&reduction.key).filter(|group| group.case.index == reduction.from);
        if let Some(group) = group {
            // What made a case is known to those who made it alone.
            reduction.case.operator = group.case.operator;
        }
        let is_of_smallest = |reduction: &Reduction| {
            self.groups.groups.get(&reduction.key).is_some_and(|group| group.case.index == reduction.from)
        };
        if is_of_smallest(&reduction) || !self.reductions.get(&reduction.key).is_some_and(is_of_smallest) {
            self.reductions.insert(reduction.key.clone(), reduction);
        }
    }

    /// Counts a case; whether it is new.
    pub(super) fn add(&mut self, record: &CaseRecord, failed: Option<(&Case, &[Fault])>) -> bool {
        let is_new = match record.phase {
            Phase::Opening => !std::mem::replace(&mut self.has_opened, true),
            Phase::Obligations | Phase::Random => {
                let shard = self.shard;
                self.done.entry(shard.number()).or_default().add(record.index, |index| shard.has(index))
            }
        };
        if is_new {
            self.counts.add(&self.contract, record);
            if let Some((case, faults)) = failed {
                self.groups.add(case, faults);
            }
        }
        is_new
    }

    pub(super) fn has_opened(&self) -> bool {
        self.has_opened
    }

    /// The cases of the shard that are in.
    pub(super) fn done(&self) -> Done {
        self.done.get(&self.shard.number()).cloned().unwrap_or_default()
    }

    /// From now on cases of this part are played.
    pub(super) fn begin_playing(&mut self, shard: Shard) {
        self.shard = shard;
        if !self.shards.contains(&shard) {
            self.shards.push(shard);
        }
        self.before.requests += std::mem::take(&mut self.latest.requests);
        self.before.elapsed += std::mem::take(&mut self.latest.elapsed);
    }

    /// How far this run is; how far all of them are together.
    pub(super) fn drive(&mut self, latest: Mileage) -> Mileage {
        self.latest = latest;
        self.mileage()
    }

    fn mileage(&self) -> Mileage {
        let Self { before, latest, .. } = self;
        Mileage { requests: before.requests + latest.requests, elapsed: before.elapsed + latest.elapsed }
    }

    /// The reduction of a group, if it began with the smallest case that the group
    /// has now.
    pub(super) fn reduction(&self, key: &GroupKey, group: &Group) -> Option<&Reduction> {
        self.reductions.get(key).filter(|reduction| reduction.from == group.case.index)
    }

    /// Why the campaign ends before its end; the first reason stays.
    pub(super) fn stop(&mut self, why: &str) {
        self.counts.stopped.get_or_insert_with(|| why.to_owned());
    }

    pub(super) fn stopped(&self) -> Option<&str> {
        self.counts.stopped.as_deref()
    }

    /// Tells how it ends, where nothing more is played: the findings, and all of it in
    /// figures. `stopped` is why it is not whole, where it is not.
    pub fn tell(self, stopped: Option<String>, mut sink: impl FnMut(&Event)) {
        for finding in self.findings(&|_| String::new()) {
            sink(&Event::Finding(Box::new(finding)));
        }
        sink(&Event::Finished(Box::new(self.summary(stopped))));
    }

    /// The findings, as far as the groups were reduced. `curl` writes the requests of
    /// a case that was not.
    pub fn findings(&self, curl: &dyn Fn(&Case) -> String) -> Vec<Finding> {
        let groups = self.groups.groups.iter().map(|(key, group)| {
            let reduction = self.reduction(key, group).cloned();
            let reduction = reduction.unwrap_or_else(|| group.unreduced(key.clone(), curl(&group.case)));
            (group.clone(), reduction)
        });
        assemble(&self.contract, groups.collect())
    }

    /// All of it in figures. `stopped` is why it is not whole, where it is not.
    pub fn summary(mut self, stopped: Option<String>) -> Summary {
        if let Some(why) = stopped {
            self.stop(&why);
        }
        let mileage = self.mileage();
        let mut summary = self.counts.summary(&self.contract, &self.plan, &self.coverage, &self.shards);
        (summary.requests, summary.elapsed) = (mileage.requests, mileage.elapsed);
        summary
    }
}
