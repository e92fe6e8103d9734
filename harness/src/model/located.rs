//! A reader for payloads that were refused: it goes through text that is
//! known to be JSON, shows the `@odata.type` of every object first, and
//! remembers where the value begins that could not be read.

use std::fmt;
use std::vec;

use serde::de::value::CowStrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::error::what;
use super::members::Name;

/// One JSON value and the offset of its first byte in the whole text.
#[derive(Clone, Copy)]
pub(super) struct Located<'de> {
    raw: &'de RawValue,
    start: usize,
}

impl<'de> Located<'de> {
    pub(super) fn new(raw: &'de RawValue, start: usize) -> Self {
        Located { raw, start }
    }

    fn inner(&self, raw: &'de RawValue) -> Self {
        let offset = raw.get().as_ptr().addr() - self.raw.get().as_ptr().addr();
        Located::new(raw, self.start + offset)
    }

    fn parse<T: Deserialize<'de>>(self) -> Result<T, LocatedError> {
        serde_json::from_str(self.raw.get()).map_err(|error| self.here(&error))
    }

    fn here(self, error: &serde_json::Error) -> LocatedError {
        LocatedError { what: what(error), offset: Some(self.start) }
    }
}

/// A fault and, once it is known, the offset of the value at fault.
#[derive(Debug)]
pub(super) struct LocatedError {
    pub(super) what: String,
    pub(super) offset: Option<usize>,
}

impl LocatedError {
    fn or_at(mut self, place: Located<'_>) -> Self {
        self.offset.get_or_insert(place.start);
        self
    }
}

impl fmt::Display for LocatedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for LocatedError {}

impl serde::de::Error for LocatedError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        serde_json::Error::custom(message).into()
    }

    // serde_json words this one for JSON: null, not "unit value".
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        serde_json::Error::invalid_type(found, expected).into()
    }
}

impl From<serde_json::Error> for LocatedError {
    fn from(error: serde_json::Error) -> Self {
        LocatedError { what: what(&error), offset: None }
    }
}

impl<'de> Deserializer<'de> for Located<'de> {
    type Error = LocatedError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LocatedError> {
        let read = match self.raw.get().as_bytes().first() {
            Some(b'{') => visitor.visit_map(Object::new(self)?),
            Some(b'[') => visitor.visit_seq(Array::new(self)?),
            _ => {
                serde_json::Deserializer::from_str(self.raw.get()).deserialize_any(visitor).map_err(LocatedError::from)
            }
        };
        read.map_err(|error| error.or_at(self))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LocatedError> {
        if self.raw.get() == "null" { visitor.visit_unit() } else { visitor.visit_some(self) }
    }

    // Only raw values come this way.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, LocatedError> {
        serde_json::Deserializer::from_str(self.raw.get())
            .deserialize_newtype_struct(name, visitor)
            .map_err(|error| self.here(&error))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct seq tuple tuple_struct map struct enum
        identifier ignored_any
    }
}

/// The members of an object, `@odata.type` first.
struct Object<'de> {
    place: Located<'de>,
    members: vec::IntoIter<(Name<'de>, &'de RawValue)>,
    value: Option<&'de RawValue>,
}

impl<'de> Object<'de> {
    fn new(place: Located<'de>) -> Result<Self, LocatedError> {
        let Listed(mut members) = place.parse()?;
        if let Some(at) = members.iter().position(|(name, _)| name.is_tag()) {
            members[..=at].rotate_right(1);
        }
        Ok(Object { place, members: members.into_iter(), value: None })
    }
}

impl<'de> MapAccess<'de> for Object<'de> {
    type Error = LocatedError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, LocatedError> {
        let Some((name, raw)) = self.members.next() else {
            return Ok(None);
        };
        self.value = Some(raw);
        let name: CowStrDeserializer<'de, LocatedError> = name.into_text().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, LocatedError> {
        let place = match self.value.take() {
            Some(raw) => self.place.inner(raw),
            None => self.place,
        };
        seed.deserialize(place).map_err(|error| error.or_at(place))
    }
}

/// The items of an array.
struct Array<'de> {
    place: Located<'de>,
    items: vec::IntoIter<&'de RawValue>,
}

impl<'de> Array<'de> {
    fn new(place: Located<'de>) -> Result<Self, LocatedError> {
        let items: Vec<&RawValue> = place.parse()?;
        Ok(Array { place, items: items.into_iter() })
    }
}

impl<'de> SeqAccess<'de> for Array<'de> {
    type Error = LocatedError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, LocatedError> {
        match self.items.next() {
            Some(raw) => seed.deserialize(self.place.inner(raw)).map(Some),
            None => Ok(None),
        }
    }
}

/// The members of an object as they stand.
struct Listed<'de>(Vec<(Name<'de>, &'de RawValue)>);

impl<'de> Deserialize<'de> for Listed<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ListedVisitor)
    }
}

struct ListedVisitor;

impl<'de> Visitor<'de> for ListedVisitor {
    type Value = Listed<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listed<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Listed(members))
    }
}
