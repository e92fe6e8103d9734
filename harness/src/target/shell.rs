//! Text and bytes as words of a POSIX shell.

/// Whether a terminal shows the character as what it is and nothing more:
/// no control characters, none that turn the direction of the text or show nothing.
pub(crate) fn is_shown(character: char) -> bool {
    matches!(character, '\n' | '\t')
        || !(character.is_control()
            || matches!(character,
                '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'))
}

/// `text` in single quotes.
pub(crate) fn quoted(text: &str) -> String {
    ["'", &text.replace('\'', r"'\''"), "'"].concat()
}

/// A format, in single quotes, from which `printf` makes these bytes.
pub(crate) fn printf_format(bytes: &[u8]) -> String {
    let mut format = String::with_capacity(bytes.len() + bytes.len() / 2 + 2);
    format.push('\'');
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b'%' => format.push_str("%%"),
            b'\\' => format.push_str(r"\\"),
            b'\n' => format.push_str(r"\n"),
            b'\'' => format.push_str(r"\047"),
            // At the beginning it would make an option.
            b'-' if index == 0 => format.push_str(r"\055"),
            b' '..=b'~' => format.push(char::from(byte)),
            _ => {
                let digit = |shift: u8| char::from(b'0' + ((byte >> shift) & 7));
                format.extend(['\\', digit(6), digit(3), digit(0)]);
            }
        }
    }
    format.push('\'');
    format
}
