//! The text of strings: escapes decoded and written (RFC 8259, section 7).

use std::borrow::Cow;

use super::scan::plain_length;

/// The content of a string from what stands between its quotes. A lone
/// surrogate, which no text can hold, becomes U+FFFD; so do bytes that are not
/// UTF-8.
pub fn decode(raw: &[u8], escaped: bool) -> Cow<'_, str> {
    // What was read is UTF-8, and seeing so is quicker than looking for what is not.
    let text = std::str::from_utf8(raw).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Borrowed);
    if !escaped {
        return text;
    }
    let mut content = String::with_capacity(text.len());
    decode_onto(&text, &mut content);
    Cow::Owned(content)
}

/// The same, where escapes are decoded into a buffer that is used again.
pub(super) fn decode_in<'t>(raw: &'t [u8], escaped: bool, buffer: &'t mut String) -> &'t str {
    buffer.clear();
    match std::str::from_utf8(raw) {
        Ok(text) if !escaped => return text,
        Ok(text) => decode_onto(text, buffer),
        Err(_) => buffer.push_str(&decode(raw, escaped)),
    }
    buffer
}

/// Appends to `content` what `text` says, escapes decoded.
fn decode_onto(text: &str, content: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        content.push_str(&rest[..at]);
        let (character, length) = escape(&rest[at..]);
        content.push(character);
        rest = &rest[at + length..];
    }
    content.push_str(rest);
}

/// Whether two strings say the same, each given by what stands between its quotes and
/// whether there are escapes in it: what [`decode`] makes of them, without memory for it.
pub(super) fn is_same(one: (&[u8], bool), other: (&[u8], bool)) -> bool {
    if !one.1 && !other.1 {
        return one.0 == other.0;
    }
    match (std::str::from_utf8(one.0), std::str::from_utf8(other.0)) {
        (Ok(left), Ok(right)) => characters(left, one.1).eq(characters(right, other.1)),
        _ => decode(one.0, one.1) == decode(other.0, other.1),
    }
}

fn characters(mut rest: &str, escaped: bool) -> impl Iterator<Item = char> {
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (character, length) = if escaped && first == '\\' { escape(rest) } else { (first, first.len_utf8()) };
        rest = &rest[length..];
        Some(character)
    })
}

/// The character that an escape at the start of `text` stands for, and the
/// escape's length.
fn escape(text: &str) -> (char, usize) {
    match text.as_bytes().get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => unicode(text),
        Some(&other) if other.is_ascii() => (char::from(other), 2),
        _ => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn unicode(text: &str) -> (char, usize) {
    let Some(first) = code_unit(text, 0) else {
        return (char::REPLACEMENT_CHARACTER, 2);
    };
    if !(0xD800..0xDC00).contains(&first) {
        return (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
    }
    match code_unit(text, 6) {
        Some(second) if (0xDC00..0xE000).contains(&second) => {
            let point = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// The code unit of an escape `\uXXXX` at `at`.
pub(super) fn code_unit(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Whether the raw text of a string has an escape that stands for half a
/// surrogate pair.
pub(crate) fn has_lone_surrogate(raw: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(raw) else {
        return false;
    };
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        match code_unit(text, at) {
            Some(0xD800..0xDC00) => match code_unit(text, at + 6) {
                Some(0xDC00..0xE000) => at += 12,
                _ => return true,
            },
            Some(0xDC00..0xE000) => return true,
            Some(_) => at += 6,
            None => at += 2,
        }
    }
    false
}

/// Writes `content` as it stands between quotes, escaping only what JSON makes
/// one escape: quotes, backslashes and control characters.
pub fn encode_into(content: &str, out: &mut Vec<u8>) {
    let mut rest = content.as_bytes();
    loop {
        let (plain, from) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let Some((&byte, after)) = from.split_first() else {
            return;
        };
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => encode_unit(u16::from(byte), out),
            _ => out.extend_from_slice(&[b'\\', byte]),
        }
        rest = after;
    }
}

/// Writes `\uXXXX`.
pub(crate) fn encode_unit(unit: u16, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(HEX[usize::from(unit >> shift & 0xF)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_decode() {
        assert_eq!(decode(br"\u0061\n\/\ud83d\ude00\\", true), "a\n/😀\\");
        assert_eq!(decode(br"\ud83dx", true), "\u{FFFD}x");
    }

    /// What is told without memory is what is told of the decoded texts.
    #[test]
    fn contents_are_the_same_when_they_are_once_decoded() {
        let texts: [(&[u8], bool); 9] = [
            (b"", false),
            (b"ab", false),
            (br"a\u0062", true),
            (br"\u0061\u0062c", true),
            (br"a\n", true),
            (br"\ud83d\ude00", true),
            ("\u{1F600}".as_bytes(), false),
            (br"\ud83d", true),
            (b"\\n\xFF", true),
        ];
        let mut buffer = "from before".to_owned();
        for one in texts {
            assert_eq!(decode_in(one.0, one.1, &mut buffer), decode(one.0, one.1));
            for other in texts {
                let expected = decode(one.0, one.1) == decode(other.0, other.1);
                assert_eq!(is_same(one, other), expected, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn lone_surrogates_are_seen_and_pairs_are_not() {
        assert!(has_lone_surrogate(br"a\ud800"));
        assert!(has_lone_surrogate(br"\udc00\ud800"));
        assert!(has_lone_surrogate(br"\ud800\u0061"));
        assert!(!has_lone_surrogate(br"\ud83d\ude00 \\ud800"));
    }
}
