//! The three states of a property. JSON tells a member that is not there from
//! one that is null, and Graph answers differently to the two, so the model
//! must not fold them together.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A property of a payload: absent, null, or a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Field<T> {
    /// The member is not written.
    #[default]
    Absent,
    /// The member is written as null.
    Null,
    /// The member has a value.
    Value(T),
}

/// The items of a collection; an item that is null is `None`.
pub type Collection<T> = Vec<Option<T>>;

impl<T> Field<T> {
    /// Whether the member is not written.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// Whether the member is written as null.
    pub fn is_null(&self) -> bool {
        matches!(self, Field::Null)
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }

    /// The value to change, if there is one.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }

    /// The value by move, if there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Field::Value(value)
    }
}

/// Reads null or a value; absence is known only to the object around it.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Field<T>, E> {
        Ok(Field::Null)
    }

    fn visit_unit<E: Error>(self) -> Result<Field<T>, E> {
        Ok(Field::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Field<T>, D::Error> {
        T::deserialize(deserializer).map(Field::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_value_are_told_apart() {
        let null: Field<bool> = serde_json::from_str("null").unwrap();
        let value: Field<bool> = serde_json::from_str("true").unwrap();
        assert!(null.is_null());
        assert_eq!(value, Field::Value(true));
        assert!(Field::<bool>::default().is_absent());
    }

    #[test]
    fn only_a_value_is_a_value() {
        let mut field = Field::from(3);
        if let Some(value) = field.value_mut() {
            *value += 1;
        }
        assert_eq!(field.value(), Some(&4));
        assert_eq!(field.into_value(), Some(4));
        assert_eq!(Field::<i32>::Null.into_value(), None);
        assert_eq!(Field::<i32>::Absent.value(), None);
    }
}
