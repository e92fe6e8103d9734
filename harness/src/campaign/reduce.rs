//! From a group of failures to what a finding needs: the smallest case that still shows
//! it, asked of the target step by step, and the rule that this case names.

use std::time::Duration;

use memchr::memmem;

use super::deadline::Deadline;
use super::groups::Group;
use super::naming::{self, Named};
use super::paste;
use super::play::play;
use super::reduction::{GroupKey, Reduction};
use super::sender::Shared;
use crate::case::{Act, Case, Scene};
use crate::contract::{Family, RuleId, rule};
use crate::json;
use crate::judge::{Doubt, Fault, Symptom};
use crate::shrink::{Shrinker, heart};
use crate::target::{Credentials, NoAnswer, Request, Wire};
use crate::validate::{Label, Validator};

/// Times that the smallest case is played to see whether it always shows.
const CONFIRMATIONS: u32 = 2;

/// What the group becomes: the smallest case that was found in `limit`, the rule
/// that it names, and how often it shows when it is sent again in `whole`.
pub(super) async fn reduce(
    shared: &Shared,
    key: GroupKey,
    group: &Group,
    limit: Duration,
    whole: Duration,
) -> Reduction {
    let mut case = (*group.case).clone();
    let end = Deadline::after(shared, whole);
    let mut reducer = Reducer::new(shared, group, Deadline::after(shared, limit.min(whole)));
    reducer.scene(&mut case).await;
    reducer.steps(&mut case).await;
    reducer.body(&mut case).await;
    reducer.before(&mut case).await;
    let rule = reducer.named(&mut case).await;
    reducer.end = end;
    let confirmed = reducer.confirm(&case).await;
    let curl = paste::lines(&shared.endpoint, &case);
    Reduction { key, from: group.case.index, rule, fault: reducer.fault, case, confirmed, curl }
}

/// What a case showed when it was played again.
enum Shown {
    /// The fault.
    Fault(Fault),
    /// Something else.
    Other {
        /// The request was accepted.
        is_accepted: bool,
    },
    /// Nothing: the time was over, or the answer decides nothing.
    Nothing,
}

pub(super) struct Reducer<'s> {
    pub(super) shared: &'s Shared,
    fault: Fault,
    pub(super) validator: Validator<'s>,
    /// What takes longer shows nothing.
    end: Deadline,
    /// Times that a case may still be played.
    left: u32,
}

impl<'s> Reducer<'s> {
    fn new(shared: &'s Shared, group: &Group, end: Deadline) -> Self {
        Self {
            shared,
            fault: group.fault.clone(),
            validator: Validator::new(&shared.contract),
            end,
            left: shared.options.reductions,
        }
    }

    /// Whether no time is left.
    pub(super) fn is_over(&self) -> bool {
        self.end.is_over(self.shared)
    }

    /// Whether the target still answers the case with the same fault, as far as
    /// it is known in time; what the fault says now is kept.
    pub(super) async fn shows(&mut self, case: &Case) -> bool {
        let Shown::Fault(fault) = self.ask(case).await else { return false };
        self.fault = fault;
        true
    }

    /// How often the smallest case shows the fault, and how often it was sent to see.
    /// What cannot be sent again in time is not held against it.
    async fn confirm(&mut self, case: &Case) -> (u32, u32) {
        let (mut shown, mut sent) = (0, 0);
        self.left = u32::MAX;
        // What says nothing is asked again, a few times.
        for _ in 0..3 * CONFIRMATIONS {
            match self.ask(case).await {
                Shown::Fault(_) => (shown, sent) = (shown + 1, sent + 1),
                Shown::Other { .. } => sent += 1,
                Shown::Nothing => {}
            }
            if sent == CONFIRMATIONS {
                break;
            }
        }
        (shown, sent)
    }

    async fn ask(&mut self, case: &Case) -> Shown {
        if self.left == 0 || self.is_over() {
            return Shown::Nothing;
        }
        self.left -= 1;
        let Some(played) = self.end.limit(self.shared, play(self.shared, case)).await else {
            return Shown::Nothing;
        };
        let doubt = played.judgement.doubt;
        if self.fault.rule == rule::ANSWER_ALWAYS {
            // A target that is gone altogether shows nothing about this case.
            return match doubt {
                Some(Doubt::NoAnswer(NoAnswer::Closed | NoAnswer::Timeout(_))) => Shown::Fault(self.fault.clone()),
                Some(_) => Shown::Nothing,
                None => Shown::Other { is_accepted: false },
            };
        }
        let is_same = |fault: &Fault| {
            fault.rule == self.fault.rule && fault.symptom.to_string() == self.fault.symptom.to_string()
        };
        match played.judgement.faults.into_iter().find(is_same) {
            Some(fault) => Shown::Fault(fault),
            None if doubt.is_some() => Shown::Nothing,
            None => Shown::Other { is_accepted: played.answer.is_some_and(|answer| answer.status / 100 == 2) },
        }
    }

