//! The quick way in: a deserializer over text in memory, which what it reads may
//! borrow from. It looks at white space, quotes and escapes by the word, and knows no
//! more of a fault than that there is one: `document` reads such a text again.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::members::RAW;
use crate::json::{self, Scanner, SyntaxError};

/// The value that the text is, where the text is JSON and the type takes it.
pub(super) fn quickly<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Option<T> {
    // The scanner counts in 32 bits; what is longer is left to serde_json.
    u32::try_from(text.len()).ok()?;
    let text = std::str::from_utf8(text).ok()?;
    let mut reader = Reader { text, scanner: Scanner::new(text.as_bytes()), open: Vec::new() };
    reader.scanner.space();
    let value = T::deserialize(&mut reader).ok()?;
    reader.scanner.space();
    reader.scanner.peek().is_none().then_some(value)
}

/// Reads values one after the other. It stands at the first byte of a value whenever
/// it is asked for one.
struct Reader<'de> {
    text: &'de str,
    scanner: Scanner<'de>,
    /// What closes the containers that are being passed over.
    open: Vec<u8>,
}

/// The text is no JSON, or the type does not take it.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("refused")
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl From<SyntaxError> for Refused {
    fn from(_: SyntaxError) -> Self {
        Self
    }
}

impl<'de> Reader<'de> {
    /// Takes this byte.
    fn take(&mut self, byte: u8) -> Result<(), Refused> {
        if self.scanner.peek() != Some(byte) {
            return Err(Refused);
        }
        self.scanner.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'de, str>, Refused> {
        if self.scanner.peek() != Some(b'"') {
            return Err(Refused);
        }
        let (span, is_escaped) = self.scanner.string()?;
        let raw = self.text.get(span.range()).ok_or(Refused)?;
        if !is_escaped {
            return Ok(Cow::Borrowed(raw));
        }
        if json::has_lone_surrogate(raw.as_bytes()) {
            return Err(Refused);
        }
        Ok(json::decode(raw.as_bytes(), true))
    }

    fn colon(&mut self) -> Result<(), Refused> {
        self.scanner.space();
        self.take(b':')?;
        self.scanner.space();
        Ok(())
    }

