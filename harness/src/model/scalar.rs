//! Primitive values that keep what was written: the text of an Int32, and the
//! content of the strings that OData gives a meaning. Reading is tolerant:
//! whether the content is well formed is for a validator to say.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::members::Raw;

/// `Edm.Int32`. A number of any other form, such as `1.0`, `1e2`, `-0` or one
/// out of range, keeps its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Int32(Number);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Number {
    Canonical(i32),
    Lexeme(Raw),
}

impl Int32 {
    /// The value, when it was written as an integer in range.
    pub fn get(&self) -> Option<i32> {
        match self.0 {
            Number::Canonical(value) => Some(value),
            Number::Lexeme(_) => None,
        }
    }

    /// The number as it is written.
    pub fn lexeme(&self) -> Cow<'_, str> {
        match &self.0 {
            Number::Canonical(value) => Cow::Owned(value.to_string()),
            Number::Lexeme(raw) => Cow::Borrowed(raw.get()),
        }
    }
}

impl From<i32> for Int32 {
    fn from(value: i32) -> Self {
        Int32(Number::Canonical(value))
    }
}

impl fmt::Display for Int32 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.lexeme())
    }
}

impl Serialize for Int32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Number::Canonical(value) => serializer.serialize_i32(*value),
            Number::Lexeme(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Int32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The text is needed: a number that serde_json has read has lost it.
        let raw = <&RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        match text.parse() {
            Ok(value) if text != "-0" => Ok(Int32(Number::Canonical(value))),
            _ if is_number(text) => Ok(Int32(Number::Lexeme(raw.into()))),
            _ => Err(Error::invalid_type(Unexpected::Other(kind(text)), &"a number (Edm.Int32)")),
        }
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
        pub struct $name(Box<str>);

        impl $name {
            /// Takes any content.
            pub fn new(text: impl Into<Box<str>>) -> Self {
                $name(text.into())
            }

            /// The content as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor($expecting)).map($name)
            }
        }
    )* };
}

text_scalar! {
    /// `Edm.Duration`, such as `P14D`.
    Duration = "a string (Edm.Duration)";
    /// `Edm.DateTimeOffset`, such as `2030-01-31T00:00:00Z`.
    DateTimeOffset = "a string (Edm.DateTimeOffset)";
    /// `Edm.Date`, such as `2030-01-31`.
    Date = "a string (Edm.Date)";
}

struct TextVisitor(&'static str);

impl Visitor<'_> for TextVisitor {
    type Value = Box<str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Box<str>, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Box<str>, E> {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_integer_has_a_value() {
        for text in ["0", "7", "-1", "2147483647", "-2147483648"] {
            let read: Int32 = serde_json::from_str(text).unwrap();
            assert_eq!(read.get(), text.parse().ok());
            assert_eq!(read, Int32::from(text.parse::<i32>().unwrap()));
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn any_other_number_keeps_its_lexeme() {
        for text in ["1.0", "1e2", "1E+2", "-0", "-0.0", "2147483648", "1e999"] {
            let read: Int32 = serde_json::from_str(text).unwrap();
            assert_eq!(read.get(), None);
            assert_eq!(read.lexeme(), text);
            assert_eq!(read.to_string(), text);
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [r#""1""#, "true", "false", "{}", "[1]", "null"] {
            let error = serde_json::from_str::<Int32>(text).unwrap_err();
            assert!(error.to_string().contains("Edm.Int32"), "{error}");
        }
    }

    #[test]
    fn strings_with_a_meaning_keep_their_content() {
        for text in [r#""P1DT0.123456789012S""#, r#""P1Y""#, r#""""#, r#""\n""#] {
            let read: Duration = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        assert!(serde_json::from_str::<Duration>("1").is_err());
        assert!(serde_json::from_str::<Date>("null").is_err());
        assert_eq!(Date::from("2030-02-30").as_str(), "2030-02-30");
        assert_eq!(DateTimeOffset::new("x").to_string(), "x");
    }
}
