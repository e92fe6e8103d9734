//! A rule that a body breaks, as a person is told of it.

use std::fmt;

use super::span::SourceSpan;
use crate::contract::Level;
use crate::json::Pointer;

/// What a violation means for whoever sends the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A point that the contract leaves open: it may be refused.
    Note,
    /// It should be refused, and need not be.
    Warning,
    /// It must be refused.
    Error,
}

impl Severity {
    /// In a word: error, warning or note.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Must => Self::Error,
            Level::Should => Self::Warning,
            Level::Unspecified => Self::Note,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rule that a body breaks, or a point it touches that the contract leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Id of the rule, `body/value/enum-member`.
    pub rule: Box<str>,
    /// Level of the rule.
    pub level: Level,
    /// Where the rule stands: document and section.
    pub citations: Vec<Box<str>>,
    /// The value, or the place where one is missing.
    pub pointer: Pointer,
    /// What to look at in the text.
    pub span: SourceSpan,
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// What may stand there.
    pub expected: Option<String>,
    /// What stands there.
    pub found: Option<String>,
    /// What to write instead.
    pub suggestion: Option<String>,
    /// What else is known of such bodies.
    pub note: Option<Box<str>>,
}

impl Violation {
    /// What it means for whoever sends the body.
    pub fn severity(&self) -> Severity {
        self.level.into()
    }
}
