//! A policy as it is stored, and as an answer writes it.

use super::clock;
use super::effect::Behaviour;
use super::habit;
use super::keep::{Form, StoreFlaw};
use super::life::LifeFlaw;
use super::refusal::member;
use super::variants::Habit;
use crate::contract::{Contract, Kind, Primitive, Property};
use crate::json::{self, NodeId, Tree, ValueKind};

/// A policy that was stored.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) id: String,
    pub(super) created: u64,
    pub(super) modified: u64,
    /// Its members but the computed ones, each with a comma before it.
    members: Vec<u8>,
    /// Computed properties that the client wrote, and a flaw kept.
    own: Vec<Box<str>>,
}

impl Policy {
    /// The same policy under another id.
    pub(super) fn with_id(&self, id: String) -> Self {
        Self { id, ..self.clone() }
    }
}

/// The answer in which a policy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// In the answer to its create.
    Created,
    /// In an answer of its own.
    Alone,
    /// In a list.
    Listed,
}

/// Turns bodies into policies, and policies into answers.
#[derive(Debug)]
pub(super) struct Scribe {
    computed: Vec<(Box<str>, Option<Computed>)>,
    /// Properties that are not shown.
    hidden: Vec<Box<str>>,
    /// The member that every policy in an answer of its own begins with.
    context: String,
    flaws: Vec<StoreFlaw>,
    lives: Vec<LifeFlaw>,
    /// How what is read is written, where it is not as it was sent.
    form: Option<Form>,
    /// Answers have members that nobody sent.
    adds: bool,
}

/// What the server puts into a property that it sets itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Computed {
    PolicyId,
    Created,
    Modified,
}

/// Members that no contract has, for the variant that shows some.
const ADDED: &str = r#","@odata.etag":"W/\"7\"","contosoRevision":7"#;
/// Their names.
const ADDED_NAMES: [&str; 2] = ["@odata.etag", "contosoRevision"];

impl Scribe {
    pub(super) fn new(contract: &Contract, base_url: &str, behaviour: &Behaviour) -> Self {
        let (name, properties) = match contract.schema.types.get(usize::from(contract.body.0)) {
            Some(body) => (&*body.name, &*body.properties),
            None => ("", &[][..]),
        };
        let mut context = ",".to_owned();
        member(&mut context, "@odata.context", &format!("{base_url}/$metadata#{name}"));
        // The seed's read shows whatever was sent.
        let is_hidden = |property: &&Property| property.is_navigation && contract.creates();
        Self {
            computed: computed(properties),
            hidden: properties.iter().filter(is_hidden).map(|property| property.name.clone()).collect(),
            context,
            flaws: behaviour.stores.clone(),
            lives: behaviour.lives.clone(),
            form: behaviour.habit.and_then(habit::form),
            adds: behaviour.has(Habit::ExtraMembers),
        }
    }

    /// Whether what is stored has this flaw.
    pub(super) fn has(&self, flaw: StoreFlaw) -> bool {
        self.flaws.contains(&flaw)
    }

    /// The policy that a body stores in the place of the one before.
    pub(super) fn stored(
        &self,
        contract: &Contract,
        tree: &Tree,
        id: &str,
        tick: u64,
        before: Option<&Policy>,
    ) -> Policy {
        let mut members = match self.flaws.is_empty() && self.form.is_none() {
            true => self.members(tree),
            false => self.members(&self.kept(contract, tree)),
        };
        if let Some(before) = before.filter(|_| self.has(StoreFlaw::Merges)) {
            members.extend(self.left(before, tree));
        }
        let created = before.map_or(tick, |before| before.created);
        Policy { id: id.to_owned(), created, modified: tick, members, own: self.own(tree) }
    }

