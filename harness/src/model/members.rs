//! What a type does not declare: members and annotations of any name, kept in
//! the order read, duplicates included, each value with its exact text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::error::ModelError;
use super::record::refuse;
use super::type_name::{self, TAG};

/// Any JSON value, as text. Two are equal when their texts are.
#[derive(Clone)]
pub struct Raw(Box<RawValue>);

impl Raw {
    /// Takes one JSON value.
    ///
    /// # Errors
    ///
    /// When the text is not exactly one JSON value.
    pub fn new(text: impl Into<String>) -> Result<Raw, ModelError> {
        match RawValue::from_string(text.into()) {
            Ok(raw) => Ok(Raw(raw)),
            Err(error) => Err(ModelError::of_text(&error)),
        }
    }

    /// The text, without white space around it.
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl From<&RawValue> for Raw {
    fn from(raw: &RawValue) -> Self {
        Raw(raw.to_owned())
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Raw {}

impl fmt::Debug for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Raw").field(&self.get()).finish()
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.get())
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Raw)
    }
}

/// Undeclared members of an object, or all members of an object whose type is
/// unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(Vec<(Box<str>, Raw)>);

impl Members {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are, duplicates counted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Raw)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&Raw> {
        self.iter().find(|(have, _)| *have == name).map(|(_, value)| value)
    }

    /// Adds a member at the end. Nothing checks that the name is undeclared:
    /// a declared one is written twice.
    pub fn push(&mut self, name: impl Into<Box<str>>, value: Raw) {
        self.0.push((name.into(), value));
    }

    /// What `@odata.type` says here, when it is a string.
    pub fn odata_type(&self) -> Option<Cow<'_, str>> {
        type_name::text(self.get(TAG)?.get())
    }

    pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }

    /// Reads the members that follow those taken before.
    pub(super) fn read_rest<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(name) = map.next_key::<Name<'de>>()? {
            if name.is_tag() && self.get(TAG).is_some() {
                return refuse(TAG, &mut map);
            }
            self.push(name, map.next_value()?);
        }
        Ok(self)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.write(&mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Members, A::Error> {
        Members::default().read_rest(map)
    }
}

/// A member name, borrowed from the text unless it was written with escapes.
pub(super) struct Name<'de>(Cow<'de, str>);

impl<'de> Name<'de> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_tag(&self) -> bool {
        self.0 == TAG
    }

    pub(super) fn into_text(self) -> Cow<'de, str> {
        self.0
    }
}

impl From<Name<'_>> for Box<str> {
    fn from(name: Name<'_>) -> Self {
        match name.0 {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }

    fn visit_string<E: Error>(self, name: String) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_order_duplicates_and_lexemes() {
        let text = r#"{"b":1.0,"a":[1e2, -0],"b":{"x" : "\u0041"}}"#;
        let members: Members = serde_json::from_str(text).unwrap();
        assert_eq!(members.len(), 3);
        assert!(!members.is_empty());
        assert_eq!(members.get("b").unwrap().get(), "1.0");
        assert_eq!(serde_json::to_string(&members).unwrap(), text);
    }

    #[test]
    fn the_type_of_members_is_read_through_escapes() {
        let members: Members = serde_json::from_str(r##"{"x":1,"@odata\u002etype":"#v\u002ex"}"##).unwrap();
        assert_eq!(members.odata_type().as_deref(), Some("#v.x"));
    }

    #[test]
    fn a_second_type_is_refused() {
        let read = serde_json::from_str::<Members>(r#"{"@odata.type":1,"@odata.type":2}"#);
        assert!(read.unwrap_err().to_string().contains("duplicate"));
    }

    #[test]
    fn raw_text_is_one_value() {
        assert_eq!(Raw::new("[ 1 ]").unwrap().to_string(), "[ 1 ]");
        assert!(Raw::new("1 2").is_err());
        assert!(Raw::new("").is_err());
    }
}
