//! A baseline put between the events of a run and its reports: each finding gets
//! its standing, once for all reports, and at the end there is an event for each
//! entry that no longer shows.
//!
//! That something no longer shows is said only where it would have shown: the run
//! came to its end, went through all obligations, and none of those for the rule
//! was left without a verdict.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::file::{Baseline, Entry};
use crate::campaign::{CaseRecord, Event, Finding, Standing, Summary};
use crate::case::Plan;
use crate::contract::{Contract, RuleId};
use crate::judge::Verdict;

/// A baseline, and what a run over one contract after the other said of it.
#[derive(Debug)]
pub struct Screen<'b> {
    baseline: &'b Baseline,
    today: Date,
    /// Contracts that are still to be tested.
    left: usize,
    known: Vec<Known>,
}

/// What is known of an entry by now.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// It shows.
    shows: bool,
    /// A contract was tested without it.
    gone: bool,
    /// It may show: not all that would have shown it was tried.
    unsure: bool,
}

impl<'b> Screen<'b> {
    /// A screen for a run over so many contracts, on this day.
    pub fn new(baseline: &'b Baseline, today: Date, contracts: usize) -> Self {
        Self { baseline, today, left: contracts, known: vec![Known::default(); baseline.entries.len()] }
    }

    /// The screen for the events of one contract.
    pub fn part<'s>(&'s mut self, contract: &'s Contract, plan: &'s Plan) -> Part<'s, 'b> {
        let reached = vec![Reached::Not; plan.obligations.len()];
        Part { screen: self, contract, plan, reached, exercised: BTreeSet::new() }
    }

    fn standing(&mut self, contract: &Contract, finding: &Finding) -> Standing {
        let is_it = |entry: &Entry| entry.note.fingerprint == finding.fingerprint && entry.is_about(&contract.name);
        let Some(at) = self.baseline.entries.iter().position(is_it) else { return Standing::New };
        if let Some(known) = self.known.get_mut(at) {
            known.shows = true;
        }
        let entry = &self.baseline.entries[at];
        if entry.expires.is_some_and(|last| last < self.today) {
            Standing::Expired(entry.note.clone())
        } else {
            Standing::Known(entry.note.clone())
        }
    }
}

/// How far an obligation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// Nothing was said of it.
    Not,
    /// It could not be run.
    NotRun,
    /// Its answer said nothing.
    Undecided,
    /// It was judged.
    Judged,
}

/// The screen for the events of one contract.
#[derive(Debug)]
pub struct Part<'s, 'b> {
    screen: &'s mut Screen<'b>,
    contract: &'s Contract,
    plan: &'s Plan,
    reached: Vec<Reached>,
    exercised: BTreeSet<RuleId>,
}

impl Part<'_, '_> {
    /// Hands an event on, with what the baseline says of it.
    pub fn on(&mut self, event: &Event, next: &mut dyn FnMut(&Event)) {
        match event {
            Event::Started { .. }
            | Event::Waiting { .. }
            | Event::Reduced(_)
            | Event::Reducing { .. }
            | Event::Fixed(_) => next(event),
            Event::Case(record) => {
                self.case(record);
                next(event);
            }
            Event::Finding(finding) => {
                let standing = self.screen.standing(self.contract, finding);
                next(&Event::Finding(Box::new(Finding { standing, ..(**finding).clone() })));
            }
            Event::Finished(summary) => {
                self.screen.left = self.screen.left.saturating_sub(1);
                for at in self.fixed(summary) {
                    let note = &self.screen.baseline.entries[at].note;
                    next(&Event::Fixed(Box::new(note.clone())));
                }
                next(event);
            }
        }
    }

    fn case(&mut self, record: &CaseRecord) {
        self.exercised.extend(&record.exercised);
        let Some(reached) = record.obligation.and_then(|index| self.reached.get_mut(index)) else { return };
        *reached = match record.verdict {
            _ if *reached == Reached::Judged => Reached::Judged,
            Verdict::NotRun => Reached::NotRun,
            Verdict::Inconclusive => Reached::Undecided,
            Verdict::Pass | Verdict::Warn | Verdict::Fail | Verdict::Observed => Reached::Judged,
        };
    }

    /// The entries of which all that was to be tried is tried, and that do not show.
    fn fixed(&mut self, summary: &Summary) -> Vec<usize> {
        let is_whole = summary.stopped.is_none() && !self.reached.contains(&Reached::Not);
        let baseline = self.screen.baseline;
        let mut fixed = Vec::new();
        for (at, entry) in baseline.entries.iter().enumerate() {
            if !entry.is_about(&self.contract.name) {
                continue;
            }
            let rules = self.rules(entry);
            let is_gone = is_whole && rules.iter().all(|&rule| self.is_tried(rule));
            let Some(known) = self.screen.known.get_mut(at) else { continue };
            if !rules.is_empty() {
                known.gone |= is_gone;
                known.unsure |= !is_gone;
            }
            // What names no contract may still show in the next one.
            let is_last = entry.contract.is_some() || self.screen.left == 0;
            if is_last && known.gone && !known.unsure && !known.shows {
                fixed.push(at);
            }
        }
        fixed
    }

    /// The rule of an entry: what it names, or what its fingerprint begins with.
    fn rules(&self, entry: &Entry) -> Vec<RuleId> {
        let (begins, _) = entry.note.fingerprint.rsplit_once('-').unwrap_or_default();
        let rules = (0u16..).map(RuleId).zip(&self.contract.rules);
        let named = rules.filter(|(_, rule)| match &entry.rule {
            Some(name) => *rule.id == **name,
            None => rule.id.replace('/', "-") == begins,
        });
        named.map(|(id, _)| id).collect()
    }

    /// Whether all obligations for a rule were judged. A rule without one is tried
    /// by what answers to the others, so none of those may be undecided.
    fn is_tried(&self, rule: RuleId) -> bool {
        let all = || self.plan.obligations.iter().zip(&self.reached);
        let mut own = all().filter(|(obligation, _)| obligation.rule == rule).peekable();
        match own.peek() {
            Some(_) => own.all(|(_, reached)| *reached == Reached::Judged),
            None => self.exercised.contains(&rule) && all().all(|(_, reached)| *reached != Reached::Undecided),
        }
    }
}
