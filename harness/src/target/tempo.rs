//! What the pace of a target is just now. It halves where the target is busy with
//! what it is given, and grows again while it answers. Only arithmetic on moments
//! that it is handed: it neither waits nor looks at a clock.

use std::time::Duration;

use tokio::time::Instant;

use super::gcra::Gcra;
use super::pace::{Patience, Waited};

/// Longest time that a target is left alone at its own word, and for which it may
/// be busy with everything.
const LONGEST: Duration = Duration::from_secs(300);
/// First pause where the target does not say how long.
const BACKOFF: Duration = Duration::from_millis(100);
/// Longest of those, each of which is twice the one before.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
/// A pace that was halved is what it was after this time.
const DOUBLING: f64 = 2.0;
/// Requests a second that a target is expected to bear, however busy it is.
const SLOWEST: f64 = 1.0;
/// Times that one request is sent before its busy answer is its answer.
const ATTEMPTS: u32 = 8;
/// The same where others were answered in the meantime.
const ATTEMPTS_AMONG_OTHERS: u32 = 5;

/// What to do with a request.
#[derive(Debug, PartialEq)]
pub(super) enum Ask {
    /// Send it.
    Go(Leave),
    /// Ask again then, or when something changes.
    At(Instant),
    /// Do not send it: why.
    Never(String),
}

/// Under what a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leave {
    /// Pauses that there had been before.
    episode: u64,
    /// It is to show whether the target is well again.
    is_probe: bool,
}

/// The pace of the moment.
#[derive(Debug)]
pub(super) struct Tempo {
    /// The most that is allowed.
    limit: Option<f64>,
    /// What it is slowed down to.
    rate: Option<f64>,
    gcra: Option<Gcra>,
    /// The highest rate that was seen when the target was busy.
    top: f64,
    grown: Instant,
    /// Good answers since then, and all of them.
    since: Instant,
    good: u64,
    answered: u64,
    /// The target is left alone: since when, and until when.
    pause: Option<(Instant, Instant)>,
    /// One request is on its way to see whether the target is well again.
    is_probed: bool,
    /// Pauses so far, and those in a row.
    episode: u64,
    row: u32,
    /// Since when there was nothing but busy answers.
    busy_since: Option<Instant>,
    waited: Waited,
    held_since: Option<Instant>,
    held: Duration,
    end: Option<Instant>,
    given_up: Option<String>,
}

impl Tempo {
    pub(super) fn new(limit: Option<f64>, now: Instant) -> Self {
        Self {
            limit,
            rate: None,
            gcra: limit.map(Gcra::new),
            top: 0.0,
            grown: now,
            since: now,
            good: 0,
            answered: 0,
            pause: None,
            is_probed: false,
            episode: 0,
            row: 0,
            busy_since: None,
            waited: Waited::default(),
            held_since: None,
            held: Duration::ZERO,
            end: None,
            given_up: None,
        }
    }

    pub(super) fn hurry(&mut self, until: Instant) {
        self.end = Some(until);
    }

    pub(super) fn given_up(&self) -> Option<&str> {
        self.given_up.as_deref()
    }

    pub(super) fn waited(&self, now: Instant) -> Waited {
        let going_on = self.pause.map_or(Duration::ZERO, |(since, _)| now.saturating_duration_since(since));
        Waited { busy: self.waited.busy, time: self.waited.time + going_on }
    }

