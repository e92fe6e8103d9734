//! The first place where what was read does not mean what was sent.

use super::scalar;
use crate::contract::{Contract, Kind, Property, TypeId};
use crate::json::{NodeId, Pointer, Step, Tree, ValueKind, excerpt};

/// In what way a value is not what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Way {
    /// It is not there, or null.
    Lost,
    /// It is another value.
    Changed,
    /// It has another JSON type.
    Retyped,
    /// The object has another type.
    OtherType,
    /// The collection has another number of items.
    Count,
    /// The collection has the same items in another order.
    Order,
    /// It belongs to what was replaced.
    Left,
    /// The server was to set it, and kept what the client sent.
    Kept,
    /// It was null, and is not.
    Null,
    /// It was not there.
    Added,
}

/// A place where what was read does not mean what was sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Mismatch {
    /// Where, in what was sent.
    pub at: Pointer,
    /// In what way.
    pub way: Way,
    /// What was sent there, cut to a length that fits a line.
    pub sent: String,
    /// What was read there, if anything.
    pub read: Option<String>,
}

/// The first place where `read`, the policy in an answer, does not mean `sent`,
/// a body that must be accepted.
///
/// ```
/// use policy_harness::{compare::{Way, mismatch}, contract::Contract, json};
/// let contract = Contract::named("seed").unwrap();
/// let read = |text: &str| json::read(text.as_bytes()).unwrap();
/// let sent = read(r#"{"displayName":"a","description":null,"expiration":{"type":"afterDuration","duration":"PT48H"}}"#);
/// let back = read(r#"{"id":"7","expiration":{"duration":"P2D","type":"afterDuration"},"displayName":"a"}"#);
/// assert_eq!(mismatch(&contract, &sent, &back), None);
/// let lost = read(r#"{"id":"7","displayName":"a"}"#);
/// let found = mismatch(&contract, &sent, &lost).unwrap();
/// assert_eq!((found.at.to_string().as_str(), found.way), ("/expiration", Way::Lost));
/// ```
pub fn mismatch(contract: &Contract, sent: &Tree, read: &Tree) -> Option<Mismatch> {
    let comparison = Comparison { contract, sent, read };
    let (left, right) = (sent.root()?, read.root()?);
    comparison.object(left, right, contract.body).map(|found| found.into_mismatch(&comparison))
}

/// Whether two objects of a declared type mean the same, apart from where they stand.
pub(super) fn is_same(contract: &Contract, property: &Property, sent: (&Tree, NodeId), read: (&Tree, NodeId)) -> bool {
    Comparison { contract, sent: sent.0, read: read.0 }.member(sent.1, read.1, property).is_none()
}

struct Comparison<'t> {
    contract: &'t Contract,
    sent: &'t Tree,
    read: &'t Tree,
}

/// A mismatch by its nodes; the way to it is found from the tree.
struct Found {
    way: Way,
    sent: NodeId,
    read: Option<NodeId>,
}

impl Found {
    fn into_mismatch(self, comparison: &Comparison<'_>) -> Mismatch {
        Mismatch {
            at: comparison.sent.pointer(self.sent),
            way: self.way,
            sent: excerpt(comparison.sent, self.sent),
            read: self.read.map(|node| excerpt(comparison.read, node)),
        }
    }
}

impl Comparison<'_> {
    fn object(&self, left: NodeId, right: NodeId, declared: TypeId) -> Option<Found> {
        let actual = self.contract.type_of(self.sent, left, declared)?;
        if self.read.kind(right) != ValueKind::Object {
            return self.retyped(left, right);
        }
        if self.contract.type_of(self.read, right, declared) != Some(actual) {
            return Some(Found { way: Way::OtherType, sent: left, read: Some(right) });
        }
        self.sent.children(left).find_map(|member| {
            let (_, property) = self.contract.property_of(self.sent, member, actual)?;
            // A plain read has no navigation properties.
            let is_silent =
                property.computed || property.read_only || property.is_navigation || property.open.is_some();
            // The last of members with one name is the one that counts.
            if is_silent || self.sent.member(left, &property.name) != Some(member) {
                return None;
            }
            let other = self.read.member(right, &property.name);
            match other.filter(|&other| self.read.kind(other) != ValueKind::Null) {
                Some(other) => self.member(member, other, property),
                None if self.is_nothing(member) => None,
                None => Some(Found { way: Way::Lost, sent: member, read: other }),
            }
        })
    }

    /// A value of another JSON type. Two reads may agree on one that no contract has.
    fn retyped(&self, left: NodeId, right: NodeId) -> Option<Found> {
        let (mut sent, mut read) = (Vec::new(), Vec::new());
        self.sent.write_node(left, &mut sent);
        self.read.write_node(right, &mut read);
        (sent != read).then_some(Found { way: Way::Retyped, sent: left, read: Some(right) })
    }

    /// What may as well be missing.
    fn is_nothing(&self, member: NodeId) -> bool {
        match self.sent.kind(member) {
            ValueKind::Null => true,
            ValueKind::Array => self.sent.children(member).next().is_none(),
            _ => false,
        }
    }

    fn member(&self, left: NodeId, right: NodeId, property: &Property) -> Option<Found> {
        // What was null the server may set.
        if self.sent.kind(left) == ValueKind::Null {
            return None;
        }
        if !property.is_collection {
            return self.value(left, right, property);
        }
        if self.read.kind(right) != ValueKind::Array {
            return self.retyped(left, right);
        }
        let (sent, read) = (self.sent.children_vec(left), self.read.children_vec(right));
        if sent.len() != read.len() {
            return Some(Found { way: Way::Count, sent: left, read: Some(right) });
        }
        let found = sent.iter().zip(&read).find_map(|(&left, &right)| self.value(left, right, property))?;
        let is_order = self.is_permutation(&sent, read, property);
        Some(if is_order { Found { way: Way::Order, sent: left, read: Some(right) } } else { found })
    }

    /// Whether each item that was sent is one of those read, each once.
    fn is_permutation(&self, sent: &[NodeId], mut read: Vec<NodeId>, property: &Property) -> bool {
        sent.iter().all(|&left| {
            let same = read.iter().position(|&right| self.value(left, right, property).is_none());
            same.map(|at| read.swap_remove(at)).is_some()
        })
    }

    fn value(&self, left: NodeId, right: NodeId, property: &Property) -> Option<Found> {
        match property.kind {
            Kind::Structured(_) if property.is_reference => None,
            Kind::Structured(declared) => self.object(left, right, declared),
            Kind::Primitive(_) | Kind::Enum(_) => {
                if scalar::is_equal(property, (self.sent, left), (self.read, right)) {
                    return None;
                }
                let is_retyped = self.sent.kind(left) != self.read.kind(right);
                let way = if is_retyped { Way::Retyped } else { Way::Changed };
                Some(Found { way, sent: left, read: Some(right) })
            }
        }
    }
}

/// The pointer of a member that a tree may lack.
pub(super) fn below(tree: &Tree, object: NodeId, name: &str) -> Pointer {
    let steps = tree.pointer(object).steps().to_vec();
    steps.into_iter().chain([Step::Name(name.into())]).collect()
}

/// The first difference between two reads of one policy that nobody wrote to: a
/// value that one of them has and the other has not, or has otherwise.
pub fn altered(contract: &Contract, before: &Tree, after: &Tree) -> Option<Mismatch> {
    mismatch(contract, before, after).or_else(|| {
        let Mismatch { at, way, sent, read } = mismatch(contract, after, before)?;
        Some(Mismatch { at, way, sent: read.unwrap_or_else(|| "nothing".to_owned()), read: Some(sent) })
    })
}
