//! What becomes of a policy between being accepted and being read: nothing, on a
//! server that is right. The flaws lose or change something; the other forms
//! write the same in another way.

use crate::contract::{Contract, Kind, Primitive, Property, TYPE, TypeId};
use crate::edm;
use crate::json::{NodeId, Tree, ValueKind};

/// A way of storing that loses something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFlaw {
    /// Strings lose what is behind this many characters.
    CutsStrings(usize),
    /// White space at the ends of strings is lost.
    TrimsStrings,
    /// Characters beyond the basic plane become `?`.
    LosesAstral,
    /// Collections lose what is behind this many items.
    CutsItems(usize),
    /// Items come back in reverse order.
    ReversesItems,
    /// Of equal items only one is kept.
    KeepsDistinct,
    /// The member of this name is lost wherever it stands.
    Loses(&'static str),
    /// Two members of one object are stored in each other's place.
    Swaps(&'static str, &'static str),
    /// Objects nested this deep, in members and items, are stored empty but for
    /// their type.
    EmptiesBelow(usize),
    /// Durations are rounded down to days.
    RoundsDurations,
    /// Instants keep their time of day and lose their offset.
    DropsOffsets,
    /// Instants lose the fraction of their second.
    DropsFractions,
    /// Numbers come back as strings.
    QuotesNumbers,
    /// Members of enumerations come back as their numbers.
    NumbersMembers,
    /// Every `true` comes back as `false`.
    ForgetsTrue,
    /// Every object of a derived type comes back as one of the first type.
    FlattensTypes,
    /// What the client sent for what the server sets is stored.
    KeepsServerSet,
    /// Members that a new policy leaves out stay as they were.
    Merges,
    /// A policy that is there stays there.
    KeepsFirst,
}

/// Another way to write the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Instants in UTC, durations in other units.
    Normalized,
    /// No member that is null.
    WithoutNulls,
    /// Every property, those that were not sent as null or an empty collection.
    Full,
    /// Type names without `#`.
    WithoutHash,
    /// Members in another order, white space and escapes.
    Rewritten,
}

impl StoreFlaw {
    /// What is stored in the place of a policy. Flaws of the store itself change
    /// nothing here.
    pub(super) fn apply(self, contract: &Contract, tree: &mut Tree) {
        match self {
            Self::CutsStrings(most) => each_string(contract, tree, |text| text.chars().take(most).collect()),
            Self::TrimsStrings => each_string(contract, tree, |text| text.trim().to_owned()),
            Self::LosesAstral => each_string(contract, tree, |text| {
                text.chars().map(|each| if each > '\u{FFFF}' { '?' } else { each }).collect()
            }),
            Self::CutsItems(most) => each_array(tree, |_, items| items.truncate(most)),
            Self::ReversesItems => each_array(tree, |_, items| items.reverse()),
            Self::KeepsDistinct => each_array(tree, distinct),
            Self::Loses(name) => each_object(tree, |tree, members| members.retain(|&one| !tree.has_name(one, name))),
            Self::Swaps(one, other) => swap(tree, one, other),
            Self::EmptiesBelow(depth) => empty_below(tree, depth),
            Self::RoundsDurations => each_value(contract, tree, Primitive::Duration, |text| {
                let days = edm::length(text)? / edm::DAY;
                Some(format!("P{days}D"))
            }),
            Self::DropsOffsets => each_value(contract, tree, Primitive::DateTimeOffset, |text| {
                text.get(..text.len().checked_sub(6)?).filter(|_| !text.ends_with('Z')).map(|local| format!("{local}Z"))
            }),
            Self::DropsFractions => each_value(contract, tree, Primitive::DateTimeOffset, |text| {
                let (before, rest) = text.split_once('.')?;
                Some([before, rest.trim_start_matches(|each: char| each.is_ascii_digit())].concat())
            }),
            Self::QuotesNumbers => each_scalar(contract, tree, |tree, node, property| {
                if property.kind == Kind::Primitive(Primitive::Int32) {
                    let text = tree.raw(node).to_vec();
                    let quoted = tree.scalar(ValueKind::String, &text);
                    tree.replace(node, quoted);
                }
            }),
            Self::NumbersMembers => each_scalar(contract, tree, |tree, node, property| {
                if let Kind::Enum(id) = property.kind
                    && let Some(number) = number_of(contract, tree, node, id)
                {
                    let value = tree.scalar(ValueKind::Number, number.to_string().as_bytes());
                    tree.replace(node, value);
                }
            }),
            Self::ForgetsTrue => each_scalar(contract, tree, |tree, node, _| {
                if tree.kind(node) == ValueKind::Boolean {
                    tree.set_raw(node, b"false");
                }
            }),
            Self::FlattensTypes => flatten_types(contract, tree),
            Self::KeepsServerSet | Self::Merges | Self::KeepsFirst => {}
        }
    }
}

