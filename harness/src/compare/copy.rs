//! Everything in which a copy of a policy is another policy: for who reads policies
//! and writes them, and is to lose nothing on the way. What is equal is equal here
//! too, but for two things: null and a missing member differ, because a client says
//! one or the other on purpose, and what a plain read leaves out counts.

use super::difference::{Mismatch, Way, below};
use super::scalar;
use crate::contract::{Contract, Kind, Property, TypeId};
use crate::json::{NodeId, Tree, ValueKind, excerpt};

/// A place where a copy is not what it is a copy of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where, and in what way; the copy is what was read.
    pub mismatch: Mismatch,
    /// The type that is declared there; none for a member that the contract does not
    /// declare.
    pub declared: Option<TypeName>,
}

/// A declared type in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// Its name: `Edm.Duration`, `expirationPattern`, `Collection(subjectSet)`.
    pub name: String,
    /// What a model has one way of reading for: `enumeration` for all of those,
    /// otherwise the name without the collection.
    pub family: String,
}

/// Every place where `copy` does not say what `sent` says, in the order of `sent`.
/// Annotations and what the server sets say nothing.
///
/// ```
/// use policy_harness::{compare::{Way, changes}, contract::Contract, json};
/// let contract = Contract::named("seed").unwrap();
/// let read = |text: &str| json::read(text.as_bytes()).unwrap();
/// let sent = read(r#"{"description":null,"expiration":{"type":"afterDuration","duration":"PT48H"}}"#);
/// let same = read(r#"{"expiration":{"duration":"P2D","type":"afterDuration"},"description":null}"#);
/// assert!(changes(&contract, &sent, &same).is_empty());
/// let found = changes(&contract, &sent, &read(r#"{"expiration":{"type":"afterDuration","duration":"2 days"}}"#));
/// let found: Vec<_> = found.iter().map(|change| (change.mismatch.at.to_string(), change.mismatch.way)).collect();
/// assert_eq!(found, [("/description".to_owned(), Way::Null), ("/expiration/duration".to_owned(), Way::Changed)]);
/// ```
pub fn changes(contract: &Contract, sent: &Tree, copy: &Tree) -> Vec<Change> {
    let mut search = Search { contract, sent, copy, changes: Vec::new() };
    if let (Some(left), Some(right)) = (sent.root(), copy.root()) {
        search.object(left, right, contract.body, false);
    }
    search.changes
}

struct Search<'t> {
    contract: &'t Contract,
    sent: &'t Tree,
    copy: &'t Tree,
    changes: Vec<Change>,
}

