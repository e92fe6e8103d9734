//! A strict reader of JSON (RFC 8259): what it accepts is JSON, what it refuses
//! is not, and a refusal names the byte. It keeps no recursion, so nesting is
//! bounded only by what the caller allows.

use super::error::{Fault, SyntaxError};
use super::tree::{NodeId, Span, Tree, ValueKind};

/// Whether the reader keeps white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Keep it: the tree writes the very bytes that were read.
    Keep,
    /// Leave it out: quicker, for a tree that is only looked at.
    Drop,
}

/// Reads a JSON text, white space kept, nesting without limit.
///
/// # Errors
/// The first fault, with its position.
pub fn read(text: &[u8]) -> Result<Tree, SyntaxError> {
    let mut tree = Tree::new();
    read_into(text, &mut tree, Layout::Keep, usize::MAX)?;
    Ok(tree)
}

/// Reads a JSON text into a tree that is used again. Containers may be nested
/// `max_depth - 1` deep.
///
/// # Errors
/// The first fault, with its position; the tree then holds what was read before it.
pub fn read_into(text: &[u8], tree: &mut Tree, layout: Layout, max_depth: usize) -> Result<(), SyntaxError> {
    read_within(text, tree, layout, Limits { depth: max_depth, values: usize::MAX })
}

/// How far a text is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Containers may be nested one less than this deep.
    pub depth: usize,
    /// Values, the containers among them. A value takes up to twenty times the
    /// memory of its text.
    pub values: usize,
}

/// The same with a limit on the number of values, for texts from strangers.
///
/// # Errors
/// The first fault, with its position; the tree then holds what was read before it.
pub fn read_within(text: &[u8], tree: &mut Tree, layout: Layout, limits: Limits) -> Result<(), SyntaxError> {
    tree.clear();
    if u32::try_from(text.len()).is_err() {
        return Err(SyntaxError { fault: Fault::TooLong, offset: 0 });
    }
    if text.starts_with(b"\xEF\xBB\xBF") {
        return Err(SyntaxError { fault: Fault::ByteOrderMark, offset: 0 });
    }
    if let Err(error) = std::str::from_utf8(text) {
        return Err(SyntaxError { fault: Fault::Utf8, offset: error.valid_up_to() });
    }
    tree.text.extend_from_slice(text);
    Reader { text, at: 0, tree, keep: layout == Layout::Keep, limits, open: Vec::new() }.document()
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    tree: &'t mut Tree,
    keep: bool,
    limits: Limits,
    open: Vec<NodeId>,
}

