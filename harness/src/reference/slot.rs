//! A place for one policy, and what was there before: who reads may see the past.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::policy::Policy;

/// An assignment, or a policy that was created: a place that holds a policy or none.
#[derive(Debug)]
pub(super) struct Slot {
    /// Its place among all, in the order of their making.
    pub(super) number: u64,
    /// Id of the policy here.
    pub(super) policy_id: String,
    changes: Mutex<Vec<Change>>,
}

/// What a slot holds from an instant on.
#[derive(Debug)]
struct Change {
    at: Instant,
    policy: Option<Arc<Policy>>,
}

/// What a slot held, while it is being changed.
pub(super) struct Held<'s> {
    changes: MutexGuard<'s, Vec<Change>>,
    lag: Duration,
}

impl Slot {
    pub(super) fn new(number: u64, policy_id: String) -> Self {
        Self { number, policy_id, changes: Mutex::default() }
    }

    /// The policy that is here for who writes.
    pub(super) fn policy(&self) -> Option<Arc<Policy>> {
        self.hold(Duration::ZERO).policy().cloned()
    }

    /// Whether a policy was here and is gone.
    pub(super) fn is_deleted(&self) -> bool {
        self.hold(Duration::ZERO).is_deleted()
    }

    /// The policy that is here for who reads, where reads lag behind.
    pub(super) fn seen(&self, lag: Duration) -> Option<Arc<Policy>> {
        let held = self.hold(lag);
        held.in_force().and_then(|index| held.changes[index].policy.clone())
    }

    /// The last policy that was here.
    pub(super) fn last(&self) -> Option<Arc<Policy>> {
        self.hold(Duration::ZERO).changes.iter().rev().find_map(|change| change.policy.clone())
    }

    /// Keeps others from changing what is here.
    pub(super) fn hold(&self, lag: Duration) -> Held<'_> {
        Held { changes: self.changes.lock().unwrap_or_else(PoisonError::into_inner), lag }
    }
}

impl Held<'_> {
    pub(super) fn policy(&self) -> Option<&Arc<Policy>> {
        self.changes.last()?.policy.as_ref()
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.changes.last().is_some_and(|change| change.policy.is_none())
    }

    /// Puts something else here. What nobody sees any more is forgotten, but for
    /// what was there just before.
    pub(super) fn set(&mut self, policy: Option<Arc<Policy>>) {
        let first = self.in_force().unwrap_or(0);
        self.changes.drain(..first);
        self.changes.push(Change { at: Instant::now(), policy });
    }

    /// The change that reads see.
    fn in_force(&self) -> Option<usize> {
        self.changes.iter().rposition(|change| self.lag.is_zero() || change.at.elapsed() >= self.lag)
    }
}
