//! Plays a sequence: one request after the other, each judged by what the target
//! must hold by then. The first fault ends it, for nobody knows what the target
//! holds after that.

use std::sync::atomic::Ordering;

use tokio::time::Instant;

use super::pages::{pages as all, rest};
use super::play::{LOOK, Played, Player};
use super::trial;
use crate::case::{Act, Step};
use crate::judge::{Doubt, Judgement};
use crate::life::Held;
use crate::target::{Answer, NoAnswer, Request};

/// Times that a list of several pages is read before what it lacks counts.
const LISTS: u32 = 6;

impl Player<'_> {
    /// Plays the steps until one shows a fault.
    pub(super) async fn follow(&mut self, steps: &[Step]) -> Played {
        let contract = &*self.shared.contract;
        let mut held = Held::nothing(contract, self.shared.unknown_id());
        let mut last = None;
        for (number, step) in steps.iter().enumerate() {
            if !held.allows(step.act) {
                return Played::doubt(Doubt::Around);
            }
            let mut request = step.request.with_id(held.id(step.act));
            if let Some(body) = held.body(step.act) {
                request.body = Some(body.to_vec());
            }
            let mut played = self.patiently(&mut held, step, &request).await;
            if let Some(answer) = played.answer.as_ref().filter(|_| is_good(&played.judgement)) {
                let found = held.wrote(step, request.body.as_deref().unwrap_or_default(), answer);
                played.judgement = played.judgement.and(Ok(found));
            }
            if !is_good(&played.judgement) {
                self.attribute(&held, step, &mut played).await;
                return Played { steps: number + 1, ..played };
            }
            last = Some(played);
        }
        last.unwrap_or_else(|| Played::doubt(Doubt::Around))
    }

    /// Asks whether the policy of a step that failed is there at all.
    async fn attribute(&self, held: &Held<'_>, step: &Step, played: &mut Played) {
        let Some(fault) = played.judgement.faults.first() else { return };
        let id = held.suspected(step.act);
        let Some(read) = id.and_then(|id| trial::read_of(&self.shared.contract, id)) else { return };
        if let Ok(answer) = self.shared.endpoint.exchange(&read).await
            && let Some(cause) = held.cause(step.act, fault, answer.status)
        {
            played.judgement.faults = vec![cause];
        }
    }

    /// Plays a step; what may be behind is asked again until it has had time enough.
    async fn patiently(&mut self, held: &mut Held<'_>, step: &Step, request: &Request) -> Played {
        let begun = Instant::now();
        loop {
            let played = self.step(held, step, request).await;
            let status = played.answer.as_ref().map(|answer| answer.status);
            let is_safe = step.act.kind().is_safe();
            let may_lag = is_safe || held.is_live(step.act) && matches!(status, Some(403 | 404));
            if is_good(&played.judgement) || !may_lag || begun.elapsed() >= self.shared.options.settle {
                return played;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn step(&mut self, held: &mut Held<'_>, step: &Step, request: &Request) -> Played {
        let contract = &*self.shared.contract;
        let is_list = step.act == Act::List;
        if is_list && self.shared.is_endless.load(Ordering::Relaxed) {
            return Played::doubt(Doubt::Endless);
        }
        let outcome = self.send(step.operation, request).await;
        let expected = held.expectation(step);
        let secret = self.shared.secret();
        let facts = trial::facts(contract, step.operation, step.rule, &step.label, request, secret);
        let judgement = crate::judge::judge(contract, expected, &facts, outcome.as_deref());
        let is_silent = matches!(outcome, Err(NoAnswer::Timeout(_)));
        let answer = outcome.ok();
        let Some(whole) = answer.as_ref().filter(|_| is_good(&judgement)) else {
            return Played { is_silent, ..Played::of(judgement, answer) };
        };
        let found = match step.act {
            Act::Read(number) if held.is_live(step.act) => held.read(number, whole, secret),
            Act::List => self.listed(held, request, Answer::clone(whole)).await,
            _ => Ok(Vec::new()),
        };
        Played::of(judgement.and(found), answer)
    }

    async fn listed(
        &self,
        held: &mut Held<'_>,
        request: &Request,
        first: Answer,
    ) -> Result<Vec<crate::judge::Fault>, Doubt> {
        let endpoint = &self.shared.endpoint;
        let mut listed = rest(endpoint, request, first).await;
        for attempt in 1.. {
            if matches!(listed, Err(Doubt::Endless)) {
                // It will not be shorter the next time.
                self.shared.is_endless.store(true, Ordering::Relaxed);
            }
            let pages = listed?;
            let faults = held.list(&pages, self.shared.secret());
            // What others create and delete may move an item from one page to another
            // between the two.
            if faults.is_empty() || pages.len() == 1 || attempt == LISTS {
                return Ok(faults);
            }
            listed = all(endpoint, request).await;
        }
        Ok(Vec::new())
    }
}

fn is_good(judgement: &Judgement) -> bool {
    judgement.faults.is_empty() && judgement.doubt.is_none()
}
