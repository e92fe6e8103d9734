//! One policy of a sequence, as the target must hold it.

use crate::contract::{RuleId, rule};

/// Whether a policy is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// It was never created.
    #[default]
    Unborn,
    /// It is there.
    Live,
    /// It was deleted.
    Deleted,
}

/// What was done to a policy last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Deed {
    /// It was created or replaced.
    #[default]
    Written,
    /// It was replaced by what it was already.
    Repeated,
    /// A replace of it was refused.
    Refused,
}

/// A policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    pub(super) stage: Stage,
    pub(super) id: Option<String>,
    /// What was sent for it last and accepted.
    pub(super) sent: Vec<u8>,
    /// What that took the place of.
    pub(super) before: Option<Vec<u8>>,
    /// What the last read answered, where nothing was written since.
    pub(super) read: Option<Vec<u8>>,
    pub(super) deed: Deed,
    /// A read has shown it since it was written last, as it was written.
    pub(super) is_seen: bool,
    /// It was replaced at least once.
    pub(super) is_replaced: bool,
    /// What was sent for it last is what was read before: what the server sets is
    /// in it as the server set it.
    pub(super) is_as_read: bool,
    /// What it was called when it was created.
    pub(super) name: Option<String>,
    /// What it was called in everything that it was replaced by.
    pub(super) marks: Vec<String>,
}

impl Policy {
    /// Its id; `nobody`, which no target gave to anything, where it has none.
    pub(super) fn id<'p>(&'p self, nobody: &'p str) -> &'p str {
        self.id.as_deref().unwrap_or(nobody)
    }

    /// The rule that is broken where it is not read back.
    pub(super) fn found(&self) -> RuleId {
        if self.deed == Deed::Refused && self.is_seen { rule::UNCHANGED } else { rule::FOUND }
    }

    /// The rule that is broken where what is read is not what was sent.
    pub(super) fn named(&self, rule: RuleId) -> RuleId {
        match (self.deed, rule) {
            // What was wrong before is not the last deed's fault.
            _ if !self.is_seen || rule == rule::ANSWER_TYPES => rule,
            (Deed::Refused, _) => rule::UNCHANGED,
            (Deed::Repeated, rule::STORED) => rule::IDEMPOTENT,
            _ => rule,
        }
    }

    /// The rule that is broken where it has another id.
    pub(super) fn kept_id(&self) -> RuleId {
        if self.is_replaced { rule::SAME_ID } else { rule::FOUND }
    }

    /// Notes that `body` was accepted for it.
    pub(super) fn write(&mut self, body: &[u8]) {
        let is_same = self.stage == Stage::Live && self.sent == body;
        self.deed = if is_same { Deed::Repeated } else { Deed::Written };
        if self.stage == Stage::Live && !is_same {
            self.before = Some(std::mem::take(&mut self.sent));
            self.is_as_read = self.read.as_deref() == Some(body);
            self.is_replaced = true;
            self.is_seen = false;
        }
        self.sent = body.to_vec();
        self.stage = Stage::Live;
        self.read = None;
    }
}
