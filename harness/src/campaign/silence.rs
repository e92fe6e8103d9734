//! Kinds of requests that a target leaves without an answer. A few of a kind are
//! enough to say so; to wait for all of them would take hours.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::case::Case;
use crate::contract::RuleId;

/// Cases of a kind that are waited for.
const KNOWN: u32 = 2;
/// Time limits that a run may lose for each of its workers, and while nothing
/// else goes on.
pub(super) const LIMITS: u32 = 12;
/// Why a case is not sent.
pub(super) const REASON: &str = "not sent, because requests of this kind were not answered in time";
/// Why a campaign stops.
pub(super) const TOO_MUCH: &str = "the target left too many requests without an answer in time";

/// What cases of one kind have in common.
type Kind = (RuleId, usize, &'static str);

/// How many cases of a kind were not answered.
#[derive(Debug, Default)]
pub(super) struct Unanswered(Mutex<BTreeMap<Kind, u32>>);

impl Unanswered {
    /// Remembers a case that was not answered.
    pub(super) fn add(&self, case: &Case) {
        *self.kinds().entry(kind(case)).or_default() += 1;
    }

    /// Whether it is known how a case will end.
    pub(super) fn is_known(&self, case: &Case) -> bool {
        self.kinds().get(&kind(case)).is_some_and(|&count| count >= KNOWN)
    }

    fn kinds(&self) -> std::sync::MutexGuard<'_, BTreeMap<Kind, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind(case: &Case) -> Kind {
    (case.rule, case.operation, case.operator)
}