    /// Leaves out what is asked around the request, what is stored first, and what
    /// is special about the request, each where the fault shows without.
    async fn scene(&mut self, case: &mut Case) {
        for simpler in [Self::without_scene, Self::without_before, Self::with_plain_request] {
            // Twice: the first time it may show what was stored before.
            if let Some(simpler) = simpler(self, case)
                && self.shows(&simpler).await
                && self.shows(&simpler).await
            {
                *case = simpler;
            }
        }
    }

    fn without_scene(&self, case: &Case) -> Option<Case> {
        let alone = Case { scene: Scene::Alone, ..case.clone() };
        match &case.scene {
            Scene::Alone => None,
            // Neither way of writing was taken: then the plain one is enough.
            Scene::Alike { plain, .. } if self.fault.rule == rule::ACCEPT_BODY => {
                Some(Case { request: (**plain).clone(), rule: rule::ACCEPT_BODY, ..alone })
            }
            Scene::Sequence { steps } => {
                let first = steps.first().filter(|_| self.is_about_the_answer())?;
                let is_alone = matches!(first.act, Act::Create(_) | Act::Refused(_));
                is_alone.then(|| Case { rule: first.rule, label: first.label.clone(), ..alone })
            }
            _ => self.is_about_the_answer().then_some(alone),
        }
    }

    fn without_before(&self, case: &Case) -> Option<Case> {
        let creates = self.shared.contract.creates();
        let is_needed = creates || matches!(self.fault.rule, rule::REPLACED | rule::UNCHANGED);
        (case.before.is_some() && !is_needed).then(|| Case { before: None, ..case.clone() })
    }

    /// What is asked for must be accepted whichever way it is asked for; where it
    /// is what is special that must not be accepted, it stays.
    fn with_plain_request(&self, case: &Case) -> Option<Case> {
        let contract = &self.shared.contract;
        let is_acceptance =
            contract.rule(case.rule).family == Family::Valid && contract.rule(self.fault.rule).family == Family::Valid;
        if !is_acceptance || !matches!(case.scene, Scene::Alone) {
            return None;
        }
        plain_request(case).map(|request| Case { request, rule: rule::ACCEPT_BODY, ..case.clone() })
    }

    /// Whether the fault is one of the answer to the request alone.
    fn is_about_the_answer(&self) -> bool {
        let family = self.shared.contract.rule(self.fault.rule).family;
        !matches!(self.fault.symptom, Symptom::Unlike { .. })
            && family != Family::State
            && self.fault.rule != rule::ANSWER_NEXT
    }

    async fn body(&mut self, case: &mut Case) {
        if case.request.body.is_none() || matches!(case.scene, Scene::Sequence { .. }) {
            return;
        }
        let mut shrinker = Shrinker::new(case.tree.clone());
        while !self.is_over() {
            let Some(candidate) = shrinker.next_candidate() else { break };
            let Some(smaller) = self.candidate(case, candidate) else { continue };
            if self.shows(&smaller).await {
                shrinker.accept();
                *case = smaller;
            }
        }
    }

    /// What was stored first, made as small as the body itself.
    async fn before(&mut self, case: &mut Case) {
        let body = case.before.as_ref().and_then(|before| before.body.as_deref());
        let Some(tree) = body.and_then(|body| json::read(body).ok()) else { return };
        let mut shrinker = Shrinker::new(tree);
        while !self.is_over() {
            let Some(candidate) = shrinker.next_candidate() else { break };
            let bytes = candidate.to_bytes();
            let before = case.before.as_ref().and_then(|before| before.body.as_deref()).unwrap_or_default();
            if !self.validator.validate(&bytes).is_empty() || !self.is_found_again(before, &bytes) {
                continue;
            }
            let mut smaller = case.clone();
            if let Some(before) = &mut smaller.before {
                before.body = Some(bytes);
            }
            if self.shows(&smaller).await {
                shrinker.accept();
                *case = smaller;
            }
        }
    }

