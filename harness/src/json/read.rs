//! A strict reader of JSON (RFC 8259): what it accepts is JSON, what it refuses
//! is not, and a refusal names the byte. It keeps no recursion, so nesting is
//! bounded only by what the caller allows.

use super::error::{Fault, SyntaxError};
use super::nesting::Nesting;
use super::scan::Scanner;
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
    /// Bytes of a body for each of its values, more or less.
    const BYTES_A_VALUE: usize = 16;
    tree.text.extend_from_slice(text);
    tree.nodes.reserve(text.len() / BYTES_A_VALUE + 1);
    Reader { scanner: Scanner::new(text), tree, keep: layout == Layout::Keep, limits, open: Nesting::new() }.document()
}

struct Reader<'t> {
    scanner: Scanner<'t>,
    tree: &'t mut Tree,
    keep: bool,
    limits: Limits,
    open: Nesting,
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
        if self.scanner.at == self.scanner.text.len() {
            return Err(SyntaxError { fault: Fault::Empty, offset: self.scanner.at });
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
        let Some(container) = self.open.last() else {
            return if self.scanner.at == self.scanner.text.len() {
                Ok(None)
            } else {
                Err(self.scanner.fault(Fault::TrailingText))
            };
        };
        let is_object = self.tree.kind(container) == ValueKind::Object;
        match self.scanner.peek() {
            Some(b',') => {
                self.scanner.at += 1;
                Ok(Some(if is_object { Next::Member } else { Next::Value }))
            }
            Some(b'}') if is_object => Ok(Some(self.close())),
            Some(b']') if !is_object => Ok(Some(self.close())),
            Some(_) if is_object => Err(self.scanner.fault(Fault::Unexpected("expected `,` or `}`"))),
            Some(_) => Err(self.scanner.fault(Fault::Unexpected("expected `,` or `]`"))),
            None => Err(self.scanner.fault(Fault::UnexpectedEnd)),
        }
    }

    fn close(&mut self) -> Next {
        self.scanner.at += 1;
        let end = self.scanner.at as u32;
        let node = self.open.pop().unwrap_or(NodeId(0));
        self.tree.node_mut(node).text.end = end;
        Next::AfterValue(node)
    }

    /// A member from its name on.
    fn member(&mut self) -> Result<Next, SyntaxError> {
        let before_name = self.space();
        match self.scanner.peek() {
            Some(b'"') => {}
            Some(_) => {
                return Err(self.scanner.fault(Fault::Unexpected("expected a name in double quotes")));
            }
            None => return Err(self.scanner.fault(Fault::UnexpectedEnd)),
        }
        let (name, escaped) = self.scanner.string()?;
        let after_name = self.space();
        match self.scanner.peek() {
            Some(b':') => self.scanner.at += 1,
            Some(_) => return Err(self.scanner.fault(Fault::Unexpected("expected `:`"))),
            None => return Err(self.scanner.fault(Fault::UnexpectedEnd)),
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
        let start = self.scanner.at as u32;
        if self.tree.len() >= self.limits.values {
            return Err(self.scanner.fault(Fault::TooMany));
        }
        let (kind, text, escaped) = match self.scanner.peek() {
            Some(b'{') => (ValueKind::Object, Span { start, end: start }, false),
            Some(b'[') => (ValueKind::Array, Span { start, end: start }, false),
            Some(b'"') => {
                let (text, escaped) = self.scanner.string()?;
                (ValueKind::String, text, escaped)
            }
            Some(b'-' | b'0'..=b'9') => (ValueKind::Number, self.scanner.number()?, false),
            Some(b't') => (ValueKind::Boolean, self.scanner.word(b"true")?, false),
            Some(b'f') => (ValueKind::Boolean, self.scanner.word(b"false")?, false),
            Some(b'n') => (ValueKind::Null, self.scanner.word(b"null")?, false),
            Some(_) => return Err(self.scanner.fault(Fault::Unexpected("expected a value"))),
            None => return Err(self.scanner.fault(Fault::UnexpectedEnd)),
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
        if let Some(container) = self.open.last() {
            self.tree.append(container, node);
        }
        match kind {
            ValueKind::Object | ValueKind::Array => self.enter(node, kind),
            _ => Ok(Next::AfterValue(node)),
        }
    }

    /// From the opening bracket of a container to its first child or its end.
    fn enter(&mut self, node: NodeId, kind: ValueKind) -> Result<Next, SyntaxError> {
        if self.open.depth() + 1 >= self.limits.depth {
            return Err(self.scanner.fault(Fault::Depth));
        }
        self.scanner.at += 1;
        self.open.push(node);
        let mark = self.scanner.at;
        let inside = self.space();
        let close = if kind == ValueKind::Object { b'}' } else { b']' };
        if self.scanner.peek() == Some(close) {
            if self.keep && !inside.is_empty() {
                self.tree.spaces_mut(node).inside = inside;
            }
            return Ok(self.close());
        }
        self.scanner.at = mark;
        Ok(if kind == ValueKind::Object { Next::Member } else { Next::Value })
    }

    fn space(&mut self) -> Span {
        let start = self.scanner.at as u32;
        self.scanner.space();
        let end = self.scanner.at as u32;
        self.tree.is_spaced |= end > start;
        Span { start, end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