/// What the reader does next.
enum Next {
    Member,
    Value,
    AfterValue(NodeId),
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), SyntaxError> {
        let before = self.space();
        if self.at == self.text.len() {
            return Err(SyntaxError { fault: Fault::Empty, offset: self.at });
        }
        let mut next = self.value(before, Span::default(), None)?;
        self.tree.root = Some(NodeId(0));
        loop {
            next = match next {
                Next::Member => self.member()?,
                Next::Value => {
                    let before = self.space();
                    self.value(before, Span::default(), None)?
                }
                Next::AfterValue(node) => {
                    let after = self.space();
                    if self.keep && !after.is_empty() {
                        self.tree.spaces_mut(node).after = after;
                    }
                    match self.after_value()? {
                        Some(next) => next,
                        None => return Ok(()),
                    }
                }
            };
        }
    }

    /// Behind a value: a comma, the end of its container, or the end of the text.
    fn after_value(&mut self) -> Result<Option<Next>, SyntaxError> {
        let Some(&container) = self.open.last() else {
            return if self.at == self.text.len() { Ok(None) } else { Err(self.fault(Fault::TrailingText)) };
        };
        let is_object = self.tree.kind(container) == ValueKind::Object;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(Some(if is_object { Next::Member } else { Next::Value }))
            }
            Some(b'}') if is_object => Ok(Some(self.close())),
            Some(b']') if !is_object => Ok(Some(self.close())),
            Some(_) if is_object => Err(self.fault(Fault::Unexpected("expected `,` or `}`"))),
            Some(_) => Err(self.fault(Fault::Unexpected("expected `,` or `]`"))),
            None => Err(self.fault(Fault::UnexpectedEnd)),
        }
    }

    fn close(&mut self) -> Next {
        self.at += 1;
        let end = self.at as u32;
        let node = self.open.pop().unwrap_or(NodeId(0));
        self.tree.node_mut(node).text.end = end;
        Next::AfterValue(node)
    }

    /// A member from its name on.
    fn member(&mut self) -> Result<Next, SyntaxError> {
        let before_name = self.space();
        match self.peek() {
            Some(b'"') => {}
            Some(_) => {
                return Err(self.fault(Fault::Unexpected("expected a name in double quotes")));
            }
            None => return Err(self.fault(Fault::UnexpectedEnd)),
        }
        let (name, escaped) = self.string()?;
        let after_name = self.space();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.fault(Fault::Unexpected("expected `:`"))),
            None => return Err(self.fault(Fault::UnexpectedEnd)),
        }
        let before = self.space();
        self.value(before, before_name, Some((name, escaped, after_name)))
    }

    /// A value, and its place in the tree.
    fn value(
        &mut self,
        before: Span,
        before_name: Span,
        name: Option<(Span, bool, Span)>,
    ) -> Result<Next, SyntaxError> {
        let start = self.at as u32;
        if self.tree.len() >= self.limits.values {
            return Err(self.fault(Fault::TooMany));
        }
        let (kind, text, escaped) = match self.peek() {
            Some(b'{') => (ValueKind::Object, Span { start, end: start }, false),
            Some(b'[') => (ValueKind::Array, Span { start, end: start }, false),
            Some(b'"') => {
                let (text, escaped) = self.string()?;
                (ValueKind::String, text, escaped)
            }
            Some(b'-' | b'0'..=b'9') => (ValueKind::Number, self.number()?, false),
            Some(b't') => (ValueKind::Boolean, self.word(b"true")?, false),
            Some(b'f') => (ValueKind::Boolean, self.word(b"false")?, false),
            Some(b'n') => (ValueKind::Null, self.word(b"null")?, false),
            Some(_) => return Err(self.fault(Fault::Unexpected("expected a value"))),
            None => return Err(self.fault(Fault::UnexpectedEnd)),
        };
        let node = self.tree.push_node(kind, text, escaped);
        if let Some((name, name_escaped, after_name)) = name {
            let entry = self.tree.node_mut(node);
            (entry.name, entry.name_escaped, entry.has_name) = (name, name_escaped, true);
            if self.keep && !(before_name.is_empty() && after_name.is_empty()) {
                let spaces = self.tree.spaces_mut(node);
                (spaces.name_before, spaces.name_after) = (before_name, after_name);
            }
        }
        if self.keep && !before.is_empty() {
            self.tree.spaces_mut(node).before = before;
        }
        if let Some(&container) = self.open.last() {
            self.tree.append(container, node);
        }
        match kind {
            ValueKind::Object | ValueKind::Array => self.enter(node, kind),
            _ => Ok(Next::AfterValue(node)),
        }
    }

    /// From the opening bracket of a container to its first child or its end.
    fn enter(&mut self, node: NodeId, kind: ValueKind) -> Result<Next, SyntaxError> {
        if self.open.len() + 1 >= self.limits.depth {
            return Err(self.fault(Fault::Depth));
        }
        self.at += 1;
        self.open.push(node);
        let mark = self.at;
        let inside = self.space();
        let close = if kind == ValueKind::Object { b'}' } else { b']' };
        if self.peek() == Some(close) {
            if self.keep && !inside.is_empty() {
                self.tree.spaces_mut(node).inside = inside;
            }
            return Ok(self.close());
        }
        self.at = mark;
        Ok(if kind == ValueKind::Object { Next::Member } else { Next::Value })
    }

    fn space(&mut self) -> Span {
        let start = self.at as u32;
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        let end = self.at as u32;
        self.tree.is_spaced |= end > start;
        Span { start, end }
    }

    /// A string from its opening quote to behind its closing one; what stands
    /// between them, and whether that has escapes.
    fn string(&mut self) -> Result<(Span, bool), SyntaxError> {
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

    fn number(&mut self) -> Result<Span, SyntaxError> {
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

    fn word(&mut self, word: &'static [u8]) -> Result<Span, SyntaxError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.fault(Fault::Unexpected("expected a value")));
        }
        let start = self.at as u32;
        self.at += word.len();
        Ok(Span { start, end: self.at as u32 })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn fault(&self, fault: Fault) -> SyntaxError {
        SyntaxError { fault, offset: self.at }
    }
}

/// How many bytes stand before the first quote, backslash or control character: eight
/// are looked at in one go, for most of a body is names and strings.
fn plain_length(text: &[u8]) -> usize {
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

    #[test]
    fn what_is_read_is_written() {
        for text in [
            " { \"a\" : [ 1 , -0.5e+3 ,\"\\ud83d\" ] ,\"a\":{ } , \"\\u0061\": [ ] } ",
            "[]",
            "\t\"x\"\n",
            "-0",
            "[[[1],[]],{\"a\":{\"b\":null}}]",
        ] {
            assert_eq!(String::from_utf8(read(text.as_bytes()).unwrap().to_bytes()).unwrap(), text);
        }
    }

    #[test]
    fn faults_have_their_place() {
        for (text, offset) in [
            ("", 0),
            ("{", 1),
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("{\"a\" 1}", 5),
            ("[01]", 2),
            ("[1.]", 3),
            ("[+1]", 1),
            ("[NaN]", 1),
            ("\"\\x\"", 1),
            ("\"\\u12\"", 1),
            ("\"a\nb\"", 2),
            ("1 2", 2),
            ("'a'", 0),
            ("[1 2]", 3),
            ("{a:1}", 1),
            ("/**/1", 0),
            ("[1}", 2),
            ("tru", 0),
        ] {
            assert_eq!(read(text.as_bytes()).map(|_| ()).unwrap_err().offset, offset, "{text}");
        }
    }

    #[test]
    fn values_are_bounded_by_the_caller_alone() {
        let within =
            |values| read_within(b"[1,[2],3]", &mut Tree::new(), Layout::Drop, Limits { depth: usize::MAX, values });
        assert_eq!(within(5), Ok(()));
        assert_eq!(within(4), Err(SyntaxError { fault: Fault::TooMany, offset: 7 }));
    }

    #[test]
    fn nesting_is_bounded_by_the_caller_alone() {
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert_eq!(read(&deep).unwrap().to_bytes(), deep);
        let mut tree = Tree::new();
        let error = read_into(&deep, &mut tree, Layout::Drop, 100).unwrap_err();
        assert_eq!((error.fault, error.offset), (Fault::Depth, 99));
        assert!(read_into(b"[[1]]", &mut tree, Layout::Drop, 3).is_ok());
        assert!(read_into(b"[[1]]", &mut tree, Layout::Drop, 2).is_err());
    }
}
