//! Sites: what a place is to an operator.

use crate::contract::{Contract, Kind, Property, TypeId};
use crate::generate::{PlaceId, PlaceStep, Places};

/// What is at a place.
#[derive(Clone, Copy, Debug)]
pub enum Site<'c> {
    /// The body.
    Root(TypeId),
    /// An object, by its declared and its actual type.
    Object {
        /// The type that the property declares.
        declared: TypeId,
        /// The type that the value has.
        actual: TypeId,
    },
    /// A single value of a property.
    Single(&'c Property),
    /// A collection.
    Collection(&'c Property),
    /// An item of a collection.
    Item(&'c Property),
}

impl<'c> Site<'c> {
    /// The site of a place.
    pub fn of(contract: &'c Contract, places: &Places, id: PlaceId) -> Self {
        let root = Self::Root(contract.body);
        let Some(property) = places.property(contract, id) else {
            return root;
        };
        match (places.get(id).step, property.kind) {
            (PlaceStep::As(actual), Kind::Structured(declared)) => Self::Object { declared, actual },
            (PlaceStep::Item, _) => Self::Item(property),
            _ if property.is_collection => Self::Collection(property),
            _ => Self::Single(property),
        }
    }

    /// The property, for a value that is no object.
    pub fn value(self) -> Option<&'c Property> {
        match self {
            Self::Single(property) | Self::Item(property) => Some(property),
            Self::Root(_) | Self::Object { .. } | Self::Collection(_) => None,
        }
    }

    /// The property, for a member of an object.
    pub fn member(self) -> Option<&'c Property> {
        match self {
            Self::Single(property) | Self::Collection(property) => Some(property),
            Self::Root(_) | Self::Object { .. } | Self::Item(_) => None,
        }
    }

    /// Declared and actual type, for an object or the body.
    pub fn object(self) -> Option<(TypeId, TypeId)> {
        match self {
            Self::Root(body) => Some((body, body)),
            Self::Object { declared, actual } => Some((declared, actual)),
            Self::Single(_) | Self::Collection(_) | Self::Item(_) => None,
        }
    }
}
