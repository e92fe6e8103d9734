//! The tokens of a JSON text: strings, numbers, words and the white space between
//! them. Whoever reads JSON here, whatever it makes of it, reads them by this.

use super::error::{Fault, SyntaxError};
use super::tree::Span;

/// A place in a text, and the reading of the token that begins there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<'t> {
    pub(crate) text: &'t [u8],
    pub(crate) at: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0 }
    }

    #[inline]
    pub(crate) fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// A string from its opening quote to behind its closing one; what stands
    /// between them, and whether that has escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<(Span, bool), SyntaxError> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += plain_length(&self.text[self.at..]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(self.fault(Fault::ControlCharacter)),
                None => return Err(self.fault(Fault::UnexpectedEnd)),
            }
        }
        let span = Span { start: start as u32, end: self.at as u32 };
        self.at += 1;
        Ok((span, escaped))
    }

    #[cold]
    fn escape(&mut self) -> Result<(), SyntaxError> {
        match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let digits = self.text.get(self.at + 2..self.at + 6).unwrap_or_default();
                if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.fault(Fault::Escape));
                }
                self.at += 6;
            }
            Some(_) => return Err(self.fault(Fault::Escape)),
            None => {
                self.at += 1;
                return Err(self.fault(Fault::UnexpectedEnd));
            }
        }
        Ok(())
    }

    pub(crate) fn number(&mut self) -> Result<Span, SyntaxError> {
        let start = self.at as u32;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.fault(Fault::Number)),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.some_digits()?;
        }
        // `01` would otherwise be called a missing comma.
        if let Some(b'0'..=b'9') = self.peek() {
            return Err(self.fault(Fault::Number));
        }
        Ok(Span { start, end: self.at as u32 })
    }

    fn some_digits(&mut self) -> Result<(), SyntaxError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fault(Fault::Number));
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    pub(crate) fn word(&mut self, word: &'static [u8]) -> Result<Span, SyntaxError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.fault(Fault::Unexpected("expected a value")));
        }
        let start = self.at as u32;
        self.at += word.len();
        Ok(Span { start, end: self.at as u32 })
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(crate) fn fault(&self, fault: Fault) -> SyntaxError {
        SyntaxError { fault, offset: self.at }
    }
}

/// How many bytes stand before the first quote, backslash or control character: eight
/// are looked at in one go, for most of a body is names and strings.
#[inline]
pub(super) fn plain_length(text: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    const HIGH: u64 = ONES << 7;
    // The high bit of the lowest byte that is zero, or less than 32, and of none below it.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let control = |word: u64| word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    let mut length = 0;
    while let Some(chunk) = text[length..].first_chunk() {
        let word = u64::from_le_bytes(*chunk);
        let found = zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5C)) | control(word);
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += chunk.len();
    }
    let rest = &text[length..];
    length + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte, at every place of a word, behind every other byte.
    #[test]
    fn plain_text_is_as_long_as_byte_by_byte() {
        for before in 0..=u8::MAX {
            for byte in 0..=u8::MAX {
                let mut text = [b'x'; 20];
                let at = usize::from(before ^ byte) % 16;
                (text[at], text[at + 1]) = (before, byte);
                let expected = text.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(20);
                assert_eq!(plain_length(&text), expected, "{text:?}");
            }
        }
    }
}
