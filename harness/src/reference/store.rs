//! What the server remembers: for each assignment that it knows, the policy that
//! was stored last; or the policies that were created, in their order. Both are
//! slots that hold a policy or none, and there are never more than so many.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use super::clock;
use super::effect::Behaviour;
use super::keep::StoreFlaw;
use super::life::LifeFlaw;
use super::policy::{Policy, Scribe};
use super::slot::{Held, Slot};
use super::variants::Habit;
use crate::contract::Contract;
use crate::json::Tree;

/// Most policies that were created and not deleted.
const MOST_POLICIES: usize = 20_000;
/// Most deleted ones that are remembered.
const MOST_DELETED: usize = 2_000;

/// All assignments, or all policies.
#[derive(Debug)]
pub(super) struct Store {
    slots: RwLock<Slots>,
    ticks: AtomicU64,
    pub(super) scribe: Scribe,
    /// How far reads are behind.
    lag: Duration,
    /// Reads of what was deleted go on.
    reads_deleted: bool,
}

#[derive(Debug, Default)]
struct Slots {
    /// By the id in their path, in lower case.
    by_id: HashMap<String, Arc<Slot>>,
    in_order: BTreeMap<u64, Arc<Slot>>,
    /// Those whose policy was deleted, the longest ago first.
    deleted: VecDeque<u64>,
    /// How many there were.
    made: u64,
}

impl Store {
    pub(super) fn new(contract: &Contract, assignments: &[String], base_url: &str, behaviour: &Behaviour) -> Self {
        let mut slots = Slots::default();
        // What is created is all there is.
        for id in assignments.iter().filter(|_| !contract.creates()) {
            let policy_id = clock::policy_id(slots.made + 1);
            slots.add(id.to_ascii_lowercase(), policy_id);
        }
        Self {
            slots: RwLock::new(slots),
            ticks: AtomicU64::new(0),
            scribe: Scribe::new(contract, base_url, behaviour),
            lag: match behaviour.habit {
                Some(Habit::Lags(lag)) => lag,
                _ => Duration::ZERO,
            },
            reads_deleted: behaviour.lives(LifeFlaw::ReadsDeleted),
        }
    }

    /// The slot of this id, in whatever letter case.
    pub(super) fn slot(&self, id: &str) -> Option<Arc<Slot>> {
        let slots = self.slots();
        slots.by_id.get(id).or_else(|| slots.by_id.get(&id.to_ascii_lowercase())).cloned()
    }

    /// Makes a slot, under an id of the server's or this one; none where there are
    /// too many.
    pub(super) fn make(&self, id: Option<&str>) -> Option<Arc<Slot>> {
        let mut slots = self.slots_mut();
        if slots.in_order.len().saturating_sub(slots.deleted.len()) >= MOST_POLICIES {
            return None;
        }
        let id = id.map_or_else(|| clock::policy_id(slots.made + 1), str::to_ascii_lowercase);
        let there = slots.by_id.get(&id).cloned();
        Some(there.unwrap_or_else(|| slots.add(id.clone(), id)))
    }

    /// Takes a slot away as if it had never been there.
    pub(super) fn forget(&self, slot: &Slot) {
        self.slots_mut().remove(slot.number);
    }

    /// Stores the policy that `tree` is, in the place of the one that is there.
    pub(super) fn add(&self, contract: &Contract, slot: &Slot, tree: &Tree) -> Arc<Policy> {
        self.put(contract, &mut slot.hold(self.lag), &slot.policy_id, tree)
    }

    /// The same where there is a policy to be replaced, and as what `made` makes
    /// of it.
    pub(super) fn replace(
        &self,
        contract: &Contract,
        slot: &Slot,
        made: impl FnOnce(&Policy) -> Tree,
    ) -> Option<Arc<Policy>> {
        let mut held = slot.hold(self.lag);
        let before = Arc::clone(held.policy()?);
        Some(self.put(contract, &mut held, &before.id, &made(&before)))
    }

