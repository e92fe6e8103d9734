//! Values, names and lists as they stand in a sentence.

use crate::contract::{Contract, Kind, Primitive, Property};
use crate::json::{NodeId, Tree, ValueKind};

/// Characters of a value that are shown.
const MOST_CHARACTERS: usize = 60;
/// Words of a list that are named.
const MOST_WORDS: usize = 12;

/// A qualified name without its namespace.
pub(super) fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A statement of the contract as a message begins and ends: in lower case, without
/// a full stop.
pub(super) fn sentence(statement: &str) -> String {
    let mut characters = statement.trim_end_matches('.').chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

/// `a, b or c`.
pub(super) fn any_of<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if words.len() <= MOST_WORDS => format!("{} or {last}", first.join(", ")),
        many => format!("{} or one of {} more", many[..MOST_WORDS].join(", "), many.len() - MOST_WORDS),
    }
}

/// A text that a person can look at: no longer than a line, nothing in it that a
/// terminal would act on.
pub(super) fn clip(text: &str) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == MOST_CHARACTERS {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// What stands at a node.
pub(super) fn found(tree: &Tree, node: NodeId) -> String {
    let count = || tree.children(node).count();
    match tree.kind(node) {
        ValueKind::Object => "an object".to_owned(),
        ValueKind::Array => match count() {
            0 => "an empty array".to_owned(),
            1 => "an array with one item".to_owned(),
            many => format!("an array with {many} items"),
        },
        ValueKind::String => format!("\"{}\"", clip(&String::from_utf8_lossy(tree.raw(node)))),
        _ => clip(&String::from_utf8_lossy(tree.raw(node))),
    }
}

/// What kind of JSON value stands at a node.
pub(super) fn kind(tree: &Tree, node: NodeId) -> &'static str {
    match tree.kind(node) {
        ValueKind::Null => "null",
        ValueKind::Boolean => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Array => "an array",
        ValueKind::Object => "an object",
        ValueKind::Verbatim => "no JSON",
    }
}

/// What a value, or an item, of a property is.
pub(super) fn value_of(contract: &Contract, property: &Property) -> String {
    let facets = &property.facets;
    match property.kind {
        Kind::Primitive(Primitive::Boolean) => "true or false".to_owned(),
        Kind::Primitive(Primitive::Int32) => match facets.range {
            Some((least, i32::MAX)) => format!("a whole number from {least} on"),
            Some((least, most)) => format!("a whole number from {least} to {most}"),
            None => "a whole number".to_owned(),
        },
        Kind::Primitive(Primitive::String) => "a string".to_owned(),
        Kind::Primitive(Primitive::Duration) => "a duration such as \"P30D\" or \"PT4H\"".to_owned(),
        Kind::Primitive(Primitive::DateTimeOffset) => "an instant such as \"2030-01-31T12:00:00Z\"".to_owned(),
        Kind::Primitive(Primitive::Date) => "a date such as \"2030-01-31\"".to_owned(),
        Kind::Enum(id) => {
            let members = contract.schema.enums.get(usize::from(id.0)).map(|declared| &*declared.members);
            // What nobody should send is not offered.
            let offered = members.unwrap_or_default().iter().filter(|member| member.rule.is_none());
            any_of(offered.map(|member| &*member.name))
        }
        Kind::Structured(id) => match contract.schema.types.get(usize::from(id.0)) {
            Some(declared) => format!("an object ({})", short(&declared.name)),
            None => "an object".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_with_or_and_long_ones_are_cut() {
        assert_eq!(any_of([]), "");
        assert_eq!(any_of(["a"]), "a");
        assert_eq!(any_of(["a", "b", "c"]), "a, b or c");
        let many: Vec<String> = (0..20).map(|index| index.to_string()).collect();
        assert!(any_of(many.iter().map(String::as_str)).ends_with("11 or one of 8 more"));
    }

    #[test]
    fn nothing_that_is_shown_acts_on_a_terminal() {
        assert_eq!(clip("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(clip(&"é".repeat(100)).chars().count(), MOST_CHARACTERS + 1);
    }
}
