//! How much time a target's silence takes: all of it added up, and as far as nothing
//! else was going on.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Time that was spent on requests without an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    /// That of all requests, many of which wait at one time.
    pub added_up: Duration,
    /// That in which no other request was answered.
    pub alone: Duration,
}

/// Counts it.
#[derive(Debug)]
pub(super) struct Hush(Mutex<(Silence, Instant)>);

impl Default for Hush {
    fn default() -> Self {
        Self(Mutex::new((Silence::default(), Instant::now())))
    }
}

impl Hush {
    pub(super) fn so_far(&self) -> Silence {
        self.state().0
    }

    pub(super) fn answered(&self) {
        self.state().1 = Instant::now();
    }

    /// A request was not answered for so long.
    pub(super) fn unanswered(&self, time: Duration) {
        let mut state = self.state();
        let now = Instant::now();
        let alone = now.saturating_duration_since(state.1).min(time);
        state.0.added_up += time;
        state.0.alone += alone;
        state.1 = now;
    }

    fn state(&self) -> MutexGuard<'_, (Silence, Instant)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn silence_counts_as_far_as_nothing_else_goes_on() {
        let hush = Hush::default();
        tokio::time::sleep(5 * SECOND).await;
        // Many that wait side by side take no longer than one.
        (0..4).for_each(|_| hush.unanswered(5 * SECOND));
        assert_eq!(hush.so_far(), Silence { added_up: 20 * SECOND, alone: 5 * SECOND });
        tokio::time::sleep(5 * SECOND).await;
        hush.answered();
        tokio::time::sleep(SECOND).await;
        hush.unanswered(5 * SECOND);
        assert_eq!(hush.so_far(), Silence { added_up: 25 * SECOND, alone: 6 * SECOND });
        // Before it was asked nobody waited for it.
        tokio::time::sleep(90 * SECOND).await;
        hush.unanswered(5 * SECOND);
        assert_eq!(hush.so_far().alone, 11 * SECOND);
    }
}
