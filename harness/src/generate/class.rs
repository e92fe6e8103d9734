//! Equivalence classes of what a property can be: left out, null, each member of
//! its enumeration, each concrete type, each kind of text, and for a collection
//! how many items it has and which. Faults that need two conditions at once need
//! two classes in one object; `pairs` counts those.

use super::lexeme::Lexeme;
use super::lexical::{lexical_class, lexical_classes, representative};
use super::primitive::outside;
use crate::contract::{Contract, Format, Kind, Level, Property, TypeId};
use crate::json::{NodeId, Tree, ValueKind};

/// What a property is in one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Left out.
    Absent,
    /// null.
    Null,
    /// A value of this lexical class.
    Lexical(u8),
    /// A string of the form, or among the contents, that its property promises.
    Promised,
    /// A string of another.
    Unlikely,
    /// This member of its enumeration.
    Member(u16),
    /// An object of this type.
    Object(TypeId),
    /// An object that refers to something.
    Reference,
    /// A collection without items.
    Empty,
    /// A collection of one item.
    One,
    /// A collection of several items, no two alike.
    Several,
    /// A collection in which an item stands twice.
    Twice,
    /// A collection of more items than must be accepted.
    Over,
    /// A collection with an item of this type.
    ItemOf(TypeId),
    /// A collection with this member of its enumeration.
    ItemMember(u16),
}

impl Class {
    /// The classes of a property, in a fixed order.
    pub fn of(contract: &Contract, property: &Property) -> Vec<Self> {
        let mut classes = vec![Self::Absent];
        if property.is_collection {
            classes.extend([Self::Empty, Self::One, Self::Several, Self::Twice, Self::Over]);
        } else if property.nullable || property.null_open.is_some() {
            classes.push(Self::Null);
        }
        match property.kind {
            Kind::Primitive(_) if property.is_collection => {}
            Kind::Primitive(_) if promises(property) => classes.extend([Self::Promised, Self::Unlikely]),
            Kind::Primitive(primitive) => {
                classes.extend((0u8..).zip(lexical_classes(primitive)).map(|(class, _)| Self::Lexical(class)));
            }
            Kind::Enum(id) => {
                let members = (0u16..).zip(&contract.schema.enums[usize::from(id.0)].members);
                // One that breaks a rule is a malformation, and no kind of value.
                let is_judged = |rule| contract.rule(rule).level != Level::Unspecified;
                let members = members.filter(|(_, member)| !member.rule.is_some_and(is_judged));
                let wrap = if property.is_collection { Self::ItemMember } else { Self::Member };
                classes.extend(members.map(|(index, _)| wrap(index)));
            }
            Kind::Structured(_) if property.is_reference => classes.push(Self::Reference),
            Kind::Structured(declared) => {
                let wrap = if property.is_collection { Self::ItemOf } else { Self::Object };
                let concrete = &contract.schema.types[usize::from(declared.0)].concrete;
                classes.extend(concrete.iter().map(|&id| wrap(id)));
            }
        }
        classes
    }

    /// The class in a word, as reports write it.
    pub fn name(self, contract: &Contract, property: &Property) -> String {
        let of_type = |id: TypeId| {
            let name = &contract.schema.types[usize::from(id.0)].name;
            name.rsplit('.').next().unwrap_or(name).to_owned()
        };
        let member = |index: u16| match property.kind {
            Kind::Enum(id) => {
                let members = &contract.schema.enums[usize::from(id.0)].members;
                members.get(usize::from(index)).map_or_else(String::new, |member| member.name.to_string())
            }
            Kind::Primitive(_) | Kind::Structured(_) => String::new(),
        };
        match self {
            Self::Absent => "absent".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Lexical(class) => match property.kind {
                Kind::Primitive(primitive) => {
                    lexical_classes(primitive).get(usize::from(class)).copied().unwrap_or_default().to_owned()
                }
                Kind::Enum(_) | Kind::Structured(_) => String::new(),
            },
            Self::Promised => "promised".to_owned(),
            Self::Unlikely => "unlikely".to_owned(),
            Self::Member(index) => member(index),
            Self::Object(id) => of_type(id),
            Self::Reference => "reference".to_owned(),
            Self::Empty => "empty".to_owned(),
            Self::One => "one".to_owned(),
            Self::Several => "several".to_owned(),
            Self::Twice => "twice".to_owned(),
            Self::Over => "over the limit".to_owned(),
            Self::ItemOf(id) => ["has ", &of_type(id)].concat(),
            Self::ItemMember(index) => ["has ", &member(index)].concat(),
        }
    }

