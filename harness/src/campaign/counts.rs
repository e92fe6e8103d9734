//! What is counted while the cases come in: verdicts by family, obligations that
//! were met and the reasons of those that were not, and what the target did where
//! it had a choice.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{CaseRecord, Model, PairCounts, Part, Summary};
use super::selection::{Rules, Selection};
use super::shard::Shard;
use crate::case::Plan;
use crate::contract::{Contract, Family, Level, RuleId, rule};
use crate::judge::Verdict;
use crate::pairs::{Coverage, PairKind};

/// Codes of errors that are remembered; a target with more has no codes.
const MOST_CODES: usize = 40;

/// The counts of a campaign.
pub(super) struct Counts {
    summary: Summary,
    /// Why the campaign ends before its end.
    pub(super) stopped: Option<String>,
    covered: BTreeSet<usize>,
    families: Vec<Family>,
    /// The obligations that are walked.
    walked: Vec<usize>,
    reasons: BTreeMap<usize, String>,
    /// Rules on answers that were not met yet, by operation.
    answers: BTreeSet<(RuleId, usize)>,
}

impl Counts {
    pub(super) fn new(contract: &Contract, plan: &Plan, selection: &Selection) -> Self {
        let mut summary = Summary::default();
        let rules = Rules::of(selection, contract);
        let families: Vec<Family> = plan.obligations.iter().map(|obligation| obligation.family(contract)).collect();
        let has = |rule: RuleId| rules.has(rule);
        let walked = plan.obligations.iter().enumerate().filter(|(_, one)| has(one.rule)).map(|(index, _)| index);
        let walked: Vec<usize> = walked.collect();
        let answers: BTreeSet<(RuleId, usize)> = plan.answers.iter().copied().filter(|&(rule, _)| has(rule)).collect();
        let of_answers = answers.iter().map(|&(rule, _)| contract.rule(rule).family);
        for family in walked.iter().map(|&index| families[index]).chain(of_answers) {
            summary.families.entry(family).or_default().obligations += 1;
        }
        summary.part = (!selection.is_whole()).then(|| Part {
            selection: selection.to_string(),
            obligations: summary.families.values().map(|tally| tally.obligations).sum(),
            of: plan.obligations.len() + plan.answers.len(),
        });
        Self { summary, stopped: None, covered: BTreeSet::new(), families, reasons: BTreeMap::new(), walked, answers }
    }

    pub(super) fn add(&mut self, contract: &Contract, record: &CaseRecord) {
        self.own(record);
        self.profile(contract, record);
        for &rule in &record.exercised {
            if self.answers.remove(&(rule, record.operation)) {
                self.summary.families.entry(contract.rule(rule).family).or_default().covered += 1;
            }
        }
        // An obligation counts where it is listed, a free body by its rule.
        let family = match record.obligation {
            Some(index) => self.families[index],
            None => contract.rule(record.rule).family,
        };
        let tally = self.summary.families.entry(family).or_default();
        *tally.verdicts.entry(record.verdict).or_default() += 1;
        if record.verdict == Verdict::Inconclusive {
            let doubt = record.reason.as_deref().unwrap_or("the answer says nothing");
            *self.summary.inconclusive.entry(doubt.to_owned()).or_default() += 1;
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
    }

    /// What the harness finds out about itself.
    fn own(&mut self, record: &CaseRecord) {
        let summary = &mut self.summary;
        if record.mislabelled {
            summary.mislabelled += 1;
            summary.first_mislabelled = summary.first_mislabelled.take().or_else(|| record.reason.clone());
        }
        match &record.model {
            Model::Same => summary.round_trips += 1,
            Model::Refused | Model::Absent => {}
            Model::Fault(what) => {
                summary.model_faults += 1;
                summary.first_model_fault.get_or_insert_with(|| format!("case {}: {what}", record.index));
            }
        }
    }

    fn profile(&mut self, contract: &Contract, record: &CaseRecord) {
        let profile = &mut self.summary.profile;
        // 429 and the like are no refusal.
        if record.verdict == Verdict::Inconclusive {
            return;
        }
        let noted = match (record.observed, record.status) {
            (Some(observed), _) => Some((&mut profile.open, observed.rule, observed.status)),
            (None, Some(status)) if is_should(contract, record.rule) => {
                Some((&mut profile.should, record.rule, status))
            }
            _ => None,
        };
        if let Some((points, rule, status)) = noted {
            let statuses = points.entry(rule).or_default().entry(record.operator).or_default();
            *statuses.entry(status).or_default() += 1;
        }
        if let Some(code) = &record.error_code
            && (profile.error_codes.len() < MOST_CODES || profile.error_codes.contains_key(code))
        {
            *profile.error_codes.entry(code.clone()).or_default() += 1;
        }
    }

    /// The summary of these parts of the cases.
    pub(super) fn summary(
        mut self,
        contract: &Contract,
        plan: &Plan,
        coverage: &Coverage,
        shards: &[Shard],
    ) -> Summary {
        let late = self.stopped.clone().unwrap_or_else(|| "no time was left (--seconds)".to_owned());
        for index in self.walked.iter().copied().filter(|index| !self.covered.contains(index)) {
            if !shards.iter().any(|shard| shard.has(index as u64)) {
                // Somebody else's.
                self.summary.families.entry(self.families[index]).or_default().obligations -= 1;
                continue;
            }
            let reason = self.reasons.remove(&index).unwrap_or_else(|| late.clone());
            *self.summary.not_run.entry(reason).or_default() += 1;
        }
        for (rule, operation) in self.answers {
            let operation = &contract.operations[operation].id;
            let reason = format!("no answer of the operation {operation} {}", wanted(rule));
            *self.summary.not_run.entry(reason).or_default() += 1;
        }
        let count = |kind| {
            let met = coverage.count(&plan.pairs, kind);
            (met, plan.pairs.count(kind))
        };
        self.summary.pairs = PairCounts { valid: count(PairKind::Valid), open: count(PairKind::Open) };
        self.summary.stopped = self.stopped;
        self.summary
    }
}

fn is_should(contract: &Contract, rule: RuleId) -> bool {
    contract.rule(rule).level == Level::Should
}

/// What an answer lacked to exercise a rule on answers.
fn wanted(rule: RuleId) -> &'static str {
    match rule {
        rule::ANSWER_NO_CONTENT => "had the status 204",
        rule::ANSWER_CONTENT => "had the status 200",
        rule::ANSWER_WWW_AUTHENTICATE => "had the status 401",
        rule::ANSWER_ALLOW => "had the status 405",
        rule::ANSWER_NEXT => "followed a broken message",
        rule::ANSWER_ERROR_OBJECT | rule::ANSWER_ERROR_TYPE | rule::ANSWER_LEAK | rule::ERROR_TEXT => {
            "was a 4xx with a body"
        }
        _ => "came",
    }
}
