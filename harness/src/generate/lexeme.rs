//! Boundary values of the primitive types, as JSON texts: those that must be
//! accepted, and those that the contracts leave open, each with the rule that
//! leaves it open.

use std::borrow::Cow;

use crate::contract::{Primitive, RuleId, rule};
use crate::json::{self, ValueKind};

/// The text of a lexeme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text; between quotes for a string, escapes included.
    Text(&'static str),
    /// This character so many times.
    Repeated(char, usize),
}

/// One boundary value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is in JSON.
    pub kind: ValueKind,
    /// Its text.
    pub content: Content,
    /// The acceptance rule that it shows, or the rule that leaves it open.
    pub rule: RuleId,
}

impl Lexeme {
    /// The raw text of the lexeme.
    pub fn text(&self) -> Cow<'static, str> {
        match self.content {
            Content::Text(text) => text.into(),
            Content::Repeated(character, times) => std::iter::repeat_n(character, times).collect(),
        }
    }

    /// Appends the raw text.
    pub fn write_into(&self, out: &mut Vec<u8>) {
        match self.content {
            Content::Text(text) => out.extend_from_slice(text.as_bytes()),
            Content::Repeated(character, times) => {
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).as_bytes();
                out.extend(std::iter::repeat_n(bytes, times).flatten());
            }
        }
    }

    /// What it says: escapes of a string decoded.
    pub fn content(&self) -> String {
        let raw = self.text();
        let is_escaped = self.kind == ValueKind::String && raw.contains('\\');
        json::decode(raw.as_bytes(), is_escaped).into_owned()
    }

    /// Whether the contracts leave it open, whatever the property.
    pub fn is_open(&self) -> bool {
        self.rule != rule::ACCEPT_VALUE && self.rule != rule::ACCEPT_STRING_CONTENT
    }

    const fn string(text: &'static str, rule: RuleId) -> Self {
        Self { kind: ValueKind::String, content: Content::Text(text), rule }
    }

    const fn repeated(character: char, times: usize, rule: RuleId) -> Self {
        Self { kind: ValueKind::String, content: Content::Repeated(character, times), rule }
    }

    const fn number(text: &'static str, rule: RuleId) -> Self {
        Self { kind: ValueKind::Number, content: Content::Text(text), rule }
    }

    const fn boolean(text: &'static str) -> Self {
        Self { kind: ValueKind::Boolean, content: Content::Text(text), rule: rule::ACCEPT_VALUE }
    }
}

/// The boundary values of a primitive type.
pub fn lexemes(primitive: Primitive) -> &'static [Lexeme] {
    match primitive {
        Primitive::Boolean => BOOLEANS,
        Primitive::Date => DATES,
        Primitive::DateTimeOffset => DATE_TIMES,
        Primitive::Duration => DURATIONS,
        Primitive::Int32 => NUMBERS,
        Primitive::String => STRINGS,
    }
}

const VALUE: RuleId = rule::ACCEPT_VALUE;
const CONTENT: RuleId = rule::ACCEPT_STRING_CONTENT;

const BOOLEANS: &[Lexeme] = &[Lexeme::boolean("true"), Lexeme::boolean("false")];

const NUMBERS: &[Lexeme] = &[
    Lexeme::number("1", VALUE),
    Lexeme::number("12", VALUE),
    Lexeme::number("2147483647", VALUE),
    Lexeme::number("0", VALUE),
    Lexeme::number("-1", VALUE),
    Lexeme::number("-2147483648", VALUE),
    Lexeme::number("1.0", rule::INT32_FORM),
    Lexeme::number("1e0", rule::INT32_FORM),
    Lexeme::number("1E+0", rule::INT32_FORM),
    Lexeme::number("10e-1", rule::INT32_FORM),
];

