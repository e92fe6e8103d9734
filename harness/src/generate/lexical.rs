//! Equivalence classes of the values of a primitive type: values of one class
//! are written and understood alike, so that a fault which one of them meets
//! most likely meets the others too. A class is told from the text, and every
//! class has a boundary value that stands for it.

use std::sync::LazyLock;

use super::lexeme::{Lexeme, lexemes};
use crate::contract::Primitive;
use crate::edm::{DateForm, DateTimeForm, DurationForm, Int32Form, date, date_time_offset, duration, int32};

/// The names of a primitive type's classes.
pub fn lexical_classes(primitive: Primitive) -> &'static [&'static str] {
    match primitive {
        Primitive::Boolean => &["true", "false"],
        Primitive::Int32 => &["one", "positive", "zero", "negative", "maximum", "minimum", "other form"],
        Primitive::String => {
            &["empty", "plain", "escaped", "over 255", "not ASCII", "astral", "control character", "over 1024"]
        }
        Primitive::Duration => &[
            "zero",
            "days",
            "time",
            "days and time",
            "fraction",
            "years long",
            "negative",
            "plus sign",
            "without a number",
            "out of range",
        ],
        Primitive::DateTimeOffset => &["UTC", "offset", "fraction", "first year", "last year", "other form"],
        Primitive::Date => &["plain", "leap day", "first year", "last year", "other form"],
    }
}

/// The class of a value, by index in [`lexical_classes`]: the content of a
/// string, or the lexeme of a number or boolean. None for what the type does
/// not have.
pub fn lexical_class(primitive: Primitive, text: &str) -> Option<u8> {
    let name = match primitive {
        Primitive::Boolean => text,
        Primitive::Int32 => of_int32(text)?,
        Primitive::String => of_string(text),
        Primitive::Duration => of_duration(text)?,
        Primitive::DateTimeOffset => of_date_time(text)?,
        Primitive::Date => of_date(text)?,
    };
    let index = lexical_classes(primitive).iter().position(|class| *class == name)?;
    u8::try_from(index).ok()
}

/// The boundary value that stands for a class.
pub fn representative(primitive: Primitive, class: u8) -> Option<&'static Lexeme> {
    /// The classes of the boundary values of each primitive type.
    static CLASSES: LazyLock<Vec<(Primitive, Vec<Option<u8>>)>> = LazyLock::new(|| {
        let classes = |primitive| {
            let of = |lexeme: &Lexeme| lexical_class(primitive, &lexeme.content());
            lexemes(primitive).iter().map(of).collect()
        };
        PRIMITIVES.iter().map(|&primitive| (primitive, classes(primitive))).collect()
    });
    let (_, classes) = CLASSES.iter().find(|(other, _)| *other == primitive)?;
    let at = classes.iter().position(|other| *other == Some(class))?;
    lexemes(primitive).get(at)
}

const PRIMITIVES: [Primitive; 6] = [
    Primitive::Boolean,
    Primitive::Date,
    Primitive::DateTimeOffset,
    Primitive::Duration,
    Primitive::Int32,
    Primitive::String,
];

fn of_int32(text: &str) -> Option<&'static str> {
    Some(match int32(text) {
        Int32Form::Value(0) => "zero",
        Int32Form::Value(1) => "one",
        Int32Form::Value(i32::MAX) => "maximum",
        Int32Form::Value(i32::MIN) => "minimum",
        Int32Form::Value(number) if number < 0 => "negative",
        Int32Form::Value(_) => "positive",
        Int32Form::OtherForm => "other form",
        Int32Form::Fraction | Int32Form::OutOfRange => return None,
    })
}

/// What is rarest in a string names it.
fn of_string(text: &str) -> &'static str {
    if text.chars().any(|each| each.is_control() && !matches!(each, '\t' | '\n' | '\r')) {
        return "control character";
    }
    // No text has more UTF-16 units than bytes.
    let units = if text.len() > 255 { text.encode_utf16().count() } else { text.len() };
    match units {
        1025.. => "over 1024",
        _ if text.chars().any(|each| each > '\u{FFFF}') => "astral",
        256.. => "over 255",
        _ if !text.is_ascii() => "not ASCII",
        0 => "empty",
        _ if text.contains(['"', '\\', '\t', '\n', '\r']) => "escaped",
        _ => "plain",
    }
}

fn of_duration(text: &str) -> Option<&'static str> {
    Some(match duration(text) {
        DurationForm::Conforms => of_plain_duration(text),
        DurationForm::OpenRange => "out of range",
        DurationForm::OpenForm if text.starts_with('-') => "negative",
        DurationForm::OpenForm if text.starts_with('+') => "plus sign",
        DurationForm::OpenForm => "without a number",
        DurationForm::Units | DurationForm::Malformed => return None,
    })
}

fn of_plain_duration(text: &str) -> &'static str {
    let (days, time) = text.split_once('T').unwrap_or((text, ""));
    let number = days.trim_start_matches('P').trim_end_matches('D');
    if !text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        "zero"
    } else if text.contains('.') {
        "fraction"
    } else if number.trim_start_matches('0').len() > 3 {
        "years long"
    } else {
        match (number.is_empty(), time.is_empty()) {
            (true, _) => "time",
            (false, true) => "days",
            (false, false) => "days and time",
        }
    }
}

fn of_date_time(text: &str) -> Option<&'static str> {
    Some(match date_time_offset(text) {
        DateTimeForm::Conforms if text.starts_with("0001") => "first year",
        DateTimeForm::Conforms if text.starts_with("9999") => "last year",
        DateTimeForm::Conforms if text.contains('.') => "fraction",
        DateTimeForm::Conforms if text.ends_with('Z') => "UTC",
        DateTimeForm::Conforms => "offset",
        DateTimeForm::Open => "other form",
        DateTimeForm::NoOffset | DateTimeForm::Impossible | DateTimeForm::Malformed => return None,
    })
}

fn of_date(text: &str) -> Option<&'static str> {
    Some(match date(text) {
        DateForm::Conforms if text.starts_with("0001") => "first year",
        DateForm::Conforms if text.starts_with("9999") => "last year",
        DateForm::Conforms if text.ends_with("02-29") => "leap day",
        DateForm::Conforms => "plain",
        DateForm::Open => "other form",
        DateForm::WithTime | DateForm::Impossible | DateForm::Malformed => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_boundary_value_and_every_boundary_value_a_class() {
        for primitive in PRIMITIVES {
            for (class, name) in (0u8..).zip(lexical_classes(primitive)) {
                assert!(representative(primitive, class).is_some(), "{primitive:?}: {name}");
            }
            for lexeme in lexemes(primitive) {
                let content = lexeme.content();
                assert!(lexical_class(primitive, &content).is_some(), "{primitive:?}: {content}");
            }
        }
    }

    /// A class is open or it is not.
    #[test]
    fn values_of_one_class_are_judged_alike() {
        for primitive in PRIMITIVES {
            for lexeme in lexemes(primitive) {
                let class = lexical_class(primitive, &lexeme.content()).unwrap();
                let other = representative(primitive, class).unwrap();
                assert_eq!(lexeme.is_open(), other.is_open(), "{primitive:?}: {}", lexeme.text());
            }
        }
    }
}
