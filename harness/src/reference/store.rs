//! What the server remembers: for each assignment that it knows, the policy
//! that was stored last. It grows by nothing else.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::clock;
use super::refusal::member;
use crate::contract::{Contract, Kind, Primitive, Property};
use crate::json::{Tree, ValueKind};

/// All assignments.
#[derive(Debug)]
pub(super) struct Store {
    slots: HashMap<String, Slot>,
    ticks: AtomicU64,
    computed: Vec<(Box<str>, Option<Computed>)>,
    /// The beginning of every policy that is read.
    context: String,
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
}

/// What the server puts into a property that it sets itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Computed {
    PolicyId,
    Created,
    Modified,
}

impl Store {
    pub(super) fn new(contract: &Contract, assignments: &[String], base_url: &str) -> Self {
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
        }
    }

    /// The assignment of this id.
    pub(super) fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.get(id).or_else(|| self.slots.get(&id.to_ascii_lowercase()))
    }

    /// Stores the policy that `tree` is, in the place of the one that is there.
    pub(super) fn add(&self, slot: &Slot, tree: &Tree) {
        let members = self.members(tree);
        let modified = self.ticks.fetch_add(1, Ordering::Relaxed);
        let mut policy = slot.policy.lock().unwrap_or_else(PoisonError::into_inner);
        let created = policy.as_ref().map_or(modified, |before| before.created);
        *policy = Some(Arc::new(Policy { created, modified, members }));
    }

    /// The policy at an assignment as JSON, where there is one.
    pub(super) fn read(&self, slot: &Slot) -> Option<Vec<u8>> {
        let policy = slot.policy.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let mut head = self.context.clone();
        for (name, computed) in &self.computed {
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
            if is_annotation || self.computed.iter().any(|(name, _)| tree.has_name(child, name)) {
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
