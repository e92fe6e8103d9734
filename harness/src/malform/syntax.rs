//! Texts that are no JSON, or JSON that RFC 8259 warns of. They apply to the
//! body as a whole; which of its values they strike is drawn from the tape.

use super::edit::Edit;
use super::operator::Operator;
use super::site::Site;
use crate::contract::{Contract, Kind, Primitive, rule};
use crate::json::{NodeId, ValueKind};

pub(super) const OPERATORS: &[Operator] = &[
    at_root("truncated", |edit| {
        let text = edit.tree.to_bytes();
        // The closing brace at least, and not the opening one: white space alone is
        // no text, and without white space at its end a text is the same.
        let behind = text.len() - text.trim_ascii_end().len();
        let most = (behind + text.trim_ascii().len()).checked_sub(1)?;
        let mut cut = behind + 1 + edit.tape.below(most.saturating_sub(behind).min(64));
        // Half a character would be no UTF-8, which is another rule.
        while cut < most && text.get(text.len() - cut).is_some_and(|byte| byte & 0xC0 == 0x80) {
            cut += 1;
        }
        edit.tree.set_cut(u32::try_from(cut).ok()?);
        Some(())
    }),
    at_root("comma-after-last-member", |edit| {
        let last = last_child(edit, ValueKind::Object)?;
        edit.tree.set_space_after(last, b",");
        Some(())
    }),
    at_root("comma-after-last-item", |edit| {
        let last = last_child(edit, ValueKind::Array)?;
        edit.tree.set_space_after(last, b",");
        Some(())
    }),
    at_root("comma-alone", |edit| {
        edit.tree.set_children(edit.at, &[]);
        edit.tree.set_space_inside(edit.at, b",");
        Some(())
    }),
    at_root("comma-missing", |edit| splice(edit, b"{\"a\":1 \"b\":2}")),
    at_root("comma-doubled", |edit| splice(edit, b"[1,,2]")),
    at_root("colon-missing", |edit| splice(edit, b"{\"a\" 1}")),
    at_root("colon-doubled", |edit| splice(edit, b"{\"a\"::1}")),
    at_root("equals-for-colon", |edit| splice(edit, b"{\"a\"=1}")),
    at_root("value-missing", |edit| splice(edit, b"")),
    at_root("name-without-quotes", |edit| splice(edit, b"{a:1}")),
    at_root("name-in-single-quotes", |edit| splice(edit, b"{'a':1}")),
    at_root("name-a-number", |edit| splice(edit, b"{1:1}")),
    at_root("string-in-single-quotes", |edit| splice(edit, b"'text'")),
    at_root("string-not-closed", |edit| splice(edit, b"\"text")),
    at_root("quote-not-escaped", |edit| splice(edit, b"\"a\"b\"")),
    at_root("line-feed-in-string", |edit| splice(edit, b"\"a\nb\"")),
    at_root("tab-in-string", |edit| splice(edit, b"\"a\tb\"")),
    at_root("nul-in-string", |edit| splice(edit, b"\"a\0b\"")),
    at_root("escape-unknown", |edit| splice(edit, b"\"a\\x61\"")),
    at_root("escape-in-single-quote-style", |edit| splice(edit, b"\"it\\'s\"")),
    at_root("escape-too-short", |edit| splice(edit, b"\"\\u12\"")),
    at_root("escape-not-hexadecimal", |edit| splice(edit, b"\"\\u00g0\"")),
    at_root("number-with-leading-zero", |edit| splice(edit, b"01")),
    at_root("number-with-plus", |edit| splice(edit, b"+1")),
    at_root("number-without-digits-behind-point", |edit| splice(edit, b"1.")),
    at_root("number-without-digits-before-point", |edit| splice(edit, b".5")),
    at_root("number-hexadecimal", |edit| splice(edit, b"0x10")),
    at_root("number-without-exponent", |edit| splice(edit, b"1e")),
    at_root("not-a-number", |edit| splice(edit, b"NaN")),
    at_root("infinity", |edit| splice(edit, b"-Infinity")),
    at_root("word-in-capitals", |edit| splice(edit, b"True")),
    at_root("word-of-another-language", |edit| splice(edit, b"undefined")),
    at_root("comment", |edit| {
        edit.tree.set_space_after(edit.at, b" /* end */");
        Some(())
    }),
    at_root("line-comment", |edit| {
        edit.tree.set_space_before(edit.at, b"// policy\n");
        Some(())
    }),
    at_root("text-behind", |edit| {
        edit.tree.set_space_after(edit.at, b" x");
        Some(())
    }),
    at_root("second-value-behind", |edit| {
        edit.tree.set_space_after(edit.at, b"{}");
        Some(())
    }),
    at_root("space-of-unicode", |edit| {
        edit.tree.set_space_after(edit.at, "\u{a0}".as_bytes());
        Some(())
    }),
    at_root("brackets-crossed", |edit| splice(edit, b"[1}")),
    whole("not-utf-8", rule::UTF8, |edit| splice(edit, b"\"a\xffb\"")),
    whole("latin-1", rule::UTF8, |edit| splice(edit, b"\"Z\xfcrich\"")),
    whole("surrogate-in-utf-8", rule::UTF8, |edit| splice(edit, b"\"\xed\xa0\x80\"")),
    whole("overlong-utf-8", rule::UTF8, |edit| splice(edit, b"\"\xc0\xaf\"")),
    whole("utf-16", rule::UTF8, |edit| {
        let bytes = edit.tree.to_bytes();
        let text = String::from_utf8_lossy(&bytes);
        // The mark makes it unmistakable, and no UTF-8.
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        let wide: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        replace_all(edit, &wide)
    }),
    whole("empty", rule::EMPTY, |edit| replace_all(edit, b"")),
    whole("blank", rule::EMPTY, |edit| replace_all(edit, b" \r\n\t ")),
    whole("root-array", rule::ROOT, |edit| {
        let body = edit.tree.to_bytes();
        replace_all(edit, &[b"[", &body[..], b"]"].concat())
    }),
    whole("root-empty-array", rule::ROOT, |edit| replace_all(edit, b"[]")),
    whole("root-null", rule::ROOT, |edit| replace_all(edit, b"null")),
    whole("root-string", rule::ROOT, |edit| replace_all(edit, b"\"{}\"")),
    whole("root-number", rule::ROOT, |edit| replace_all(edit, b"0")),
    whole("root-boolean", rule::ROOT, |edit| replace_all(edit, b"true")),
    whole("byte-order-mark", rule::BYTE_ORDER_MARK, |edit| {
        edit.tree.set_space_before(edit.at, b"\xEF\xBB\xBF");
        Some(())
    }),
    whole("empty-object", rule::ACCEPT_EMPTY_OBJECT, |edit| replace_all(edit, b"{}")),
    whole("reference-only", rule::REFERENCE_ONLY, |edit| {
        replace_all(edit, b"{\"@odata.id\":\"https://graph.example.test/v1.0/policies/1\"}")
    }),
    deep("arrays-100-deep", |edit| nest(edit, 100)),
    deep("arrays-1000-deep", |edit| nest(edit, 1_000)),
    deep("arrays-50000-deep", |edit| nest(edit, 50_000)),
    deep("objects-200-deep", |edit| {
        let text = ["{\"a\":".repeat(200), "1".to_owned(), "}".repeat(200)].concat();
        let value = edit.tree.verbatim(text.as_bytes());
        edit.tree.replace(edit.at, value);
        Some(())
    }),
    Operator {
        name: "lone-surrogate",
        rule: rule::LONE_SURROGATE,
        applies: is_free_string,
        edit: |edit| {
            let text = edit.tape.pick(&["\"\\ud800\"", "\"a\\udc00b\"", "\"\\udc00\\ud800\""]).copied()?;
            edit.put(text);
            Some(())
        },
    },
];

