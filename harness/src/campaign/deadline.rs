//! Limits of time for what is done with a target: they hold for the time that the
//! harness needs, and are later by what the target held it back.

use std::time::Duration;

use tokio::time::Instant;

use super::sender::Shared;

/// Shortest time between two looks at whether an end has moved.
const LOOK: Duration = Duration::from_millis(20);

/// An end that moves on while the target is left alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Instant,
    /// What the run had been held back when the limit was set.
    held: Duration,
}

impl Deadline {
    /// So long from now on.
    pub(super) fn after(shared: &Shared, limit: Duration) -> Self {
        Self { end: Instant::now() + limit, held: shared.held_back() }
    }

    /// So long after the beginning of the run.
    pub(super) fn of_run(shared: &Shared, limit: Duration) -> Self {
        Self { end: shared.begun + limit, held: Duration::ZERO }
    }

    /// Whether it is over.
    pub(super) fn is_over(self, shared: &Shared) -> bool {
        Instant::now() >= self.end(shared)
    }

    /// Resolves when it is over.
    pub(super) async fn over(self, shared: &Shared) {
        loop {
            let (now, end) = (Instant::now(), self.end(shared));
            if now >= end {
                return;
            }
            tokio::time::sleep_until(end.max(now + LOOK)).await;
        }
    }

    /// What comes of work that is done before it is over.
    pub(super) async fn limit<T>(self, shared: &Shared, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.over(shared) => None,
        }
    }

    fn end(self, shared: &Shared) -> Instant {
        self.end + shared.held_back().saturating_sub(self.held)
    }
}