    /// The policy as an answer writes it.
    pub(super) fn write(&self, policy: &Policy, shown: Shown) -> Vec<u8> {
        let mut head = if shown == Shown::Listed { String::new() } else { self.context.clone() };
        // What was written once, by the client, is not written again.
        for (name, computed) in self.computed.iter().filter(|(name, _)| !policy.own.contains(name)) {
            let value = match computed {
                Some(Computed::PolicyId) if shown == Shown::Listed && self.lives.contains(&LifeFlaw::NumbersIds) => {
                    head.extend([",\"", name, "\":", "7"]);
                    continue;
                }
                Some(Computed::PolicyId) => policy.id.clone(),
                Some(Computed::Created) if self.lives.contains(&LifeFlaw::CreatedYesterday) => "yesterday".to_owned(),
                Some(Computed::Created) => clock::instant(policy.created),
                Some(Computed::Modified) => clock::instant(policy.modified),
                None => continue,
            };
            head.push(',');
            member(&mut head, name, &value);
        }
        if self.adds {
            head.push_str(ADDED);
        }
        let mut body = head.into_bytes();
        match shown == Shown::Created && self.lives.contains(&LifeFlaw::QuotesBooleans) {
            true => body.extend_from_slice(&quoted(&policy.members)),
            false => body.extend_from_slice(&policy.members),
        }
        object_of(&body)
    }

    /// The members of a stored policy.
    pub(super) fn tree_of(&self, policy: &Policy) -> Tree {
        json::read(&object_of(&policy.members)).unwrap_or_default()
    }

    /// Whether a body says everything that a read of the policy shows.
    pub(super) fn is_all_said(&self, policy: &Policy, tree: &Tree) -> bool {
        let stored = self.tree_of(policy);
        let (Some(stored_root), Some(root)) = (stored.root(), tree.root()) else { return false };
        stored.children(stored_root).all(|member| tree.member(root, &stored.name(member)).is_some())
    }

    /// Whether a body has something that the server sets.
    pub(super) fn has_computed(&self, tree: &Tree) -> bool {
        tree.root().is_some_and(|root| self.computed.iter().any(|(name, _)| tree.member(root, name).is_some()))
    }

    /// Whether a member of this name is one that only the server adds.
    pub(super) fn is_added(&self, name: &str) -> bool {
        self.adds && ADDED_NAMES.contains(&name)
    }

    /// The computed properties that a body has, where a flaw keeps them.
    fn own(&self, tree: &Tree) -> Vec<Box<str>> {
        let keeps = self.has(StoreFlaw::KeepsServerSet);
        let has = |name: &str| tree.root().is_some_and(|root| tree.member(root, name).is_some());
        let kept = self.computed.iter().map(|(name, _)| name).filter(|name| keeps && has(name));
        kept.cloned().collect()
    }

    /// What is stored in the place of a body.
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
    fn left(&self, before: &Policy, new: &Tree) -> Vec<u8> {
        let mut tree = self.tree_of(before);
        let (Some(root), Some(new_root)) = (tree.root(), new.root()) else { return Vec::new() };
        let is_left = |&member: &NodeId| new.member(new_root, &tree.name(member)).is_none();
        let left: Vec<_> = tree.children(root).filter(is_left).collect();
        tree.set_children(root, &left);
        self.members(&tree)
    }

    /// The members of the root that are stored, as they were written.
    fn members(&self, tree: &Tree) -> Vec<u8> {
        let mut members = Vec::with_capacity(tree.text_len());
        let Some(root) = tree.root().filter(|&root| tree.kind(root) == ValueKind::Object) else { return members };
        for child in tree.children(root) {
            let name = tree.name(child);
            let is_set = self.computed.iter().any(|(computed, _)| **computed == *name);
            let is_kept = !is_set || self.has(StoreFlaw::KeepsServerSet);
            let is_hidden = self.hidden.iter().any(|hidden| **hidden == *name) || self.is_added(&name);
            if name.contains('@') || is_hidden || !is_kept {
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

/// Members as an object. Each has a comma before it, the first as well.
fn object_of(members: &[u8]) -> Vec<u8> {
    [b"{", members.strip_prefix(b",").unwrap_or_default(), b"}"].concat()
}

/// The same members, with every boolean as a string.
fn quoted(members: &[u8]) -> Vec<u8> {
    let Ok(mut tree) = json::read(&object_of(members)) else { return Vec::new() };
    let Some(root) = tree.root() else { return Vec::new() };
    for node in tree.subtree(root) {
        if tree.kind(node) == ValueKind::Boolean {
            let text = tree.raw(node).to_vec();
            let string = tree.scalar(ValueKind::String, &text);
            tree.replace(node, string);
        }
    }
    let object = tree.to_bytes();
    let inside = object.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}")).unwrap_or_default();
    if inside.is_empty() { Vec::new() } else { [b",", inside].concat() }
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