    /// The text of a value, whatever it is.
    fn raw(&mut self) -> Result<&'de str, Refused> {
        let start = self.scanner.at;
        self.pass()?;
        self.text.get(start..self.scanner.at).ok_or(Refused)
    }

    /// Passes over a value, however deep.
    fn pass(&mut self) -> Result<(), Refused> {
        loop {
            match self.scanner.peek() {
                Some(b'"') => drop(self.scanner.string()?),
                Some(b'-' | b'0'..=b'9') => drop(self.scanner.number()?),
                Some(b't') => drop(self.scanner.word(b"true")?),
                Some(b'f') => drop(self.scanner.word(b"false")?),
                Some(b'n') => drop(self.scanner.word(b"null")?),
                Some(open @ (b'{' | b'[')) => {
                    self.scanner.at += 1;
                    self.scanner.space();
                    let close = if open == b'{' { b'}' } else { b']' };
                    if self.scanner.peek() != Some(close) {
                        self.open.push(close);
                        self.pass_name(close)?;
                        continue;
                    }
                    self.scanner.at += 1;
                }
                _ => return Err(Refused),
            }
            if !self.pass_behind()? {
                return Ok(());
            }
        }
    }

    /// Passes from behind a value to the next one that is passed over; false where there
    /// is none.
    fn pass_behind(&mut self) -> Result<bool, Refused> {
        while let Some(&close) = self.open.last() {
            self.scanner.space();
            if self.scanner.peek() == Some(b',') {
                self.scanner.at += 1;
                self.scanner.space();
                self.pass_name(close)?;
                return Ok(true);
            }
            self.take(close)?;
            self.open.pop();
        }
        Ok(false)
    }

    /// Passes over the name before a value, where `close` closes an object.
    fn pass_name(&mut self, close: u8) -> Result<(), Refused> {
        if close == b']' {
            return Ok(());
        }
        if self.scanner.peek() != Some(b'"') {
            return Err(Refused);
        }
        self.scanner.string()?;
        self.colon()
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.scanner.peek() {
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'n') => {
                self.scanner.word(b"null")?;
                visitor.visit_unit()
            }
            // The model asks for the text of a number, never for its value.
            Some(b'-' | b'0'..=b'9') => Err(Refused),
            _ => self.deserialize_bool(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let is_true = self.scanner.peek() == Some(b't');
        self.scanner.word(if is_true { b"true" } else { b"false" })?;
        visitor.visit_bool(is_true)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        if self.scanner.peek() == Some(b'n') {
            self.scanner.word(b"null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.take(b'{')?;
        let mut children = Children::new(self);
        let value = visitor.visit_map(&mut children)?;
        if children.is_over { Ok(value) } else { Err(Refused) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.take(b'[')?;
        let mut children = Children::new(self);
        let value = visitor.visit_seq(&mut children)?;
        if children.is_over { Ok(value) } else { Err(Refused) }
    }

    /// A value whose text is wanted is given as a text that can be borrowed.
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Refused> {
        if name == RAW { visitor.visit_borrowed_str(self.raw()?) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_str(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_str(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit
        unit_struct tuple tuple_struct struct enum ignored_any
    }
}

/// What is inside a container.
struct Children<'r, 'de> {
    reader: &'r mut Reader<'de>,
    is_first: bool,
    is_over: bool,
}

impl<'r, 'de> Children<'r, 'de> {
    fn new(reader: &'r mut Reader<'de>) -> Self {
        Self { reader, is_first: true, is_over: false }
    }

    /// Goes on to the next child; false at the end, which is taken.
    #[inline]
    fn advance(&mut self, close: u8) -> Result<bool, Refused> {
        let scanner = &mut self.reader.scanner;
        scanner.space();
        match scanner.peek() {
            Some(byte) if byte == close => {
                scanner.at += 1;
                self.is_over = true;
                return Ok(false);
            }
            Some(b',') if !self.is_first => {
                scanner.at += 1;
                scanner.space();
            }
            _ if self.is_first => {}
            _ => return Err(Refused),
        }
        self.is_first = false;
        Ok(true)
    }
}

impl<'de> MapAccess<'de> for &mut Children<'_, 'de> {
    type Error = Refused;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
        if !self.advance(b'}')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refused> {
        self.reader.colon()?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> SeqAccess<'de> for &mut Children<'_, 'de> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refused> {
        if !self.advance(b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Policy, Raw};

    /// What serde_json takes is taken, as the same, and nothing else.
    fn agrees<'de, T: Deserialize<'de> + PartialEq + fmt::Debug>(text: &'de [u8]) {
        assert_eq!(quickly::<T>(text), serde_json::from_slice(text).ok(), "{}", text.escape_ascii());
    }

    #[test]
    fn any_value_is_read_as_serde_json_reads_it() {
        for text in [
            "",
            " ",
            "0",
            "-0",
            "-",
            "01",
            "1.",
            "1e",
            "1e5",
            "0.0E-1",
            "+1",
            ".5",
            "\"\"",
            "\"\\u12\"",
            "\"\\x\"",
            "\"\t\"",
            "\"",
            "[",
            "]",
            "[]",
            "[ ]",
            "[,]",
            "[1,]",
            "[1 2]",
            "[1,2]",
            "[1}",
            "{",
            "}",
            "{}",
            "{ }",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\" : [ { } , \"]\" ] , \"b\":{\"c\":null}}",
            "{\"a\":1 \"b\":2}",
            "{a:1}",
            "{1:1}",
            "nul",
            "null",
            "nulll",
            "true",
            "tru",
            "false ",
            "fals",
            " \t\r\n1\n",
            "1 1",
            "\u{feff}1",
            "\u{b}1",
            "[[[]]]",
            "[[]]]",
            "[{]}",
            "\"\\ud800\"",
            "\"é\"",
        ] {
            agrees::<Raw<'_>>(text.as_bytes());
            agrees::<Policy<'_>>(text.as_bytes());
            for name in ["x", "displayName", "specificAllowedTargets"] {
                let body = format!("{{\"{name}\":{text}}}");
                agrees::<Policy<'_>>(body.as_bytes());
            }
        }
    }

    #[test]
    fn a_policy_with_any_byte_changed_is_read_as_serde_json_reads_it() {
        let text = br##"{"displayName":"\u00e4\n","x":[1,{"y":-1.5e3}],"reviewSettings":{"isEnabled":true,"schedule":{"recurrence":{"pattern":{"interval":1}}}},"specificAllowedTargets":[{"userId":"\u00fc","@odata.type":"#microsoft.graph.singleUser"},null]}"##;
        agrees::<Policy<'_>>(text);
        for at in 0..text.len() {
            for byte in *b"\"\\{}[],:0nt /\x00\xff" {
                let mut changed = text.to_vec();
                changed[at] = byte;
                agrees::<Policy<'_>>(&changed);
            }
        }
    }

    #[test]
    fn what_needs_no_decoding_is_borrowed() {
        let text = br#"{"displayName":"plain","description":"\u0061","id":null}"#;
        let policy: Policy<'_> = quickly(text).unwrap();
        let within = |part: &str| text.as_ptr_range().contains(&part.as_ptr());
        assert!(within(policy.display_name.value().unwrap().as_str()));
        assert!(!within(policy.description.value().unwrap().as_str()));
        assert!(!within(policy.into_owned().display_name.value().unwrap().as_str()));
    }
}
