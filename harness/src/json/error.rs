//! Why a text is not JSON, and where.

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing but white space.
    Empty,
    /// A byte order mark before the text (RFC 8259, 8.1, forbids writing one).
    ByteOrderMark,
    /// Bytes that are not UTF-8.
    Utf8,
    /// The text ends inside a value.
    UnexpectedEnd,
    /// A byte that cannot stand here; the text says what was expected.
    Unexpected(&'static str),
    /// A control character in a string that is not escaped.
    ControlCharacter,
    /// A backslash that begins no escape.
    Escape,
    /// A number not written as RFC 8259, section 6, has it.
    Number,
    /// Text after the value.
    TrailingText,
    /// More containers inside one another than the reader was told to follow.
    Depth,
    /// More than 4 GiB.
    TooLong,
    /// More values than the reader was told to follow.
    TooMany,
}

/// A text that is not JSON by RFC 8259.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} at byte {offset}", fault.describe())]
pub struct SyntaxError {
    /// What is wrong.
    pub fault: Fault,
    /// Position of the first byte that is wrong; the length of the text where
    /// it ends too early.
    pub offset: usize,
}

impl Fault {
    /// The fault in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Empty => "the text is empty",
            Self::ByteOrderMark => "the text begins with a byte order mark",
            Self::Utf8 => "the text is not UTF-8",
            Self::UnexpectedEnd => "the text ends before the value is complete",
            Self::Unexpected(expected) => expected,
            Self::ControlCharacter => "a control character in a string is not escaped",
            Self::Escape => "a backslash begins no escape of JSON",
            Self::Number => "a number is not written as JSON has it",
            Self::TrailingText => "there is text after the value",
            Self::Depth => "containers are nested too deeply",
            Self::TooLong => "the text is longer than 4 GiB",
            Self::TooMany => "there are too many values",
        }
    }
}
