//! Plays a case: what is asked around its request, in order, and what all the
//! answers make of it. While what is stored is looked at, nobody else writes to
//! the object.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::event::Exchange;
use super::exchange;
use super::pages::pages;
use super::sender::Shared;
use super::tidy;
use super::trial;
use crate::case::{Case, Scene};
use crate::contract::rule;
use crate::judge::{self, Doubt, Expectation, Fault, Judgement, Symptom};
use crate::target::{Answer, BLANK, NoAnswer, Request, UNKNOWN};

/// How long a case waits to be alone on the wire, and by how much an answer to a
/// broken message may be later than others before nobody waits for it any more.
const PATIENCE: Duration = Duration::from_millis(200);

/// Between two looks at a target that lags behind.
pub(super) const LOOK: Duration = Duration::from_millis(20);

/// What came of a case.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) judgement: Judgement,
    /// The answer to the request of the case, where it got as far.
    pub(super) answer: Option<Arc<Answer>>,
    /// For a sequence: how many steps were played.
    pub(super) steps: usize,
    /// All that was sent, in order, and what came.
    pub(super) exchanges: Vec<Exchange>,
    /// The request of the case was not answered in time.
    pub(super) is_silent: bool,
}

impl Played {
    pub(super) fn of(judgement: Judgement, answer: Option<Arc<Answer>>) -> Self {
        Self { judgement, answer, steps: 0, exchanges: Vec::new(), is_silent: false }
    }

    pub(super) fn doubt(doubt: Doubt) -> Self {
        Self::of(Judgement::of_doubt(doubt), None)
    }

    /// Whether asking again may settle it.
    pub(super) fn is_unanswered(&self) -> bool {
        matches!(&self.judgement.doubt, Some(Doubt::NoAnswer(why)) if !matches!(why, NoAnswer::Unsent(_)))
    }
}

/// Plays a case once, and takes away what it created.
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
    let mut player =
        Player { shared, case, id: None, created: Vec::new(), exchanges: Vec::new(), took: Duration::ZERO };
    let mut played = match player.scene().await {
        Ok(played) => played,
        Err(doubt) => Played::doubt(doubt),
    };
    player.tidy().await;
    played.exchanges = player.exchanges;
    redact(shared, &mut played.judgement.faults);
    played
}

/// What is quoted of an answer may be what no output may show.
pub(super) fn redact(shared: &Shared, faults: &mut [Fault]) {
    for fault in faults {
        fault.symptom.redact(&|text| shared.endpoint.redactor().text(text).into_owned());
    }
}

/// Who plays a case.
pub(super) struct Player<'s> {
    pub(super) shared: &'s Shared,
    case: &'s Case,
    /// The id of the policy that the case is about, once it is created.
    id: Option<String>,
    /// What was created.
    created: Vec<String>,
    exchanges: Vec<Exchange>,
    /// How long the last request took.
    took: Duration,
}