const STRINGS: &[Lexeme] = &[
    Lexeme::string("", VALUE),
    Lexeme::string("a", VALUE),
    Lexeme::string("null", VALUE),
    Lexeme::string(" leading and trailing ", VALUE),
    Lexeme::string("<b>&amp;</b> %s {0} ${x} '; --", VALUE),
    Lexeme::repeated('x', 300, VALUE),
    Lexeme::repeated('x', 1024, VALUE),
    Lexeme::string("\\\"quoted\\\" \\\\ and \\/", VALUE),
    Lexeme::string("tab\\tline\\nreturn\\r", VALUE),
    Lexeme::string("Zürich, Øresund, Łódź", CONTENT),
    Lexeme::string("😀 𝒳 🏳️‍🌈", CONTENT),
    Lexeme::string("\\ud83d\\ude00", CONTENT),
    Lexeme::string("مرحبا بالعالم שלום", CONTENT),
    Lexeme::string("承認ポリシー", CONTENT),
    Lexeme::string("e\u{301}", CONTENT),
    Lexeme::string("\\u0000", rule::STRING_CONTROL),
    Lexeme::string("a\\u001fb", rule::STRING_CONTROL),
    Lexeme::string("a\\u007fb", rule::STRING_CONTROL),
    Lexeme::repeated('x', 1025, rule::STRING_LENGTH),
    Lexeme::repeated('y', 10_000, rule::STRING_LENGTH),
    Lexeme::repeated('𝒳', 600, rule::STRING_LENGTH),
];

const DURATIONS: &[Lexeme] = &[
    Lexeme::string("P1D", VALUE),
    Lexeme::string("PT0S", VALUE),
    Lexeme::string("P0D", VALUE),
    Lexeme::string("P0DT0H0M0S", VALUE),
    Lexeme::string("PT36H", VALUE),
    Lexeme::string("P1DT12H", VALUE),
    Lexeme::string("PT90M", VALUE),
    Lexeme::string("P365D", VALUE),
    Lexeme::string("P3660D", VALUE),
    Lexeme::string("P10675199D", VALUE),
    Lexeme::string("P1DT2H3M4.5S", VALUE),
    Lexeme::string("PT0.0000001S", VALUE),
    Lexeme::string("P007D", VALUE),
    Lexeme::string("-P1D", rule::DURATION_FORM),
    Lexeme::string("-PT0.5S", rule::DURATION_FORM),
    Lexeme::string("+P1D", rule::DURATION_FORM),
    Lexeme::string("P", rule::DURATION_FORM),
    Lexeme::string("PT", rule::DURATION_FORM),
    Lexeme::string("P1DT", rule::DURATION_FORM),
    Lexeme::string("P10675200D", rule::DURATION_RANGE),
    Lexeme::string("P99999999999999999999D", rule::DURATION_RANGE),
    Lexeme::string("PT0.123456789012S", rule::DURATION_RANGE),
];

const DATE_TIMES: &[Lexeme] = &[
    Lexeme::string("2024-02-29T12:00:00Z", VALUE),
    Lexeme::string("2030-01-01T00:00:00Z", VALUE),
    Lexeme::string("2030-12-31T23:59:59.9999999Z", VALUE),
    Lexeme::string("2030-06-15T08:30:00+05:30", VALUE),
    Lexeme::string("2030-06-15T08:30:00-13:59", VALUE),
    Lexeme::string("2000-02-29T00:00:00+00:00", VALUE),
    Lexeme::string("9999-12-31T23:59:59Z", VALUE),
    Lexeme::string("0001-01-01T00:00:00Z", VALUE),
    Lexeme::string("2030-01-01T00:00:00+14:00", rule::DATE_TIME_FORM),
    Lexeme::string("0000-01-01T00:00:00Z", rule::DATE_TIME_FORM),
    Lexeme::string("10000-01-01T00:00:00Z", rule::DATE_TIME_FORM),
    Lexeme::string("2016-12-31T23:59:60Z", rule::DATE_TIME_FORM),
    Lexeme::string("2030-01-01t00:00:00z", rule::DATE_TIME_FORM),
    Lexeme::string("2030-01-01T00:00:00.123456789012Z", rule::DATE_TIME_FORM),
];

const DATES: &[Lexeme] = &[
    Lexeme::string("2024-02-29", VALUE),
    Lexeme::string("2030-01-01", VALUE),
    Lexeme::string("2000-02-29", VALUE),
    Lexeme::string("9999-12-31", VALUE),
    Lexeme::string("0001-01-01", VALUE),
    Lexeme::string("0000-01-01", rule::DATE_FORM),
    Lexeme::string("10000-01-01", rule::DATE_FORM),
];
