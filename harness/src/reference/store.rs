//! What the server remembers: for each assignment that it knows, the policy
//! that was stored last. It grows by nothing else.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::clock;
use super::keep::{Form, StoreFlaw};
use super::refusal::member;
use crate::contract::{Contract, Kind, Primitive, Property};
use crate::json::{self, Tree, ValueKind};

/// All assignments.
#[derive(Debug)]
pub(super) struct Store {
    slots: HashMap<String, Slot>,
    ticks: AtomicU64,
    computed: Vec<(Box<str>, Option<Computed>)>,
    /// The beginning of every policy that is read.
    context: String,
    flaws: Vec<StoreFlaw>,
    /// How what is read is written, where it is not as it was sent.
    form: Option<Form>,
}

/// An assignment.
#[derive(Debug)]
pub(super) struct Slot {
    /// Id of the policy here.
    policy_id: String,
    policy: Mutex<Option<Arc<Policy>>>,
}

/// A policy that was stored.
#[derive(Debug)]
pub(super) struct Policy {
    created: u64,
    modified: u64,
    /// Its members but the computed ones, each with a comma before it.
    members: Vec<u8>,
    /// Computed properties that the client wrote, and a flaw kept.
    own: Vec<Box<str>>,
}

/// What the server puts into a property that it sets itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Computed {
    PolicyId,
    Created,
    Modified,
}

impl Store {
    pub(super) fn new(
        contract: &Contract,
        assignments: &[String],
        base_url: &str,
        flaws: Vec<StoreFlaw>,
        form: Option<Form>,
    ) -> Self {
        let slot = |(number, id): (usize, &String)| {
            (id.to_ascii_lowercase(), Slot { policy_id: clock::policy_id(number + 1), policy: Mutex::default() })
        };
        let (name, properties) = match contract.schema.types.get(usize::from(contract.body.0)) {
            Some(body) => (&*body.name, &*body.properties),
            None => ("", &[][..]),
        };
        let mut context = "{".to_owned();
        member(&mut context, "@odata.context", &format!("{base_url}/$metadata#{name}"));
        Self {
            slots: assignments.iter().enumerate().map(slot).collect(),
            ticks: AtomicU64::new(0),
            computed: computed(properties),
            context,
            flaws,
            form,
        }
    }

    /// The assignment of this id.
    pub(super) fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.get(id).or_else(|| self.slots.get(&id.to_ascii_lowercase()))
    }

    /// Stores the policy that `tree` is, in the place of the one that is there.
    pub(super) fn add(&self, contract: &Contract, slot: &Slot, tree: &Tree) {
        let mut policy = slot.policy.lock().unwrap_or_else(PoisonError::into_inner);
        if self.flaws.contains(&StoreFlaw::KeepsFirst) && policy.is_some() {
            return;
        }
        let mut members = match self.flaws.is_empty() && self.form.is_none() {
            true => self.members(tree),
            false => self.members(&self.kept(contract, tree)),
        };
        if let Some(before) = policy.as_ref().filter(|_| self.flaws.contains(&StoreFlaw::Merges)) {
            members.extend(self.left(&before.members, tree));
        }
        let modified = self.ticks.fetch_add(1, Ordering::Relaxed);
        let created = policy.as_ref().map_or(modified, |before| before.created);
        let own = self.own(tree);
        *policy = Some(Arc::new(Policy { created, modified, members, own }));
    }

    /// The computed properties that a body has, where a flaw keeps them.
    fn own(&self, tree: &Tree) -> Vec<Box<str>> {
        let keeps = self.flaws.contains(&StoreFlaw::KeepsServerSet);
        let has = |name: &str| tree.root().is_some_and(|root| tree.member(root, name).is_some());
        let kept = self.computed.iter().map(|(name, _)| name).filter(|name| keeps && has(name));
        kept.cloned().collect()
    }

    /// Forgets the policy of an assignment.
    pub(super) fn clear(&self, slot: &Slot) {
        *slot.policy.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is stored in the place of a policy.
    fn kept(&self, contract: &Contract, tree: &Tree) -> Tree {
        let mut kept = tree.clone();
        for flaw in &self.flaws {
            flaw.apply(contract, &mut kept);
        }
        if let Some(form) = self.form {
            form.apply(contract, &mut kept);
        }
        kept
    }

    /// The members of a stored policy that a new one leaves out.
    fn left(&self, before: &[u8], new: &Tree) -> Vec<u8> {
        // Each member has a comma before it, the first as well.
        let text = [b"{", before.strip_prefix(b",").unwrap_or_default(), b"}"].concat();
        let (Ok(mut tree), Some(new_root)) = (json::read(&text), new.root()) else { return Vec::new() };
        let Some(root) = tree.root() else { return Vec::new() };
        let is_left = |&member: &json::NodeId| new.member(new_root, &tree.name(member)).is_none();
        let left: Vec<_> = tree.children(root).filter(is_left).collect();
        tree.set_children(root, &left);
        self.members(&tree)
    }

    /// The policy at an assignment as JSON, where there is one.
    pub(super) fn read(&self, slot: &Slot) -> Option<Vec<u8>> {
        let policy = slot.policy.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let mut head = self.context.clone();
        for (name, computed) in &self.computed {
            // Written once, by the client.
            if policy.own.contains(name) {
                continue;
            }
            let value = match computed {
                Some(Computed::PolicyId) => slot.policy_id.clone(),
                Some(Computed::Created) => clock::instant(policy.created),
                Some(Computed::Modified) => clock::instant(policy.modified),
                None => continue,
            };
            head.push(',');
            member(&mut head, name, &value);
        }
        let mut body = head.into_bytes();
        body.extend_from_slice(&policy.members);
        body.push(b'}');
        Some(body)
    }

    /// The members of the root that are stored, as they were written.
    fn members(&self, tree: &Tree) -> Vec<u8> {
        let mut members = Vec::new();
        let Some(root) = tree.root().filter(|&root| tree.kind(root) == ValueKind::Object) else { return members };
        for child in tree.children(root) {
            let is_annotation = tree.name(child).contains('@');
            let is_set = self.computed.iter().any(|(name, _)| tree.has_name(child, name));
            let is_kept = is_set && self.flaws.contains(&StoreFlaw::KeepsServerSet);
            if is_annotation || is_set && !is_kept {
                continue;
            }
            members.extend_from_slice(b",\"");
            members.extend_from_slice(tree.raw_name(child));
            members.extend_from_slice(b"\":");
            tree.write_node(child, &mut members);
        }
        members
    }
}

/// The properties that the server sets, and what it puts there: a string is the
/// policy's id, the first time when it was stored first, any other when it was
/// stored last.
fn computed(properties: &[Property]) -> Vec<(Box<str>, Option<Computed>)> {
    let mut times = [Computed::Created].into_iter().chain(std::iter::repeat(Computed::Modified));
    let mut value = |property: &Property| match property.kind {
        _ if property.is_collection => None,
        Kind::Primitive(Primitive::String) => Some(Computed::PolicyId),
        Kind::Primitive(Primitive::DateTimeOffset) => times.next(),
        _ => None,
    };
    let computed = properties.iter().filter(|property| property.computed);
    computed.map(|property| (property.name.clone(), value(property))).collect()
}
