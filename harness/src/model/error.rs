//! Why a payload could not be read: where, and what.

use serde_json::error::Category;

/// The longest text of a fault, in bytes; serde quotes whole values.
const LONGEST: usize = 200;

/// A payload that is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what} (line {line}, column {column})", self.place())]
pub struct ModelError {
    kind: FaultKind,
    path: String,
    line: usize,
    column: usize,
    what: String,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The text is not JSON.
    Syntax,
    /// The text is JSON and does not fit the types.
    Data,
}

impl ModelError {
    pub(super) fn new(kind: FaultKind, path: String, at: (usize, usize), what: String) -> Self {
        ModelError { kind, path, line: at.0, column: at.1, what }
    }

    /// A fault of a text that stands alone, or of writing.
    pub(super) fn of_text(error: &serde_json::Error) -> Self {
        ModelError::new(FaultKind::of(error), String::new(), (error.line(), error.column()), what(error))
    }

    /// Whether the text is not JSON, or does not fit the types.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The place, such as `requestApprovalSettings.stages[0].primaryApprovers[1].userId`;
    /// empty at the root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in bytes: where the value begins that does not fit, or how
    /// much of the line serde_json had read when it met a syntax fault.
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong there.
    pub fn what(&self) -> &str {
        &self.what
    }

    fn place(&self) -> &str {
        if self.path.is_empty() { "at the root" } else { &self.path }
    }
}

impl FaultKind {
    pub(super) fn of(error: &serde_json::Error) -> Self {
        match error.classify() {
            Category::Syntax | Category::Eof => FaultKind::Syntax,
            Category::Data | Category::Io => FaultKind::Data,
        }
    }
}

/// The text of an error without its position, and not too long.
pub(super) fn what(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    if text.ends_with(&position) {
        text.truncate(text.len() - position.len());
    }
    if text.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|&at| text.is_char_boundary(at));
        text.truncate(cut.unwrap_or_default());
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_is_told_once() {
        let error = serde_json::from_str::<bool>("\n 5").unwrap_err();
        assert_eq!(what(&error), "invalid type: integer `5`, expected a boolean");
        let error = ModelError::of_text(&error);
        assert_eq!(error.kind(), FaultKind::Data);
        assert_eq!((error.line(), error.column(), error.path()), (2, 2, ""));
        assert_eq!(error.to_string(), "at the root: invalid type: integer `5`, expected a boolean (line 2, column 2)");
    }

    #[test]
    fn a_long_value_is_cut() {
        let text = serde_json::to_string(&"é".repeat(500)).unwrap();
        let error = serde_json::from_str::<bool>(&text).unwrap_err();
        let text = what(&error);
        assert!(text.len() < LONGEST + 8 && text.ends_with('…'));
    }
}