    fn put(&self, contract: &Contract, held: &mut Held<'_>, id: &str, tree: &Tree) -> Arc<Policy> {
        if let Some(first) = held.policy().filter(|_| self.scribe.has(StoreFlaw::KeepsFirst)) {
            return Arc::clone(first);
        }
        let policy = Arc::new(self.draft(contract, id, tree, held.policy().map(|before| &**before)));
        held.set(Some(Arc::clone(&policy)));
        policy
    }

    /// A policy that is not stored.
    pub(super) fn draft(&self, contract: &Contract, id: &str, tree: &Tree, before: Option<&Policy>) -> Policy {
        let tick = self.ticks.fetch_add(1, Ordering::Relaxed);
        self.scribe.stored(contract, tree, id, tick, before)
    }

    /// Puts a policy that is made already into its place.
    pub(super) fn set(&self, slot: &Slot, policy: Policy) -> Arc<Policy> {
        let policy = Arc::new(policy);
        slot.hold(self.lag).set(Some(Arc::clone(&policy)));
        policy
    }

    /// Takes the policy out of an assignment.
    pub(super) fn clear(&self, slot: &Slot) {
        slot.hold(self.lag).set(None);
    }

    /// Deletes a policy that was created; whether it was there.
    pub(super) fn delete(&self, slot: &Slot) -> bool {
        let mut held = slot.hold(self.lag);
        if held.policy().is_none() {
            return false;
        }
        held.set(None);
        drop(held);
        self.slots_mut().bury(slot.number);
        true
    }

    /// Brings a deleted policy back, as the one that `tree` is.
    pub(super) fn revive(&self, contract: &Contract, slot: &Slot, tree: &Tree) -> Arc<Policy> {
        self.slots_mut().deleted.retain(|&number| number != slot.number);
        self.add(contract, slot, tree)
    }

    /// The policy in a slot, as reads see it.
    pub(super) fn read(&self, slot: &Slot) -> Option<Arc<Policy>> {
        match self.reads_deleted {
            true => slot.last(),
            false => slot.seen(self.lag),
        }
    }

    /// The policies made after the one of this number, as reads see them.
    pub(super) fn list(&self, after: u64) -> Vec<(u64, Arc<Policy>)> {
        let slots = self.slots();
        let seen = |(&number, slot): (&u64, &Arc<Slot>)| Some((number, slot.seen(self.lag)?));
        slots.in_order.range(after.saturating_add(1)..).filter_map(seen).collect()
    }

    /// The newest of the other policies.
    pub(super) fn newest_but(&self, slot: &Slot) -> Option<Arc<Slot>> {
        let slots = self.slots();
        let mut others = slots.in_order.values().rev().filter(|other| other.number != slot.number);
        others.find(|other| other.policy().is_some()).cloned()
    }

    fn slots(&self) -> RwLockReadGuard<'_, Slots> {
        self.slots.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn slots_mut(&self) -> RwLockWriteGuard<'_, Slots> {
        self.slots.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    fn add(&mut self, id: String, policy_id: String) -> Arc<Slot> {
        self.made += 1;
        let slot = Arc::new(Slot::new(self.made, policy_id));
        self.in_order.insert(self.made, Arc::clone(&slot));
        self.by_id.insert(id, Arc::clone(&slot));
        slot
    }

    fn remove(&mut self, number: u64) {
        if let Some(slot) = self.in_order.remove(&number) {
            self.by_id.remove(&slot.policy_id);
        }
    }

    /// Remembers that a policy was deleted, and forgets the one for which that is
    /// longest ago.
    fn bury(&mut self, number: u64) {
        self.deleted.push_back(number);
        if self.deleted.len() > MOST_DELETED
            && let Some(oldest) = self.deleted.pop_front()
        {
            self.remove(oldest);
        }
    }
}
