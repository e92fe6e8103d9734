//! Plays a case: what is asked around its request, in order, and what all the
//! answers make of it. While what is stored is looked at, nobody else writes to
//! the object.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::sender::Shared;
use super::trial;
use crate::case::{Case, Scene};
use crate::judge::{self, Doubt, Expectation, Judgement};
use crate::target::{Answer, NoAnswer, Request};

/// How long a case waits to be alone on the wire, and by how much an answer to a
/// broken message may be later than others before nobody waits for it any more.
const PATIENCE: Duration = Duration::from_millis(200);

/// What came of a case.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) judgement: Judgement,
    /// The answer to the request of the case, where it got as far.
    pub(super) answer: Option<Answer>,
}

impl Played {
    fn doubt(doubt: Doubt) -> Self {
        Self { judgement: Judgement::of_doubt(doubt), answer: None }
    }

    /// Whether asking again may settle it.
    pub(super) fn is_unanswered(&self) -> bool {
        matches!(&self.judgement.doubt, Some(Doubt::NoAnswer(why)) if !matches!(why, NoAnswer::Unsent(_)))
    }
}

/// Plays a case once.
pub(super) async fn play(shared: &Shared, case: &Case) -> Played {
    let object = shared.objects.get(case.object);
    // Writers to one object may go on side by side, as long as nobody looks.
    let (_together, _alone) = match object {
        Some(object) if case.scene.is_exclusive() => (None, Some(object.write().await)),
        Some(object) => (Some(object.read().await), None),
        None => (None, None),
    };
    let is_next = matches!(case.scene, Scene::Next { .. });
    // Somebody else's connection may be the next one. It is not worth a long wait.
    let (_shared, _wire) = match is_next && !shared.hangs.load(Ordering::Relaxed) {
        true => (None, tokio::time::timeout(PATIENCE, shared.wire.write()).await.ok()),
        false => (Some(shared.wire.read().await), None),
    };
    let player = Player { shared, case };
    if let Some(before) = &case.before
        && let Err(doubt) = player.store(before).await
    {
        return Played::doubt(doubt);
    }
    match &case.scene {
        Scene::Alone => player.request(trial::expectation(&shared.contract, case)).await,
        Scene::Alike { plain, .. } => player.alike(plain).await,
        Scene::Stored { read } => player.stored(read).await,
        Scene::Unchanged { read } => player.unchanged(read).await,
        Scene::Next { good } => player.next(good).await,
    }
}

struct Player<'s> {
    shared: &'s Shared,
    case: &'s Case,
}

impl Player<'_> {
    /// The request of the case, judged by what is expected of it.
    async fn request(&self, expected: Expectation) -> Played {
        let Self { shared, case } = *self;
        let outcome = shared.endpoint.exchange(&case.request).await;
        // A message that cannot be taken asks for nothing.
        let is_broken = matches!(expected, Expectation::RefuseMessage { .. });
        if !is_broken && matches!(outcome, Err(NoAnswer::Closed | NoAnswer::Timeout(_) | NoAnswer::Transport(_))) {
            shared.gave_up.store(true, Ordering::Relaxed);
        }
        let judgement = trial::judge(&shared.contract, case, expected, shared.secret(), outcome.as_ref());
        Played { judgement, answer: outcome.ok() }
    }

    /// A request that is no matter of judgement, only of its answer. That there is
    /// none is for the cases to find out that are about it.
    async fn ask(&self, request: &Request) -> Result<Answer, Doubt> {
        match self.shared.endpoint.exchange(request).await {
            Ok(answer) if matches!(answer.status, 429 | 503 | 504) => Err(Doubt::Busy(answer.status)),
            Ok(answer) => Ok(answer),
            Err(_) => Err(Doubt::Around),
        }
    }

    async fn alike(&self, plain: &Request) -> Played {
        let Self { shared, case } = *self;
        let outcome = shared.endpoint.exchange(plain).await;
        match trial::alike(case, outcome.as_ref()) {
            Some(Ok(expected)) => self.request(expected).await,
            Some(Err(doubt)) => Played::doubt(doubt),
            // What is wrong with the answer to the plain request is wrong enough.
            None => {
                let expected = trial::expectation(&shared.contract, case);
                let judgement = trial::judge(&shared.contract, case, expected, shared.secret(), outcome.as_ref());
                Played { judgement, answer: outcome.ok() }
            }
        }
    }

    /// Stores something that is known to be good.
    async fn store(&self, before: &Request) -> Result<(), Doubt> {
        let answer = self.ask(before).await?;
        if answer.status / 100 == 2 { Ok(()) } else { Err(Doubt::Around) }
    }

    async fn stored(&self, read: &Request) -> Played {
        let contract = &self.shared.contract;
        let played = self.request(trial::expectation(contract, self.case)).await;
        if played.answer.as_ref().is_none_or(|answer| answer.status / 100 != 2) {
            return played;
        }
        let before = self.case.before.as_ref().and_then(|before| before.body.as_deref());
        let read = self.ask(read).await;
        let secret = self.shared.secret();
        let found = read.and_then(|answer| judge::stored(contract, before, self.case.body(), &answer, secret));
        Played { judgement: played.judgement.and(found), ..played }
    }

    async fn unchanged(&self, read: &Request) -> Played {
        let known = match self.ask(read).await {
            Ok(answer) => answer,
            Err(doubt) => return Played::doubt(doubt),
        };
        let contract = &self.shared.contract;
        let played = self.request(trial::expectation(contract, self.case)).await;
        // Only a refusal promises that nothing has changed.
        if played.answer.as_ref().is_none_or(|answer| answer.status / 100 != 4) {
            return played;
        }
        let found =
            self.ask(read).await.and_then(|answer| judge::unchanged(contract, &known, &answer, self.shared.secret()));
        Played { judgement: played.judgement.and(found), ..played }
    }

    async fn next(&self, good: &Request) -> Played {
        // One that is never answered tells nothing of the connection.
        let usual = match self.ask(good).await {
            Ok(answer) => answer.elapsed,
            Err(doubt) => return Played::doubt(doubt),
        };
        let contract = &self.shared.contract;
        let begun = Instant::now();
        let played = self.request(trial::expectation(contract, self.case)).await;
        if begun.elapsed() > 2 * usual + PATIENCE {
            self.shared.hangs.store(true, Ordering::Relaxed);
        }
        let found = match self.shared.endpoint.exchange(good).await {
            Err(NoAnswer::Closed | NoAnswer::Refused | NoAnswer::Timeout(_)) => Ok(vec![judge::next_fault(contract)]),
            // Whatever it says, it answers.
            _ => Ok(Vec::new()),
        };
        Played { judgement: played.judgement.and(found), ..played }
    }
}
