//! Places in a text as editors count them: lines and columns.

use std::ops::Range;

/// A range of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceSpan {
    /// First byte, from 0 on.
    pub offset: usize,
    /// Bytes.
    pub length: usize,
    /// Line of the first byte, from 1 on. Lines end with a line feed.
    pub line: usize,
    /// Column of the first byte in Unicode code points, from 1 on.
    pub column: usize,
    /// Line of the byte behind the range.
    pub end_line: usize,
    /// Column of the byte behind the range.
    pub end_column: usize,
}

impl SourceSpan {
    /// The range in bytes.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.length
    }

    /// The range in a text in which this one begins at byte `offset` in line `line`,
    /// which is a line of its own.
    #[must_use]
    pub fn moved(self, offset: usize, line: usize) -> Self {
        let lines = line.saturating_sub(1);
        Self { offset: self.offset + offset, line: self.line + lines, end_line: self.end_line + lines, ..self }
    }
}

/// Counts lines and columns while it walks through a text once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t [u8],
    /// Bytes of a byte order mark, which takes no column.
    mark: usize,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let mark = b"\xEF\xBB\xBF";
        let mark = if text.starts_with(mark) { mark.len() } else { 0 };
        Self { text, mark, offset: 0, line: 1, column: 1 }
    }

    /// The span of a range that begins no earlier than the one before.
    pub(super) fn span(&mut self, range: &Range<usize>) -> SourceSpan {
        self.advance(range.start);
        let mut end = *self;
        end.advance(range.end);
        SourceSpan {
            offset: range.start,
            length: range.end.saturating_sub(range.start),
            line: self.line,
            column: self.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    fn advance(&mut self, to: usize) {
        let to = to.min(self.text.len());
        let passed = self.text.get(self.offset.max(self.mark)..to).unwrap_or_default();
        for &byte in passed {
            if byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xC0 != 0x80 {
                self.column += 1;
            }
        }
        self.offset = self.offset.max(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_takes_no_column_and_is_in_the_first() {
        let mut cursor = Cursor::new(b"\xEF\xBB\xBF{}");
        let mark = cursor.span(&(0..3));
        assert_eq!((mark.line, mark.column, mark.end_column), (1, 1, 1));
        let body = cursor.span(&(3..5));
        assert_eq!((body.line, body.column, body.end_column), (1, 1, 3));
    }

    #[test]
    fn columns_count_characters_and_lines_end_with_a_line_feed() {
        let text = "é{\r\n\t\"ü\":1}".as_bytes();
        let mut cursor = Cursor::new(text);
        let span = cursor.span(&(2..3));
        assert_eq!((span.line, span.column, span.end_column), (1, 2, 3));
        let span = cursor.span(&(6..10));
        assert_eq!((span.line, span.column, span.end_line, span.end_column), (2, 2, 2, 5));
        assert_eq!(span.range(), 6..10);
        let moved = span.moved(100, 7);
        assert_eq!((moved.offset, moved.line, moved.end_line, moved.column), (106, 8, 8, 2));
        let behind = cursor.span(&(50..60));
        assert_eq!((behind.line, behind.column), (2, 8), "behind the end is the end");
    }
}
