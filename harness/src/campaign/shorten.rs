//! The shortest sequence that still shows a fault, with the smallest policies in it.

use super::reduce::Reducer;
use super::trial;
use crate::case::{Act, Case, Scene, Step};
use crate::contract::{OperationKind, rule};
use crate::json;
use crate::shrink::Shrinker;
use crate::target::BLANK;
use crate::validate::Label;

impl Reducer<'_> {
    /// The shortest sequence that shows it, with the smallest policies in it.
    pub(super) async fn steps(&mut self, case: &mut Case) {
        let Scene::Sequence { steps } = &case.scene else { return };
        let mut steps = steps.clone();
        // What a step needs may be dropped once the step itself is: from the end on,
        // until nothing more can go.
        let mut before = steps.len() + 1;
        while steps.len() < before {
            before = steps.len();
            for at in (0..steps.len()).rev() {
                let mut fewer = steps.clone();
                fewer.remove(at);
                let smaller = with_steps(case, &fewer);
                if !fewer.is_empty() && self.shows(&smaller).await {
                    (steps, *case) = (fewer, smaller);
                }
            }
        }
        self.seen_in_a_read(case, &mut steps).await;
        for at in 0..steps.len() {
            self.policy(case, &mut steps, at).await;
        }
    }

    /// What is there or is not shows best to who reads it.
    async fn seen_in_a_read(&mut self, case: &mut Case, steps: &mut Vec<Step>) {
        let contract = &self.shared.contract;
        let Some(last) = steps.last().cloned() else { return };
        let (Some(policy), Some(operation)) = (last.act.policy(), contract.operation(OperationKind::Read)) else {
            return;
        };
        let Some(request) = trial::read_of(contract, BLANK) else { return };
        if last.act.kind() == OperationKind::Read {
            return;
        }
        let read = Step { act: Act::Read(policy), operation, request, label: Label::Valid, ..last };
        let mut other = steps.clone();
        other.pop();
        other.push(Step { rule: rule::ACCEPT_READ, mark: None, ..read });
        let seen = with_steps(case, &other);
        if self.shows(&seen).await {
            (*steps, *case) = (other, seen);
        }
    }

    /// The smallest policy for a step.
    async fn policy(&mut self, case: &mut Case, steps: &mut [Step], at: usize) {
        let kind = steps[at].act.kind();
        let has_own = kind.sends_policy() && !matches!(steps[at].act, Act::ReplaceAgain(_) | Act::ReplaceAsRead(_));
        let label = steps[at].label.clone();
        let Some(body) = steps[at].request.body.as_deref().filter(|_| has_own) else { return };
        let Ok(tree) = json::read(body) else { return };
        let mut shrinker = Shrinker::new(tree);
        while !self.is_over() {
            let Some(candidate) = shrinker.next_candidate() else { break };
            let bytes = candidate.to_bytes();
            let found = Label::of(&self.shared.contract, self.validator.validate_as(kind, &bytes));
            let is_same = match (&label, &found) {
                (Label::Malformed(before, _), Label::Malformed(now, _)) => before == now,
                (before, now) => before == now,
            };
            let own = steps[at].request.body.as_deref().unwrap_or_default();
            if !is_same || !self.is_found_again(own, &bytes) {
                continue;
            }
            let mut smaller = steps.to_vec();
            smaller[at].request.body = Some(bytes);
            let candidate = with_steps(case, &smaller);
            if self.shows(&candidate).await {
                shrinker.accept();
                steps.clone_from_slice(&smaller);
                *case = candidate;
            }
        }
    }
}

/// The case with other steps.
fn with_steps(case: &Case, steps: &[Step]) -> Case {
    let request = steps.first().map_or_else(|| case.request.clone(), |first| first.request.clone());
    Case { request, scene: Scene::Sequence { steps: steps.to_vec() }, ..case.clone() }
}
