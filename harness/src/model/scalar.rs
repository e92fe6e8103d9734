//! Primitive values that keep what was written: the text of an Int32, and the
//! content of the strings that OData gives a meaning. Reading is tolerant:
//! whether the content is well formed is for a validator to say.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::members::RawText;
use super::owned::IntoOwned;
use super::record::ReadInto;
use super::write::Write;

/// `Edm.Int32`, as it is written: `1.0`, `1e2`, `-0` and what is out of range keep
/// their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Int32<'a>(Cow<'a, str>);

impl Int32<'_> {
    /// The value, when it was written as an integer in range.
    pub fn get(&self) -> Option<i32> {
        self.0.parse().ok().filter(|_| self.0 != "-0")
    }

    /// The number as it is written.
    pub fn lexeme(&self) -> &str {
        &self.0
    }
}

impl From<i32> for Int32<'_> {
    fn from(value: i32) -> Self {
        Int32(value.to_string().into())
    }
}

impl fmt::Display for Int32<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Int32<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawText(&self.0).serialize(serializer)
    }
}

impl Write for Int32<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_bytes());
    }
}

impl IntoOwned for Int32<'_> {
    type Owned = Int32<'static>;

    fn into_owned(self) -> Int32<'static> {
        Int32(Cow::Owned(self.0.into_owned()))
    }
}

impl<'de> ReadInto<'de> for Int32<'de> {}

impl<'de: 'a, 'a> Deserialize<'de> for Int32<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The text is needed: a number that serde_json has read has lost it.
        let RawText(text) = RawText::deserialize(deserializer)?;
        if !is_number(text) {
            return Err(Error::invalid_type(Unexpected::Other(kind(text)), &"a number (Edm.Int32)"));
        }
        Ok(Int32(Cow::Borrowed(text)))
    }
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

fn kind(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'{') => "map",
        Some(b'[') => "sequence",
        Some(b't' | b'f') => "boolean",
        _ => "null",
    }
}

macro_rules! text_scalar {
    ($( $(#[$meta:meta])* $name:ident = $expecting:literal; )*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name<'a>(Cow<'a, str>);

        impl<'a> $name<'a> {
            /// Takes any content.
            pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
                $name(text.into())
            }

            /// The content as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'a> From<&'a str> for $name<'a> {
            fn from(text: &'a str) -> Self {
                $name::new(text)
            }
        }

        impl From<String> for $name<'_> {
            fn from(text: String) -> Self {
                $name::new(text)
            }
        }

        impl fmt::Display for $name<'_> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Serialize for $name<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl Write for $name<'_> {
            fn write(&self, out: &mut Vec<u8>) {
                self.0.write(out);
            }
        }

        impl IntoOwned for $name<'_> {
            type Owned = $name<'static>;

            fn into_owned(self) -> $name<'static> {
                $name(Cow::Owned(self.0.into_owned()))
            }
        }

        impl<'de> ReadInto<'de> for $name<'de> {}

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor($expecting)).map($name)
            }
        }
    )* };
}

pub(super) use text_scalar;

text_scalar! {
    /// `Edm.String`.
    Text = "a string";
    /// `Edm.Duration`, such as `P14D`.
    Duration = "a string (Edm.Duration)";
    /// `Edm.DateTimeOffset`, such as `2030-01-31T00:00:00Z`.
    DateTimeOffset = "a string (Edm.DateTimeOffset)";
    /// `Edm.Date`, such as `2030-01-31`.
    Date = "a string (Edm.Date)";
}

/// Takes a string, borrowed where the text has no escapes in it.
pub(super) struct TextVisitor(pub(super) &'static str);

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_integer_has_a_value() {
        for text in ["0", "7", "-1", "2147483647", "-2147483648"] {
            let read: Int32<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(read.get(), text.parse().ok());
            assert_eq!(read, Int32::from(text.parse::<i32>().unwrap()));
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn any_other_number_keeps_its_lexeme() {
        for text in ["1.0", "1e2", "1E+2", "-0", "-0.0", "2147483648", "1e999"] {
            let read: Int32<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(read.get(), None);
            assert_eq!(read.lexeme(), text);
            assert_eq!(read.to_string(), text);
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [r#""1""#, "true", "false", "{}", "[1]", "null"] {
            let error = serde_json::from_str::<Int32<'_>>(text).unwrap_err();
            assert!(error.to_string().contains("Edm.Int32"), "{error}");
        }
    }

    #[test]
    fn strings_with_a_meaning_keep_their_content() {
        for text in [r#""P1DT0.123456789012S""#, r#""P1Y""#, r#""""#, r#""\n""#] {
            let read: Duration<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        assert!(serde_json::from_str::<Duration<'_>>("1").is_err());
        assert!(serde_json::from_str::<Date<'_>>("null").is_err());
        assert_eq!(Date::from("2030-02-30").as_str(), "2030-02-30");
        assert_eq!(DateTimeOffset::new("x").to_string(), "x");
    }
}
