//! One pace in front of all exchanges with a target, whoever makes them: no more
//! requests a second than were allowed, none while the target wants to be left
//! alone, one to see whether it is well again, and then fewer than before.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::tempo::{Ask, Leave, Tempo};

/// The pace of an endpoint and its clones.
pub struct Pace {
    tempo: Mutex<Tempo>,
    /// Who has to wait stands in line: one at a time asks whether to go.
    line: tokio::sync::Mutex<()>,
    changed: Notify,
    pauses: watch::Sender<Option<Pause>>,
}

/// The target is left alone for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The status that asked for it: 429 or 503.
    pub status: u16,
    /// For how long.
    pub time: Duration,
}

/// How often the target was busy, and how long it was left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waited {
    /// Answers that were 429 or 503.
    pub busy: u64,
    /// Time in which nothing was sent because of them.
    pub time: Duration,
}

impl Pace {
    /// At most so many requests a second; none says as many as come.
    pub(super) fn new(rate: Option<f64>) -> Self {
        Self {
            tempo: Mutex::new(Tempo::new(rate, Instant::now())),
            line: tokio::sync::Mutex::new(()),
            changed: Notify::new(),
            pauses: watch::Sender::new(None),
        }
    }

    /// From now on nobody waits for anything beyond this moment: what could be
    /// sent later only is not sent at all.
    pub fn hurry(&self, until: Instant) {
        self.tempo().hurry(until);
        self.changed.notify_waiters();
    }

    /// Why nothing is sent any more, where that is so: the target asks to be left
    /// alone for longer than anybody waits, or has been busy for as long.
    pub fn given_up(&self) -> Option<String> {
        self.tempo().given_up().map(str::to_owned)
    }

    /// How often the target was busy, and how long it was left alone.
    pub fn waited(&self) -> Waited {
        self.tempo().waited(Instant::now())
    }

    /// Time in which less was sent than could have been, because the target was
    /// busy: pauses, and what was slower after them.
    pub fn held_back(&self) -> Duration {
        self.tempo().held_back(Instant::now())
    }

    /// The pauses from now on.
    pub fn pauses(&self) -> Pauses {
        Pauses(self.pauses.subscribe())
    }

    /// Waits until a request may go.
    ///
    /// # Errors
    /// It may not go in time: why.
    pub(super) async fn turn(&self) -> Result<Turn<'_>, String> {
        if let Ask::Go(leave) = self.ask() {
            return Ok(Turn { pace: self, leave, is_over: false });
        }
        let _line = self.line.lock().await;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // What changes from here on is not missed.
            changed.as_mut().enable();
            match self.ask() {
                Ask::Go(leave) => return Ok(Turn { pace: self, leave, is_over: false }),
                Ask::Never(why) => return Err(why),
                Ask::At(moment) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(moment) => {}
                        () = changed => {}
                    }
                }
            }
        }
    }

    fn ask(&self) -> Ask {
        self.tempo().ask(Instant::now())
    }

    fn tempo(&self) -> MutexGuard<'_, Tempo> {
        self.tempo.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("tempo", &self.tempo()).finish_non_exhaustive()
    }
}

/// The pauses of a pace, as they begin.
#[derive(Debug)]
pub struct Pauses(watch::Receiver<Option<Pause>>);

impl Pauses {
    /// The next pause. Of several that began since, the last one.
    pub async fn next(&mut self) -> Pause {
        loop {
            if self.0.changed().await.is_err() {
                return std::future::pending().await;
            }
            if let Some(pause) = *self.0.borrow_and_update() {
                return pause;
            }
        }
    }
}

/// What one request has been through: how often it was sent in vain.
#[derive(Debug, Default)]
pub(super) struct Patience {
    pub(super) attempts: u32,
    /// Times that others were answered in the meantime.
    pub(super) others: u32,
    /// Good answers that there were the last time.
    pub(super) answered: u64,
}

/// Leave to send one request. However it ends, the next one learns of it.
pub(super) struct Turn<'p> {
    pace: &'p Pace,
    leave: Leave,
    is_over: bool,
}

