//! The `union!` macro: an abstract type, read as the concrete type that its
//! `@odata.type` names. Mostly the tag stands first and the type is read
//! straight; otherwise the members before it wait as raw text.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess};

use super::error::what;
use super::members::{Members, Name, RawText};
use super::record::Record;
use super::type_name::{TAG, TypeName};

macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident as $base:literal {
            $( $short:literal => $variant:ident, )*
        }
    ) => {
        $(#[$meta])*
        #[doc = concat!("\nGraph v1.0 resource type `", $base, "` (abstract).")]
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name<'a> {
            $(
                #[doc = concat!("`", $short, "`.")]
                $variant($variant<'a>),
            )*
            /// Every member of an object whose `@odata.type` is missing, is no
            /// string, or names none of the types above.
            Other($crate::model::Members<'a>),
        }

        impl $name<'_> {
            /// The same, with a copy of every text that is borrowed.
            pub fn into_owned(self) -> $name<'static> {
                $crate::model::owned::IntoOwned::into_owned(self)
            }

            /// What `@odata.type` says, when it is a string.
            pub fn odata_type(&self) -> Option<std::borrow::Cow<'_, str>> {
                match self {
                    $(
                        $name::$variant(value) => value
                            .odata_type
                            .value()
                            .map(|name| std::borrow::Cow::Borrowed(name.as_str())),
                    )*
                    $name::Other(members) => members.odata_type(),
                }
            }
        }

        $(
            /// Names the type, if it has no `@odata.type` yet.
            impl<'a> From<$variant<'a>> for $name<'a> {
                fn from(mut value: $variant<'a>) -> Self {
                    if value.odata_type.is_absent() {
                        value.odata_type = $crate::model::Field::Value(
                            $crate::model::TypeName::new(concat!("#microsoft.graph.", $short)),
                        );
                    }
                    $name::$variant(value)
                }
            }
        )*

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                struct UnionVisitor;

                impl<'de> serde::de::Visitor<'de> for UnionVisitor {
                    type Value = $name<'de>;

                    fn expecting(
                        &self,
                        formatter: &mut std::fmt::Formatter<'_>,
                    ) -> std::fmt::Result {
                        formatter.write_str(concat!("an object (", $base, ")"))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<$name<'de>, A::Error> {
                        use $crate::model::type_name::Tag;
                        use $crate::model::union::Early;
                        let (early, raw) = Early::until_tag(&mut map)?;
                        let Some(raw) = raw else {
                            return Ok($name::Other(early.into_members(None)));
                        };
                        if let Some(tag) = Tag::new(raw) {
                            match tag.in_graph() {
                                $(
                                    $short => {
                                        return early.resume(tag.into_name(), map).map($name::$variant);
                                    }
                                )*
                                _ => {}
                            }
                        }
                        early.into_members(Some(raw)).read_rest(map).map($name::Other)
                    }
                }

                deserializer.deserialize_map(UnionVisitor)
            }
        }

        impl<'de> $crate::model::record::ReadInto<'de> for $name<'de> {}

        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( $name::$variant(value) => value.serialize(serializer), )*
                    $name::Other(members) => members.serialize(serializer),
                }
            }
        }

        impl $crate::model::write::Write for $name<'_> {
            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $( $name::$variant(value) => value.write(out), )*
                    $name::Other(members) => members.write_object(out),
                }
            }
        }

        impl $crate::model::owned::IntoOwned for $name<'_> {
            type Owned = $name<'static>;

            fn into_owned(self) -> $name<'static> {
                match self {
                    $( $name::$variant(value) => $name::$variant(value.into_owned()), )*
                    $name::Other(members) => $name::Other(members.into_owned()),
                }
            }
        }
    };
}
pub(super) use union;

/// The members that stand before `@odata.type`.
#[derive(Default)]
pub(super) struct Early<'de>(Vec<(Name<'de>, RawText<'de>)>);

impl<'de> Early<'de> {
    /// Reads up to the tag and its value, or to the end.
    pub(super) fn until_tag<A: MapAccess<'de>>(map: &mut A) -> Result<(Self, Option<RawText<'de>>), A::Error> {
        let mut early = Early::default();
        while let Some(name) = map.next_key::<Name<'de>>()? {
            let raw = map.next_value()?;
            if name.is_tag() {
                return Ok((early, Some(raw)));
            }
            early.0.push((name, raw));
        }
        Ok((early, None))
    }

    /// Reads the object as a record of that type.
    pub(super) fn resume<R: Record<'de>, A: MapAccess<'de>>(self, name: TypeName<'de>, map: A) -> Result<R, A::Error> {
        let mut record = R::default();
        *record.tag_mut() = name.into();
        for (name, raw) in self.0 {
            record.take(name, &mut Replay::new(raw))?;
        }
        record.read_rest(map)?;
        Ok(record)
    }

    /// Keeps the object as it is.
    pub(super) fn into_members(self, tag: Option<RawText<'de>>) -> Members<'de> {
        let mut members = Members::default();
        for (name, raw) in self.0 {
            members.push(name, raw.into());
        }
        if let Some(raw) = tag {
            members.push(TAG, raw.into());
        }
        members
    }
}

/// Gives the raw value of one member to whoever reads it.
struct Replay<'de, E> {
    raw: RawText<'de>,
    error: PhantomData<E>,
}

impl<'de, E> Replay<'de, E> {
    fn new(raw: RawText<'de>) -> Self {
        Replay { raw, error: PhantomData }
    }
}

impl<'de, E: Error> MapAccess<'de> for Replay<'de, E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _: K) -> Result<Option<K::Value>, E> {
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        // Its line and column would be those of the fragment: they are left
        // out, and the second reading finds the place.
        seed.deserialize(&mut serde_json::Deserializer::from_str(self.raw.0)).map_err(|error| E::custom(what(&error)))
    }
}
