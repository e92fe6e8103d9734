//! The dictionary for libFuzzer: the words of the contracts, as they stand in a body,
//! and the tokens of JSON and of CSDL. `fuzz/policy.dict` is what `cargo run -p policy-harness-fuzz
//! --example dictionary` prints.

use std::fmt::Write;

use crate::words::words;

/// Tokens of JSON, and what its readers stumble over.
const TOKENS: &[&str] =
    &["{", "}", "[", "]", ",", ":", "\\\"", "\\\\", "\\u0000", "\\ud83d", "\\udc00", "1e5", "-0", "\u{feff}"];

/// What a CSDL document is made of.
const CSDL: &[&str] = &[
    "<Edmx>",
    "<Reference Uri=\"a\">",
    "<Include Namespace=\"a\"/>",
    "<DataServices>",
    "<Schema Namespace=\"a\">",
    "<ComplexType Name=\"a\">",
    "<EntityType Name=\"a\">",
    "<EnumType Name=\"a\">",
    "<Member Name=\"a\" Value=\"1\"/>",
    "<Property Name=\"a\" Type=\"Edm.String\"/>",
    "<Annotations Target=\"a.a\">",
    "<Annotation Term=\"Harness.Rule\" String=\"a\"/>",
    "<Collection><String>a</String></Collection>",
    " Abstract=\"true\"",
    " BaseType=\"a.a\"",
    " Nullable=\"false\"",
    " Bool=\"true\"",
    " Int=\"1\"",
    "Collection(a.a)",
    "Edm.Int32",
    "&amp;",
    "<![CDATA[a]]>",
    "<!--a-->",
];

/// The dictionary, one word a line.
pub fn dictionary() -> String {
    let mut text = "# Made from the contracts by `cargo run -p policy-harness-fuzz --example dictionary`.\n".to_owned();
    let names = words().names.iter().map(|name| format!("\"{name}\":"));
    let values = words().values.iter().cloned();
    for word in names.chain(values).chain(TOKENS.iter().chain(CSDL).map(|&token| token.to_owned())) {
        text.push('"');
        for byte in word.bytes() {
            // Writing to a string cannot fail.
            let _ = match byte {
                b'"' | b'\\' => write!(text, "\\{}", char::from(byte)),
                b' '..=b'~' => write!(text, "{}", char::from(byte)),
                _ => write!(text, "\\x{byte:02X}"),
            };
        }
        text.push_str("\"\n");
    }
    text
}
