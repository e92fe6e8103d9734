//! What should be gone: values of a policy that was replaced, and values that a
//! client sent for what the server sets.

use super::difference::{Mismatch, Way, below, is_same};
use super::scalar::is_telling;
use crate::contract::{Contract, Kind, Property, TypeId};
use crate::json::{NodeId, Tree, ValueKind, excerpt};

/// A value of `before` that `sent` does not have and `read` has all the same,
/// where `sent` was to replace `before`. Booleans and members of enumerations
/// are passed over: a server may have the same by default.
pub fn leftover(contract: &Contract, before: &Tree, sent: &Tree, read: &Tree) -> Option<Mismatch> {
    let search = Search { contract, before, sent, read };
    search.object(before.root()?, sent.root()?, read.root()?, contract.body)
}

/// A value that `sent` has for a property of the root which the server sets, and
/// `read` has as well.
pub fn server_set(contract: &Contract, sent: &Tree, read: &Tree) -> Option<Mismatch> {
    let (left, right) = (sent.root()?, read.root()?);
    let properties = &contract.schema.types.get(usize::from(contract.body.0))?.properties;
    properties.iter().filter(|property| property.computed).find_map(|property| {
        let member = sent.member(left, &property.name).filter(|&member| sent.kind(member) != ValueKind::Null)?;
        let other = read.member(right, &property.name)?;
        is_same(contract, property, (sent, member), (read, other)).then(|| Mismatch {
            at: sent.pointer(member),
            way: Way::Kept,
            sent: excerpt(sent, member),
            read: Some(excerpt(read, other)),
        })
    })
}

struct Search<'t> {
    contract: &'t Contract,
    before: &'t Tree,
    sent: &'t Tree,
    read: &'t Tree,
}

impl Search<'_> {
    fn object(&self, before: NodeId, sent: NodeId, read: NodeId, declared: TypeId) -> Option<Mismatch> {
        let actual = self.contract.type_of(self.before, before, declared)?;
        self.before.children(before).find_map(|member| {
            let (_, property) = self.contract.property_of(self.before, member, actual)?;
            if property.computed || property.read_only || property.is_navigation || property.open.is_some() {
                return None;
            }
            let other = self.read.member(read, &property.name)?;
            let new = self.sent.member(sent, &property.name);
            match (new, property.kind) {
                (Some(new), Kind::Structured(declared)) if self.are_objects(member, new, other) => {
                    self.object(member, new, other, declared)
                }
                (Some(new), _) if !self.is_nothing(new) => None,
                _ => self.is_left(member, other, property).then(|| Mismatch {
                    at: below(self.before, before, &property.name),
                    way: Way::Left,
                    sent: excerpt(self.before, member),
                    read: Some(excerpt(self.read, other)),
                }),
            }
        })
    }

    fn are_objects(&self, before: NodeId, sent: NodeId, read: NodeId) -> bool {
        let kinds = [self.before.kind(before), self.sent.kind(sent), self.read.kind(read)];
        kinds.iter().all(|&kind| kind == ValueKind::Object)
    }

    fn is_nothing(&self, member: NodeId) -> bool {
        self.sent.kind(member) == ValueKind::Null
            || self.sent.kind(member) == ValueKind::Array && self.sent.children(member).next().is_none()
    }

    /// Whether what is read is what was there before, and no accident.
    fn is_left(&self, before: NodeId, read: NodeId, property: &Property) -> bool {
        is_same(self.contract, property, (self.before, before), (self.read, read))
            && match self.before.kind(before) {
                ValueKind::Array => self.before.children(before).next().is_some(),
                ValueKind::Object => self.has_telling(before, property),
                _ => is_telling(property, self.before, before),
            }
    }

    fn has_telling(&self, object: NodeId, property: &Property) -> bool {
        let Kind::Structured(declared) = property.kind else { return false };
        let Some(actual) = self.contract.type_of(self.before, object, declared) else { return false };
        self.before.children(object).any(|member| {
            let Some((_, property)) = self.contract.property_of(self.before, member, actual) else { return false };
            match self.before.kind(member) {
                ValueKind::Array => self.before.children(member).next().is_some(),
                ValueKind::Object => self.has_telling(member, property),
                _ => is_telling(property, self.before, member),
            }
        })
    }
}