impl Turn<'_> {
    /// The target answered.
    pub(super) fn answered(mut self) {
        self.is_over = true;
        let has_changed = self.pace.tempo().answered(self.leave, Instant::now());
        if has_changed {
            self.pace.changed.notify_waiters();
        }
    }

    /// There was no answer.
    pub(super) fn unanswered(mut self) {
        self.is_over = true;
        self.pace.tempo().unanswered(self.leave, Instant::now());
        self.pace.changed.notify_waiters();
    }

    /// The target was busy, and asks for so much time; whether to ask it again.
    pub(super) fn busy(mut self, pause: (u16, Option<Duration>), patience: &mut Patience) -> bool {
        self.is_over = true;
        let (status, advice) = pause;
        let (begun, asks_again) = {
            let mut tempo = self.pace.tempo();
            let begun = tempo.busy(self.leave, Instant::now(), advice, patience);
            (begun, tempo.asks_again(patience))
        };
        if let Some(time) = begun {
            self.pace.pauses.send_replace(Some(Pause { status, time }));
        }
        self.pace.changed.notify_waiters();
        asks_again
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.pace.tempo().left(self.leave);
            self.pace.changed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn answered(pace: &Pace) {
        pace.turn().await.unwrap().answered();
    }

    async fn busy(pace: &Pace, advice: Option<u64>) -> bool {
        let advice = advice.map(Duration::from_secs);
        pace.turn().await.unwrap().busy((429, advice), &mut Patience::default())
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_where_nobody_is_busy() {
        let pace = Pace::new(None);
        let begun = Instant::now();
        for _ in 0..10_000 {
            answered(&pace).await;
        }
        assert_eq!((begun.elapsed(), pace.waited(), pace.held_back()), Default::default());
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_holds_for_all_together() {
        let pace = Arc::new(Pace::new(Some(50.0)));
        let begun = Instant::now();
        let tasks = (0..16).map(|_| {
            let pace = Arc::clone(&pace);
            tokio::spawn(async move {
                for _ in 0..25 {
                    answered(&pace).await;
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let took = begun.elapsed().as_secs_f64();
        assert!((7.8..8.3).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn all_leave_the_target_alone_and_one_sees_how_it_is() {
        let pace = Arc::new(Pace::new(None));
        for _ in 0..20 {
            answered(&pace).await;
        }
        assert!(busy(&pace, Some(7)).await);
        let begun = Instant::now();
        let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
        for _ in 0..8 {
            let (pace, sender) = (Arc::clone(&pace), sender.clone());
            tokio::spawn(async move {
                let turn = pace.turn().await.unwrap();
                sender.send(Instant::now()).unwrap();
                tokio::time::sleep(SECOND / 2).await;
                turn.answered();
            });
        }
        let first = order.recv().await.unwrap() - begun;
        assert!((7 * SECOND..8 * SECOND).contains(&first), "{first:?}");
        // The others wait for what comes of it.
        let second = order.recv().await.unwrap() - begun;
        assert!(second >= first + SECOND / 2, "{second:?}");
        let waited = pace.waited();
        assert_eq!(waited.busy, 1);
        assert!((7 * SECOND..8 * SECOND).contains(&waited.time), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_looks_and_is_gone_lets_another_look() {
        let pace = Pace::new(None);
        busy(&pace, Some(1)).await;
        drop(pace.turn().await.unwrap());
        pace.turn().await.unwrap().unanswered();
        let begun = Instant::now();
        answered(&pace).await;
        assert!(begun.elapsed() < SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_word_pauses_grow_up_to_a_limit() {
        let pace = Pace::new(None);
        let mut last = Duration::ZERO;
        for _ in 0..12 {
            let begun = Instant::now();
            busy(&pace, None).await;
            let pause = begun.elapsed();
            assert!(pause >= last && pause <= 31 * SECOND, "{pause:?} after {last:?}");
            last = pause;
        }
        assert!(last >= 29 * SECOND);
        answered(&pace).await;
        busy(&pace, None).await;
        let begun = Instant::now();
        answered(&pace).await;
        assert!(begun.elapsed() < SECOND, "an answer starts it anew");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_of_many_minutes_is_not_waited_for() {
        let pace = Pace::new(None);
        busy(&pace, Some(900)).await;
        assert!(pace.turn().await.is_err());
        assert_eq!(pace.given_up().unwrap(), "the target asks to be left alone for 15 minutes");
        assert!(pace.waited().time < SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_target_that_is_busy_for_many_minutes_is_given_up() {
        let pace = Pace::new(None);
        let begun = Instant::now();
        while let Ok(turn) = pace.turn().await {
            turn.busy((503, Some(20 * SECOND)), &mut Patience::default());
        }
        assert!((300 * SECOND..340 * SECOND).contains(&begun.elapsed()), "{:?}", begun.elapsed());
        assert_eq!(pace.given_up().unwrap(), "the target has been too busy to answer for 5 minutes");
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_in_a_hurry_does_not_wait() {
        let pace = Arc::new(Pace::new(None));
        busy(&pace, Some(60)).await;
        let waiting = {
            let pace = Arc::clone(&pace);
            tokio::spawn(async move { pace.turn().await.is_err() })
        };
        tokio::time::sleep(SECOND).await;
        let begun = Instant::now();
        pace.hurry(begun + 3 * SECOND);
        assert!(waiting.await.unwrap());
        assert!(pace.turn().await.is_err());
        assert!(begun.elapsed() < SECOND);
        // It ends by itself, and then there is nothing to wait for.
        tokio::time::sleep(60 * SECOND).await;
        answered(&pace).await;
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_are_told() {
        let pace = Pace::new(None);
        let mut pauses = pace.pauses();
        busy(&pace, Some(2)).await;
        assert_eq!(pauses.next().await, Pause { status: 429, time: 2 * SECOND });
        assert!(tokio::time::timeout(SECOND, pauses.next()).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn answers_on_their_way_when_a_pause_begins_do_not_slow_it_down_twice() {
        let pace = Pace::new(None);
        for _ in 0..1_000 {
            answered(&pace).await;
            tokio::time::sleep(SECOND / 1_000).await;
        }
        let under_way = pace.turn().await.unwrap();
        busy(&pace, None).await;
        under_way.answered();
        busy(&pace, None).await;
        // It is at half of 1,000 a second, and no slower.
        let begun = Instant::now();
        for _ in 0..500 {
            answered(&pace).await;
        }
        assert!(begun.elapsed() < 2 * SECOND, "{:?}", begun.elapsed());
    }

    /// A target that takes so many a second, and not many more at one time.
    async fn throttled(rate: f64, workers: usize, requests: u32) -> (Duration, u64) {
        let pace = Arc::new(Pace::new(None));
        let bucket = Arc::new(Mutex::new((rate, Instant::now())));
        let begun = Instant::now();
        let left = Arc::new(Mutex::new(requests));
        let tasks = (0..workers).map(|_| {
            let (pace, bucket, left) = (Arc::clone(&pace), Arc::clone(&bucket), Arc::clone(&left));
            tokio::spawn(async move {
                loop {
                    if *left.lock().unwrap() == 0 {
                        return;
                    }
                    let turn = pace.turn().await.unwrap();
                    tokio::time::sleep(SECOND / 500).await;
                    let is_let_in = {
                        let mut bucket = bucket.lock().unwrap();
                        let now = Instant::now();
                        bucket.0 = (bucket.0 + (now - bucket.1).as_secs_f64() * rate).min(rate);
                        bucket.1 = now;
                        let is_let_in = bucket.0 >= 1.0;
                        bucket.0 -= f64::from(u8::from(is_let_in));
                        is_let_in
                    };
                    if is_let_in {
                        turn.answered();
                        let mut left = left.lock().unwrap();
                        *left = left.saturating_sub(1);
                    } else {
                        turn.busy((429, Some(SECOND)), &mut Patience::default());
                    }
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        (begun.elapsed(), pace.waited().busy)
    }

    #[tokio::test(start_paused = true)]
    async fn the_pace_comes_close_to_what_a_target_takes() {
        let (took, busy) = throttled(20.0, 16, 2_000).await;
        // At best 100 seconds; and not one request in ten in vain.
        assert!(took < 200 * SECOND, "{took:?}");
        assert!(busy < 200, "{busy}");
    }
}
