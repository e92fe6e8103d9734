//! What a type does not declare: members and annotations of any name, kept in
//! the order read, duplicates included, each value with its exact text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{self, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::error::ModelError;
use super::record::refuse;
use super::scalar::TextVisitor;
use super::type_name::{self, TAG};
use super::write::{Write, separate};

/// Under this name a value is asked for as text. The reader of the model gives it as a
/// text to borrow, any other reader of serde as the value of a newtype.
pub(super) const RAW: &str = "policy-harness raw value";

/// Any JSON value, as text that stands somewhere.
#[derive(Clone, Copy)]
pub(super) struct RawText<'de>(pub(super) &'de str);

impl<'de> Deserialize<'de> for RawText<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawText<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<RawText<'de>, E> {
        Ok(RawText(text))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawText<'de>, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| RawText(raw.get()))
    }
}

impl Serialize for RawText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(self.0).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

/// Any JSON value, as text. Two are equal when their texts are.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw<'a>(Cow<'a, str>);

impl<'a> Raw<'a> {
    /// Takes one JSON value.
    ///
    /// # Errors
    ///
    /// When the text is not exactly one JSON value.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Raw<'a>, ModelError> {
        let text = text.into();
        let value = match serde_json::from_str::<&RawValue>(&text) {
            Ok(raw) => raw.get(),
            Err(error) => return Err(ModelError::of_text(&error)),
        };
        Ok(Raw(if value.len() < text.len() { Cow::Owned(value.to_owned()) } else { text }))
    }

    /// The text, without white space around it.
    pub fn get(&self) -> &str {
        &self.0
    }
}

impl<'a> From<RawText<'a>> for Raw<'a> {
    fn from(raw: RawText<'a>) -> Self {
        Raw(Cow::Borrowed(raw.0))
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Raw").field(&self.get()).finish()
    }
}

impl fmt::Display for Raw<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.get())
    }
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawText(&self.0).serialize(serializer)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RawText::deserialize(deserializer).map(Into::into)
    }
}

/// Undeclared members of an object, or all members of an object whose type is
/// unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members<'a>(Vec<(Cow<'a, str>, Raw<'a>)>);

impl<'a> Members<'a> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are, duplicates counted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Raw<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&Raw<'a>> {
        self.iter().find(|(have, _)| *have == name).map(|(_, value)| value)
    }

    /// Adds a member at the end. Nothing checks that the name is undeclared:
    /// a declared one is written twice.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: Raw<'a>) {
        self.0.push((name.into(), value));
    }

    /// What `@odata.type` says here, when it is a string.
    pub fn odata_type(&self) -> Option<Cow<'_, str>> {
        type_name::text(self.get(TAG)?.get())
    }

    /// The same, with a copy of every text that is borrowed.
    pub fn into_owned(self) -> Members<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Members(self.0.into_iter().map(|(name, Raw(value))| (own(name), Raw(own(value)))).collect())
    }

    /// Hands the members to a serializer, as part of an object.
    pub(super) fn put<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }

    /// Appends the members, as part of an object.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (name, value) in self.iter() {
            separate(out);
            name.write(out);
            out.push(b':');
            out.extend_from_slice(value.get().as_bytes());
        }
    }

    /// Appends the members as an object.
    pub(super) fn write_object(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        self.write(out);
        out.push(b'}');
    }

    /// Reads the members that follow those taken before.
    pub(super) fn read_rest<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(name) = map.next_key::<Name<'a>>()? {
            if name.is_tag() && self.get(TAG).is_some() {
                return refuse(TAG, &mut map);
            }
            self.push(name, map.next_value()?);
        }
        Ok(self)
    }
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.put(&mut map)?;
        map.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Members<'de>, A::Error> {
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

impl<'de> From<Name<'de>> for Cow<'de, str> {
    fn from(name: Name<'de>) -> Self {
        name.0
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(TextVisitor("a member name")).map(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_order_duplicates_and_lexemes() {
        let text = r#"{"b":1.0,"a":[1e2, -0],"b":{"x" : "\u0041"}}"#;
        let members: Members<'_> = serde_json::from_str(text).unwrap();
        assert_eq!(members.len(), 3);
        assert!(!members.is_empty());
        assert_eq!(members.get("b").unwrap().get(), "1.0");
        assert_eq!(serde_json::to_string(&members).unwrap(), text);
    }

    #[test]
    fn the_type_of_members_is_read_through_escapes() {
        let members: Members<'_> = serde_json::from_str(r##"{"x":1,"@odata\u002etype":"#v\u002ex"}"##).unwrap();
        assert_eq!(members.odata_type().as_deref(), Some("#v.x"));
    }

    #[test]
    fn a_second_type_is_refused() {
        let read = serde_json::from_str::<Members<'_>>(r#"{"@odata.type":1,"@odata.type":2}"#);
        assert!(read.unwrap_err().to_string().contains("duplicate"));
    }

    #[test]
    fn raw_text_is_one_value() {
        assert_eq!(Raw::new("[ 1 ]").unwrap().to_string(), "[ 1 ]");
        assert!(Raw::new("1 2").is_err());
        assert!(Raw::new("").is_err());
    }
}
