//! The `record!` macro: a structured type with its declared properties, its
//! `@odata.type` and its undeclared members. The macro writes out reading
//! and writing, because what serde derives for undeclared members buffers
//! every member and loses the text of numbers.

use std::convert::Infallible;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap};

use super::field::{Collection, Field};
use super::members::Name;
use super::type_name::TypeName;

/// What the macro knows of a structured type.
pub(super) trait Record<'de>: Default {
    /// What a reader expects, for messages.
    const EXPECTING: &'static str;

    /// The place of `@odata.type`.
    fn tag_mut(&mut self) -> &mut Field<TypeName<'de>>;

    /// Reads the value that follows this member name.
    fn take<A: MapAccess<'de>>(&mut self, name: Name<'de>, map: &mut A) -> Result<(), A::Error>;

    /// Reads the members that follow those taken before.
    fn read_rest<A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key()? {
            self.take(name, &mut map)?;
        }
        Ok(())
    }
}

macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident<$life:lifetime> as $type:literal {
            $( $(#[$note:meta])* $field:ident: $kind:ty = $json:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[doc = concat!("\nGraph v1.0 resource type `", $type, "`.")]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name<$life> {
            /// `@odata.type`, as written.
            pub odata_type: $crate::model::Field<$crate::model::TypeName<$life>>,
            $(
                #[doc = concat!("`", $json, "`.")]
                $(#[$note])*
                pub $field: $crate::model::Field<$kind>,
            )*
            /// Members and annotations that the type does not declare.
            pub unknown: $crate::model::Members<$life>,
        }

        impl $name<'_> {
            /// The same, with a copy of every text that is borrowed.
            pub fn into_owned(self) -> $name<'static> {
                $crate::model::owned::IntoOwned::into_owned(self)
            }
        }

        impl $crate::model::owned::IntoOwned for $name<'_> {
            type Owned = $name<'static>;

            fn into_owned(self) -> $name<'static> {
                $name {
                    odata_type: self.odata_type.into_owned(),
                    $( $field: self.$field.into_owned(), )*
                    unknown: self.unknown.into_owned(),
                }
            }
        }

        impl<'de> $crate::model::record::Record<'de> for $name<'de> {
            const EXPECTING: &'static str = concat!("an object (", $type, ")");

            fn tag_mut(&mut self) -> &mut $crate::model::Field<$crate::model::TypeName<'de>> {
                &mut self.odata_type
            }

            #[inline]
            fn take<A: serde::de::MapAccess<'de>>(
                &mut self,
                name: $crate::model::members::Name<'de>,
                map: &mut A,
            ) -> Result<(), A::Error> {
                use $crate::model::record::fill;
                use $crate::model::type_name::TAG;
                match name.as_str() {
                    $( $json => fill(&mut self.$field, $json, map), )*
                    TAG => fill(&mut self.odata_type, TAG, map),
                    _ => {
                        let value = map.next_value()?;
                        self.unknown.push(name, value);
                        Ok(())
                    }
                }
            }
        }

        impl<'de: $life, $life> serde::Deserialize<'de> for $name<$life> {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let mut record = $name::<'de>::default();
                $crate::model::record::read(&mut record, deserializer)?;
                Ok(record)
            }
        }

        impl<'de> $crate::model::record::ReadInto<'de> for $name<'de> {
            fn read_into<D: serde::Deserializer<'de>>(
                place: &mut $crate::model::Field<Self>,
                deserializer: D,
            ) -> Result<(), D::Error> {
                *place = $crate::model::Field::Value($name::default());
                match place.value_mut() {
                    Some(record) => $crate::model::record::read(record, deserializer),
                    None => Ok(()),
                }
            }
        }

        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                use $crate::model::record::put;
                let mut map = serializer.serialize_map(None)?;
                put(&mut map, $crate::model::type_name::TAG, &self.odata_type)?;
                $( put(&mut map, $json, &self.$field)?; )*
                self.unknown.put(&mut map)?;
                map.end()
            }
        }

        impl $crate::model::write::Write for $name<'_> {
            fn write(&self, out: &mut Vec<u8>) {
                use $crate::model::write::member;
                out.push(b'{');
                member("\"@odata.type\":", &self.odata_type, out);
                $( member(concat!("\"", $json, "\":"), &self.$field, out); )*
                self.unknown.write(out);
                out.push(b'}');
            }
        }
    };
}
pub(super) use record;

/// Reads a record where it stays.
pub(super) fn read<'de, R: Record<'de>, D: Deserializer<'de>>(record: &mut R, deserializer: D) -> Result<(), D::Error> {
    deserializer.deserialize_map(RecordVisitor(record))
}

struct RecordVisitor<'r, R>(&'r mut R);

impl<'de, R: Record<'de>> Visitor<'de> for RecordVisitor<'_, R> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(R::EXPECTING)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.read_rest(map)
    }
}

/// Reads a declared member into its place.
#[inline]
pub(super) fn fill<'de, T: ReadInto<'de>, A: MapAccess<'de>>(
    place: &mut Field<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if !place.is_absent() {
        return refuse(name, map);
    }
    map.next_value_seed(Place(place))
}

/// How a value gets into its place. Records are large and nested, so that they are
/// filled where they stay.
pub(super) trait ReadInto<'de>: Deserialize<'de> {
    /// Reads a value that is not null.
    fn read_into<D: Deserializer<'de>>(place: &mut Field<Self>, deserializer: D) -> Result<(), D::Error> {
        *place = Field::Value(Self::deserialize(deserializer)?);
        Ok(())
    }
}

impl ReadInto<'_> for bool {}

impl<'de, T: Deserialize<'de>> ReadInto<'de> for Collection<T> {}

struct Place<'p, T>(&'p mut Field<T>);

impl<'de, T: ReadInto<'de>> DeserializeSeed<'de> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: ReadInto<'de>> Visitor<'de> for Place<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        *self.0 = Field::Null;
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::read_into(self.0, deserializer)
    }
}

/// Writes a declared member, unless it is absent.
pub(super) fn put<T: Serialize, M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    field: &Field<T>,
) -> Result<(), M::Error> {
    match field {
        Field::Absent => Ok(()),
        Field::Null => map.serialize_entry(name, &()),
        Field::Value(value) => map.serialize_entry(name, value),
    }
}

/// Refuses the second member of a declared name. It fails where the value is
/// read, so that the path of the error ends with the name.
#[cold]
pub(super) fn refuse<'de, T, A: MapAccess<'de>>(name: &'static str, map: &mut A) -> Result<T, A::Error> {
    match map.next_value_seed(Duplicate(name))? {}
}

struct Duplicate(&'static str);

impl<'de> DeserializeSeed<'de> for Duplicate {
    type Value = Infallible;

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<Infallible, D::Error> {
        Err(Error::duplicate_field(self.0))
    }
}