type Change = fn(&mut Edit<'_, '_, '_, '_>) -> Option<()>;

const fn at_root(name: &'static str, edit: Change) -> Operator {
    whole(name, rule::SYNTAX, edit)
}

const fn whole(name: &'static str, rule: crate::contract::RuleId, edit: Change) -> Operator {
    Operator { name, rule, applies: |_, site| matches!(site, Site::Root(_)), edit }
}

/// Nesting takes the place of a value that may not be a container, so that a
/// target has every reason to refuse.
const fn deep(name: &'static str, edit: Change) -> Operator {
    let applies = |_: &Contract, site: Site<'_>| matches!(site, Site::Single(property) if property.kind == Kind::Primitive(Primitive::Boolean));
    Operator { name, rule: rule::DEPTH, applies, edit }
}

/// A string of which nothing but its type is said.
fn is_free_string(_: &Contract, site: Site<'_>) -> bool {
    site.value().is_some_and(|property| {
        property.kind == Kind::Primitive(Primitive::String)
            && property.facets.format.is_none()
            && property.facets.allowed.is_empty()
    })
}

/// Puts text that is no JSON in the place of one of the body's values.
fn splice(edit: &mut Edit<'_, '_, '_, '_>, text: &[u8]) -> Option<()> {
    let values: Vec<NodeId> = edit.tree.children_vec(edit.at);
    let value = edit.tree.verbatim(text);
    match edit.tape.pick(&values) {
        Some(&node) => edit.tree.replace(node, value),
        None => edit.tree.append_member(edit.at, "a", value),
    }
    Some(())
}

fn replace_all(edit: &mut Edit<'_, '_, '_, '_>, text: &[u8]) -> Option<()> {
    let whole = edit.tree.verbatim(text);
    edit.tree.set_root(whole);
    Some(())
}

fn last_child(edit: &mut Edit<'_, '_, '_, '_>, kind: ValueKind) -> Option<NodeId> {
    let mut containers = edit.of_kind(kind);
    if kind == ValueKind::Object {
        containers.push(edit.at);
    }
    containers.retain(|&container| edit.tree.children(container).next().is_some());
    let container = *edit.tape.pick(&containers)?;
    edit.tree.children(container).last()
}

fn nest(edit: &mut Edit<'_, '_, '_, '_>, depth: usize) -> Option<()> {
    let text = ["[".repeat(depth), "]".repeat(depth)].concat();
    let value = edit.tree.verbatim(text.as_bytes());
    edit.tree.replace(edit.at, value);
    Some(())
}
