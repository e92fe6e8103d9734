//! Text of payloads and answers in documents that have a syntax of their own. A
//! target decides what such text holds, so nothing of it may be markup, and none
//! of it may be a character that a strict reader of XML refuses.

use std::fmt::Write;

/// The text in printable ASCII and line breaks. All else is written as JSON escapes
/// it, which means the same inside a body.
pub(super) fn ascii(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        push(&mut escaped, character, matches!(character, '\n' | ' '..='~'));
    }
    escaped
}

/// The same on one line: an attribute of XML keeps no line breaks.
pub(super) fn ascii_line(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        push(&mut escaped, character, matches!(character, ' '..='~'));
    }
    escaped
}

fn push(escaped: &mut String, character: char, is_plain: bool) {
    if is_plain {
        return escaped.push(character);
    }
    for unit in character.encode_utf16(&mut [0; 2]) {
        // A `String` takes whatever is written to it.
        let _ = write!(escaped, "\\u{unit:04x}");
    }
}

/// At most so many characters of a text, and how long it was.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ascii, ascii_line, shortened};

    #[test]
    fn what_is_not_plain_is_written_as_json_does() {
        assert_eq!(ascii("a\n\tb\u{0}é\u{fffe}\u{1d11e}]]>"), "a\n\\u0009b\\u0000\\u00e9\\ufffe\\ud834\\udd1e]]>");
        assert_eq!(ascii_line("a\r\nb"), "a\\u000d\\u000ab");
        let back: String = serde_json::from_str(&format!("\"{}\"", ascii_line("é\u{1d11e}\u{fffe}\u{1b}"))).unwrap();
        assert_eq!(back, "é\u{1d11e}\u{fffe}\u{1b}");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("ééé", 2), "éé... (6 bytes)");
        assert_eq!(shortened("éé", 2), "éé");
    }
}