    /// Whether a policy still says which run it belongs to, if it did.
    pub(super) fn is_found_again(&self, before: &[u8], now: &[u8]) -> bool {
        let run = self.shared.options.ledger.run().as_bytes();
        let says = |body: &[u8]| !run.is_empty() && memmem::find(body, run).is_some();
        !self.shared.contract.creates() || !says(before) || says(now)
    }

    /// The case with another body, if that has the same label.
    fn candidate(&mut self, case: &Case, tree: &json::Tree) -> Option<Case> {
        let contract = &self.shared.contract;
        let kind = contract.operations[case.operation].kind;
        let label = Label::of(contract, self.validator.validate_as(kind, &tree.to_bytes()));
        let keeps = match (&case.label, &label) {
            (Label::Malformed(before, _), Label::Malformed(now, _)) => before == now,
            (Label::Valid, Label::Valid) | (Label::Unspecified(_), Label::Valid) => true,
            (Label::Unspecified(before), Label::Unspecified(now)) => now.iter().all(|rule| before.contains(rule)),
            _ => false,
        };
        if !keeps || !self.is_found_again(case.body(), &tree.to_bytes()) {
            return None;
        }
        let mut smaller = case.with_tree(contract, tree)?;
        let is_alike = matches!(case.scene, Scene::Alike { .. });
        match &label {
            Label::Malformed(_, at) => smaller.at = at.clone(),
            _ if is_alike => {}
            Label::Unspecified(rules) if !rules.contains(&smaller.rule) => smaller.rule = *rules.first()?,
            Label::Valid if matches!(case.label, Label::Unspecified(_)) => smaller.rule = rule::ACCEPT_BODY,
            _ => {}
        }
        smaller.label = label;
        Some(smaller)
    }

    /// The rule that the reduced case names. What is left of a valid body that
    /// is refused is what the target does not take.
    async fn named(&mut self, case: &mut Case) -> RuleId {
        let row = self.shared.contract.rule(self.fault.rule);
        let is_about_the_body = row.family == Family::Valid
            && case.request.body.is_some()
            && !matches!(case.scene, Scene::Sequence { .. })
            && self.fault.rule != rule::ACCEPT_READ
            && !matches!(self.fault.symptom, Symptom::Unlike { .. });
        if !is_about_the_body || case.label != Label::Valid {
            return self.fault.rule;
        }
        if self.is_over() {
            return self.fault.rule;
        }
        let shared = self.shared;
        let contract = &shared.contract;
        case.at = heart(&case.tree);
        if let Some(other) = naming::other_than_nothing(&mut self.validator, case) {
            // Nothing is left of the body: is it the nothing, or any body?
            return if self.shows(&other).await { rule::ACCEPT_BODY } else { rule::ACCEPT_EMPTY_OBJECT };
        }
        for missing in naming::missing(contract, &case.tree) {
            let Some(fuller) = naming::fuller(contract, &mut self.validator, case, missing) else { continue };
            // With this property there it is taken: then leaving it out is not.
            if let Shown::Other { is_accepted: true } = self.ask(&fuller).await {
                case.at = fuller.at;
                return rule::ACCEPT_OMITTED;
            }
        }
        let telling = match naming::named(contract, &mut self.validator, case) {
            Named::ByItself(rule) => return rule,
            Named::ByAValue(rule) => rule,
        };
        // Of several values that the contract ties together one is to blame.
        for (node, property) in contract.values(&case.tree) {
            for other in naming::others(contract, &mut self.validator, case, node, property) {
                if let Shown::Other { is_accepted: true } = self.ask(&other).await {
                    case.at = case.tree.pointer(node);
                    return naming::about(property, &case.tree, node);
                }
            }
        }
        telling
    }
}

/// A request with nothing special about it but its body, where there is
/// something special.
fn plain_request(case: &Case) -> Option<Request> {
    if case.label != Label::Valid || case.request.body.is_none() {
        return None;
    }
    let (path, _) = case.request.path.split_once('?').unwrap_or((&case.request.path, ""));
    let plain = Request {
        wire: Wire::Plain,
        credentials: Credentials::Token("Bearer"),
        headers: vec![("content-type", "application/json".to_owned())],
        path: path.to_owned(),
        ..case.request.clone()
    };
    (plain != case.request).then_some(plain)
}