impl Player<'_> {
    async fn scene(&mut self) -> Result<Played, Doubt> {
        let case = self.case;
        match &case.scene {
            // Either way of asking has something of its own to be about.
            Scene::Alike { plain, .. } => self.alike(plain).await,
            Scene::Sequence { steps } => Ok(self.follow(steps).await),
            scene => {
                self.prepare().await?;
                match scene {
                    Scene::Stored { read } => self.stored(read).await,
                    Scene::Unchanged { read } => self.unchanged(read).await,
                    Scene::NothingLeft { list, mark } => self.nothing_left(list, mark).await,
                    Scene::Next { good } => self.next(good).await,
                    Scene::Alone | Scene::Alike { .. } | Scene::Sequence { .. } => {
                        Ok(self.request(trial::expectation(&self.shared.contract, case)).await)
                    }
                }
            }
        }
    }

    /// Deletes what was created.
    async fn tidy(&mut self) {
        let Shared { contract, endpoint, options, .. } = self.shared;
        let is_there = |id: &String| options.ledger.has(id);
        for id in std::mem::take(&mut self.created).into_iter().filter(is_there) {
            // What is not gone now is tried again when the run ends.
            tidy::delete(contract, endpoint, &options.ledger, &id).await;
        }
    }

    /// Sends a request, and keeps in mind what it created.
    pub(super) async fn send(&mut self, operation: usize, request: &Request) -> Result<Arc<Answer>, NoAnswer> {
        let sent = exchange::send(self.shared, operation, request).await;
        self.took = sent.took;
        if let Some(id) = sent.created {
            self.id = Some(id.clone());
            if !self.created.contains(&id) {
                self.created.push(id);
            }
        }
        let request = [&*request.method, " ", &request.path].concat();
        let outcome = sent.outcome.map(Arc::new);
        self.exchanges.push(Exchange { request, outcome: outcome.clone() });
        outcome
    }

    /// A request about the policy that was created.
    fn about<'r>(&self, request: &'r Request) -> Result<Cow<'r, Request>, Doubt> {
        if request.path.contains(UNKNOWN) {
            let path = request.path.replace(UNKNOWN, &self.shared.unknown_id());
            return Ok(Cow::Owned(Request { path, ..request.clone() }));
        }
        match &self.id {
            _ if !request.path.contains(BLANK) => Ok(Cow::Borrowed(request)),
            Some(id) => Ok(Cow::Owned(request.with_id(id))),
            None => Err(Doubt::Around),
        }
    }

    /// The request of the case, judged by what is expected of it.
    async fn request(&mut self, expected: Expectation) -> Played {
        let Self { shared, case, .. } = *self;
        let request = match self.about(&case.request) {
            Ok(request) => request,
            Err(doubt) => return Played::doubt(doubt),
        };
        let outcome = self.send(case.operation, &request).await;
        // A message that cannot be taken asks for nothing.
        let is_broken = matches!(expected, Expectation::RefuseMessage { .. });
        if !is_broken && matches!(outcome, Err(NoAnswer::Closed | NoAnswer::Timeout(_) | NoAnswer::Transport(_))) {
            shared.gave_up.store(true, Ordering::Relaxed);
        }
        let mut judgement = trial::judge(&shared.contract, case, expected, shared.secret(), outcome.as_deref());
        let is_missing = case.before.is_some() && outcome.as_ref().is_ok_and(|answer| answer.status == 404);
        if is_missing && !judgement.faults.is_empty() && self.is_lost().await {
            // Whatever was asked of it, what was created is not there.
            judgement = Judgement::of_fault(judge::fault(&shared.contract, rule::FOUND, Symptom::Status(404)));
        }
        let is_silent = matches!(outcome, Err(NoAnswer::Timeout(_)));
        Played { is_silent, ..Played::of(judgement, outcome.ok()) }
    }

    /// Whether the policy that the run created cannot be read.
    async fn is_lost(&self) -> bool {
        let Some(id) = &self.id else { return false };
        let Some(read) = trial::read_of(&self.shared.contract, id) else { return false };
        self.shared.endpoint.exchange(&read).await.is_ok_and(|answer| answer.status == 404)
    }

    /// A request that is no matter of judgement, only of its answer. That there is
    /// none is for the cases to find out that are about it.
    async fn ask(&mut self, operation: usize, request: &Request) -> Result<Arc<Answer>, Doubt> {
        let request = self.about(request)?;
        match self.send(operation, &request).await {
            Ok(answer) if matches!(answer.status, 429 | 503 | 504) => Err(Doubt::Busy(answer.status)),
            Ok(answer) => Ok(answer),
            Err(_) => Err(Doubt::Around),
        }
    }

    /// The same for a read or a list.
    async fn look(&mut self, request: &Request) -> Result<Arc<Answer>, Doubt> {
        let is_safe = |operation: &crate::contract::Operation| operation.kind.is_safe();
        let operation = self.shared.contract.operations.iter().position(is_safe).unwrap_or(0);
        self.ask(operation, request).await
    }

    /// Stores what has to be there first, and waits until it shows.
    async fn prepare(&mut self) -> Result<(), Doubt> {
        let Some(before) = &self.case.before else { return Ok(()) };
        // What comes first is what the contract's first operation does.
        let answer = self.ask(0, before).await?;
        if answer.status / 100 != 2 {
            return Err(Doubt::Around);
        }
        let settle = self.shared.options.settle;
        if !settle.is_zero()
            && let (Some(read), Some(body)) = (trial::read(&self.shared.contract, before), &before.body)
        {
            if self.shared.contract.creates() {
                self.until_stored(&read, None, body).await?;
            } else {
                self.until_exactly(&read, body).await?;
            }
        }
        Ok(())
    }

    /// Waits until a read can be no other than of what was stored last, which is at
    /// the end of the time at the latest.
    async fn until_exactly(&mut self, read: &Request, sent: &[u8]) -> Result<(), Doubt> {
        let begun = Instant::now();
        loop {
            let answer = self.look(read).await?;
            let is_over = begun.elapsed() >= self.shared.options.settle;
            if is_over || judge::is_exactly(&self.shared.contract, sent, &answer) {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What a read shows of what was stored, once the target has had time.
    async fn until_stored(&mut self, read: &Request, before: Option<&[u8]>, sent: &[u8]) -> Result<Vec<Fault>, Doubt> {
        let begun = Instant::now();
        let Shared { contract, options, .. } = self.shared;
        loop {
            let answer = self.look(read).await?;
            let mut faults = judge::stored(contract, before, sent, &answer, self.shared.secret())?;
            if contract.creates()
                && let Some(id) = &self.id
            {
                faults.extend(judge::other_id(contract, trial::kept_id(contract, self.case), id, &answer));
            }
            if faults.is_empty() || begun.elapsed() >= options.settle {
                return Ok(faults);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn alike(&mut self, plain: &Request) -> Result<Played, Doubt> {
        let Self { shared, case, .. } = *self;
        self.prepare().await?;
        let request = self.about(plain)?;
        let outcome = self.send(case.operation, &request).await;
        let is_missing = case.before.is_some() && outcome.as_ref().is_ok_and(|answer| answer.status == 404);
        if is_missing && shared.contract.creates() && self.is_lost().await {
            let lost = judge::fault(&shared.contract, rule::FOUND, Symptom::Status(404));
            return Ok(Played::of(Judgement::of_fault(lost), outcome.ok()));
        }
        match trial::alike(case, outcome.as_deref()) {
            Some(Ok(expected)) => {
                if shared.contract.creates() {
                    // No name twice, and nothing of the one in the way of the other.
                    self.tidy().await;
                    self.prepare().await?;
                }
                Ok(self.request(expected).await)
            }
            Some(Err(doubt)) => Err(doubt),
            // What is wrong with the answer to the plain request is wrong enough.
            None => {
                let expected = trial::expectation(&shared.contract, case);
                let judgement = trial::judge(&shared.contract, case, expected, shared.secret(), outcome.as_deref());
                Ok(Played::of(judgement, outcome.ok()))
            }
        }
    }

    async fn stored(&mut self, read: &Request) -> Result<Played, Doubt> {
        let case = self.case;
        let played = self.request(trial::expectation(&self.shared.contract, case)).await;
        if played.answer.as_ref().is_none_or(|answer| answer.status / 100 != 2) {
            return Ok(played);
        }
        let before = case.before.as_ref().and_then(|before| before.body.as_deref());
        let found = self.until_stored(read, before, case.body()).await;
        Ok(Played { judgement: played.judgement.and(found), ..played })
    }

    async fn unchanged(&mut self, read: &Request) -> Result<Played, Doubt> {
        let known = self.look(read).await?;
        let played = self.request(trial::expectation(&self.shared.contract, self.case)).await;
        // Only a refusal promises that nothing has changed.
        if played.answer.as_ref().is_none_or(|answer| answer.status / 100 != 4) {
            return Ok(played);
        }
        let after = self.look(read).await;
        let found =
            after.and_then(|answer| judge::unchanged(&self.shared.contract, &known, &answer, self.shared.secret()));
        Ok(Played { judgement: played.judgement.and(found), ..played })
    }

    async fn nothing_left(&mut self, list: &Request, mark: &str) -> Result<Played, Doubt> {
        let contract = &self.shared.contract;
        let played = self.request(trial::expectation(contract, self.case)).await;
        if played.answer.as_ref().is_none_or(|answer| answer.status / 100 != 4) {
            return Ok(played);
        }
        let found = pages(&self.shared.endpoint, list).await;
        let found = found.map(|pages| judge::nothing_left(contract, mark, &pages));
        Ok(Played { judgement: played.judgement.and(found), ..played })
    }

    async fn next(&mut self, good: &Request) -> Result<Played, Doubt> {
        let operation = self.case.operation;
        // One that is never answered tells nothing of the connection.
        let usual = self.ask(operation, good).await?.elapsed;
        let contract = &self.shared.contract;
        let played = self.request(trial::expectation(contract, self.case)).await;
        if self.took > 2 * usual + PATIENCE {
            self.shared.hangs.store(true, Ordering::Relaxed);
        }
        let good = self.about(good)?;
        let found = match self.send(operation, &good).await {
            Err(NoAnswer::Closed | NoAnswer::Refused | NoAnswer::Timeout(_)) => Ok(vec![judge::next_fault(contract)]),
            // Whatever it says, it answers.
            _ => Ok(Vec::new()),
        };
        Ok(Played { judgement: played.judgement.and(found), ..played })
    }
}
