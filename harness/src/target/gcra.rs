//! The generic cell rate algorithm: requests at an even pace, without a queue
//! and without a timer that runs when nobody asks.

use std::time::Duration;

use tokio::time::Instant;

/// How much earlier than due a request may go. Timers are no finer than a
/// millisecond, and a fast pace has to be kept all the same.
const SLACK: Duration = Duration::from_millis(10);

/// Lets requests pass at an even pace, which may change at any time.
#[derive(Debug)]
pub(super) struct Gcra {
    interval: Duration,
    /// When the next request is due, if all come as they should.
    due: Option<Instant>,
}

impl Gcra {
    /// So many requests a second.
    pub(super) fn new(rate: f64) -> Self {
        Self { interval: interval(rate), due: None }
    }

    /// From now on so many requests a second.
    pub(super) fn set(&mut self, rate: f64, now: Instant) {
        self.interval = interval(rate);
        // What was due at a slower pace is due earlier at a faster one.
        self.due = self.due.map(|due| due.min(now + self.interval));
    }

    /// Lets a request pass.
    ///
    /// # Errors
    /// It is too early: when to ask again.
    pub(super) fn pass(&mut self, now: Instant) -> Result<(), Instant> {
        let due = self.due.map_or(now, |due| due.max(now));
        let early = due.saturating_duration_since(now);
        if early > SLACK {
            return Err(now + (early - SLACK));
        }
        self.due = Some(due + self.interval);
        Ok(())
    }
}

/// No request has to wait longer than an hour for the one before it.
fn interval(rate: f64) -> Duration {
    const LONGEST: Duration = Duration::from_secs(3_600);
    Duration::try_from_secs_f64(1.0 / rate).map_or(LONGEST, |interval| interval.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many pass within this time, if somebody always wants to.
    async fn passed(gcra: &mut Gcra, time: Duration) -> u32 {
        let end = Instant::now() + time;
        let mut count = 0;
        loop {
            match gcra.pass(Instant::now()) {
                Ok(()) => count += 1,
                Err(later) if later >= end => return count,
                Err(later) => tokio::time::sleep_until(later).await,
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn requests_go_at_the_rate() {
        for rate in [0.5, 1.0, 7.0, 100.0, 5_000.0] {
            let mut gcra = Gcra::new(rate);
            let count = f64::from(passed(&mut gcra, Duration::from_secs(20)).await);
            // The first one, and what the slack lets go early.
            let most = 20.0 * rate + 1.0 + rate * SLACK.as_secs_f64();
            assert!(count >= 20.0 * rate * 0.95 && count <= most + 1.0, "{rate}: {count}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_nobody_used_is_not_made_up_for() {
        let mut gcra = Gcra::new(10.0);
        assert!(gcra.pass(Instant::now()).is_ok());
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(gcra.pass(Instant::now()).is_ok());
        assert!(gcra.pass(Instant::now()).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn another_rate_holds_at_once() {
        let mut gcra = Gcra::new(0.01);
        assert_eq!(passed(&mut gcra, Duration::from_secs(10)).await, 1);
        gcra.set(10.0, Instant::now());
        assert!(passed(&mut gcra, Duration::from_secs(10)).await >= 95);
        // No rate of a caller makes it panic.
        for rate in [0.0, -1.0, f64::INFINITY, f64::MIN_POSITIVE, f64::NAN] {
            Gcra::new(rate).set(rate, Instant::now());
        }
    }
}