    /// Whether a value of this class touches a point that the contract leaves open.
    pub fn is_open(self, contract: &Contract, property: &Property) -> bool {
        let of_type = |id: TypeId| contract.schema.types[usize::from(id.0)].open.is_some();
        let of_member = |index: u16| match property.kind {
            Kind::Enum(id) => {
                let members = &contract.schema.enums[usize::from(id.0)].members;
                members.get(usize::from(index)).is_some_and(|member| member.rule.is_some())
            }
            Kind::Primitive(_) | Kind::Structured(_) => false,
        };
        let own = match self {
            Self::Absent => return false,
            Self::Null => property.null_open.is_some(),
            Self::Unlikely | Self::Over => true,
            Self::Object(id) | Self::ItemOf(id) => of_type(id),
            Self::Member(index) | Self::ItemMember(index) => of_member(index),
            Self::Lexical(_) => self
                .representative(property)
                .is_some_and(|lexeme| lexeme.is_open() || outside(property, lexeme).is_some()),
            Self::Promised | Self::Reference | Self::Empty | Self::One | Self::Several | Self::Twice => false,
        };
        own || property.open.is_some()
    }

    /// The boundary value that stands for a lexical class.
    pub fn representative(self, property: &Property) -> Option<&'static Lexeme> {
        match (self, property.kind) {
            (Self::Lexical(class), Kind::Primitive(primitive)) => representative(primitive, class),
            _ => None,
        }
    }

    /// Whether the class is one of collections that have items.
    pub fn has_items(self) -> bool {
        matches!(self, Self::One | Self::Several | Self::Twice | Self::Over | Self::ItemOf(_) | Self::ItemMember(_))
    }
}

/// Whether a property promises less than its type has.
fn promises(property: &Property) -> bool {
    property.facets.format.is_some() || !property.facets.allowed.is_empty()
}

/// Calls `found` with every class that the properties of an object are in.
pub fn classes_of(
    contract: &Contract,
    tree: &Tree,
    object: NodeId,
    actual: TypeId,
    found: &mut dyn FnMut(usize, Class),
) {
    let properties = &contract.schema.types[usize::from(actual.0)].properties;
    for (index, property) in properties.iter().enumerate() {
        match tree.member(object, &property.name) {
            None => found(index, Class::Absent),
            Some(member) if tree.kind(member) == ValueKind::Null => found(index, Class::Null),
            Some(member) if property.is_collection => {
                collection(contract, tree, member, property, &mut |class| found(index, class));
            }
            Some(member) => {
                if let Some(class) = single(contract, tree, member, property) {
                    found(index, class);
                }
            }
        }
    }
}

fn collection(contract: &Contract, tree: &Tree, array: NodeId, property: &Property, found: &mut dyn FnMut(Class)) {
    let items = tree.children_vec(array);
    let most = property.facets.max_items.unwrap_or(contract.max_items);
    found(match items.len() {
        0 => Class::Empty,
        1 => Class::One,
        count if count > most => Class::Over,
        _ if has_twin(tree, &items) => Class::Twice,
        _ => Class::Several,
    });
    for item in items {
        match (single(contract, tree, item, property), property.kind) {
            (Some(Class::Object(id)), _) => found(Class::ItemOf(id)),
            (Some(Class::Member(index)), _) => found(Class::ItemMember(index)),
            _ => {}
        }
    }
}

/// Whether two of a few items are written alike.
fn has_twin(tree: &Tree, items: &[NodeId]) -> bool {
    let mut texts: Vec<Vec<u8>> = items
        .iter()
        .map(|&item| {
            let mut text = Vec::new();
            tree.write_node(item, &mut text);
            text
        })
        .collect();
    texts.sort_unstable();
    texts.windows(2).any(|pair| pair[0] == pair[1])
}

fn single(contract: &Contract, tree: &Tree, node: NodeId, property: &Property) -> Option<Class> {
    match property.kind {
        Kind::Structured(_) if tree.kind(node) != ValueKind::Object => None,
        Kind::Structured(_) if property.is_reference => Some(Class::Reference),
        Kind::Structured(declared) => contract.type_of(tree, node, declared).map(Class::Object),
        Kind::Enum(id) => {
            let members = &contract.schema.enums[usize::from(id.0)].members;
            let index = members.iter().position(|member| tree.has_text(node, &member.name))?;
            u16::try_from(index).ok().map(Class::Member)
        }
        Kind::Primitive(_) if promises(property) => {
            let facets = &property.facets;
            let text = tree.string(node);
            let is_promised = facets.format.is_some_and(|format: Format| format.is_form_of(&text))
                || facets.allowed.iter().any(|allowed| **allowed == *text);
            Some(if is_promised { Class::Promised } else { Class::Unlikely })
        }
        Kind::Primitive(primitive) => lexical_class(primitive, &tree.string(node)).map(Class::Lexical),
    }
}