impl Form {
    /// Writes a policy in this form.
    pub(super) fn apply(self, contract: &Contract, tree: &mut Tree) {
        match self {
            Self::Normalized => {
                each_value(contract, tree, Primitive::DateTimeOffset, |text| {
                    edm::in_offset(text, 0).map(|utc| utc.replace("+00:00", "Z"))
                });
                each_value(contract, tree, Primitive::Duration, edm::in_other_units);
            }
            Self::WithoutNulls => {
                each_object(tree, |tree, members| members.retain(|&one| tree.kind(one) != ValueKind::Null));
            }
            Self::Full => fill(contract, tree),
            Self::WithoutHash => {
                for node in all(tree).into_iter().filter(|&node| tree.has_name(node, TYPE)).collect::<Vec<_>>() {
                    let name = tree.raw(node).strip_prefix(b"#").map(<[u8]>::to_vec);
                    if let Some(name) = name {
                        tree.set_raw(node, &name);
                    }
                }
            }
            Self::Rewritten => rewrite(tree),
        }
    }
}

fn all(tree: &Tree) -> Vec<NodeId> {
    tree.root().map(|root| tree.subtree(root)).unwrap_or_default()
}

fn each_object(tree: &mut Tree, mut change: impl FnMut(&Tree, &mut Vec<NodeId>)) {
    each_container(tree, ValueKind::Object, &mut change);
}

fn each_array(tree: &mut Tree, mut change: impl FnMut(&Tree, &mut Vec<NodeId>)) {
    each_container(tree, ValueKind::Array, &mut change);
}

fn each_container(tree: &mut Tree, kind: ValueKind, change: &mut dyn FnMut(&Tree, &mut Vec<NodeId>)) {
    for node in all(tree) {
        if tree.kind(node) == kind {
            let mut children = tree.children_vec(node);
            change(tree, &mut children);
            tree.set_children(node, &children);
        }
    }
}

fn each_scalar(contract: &Contract, tree: &mut Tree, change: impl Fn(&mut Tree, NodeId, &Property)) {
    for (node, property) in contract.values(tree) {
        change(tree, node, property);
    }
}

fn each_value(contract: &Contract, tree: &mut Tree, primitive: Primitive, other: impl Fn(&str) -> Option<String>) {
    each_scalar(contract, tree, |tree, node, property| {
        if property.kind == Kind::Primitive(primitive)
            && tree.kind(node) == ValueKind::String
            && let Some(text) = other(&tree.string(node))
        {
            let value = tree.string_of(&text);
            tree.replace(node, value);
        }
    });
}

fn each_string(contract: &Contract, tree: &mut Tree, other: impl Fn(&str) -> String) {
    each_value(contract, tree, Primitive::String, |text| Some(other(text)));
}

fn distinct(tree: &Tree, items: &mut Vec<NodeId>) {
    let mut seen = std::collections::HashSet::new();
    items.retain(|&item| {
        let mut text = Vec::new();
        tree.write_node(item, &mut text);
        seen.insert(text)
    });
}

fn swap(tree: &mut Tree, one: &str, other: &str) {
    for object in all(tree) {
        if let (Some(left), Some(right)) = (tree.member(object, one), tree.member(object, other)) {
            tree.set_raw_name(left, other.as_bytes());
            tree.set_raw_name(right, one.as_bytes());
        }
    }
}

fn empty_below(tree: &mut Tree, depth: usize) {
    for object in all(tree) {
        if tree.kind(object) == ValueKind::Object && tree.path_to(object).len() > depth {
            let kept: Vec<NodeId> = tree.children(object).filter(|&member| tree.has_name(member, TYPE)).collect();
            tree.set_children(object, &kept);
        }
    }
}

fn number_of(contract: &Contract, tree: &Tree, node: NodeId, id: crate::contract::EnumId) -> Option<i32> {
    let text = tree.string(node);
    let members = &contract.schema.enums.get(usize::from(id.0))?.members;
    members.iter().find(|member| *member.name == *text).map(|member| member.value)
}

fn flatten_types(contract: &Contract, tree: &mut Tree) {
    for (object, actual) in contract.objects(tree) {
        let base = contract.schema.types[usize::from(actual.0)].base;
        let first = base.and_then(|base| contract.schema.types[usize::from(base.0)].concrete.first().copied());
        let named = tree.member(object, TYPE).filter(|_| Some(object) != tree.root());
        if let (Some(first), Some(member)) = (first, named) {
            let name = ["#", &contract.schema.types[usize::from(first.0)].name].concat();
            tree.set_raw(member, name.as_bytes());
        }
    }
}

/// Adds what was not sent.
fn fill(contract: &Contract, tree: &mut Tree) {
    for (object, actual) in contract.objects(tree) {
        for property in missing(contract, tree, object, actual) {
            let value = if property.is_collection { tree.array() } else { tree.scalar(ValueKind::Null, b"null") };
            tree.append_member(object, &property.name, value);
        }
    }
}

fn missing<'c>(contract: &'c Contract, tree: &Tree, object: NodeId, actual: TypeId) -> Vec<&'c Property> {
    let properties = &contract.schema.types[usize::from(actual.0)].properties;
    // Where what is read can be sent back, null must be a value.
    let is_null = |property: &Property| {
        property.is_collection || !contract.creates() || property.nullable && property.null_open.is_none()
    };
    properties.iter().filter(|property| tree.member(object, &property.name).is_none() && is_null(property)).collect()
}

fn rewrite(tree: &mut Tree) {
    each_object(tree, |_, members| members.reverse());
    for node in all(tree) {
        tree.set_space_before(node, b"\n ");
        if tree.kind(node) == ValueKind::String && !tree.is_escaped(node) {
            let raw: String = tree.string(node).encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            tree.set_raw(node, raw.as_bytes());
        }
    }
}
