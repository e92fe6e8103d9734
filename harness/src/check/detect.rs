//! Which of several contracts a body was written for: versions of an API give one
//! name to different shapes, and what tells them apart are the members that one of
//! them declares and another does not.

use std::fmt;

use crate::contract::{Contract, Kind, Property, TYPE, TypeId};
use crate::json::{NodeId, Tree, ValueKind};

/// Contracts that are told apart, at most.
const MOST: usize = 4;

/// For each contract the type of an object, where it has one there.
type Types = [Option<TypeId>; MOST];

/// What a body looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// For each contract its name, and how many members of the body it declares
    /// and another one does not. In the order in which the contracts were given.
    pub members: Vec<(Box<str>, usize)>,
}

impl Detected {
    /// The index of the contract that most of these members belong to; the first
    /// one where none tells them apart.
    pub fn likeliest(&self) -> usize {
        let most = self.members.iter().map(|(_, count)| *count).max().unwrap_or_default();
        self.members.iter().position(|(_, count)| *count == most).unwrap_or_default()
    }

    /// Whether members of more than one contract occur.
    pub fn is_mixed(&self) -> bool {
        self.members.iter().filter(|(_, count)| *count > 0).count() > 1
    }

    /// Whether nothing in the body tells the contracts apart.
    pub fn is_open(&self) -> bool {
        self.members.iter().all(|(_, count)| *count == 0)
    }

    pub(super) fn of(contracts: &[&Contract], tree: &Tree) -> Self {
        let mut counts = [0; MOST];
        let types = each(contracts, |contract| Some(contract.body));
        if let Some(root) = tree.root() {
            object(contracts, tree, root, types, &mut counts);
        }
        let members = contracts.iter().zip(counts).map(|(contract, count)| (contract.name.clone(), count));
        Self { members: members.collect() }
    }
}

impl fmt::Display for Detected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let likeliest = self.likeliest();
        let name = self.members.get(likeliest).map_or("", |(name, _)| name);
        if self.is_open() {
            return write!(f, "taken for {name}, as nothing in it is of one version alone");
        }
        // The likeliest first.
        let others = self.members.iter().enumerate().filter(|(index, _)| *index != likeliest).map(|(_, one)| one);
        let mut counts = self.members.get(likeliest).into_iter().chain(others);
        if self.is_mixed() {
            write!(f, "mixed (")?;
        } else {
            write!(f, "looks like {name} (")?;
        }
        if let Some((name, count)) = counts.next() {
            write!(f, "{count} {} of {name}", if *count == 1 { "member" } else { "members" })?;
        }
        counts.try_for_each(|(name, count)| write!(f, ", {count} of {name}"))?;
        write!(f, ")")?;
        if self.is_mixed() { write!(f, ", judged as {name}") } else { Ok(()) }
    }
}

/// Something for each contract.
fn each(contracts: &[&Contract], mut of: impl FnMut(&Contract) -> Option<TypeId>) -> Types {
    let mut types = Types::default();
    types.iter_mut().zip(contracts).for_each(|(slot, contract)| *slot = of(contract));
    types
}

fn object(contracts: &[&Contract], tree: &Tree, object: NodeId, declared: Types, counts: &mut [usize; MOST]) {
    let name = tree.member(object, TYPE).map(|node| tree.string(node));
    let mut declared = declared.into_iter();
    let actual = each(contracts, |contract| contract.type_by_name(name.as_deref(), declared.next().flatten()?));
    for member in tree.children(object) {
        if tree.raw_name(member).contains(&b'@') {
            continue;
        }
        let mut properties: [Option<&Property>; MOST] = [None; MOST];
        for ((slot, &contract), id) in properties.iter_mut().zip(contracts).zip(actual) {
            *slot = id.and_then(|id| property(contract, tree, member, id));
        }
        let of = &properties[..contracts.len().min(MOST)];
        let declaring = of.iter().flatten().count();
        if declaring < of.len() {
            of.iter().zip(counts.iter_mut()).for_each(|(property, count)| *count += usize::from(property.is_some()));
        }
        if declaring > 0 {
            let mut of = of.iter();
            let inner = each(contracts, |_| match of.next()?.filter(|property| !property.is_reference)?.kind {
                Kind::Structured(id) => Some(id),
                _ => None,
            });
            value(contracts, tree, member, inner, counts);
        }
    }
}

/// The objects that a member holds.
fn value(contracts: &[&Contract], tree: &Tree, node: NodeId, types: Types, counts: &mut [usize; MOST]) {
    if types.iter().all(Option::is_none) {
        return;
    }
    match tree.kind(node) {
        ValueKind::Object => object(contracts, tree, node, types, counts),
        ValueKind::Array => {
            let items = tree.children(node).filter(|&item| tree.kind(item) == ValueKind::Object);
            items.for_each(|item| object(contracts, tree, item, types, counts));
        }
        _ => {}
    }
}

/// The property that a member is, whatever its letter case.
fn property<'c>(contract: &'c Contract, tree: &Tree, member: NodeId, id: TypeId) -> Option<&'c Property> {
    let name = tree.raw_name(member);
    let properties = &contract.schema.types.get(usize::from(id.0))?.properties;
    properties.iter().find(|property| property.name.as_bytes().eq_ignore_ascii_case(name))
}