    pub(super) fn held_back(&self, now: Instant) -> Duration {
        self.held + self.held_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// Whether a request may go.
    pub(super) fn ask(&mut self, now: Instant) -> Ask {
        if let Some(why) = &self.given_up {
            return Ask::Never(why.clone());
        }
        let is_pause_over = match self.pause {
            None => false,
            // Somebody sees how it is; a request takes its time, but not for ever.
            Some(_) if self.is_probed => {
                let end = self.end.unwrap_or(now + LONGEST);
                return if end <= now { Ask::Never(left_alone(Duration::ZERO)) } else { Ask::At(end) };
            }
            Some((_, until)) if now < until => {
                let is_too_late = self.end.is_some_and(|end| end < until);
                return if is_too_late { Ask::Never(left_alone(until - now)) } else { Ask::At(until) };
            }
            Some(_) => true,
        };
        match self.gcra.as_mut().map_or(Ok(()), |gcra| gcra.pass(now)) {
            Ok(()) => {
                self.is_probed |= is_pause_over;
                Ask::Go(Leave { episode: self.episode, is_probe: is_pause_over })
            }
            Err(due) if self.end.is_some_and(|end| end < due) => Ask::Never("no time was left at this rate".to_owned()),
            Err(due) => Ask::At(due),
        }
    }

    /// The target answered; whether that changes anything for those who wait.
    pub(super) fn answered(&mut self, leave: Leave, now: Instant) -> bool {
        // What was sent before the last pause says nothing of the pace after it.
        self.good += u64::from(leave.episode == self.episode);
        self.answered += 1;
        self.row = 0;
        self.busy_since = None;
        let was_paused = self.resume(leave, now);
        self.grow(now);
        if self.rate.is_none()
            && self.pause.is_none()
            && let Some(since) = self.held_since.take()
        {
            self.held += now.saturating_duration_since(since);
        }
        was_paused
    }

    /// Nobody knows whether the target is busy: the next request shows.
    pub(super) fn unanswered(&mut self, leave: Leave, now: Instant) {
        self.resume(leave, now);
    }

    /// A request was given up on its way.
    pub(super) fn left(&mut self, leave: Leave) {
        self.is_probed &= !leave.is_probe;
    }

    /// The pause is over where somebody was sent to see; whether there was one.
    fn resume(&mut self, leave: Leave, now: Instant) -> bool {
        // What was on its way before it began says nothing of it.
        if !leave.is_probe {
            return false;
        }
        self.is_probed = false;
        if let Some((since, _)) = self.pause.take() {
            self.waited.time += now.saturating_duration_since(since);
        }
        true
    }

    /// The target was busy with a request; the time of the pause, where one begins.
    pub(super) fn busy(
        &mut self,
        leave: Leave,
        now: Instant,
        advice: Option<Duration>,
        patience: &mut Patience,
    ) -> Option<Duration> {
        self.waited.busy += 1;
        let is_first = patience.attempts == 0;
        patience.attempts += 1;
        patience.others += u32::from(self.answered > patience.answered);
        patience.answered = self.answered;
        // Others that were sent at the same time say the same.
        let is_news = leave.episode == self.episode;
        if is_news {
            self.episode += 1;
            self.row = self.row.saturating_add(1);
            self.is_probed = false;
            // One request that is never answered says little of the others.
            if is_first {
                self.slow_down(now);
            }
        }
        let advice = advice.filter(|advice| !advice.is_zero());
        let time = match advice {
            Some(advice) => advice,
            None if is_news => LONGEST_BACKOFF.min(BACKOFF * 2_u32.saturating_pow(self.row - 1)),
            None => return None,
        };
        let busy_since = *self.busy_since.get_or_insert(now);
        if time > LONGEST {
            self.given_up.get_or_insert_with(|| left_alone(time));
            return None;
        }
        if now.saturating_duration_since(busy_since) >= LONGEST {
            let text = format!("the target has been too busy to answer for {}", words(LONGEST));
            self.given_up.get_or_insert(text);
            return None;
        }
        self.held_since.get_or_insert(now);
        let (since, until) = self.pause.unwrap_or((now, now));
        self.pause = Some((since, until.max(now + time)));
        is_news.then_some(time)
    }

    /// Whether a request that met a busy answer is sent again.
    pub(super) fn asks_again(&self, patience: &Patience) -> bool {
        let is_done = patience.attempts >= ATTEMPTS || patience.others >= ATTEMPTS_AMONG_OTHERS;
        !is_done && self.given_up.is_none()
    }

    /// Half of what it was, or of what came of it.
    fn slow_down(&mut self, now: Instant) {
        if self.good == 0 {
            return;
        }
        let seconds = now.saturating_duration_since(self.since).as_secs_f64().max(0.001);
        let seen = self.good as f64 / seconds;
        let before = self.rate.or(self.limit).unwrap_or(seen);
        (self.good, self.since, self.grown) = (0, now, now);
        self.top = self.top.max(seen);
        self.set(Some((before.min(seen) / 2.0).max(SLOWEST)), now);
    }

    fn grow(&mut self, now: Instant) {
        let Some(rate) = self.rate else { return };
        let time = now.saturating_duration_since(self.grown).min(Duration::from_secs(1));
        self.grown = now;
        let rate = rate * (time.as_secs_f64() / DOUBLING).exp2();
        let most = self.limit.unwrap_or(2.0 * self.top);
        self.set((rate < most).then_some(rate), now);
    }

    fn set(&mut self, rate: Option<f64>, now: Instant) {
        self.rate = match (rate, self.limit) {
            (Some(rate), Some(limit)) if rate >= limit => None,
            (rate, _) => rate,
        };
        match (self.rate.or(self.limit), &mut self.gcra) {
            (None, gcra) => *gcra = None,
            (Some(rate), Some(gcra)) => gcra.set(rate, now),
            (Some(rate), gcra) => *gcra = Some(Gcra::new(rate)),
        }
    }
}

fn left_alone(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        return "the target asks to be left alone".to_owned();
    }
    format!("the target asks to be left alone for {}", words(time))
}

/// A time as a person says it.
fn words(time: Duration) -> String {
    match time.as_secs_f64().ceil() {
        seconds if seconds < 120.0 => format!("{seconds} s"),
        seconds if seconds < 7_200.0 => format!("{} minutes", (seconds / 60.0).ceil()),
        seconds if seconds < 172_800.0 => format!("{} hours", (seconds / 3_600.0).ceil()),
        seconds => format!("{} days", (seconds / 86_400.0).ceil()),
    }
}