impl Search<'_> {
    /// Two objects. Of one that only refers to something the key counts, although
    /// the server sets it elsewhere.
    fn object(&mut self, left: NodeId, right: NodeId, declared: TypeId, is_reference: bool) {
        let Some(actual) = self.contract.type_of(self.sent, left, declared) else { return };
        if self.copy.kind(right) != ValueKind::Object {
            return self.push(Way::Retyped, left, Some(right), Some(Kind::Structured(declared)));
        }
        if self.contract.type_of(self.copy, right, declared) != Some(actual) {
            return self.push(Way::OtherType, left, Some(right), Some(Kind::Structured(declared)));
        }
        for member in self.sent.children(left) {
            let name = self.sent.name(member);
            // The last of members with one name is the one that counts.
            if name.contains('@') || self.sent.member(left, &name) != Some(member) {
                continue;
            }
            let property = self.contract.property_of(self.sent, member, actual).map(|(_, property)| property);
            let is_key = |property: &Property| is_reference && property.null_open.is_some();
            if !property.is_some_and(|one| is_set_by_server(one) && !is_key(one)) {
                self.member(member, self.copy.member(right, &name), property);
            }
        }
        self.added(left, right, actual);
    }

    /// Members of the copy alone.
    fn added(&mut self, left: NodeId, right: NodeId, actual: TypeId) {
        for member in self.copy.children(right) {
            let name = self.copy.name(member);
            if name.contains('@') || self.sent.member(left, &name).is_some() || is_empty_array(self.copy, member) {
                continue;
            }
            let property = self.contract.property_of(self.copy, member, actual).map(|(_, property)| property);
            if property.is_some_and(is_set_by_server) {
                continue;
            }
            let mismatch = Mismatch {
                at: below(self.sent, left, &name),
                way: Way::Added,
                sent: "nothing".to_owned(),
                read: Some(excerpt(self.copy, member)),
            };
            self.changes
                .push(Change { mismatch, declared: property.map(|one| self.type_name(one.kind, one.is_collection)) });
        }
    }

    fn member(&mut self, left: NodeId, right: Option<NodeId>, property: Option<&Property>) {
        let is_null = |node: &NodeId| self.copy.kind(*node) == ValueKind::Null;
        if self.sent.kind(left) == ValueKind::Null {
            if !right.as_ref().is_some_and(is_null) {
                self.push_member(Way::Null, left, right, property);
            }
            return;
        }
        let Some(other) = right.filter(|node| !is_null(node)) else {
            if !is_empty_array(self.sent, left) {
                self.push_member(Way::Lost, left, right, property);
            }
            return;
        };
        match property {
            None => self.undeclared(left, other),
            Some(property) if property.is_collection => self.collection(left, other, property),
            Some(property) => self.value(left, other, property),
        }
    }

    fn collection(&mut self, left: NodeId, right: NodeId, property: &Property) {
        if self.copy.kind(right) != ValueKind::Array {
            return self.push_member(Way::Retyped, left, Some(right), Some(property));
        }
        let (sent, copy) = (self.sent.children_vec(left), self.copy.children_vec(right));
        if sent.len() != copy.len() {
            return self.push_member(Way::Count, left, Some(right), Some(property));
        }
        let before = self.changes.len();
        for (&left, &right) in sent.iter().zip(&copy) {
            self.value(left, right, property);
        }
        if self.changes.len() > before && self.is_permutation(&sent, copy, property) {
            self.changes.truncate(before);
            self.push_member(Way::Order, left, Some(right), Some(property));
        }
    }

    /// Whether each item is one of the copy's, each once.
    fn is_permutation(&self, sent: &[NodeId], mut copy: Vec<NodeId>, property: &Property) -> bool {
        sent.iter().all(|&left| {
            let same = copy.iter().position(|&right| self.is_same(left, right, property));
            same.map(|at| copy.swap_remove(at)).is_some()
        })
    }

    fn is_same(&self, left: NodeId, right: NodeId, property: &Property) -> bool {
        let mut search = Search { changes: Vec::new(), ..*self };
        search.value(left, right, property);
        search.changes.is_empty()
    }

    fn value(&mut self, left: NodeId, right: NodeId, property: &Property) {
        match property.kind {
            Kind::Structured(declared) => self.object(left, right, declared, property.is_reference),
            Kind::Primitive(_) | Kind::Enum(_) => {
                if !scalar::is_equal(property, (self.sent, left), (self.copy, right)) {
                    self.push(self.way(left, right), left, Some(right), Some(property.kind));
                }
            }
        }
    }

    /// What nothing is declared of: the same JSON, as far as a line shows it.
    fn undeclared(&mut self, left: NodeId, right: NodeId) {
        let is_same = match self.sent.kind(left) {
            _ if self.sent.kind(left) != self.copy.kind(right) => false,
            ValueKind::Number => {
                let number = |text: &str| text.parse::<f64>().ok();
                number(&self.sent.string(left)) == number(&self.copy.string(right))
            }
            ValueKind::Array | ValueKind::Object => {
                self.sent.children(left).count() == self.copy.children(right).count()
            }
            _ => self.sent.string(left) == self.copy.string(right),
        };
        if !is_same {
            self.push(self.way(left, right), left, Some(right), None);
        }
    }

    fn way(&self, left: NodeId, right: NodeId) -> Way {
        if self.sent.kind(left) == self.copy.kind(right) { Way::Changed } else { Way::Retyped }
    }

    fn push(&mut self, way: Way, left: NodeId, right: Option<NodeId>, kind: Option<Kind>) {
        let declared = kind.map(|kind| self.type_name(kind, false));
        self.changes.push(Change { mismatch: self.mismatch(way, left, right), declared });
    }

    fn push_member(&mut self, way: Way, left: NodeId, right: Option<NodeId>, property: Option<&Property>) {
        let declared = property.map(|property| self.type_name(property.kind, property.is_collection));
        self.changes.push(Change { mismatch: self.mismatch(way, left, right), declared });
    }

    fn mismatch(&self, way: Way, left: NodeId, right: Option<NodeId>) -> Mismatch {
        Mismatch {
            at: self.sent.pointer(left),
            way,
            sent: excerpt(self.sent, left),
            read: right.map(|node| excerpt(self.copy, node)),
        }
    }

    fn type_name(&self, kind: Kind, is_collection: bool) -> TypeName {
        let name = self.contract.kind_name(kind);
        let family = if let Kind::Enum(_) = kind { "enumeration".to_owned() } else { name.clone() };
        TypeName { name: if is_collection { format!("Collection({name})") } else { name }, family }
    }
}

fn is_set_by_server(property: &Property) -> bool {
    property.computed || property.read_only
}

fn is_empty_array(tree: &Tree, node: NodeId) -> bool {
    tree.kind(node) == ValueKind::Array && tree.first(node).is_none()
}
