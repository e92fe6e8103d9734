//! What can be wrong with a baseline: people write it, so a fault says in which
//! file and line it is, and what to do.

/// A fault in a baseline: which file, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct BaselineError {
    file: String,
    line: usize,
    what: String,
}

impl BaselineError {
    /// A fault at an offset of the text; at its beginning where none is known.
    pub(super) fn at(file: &str, text: &str, offset: Option<usize>, what: impl Into<String>) -> Self {
        let before = text.as_bytes().get(..offset.unwrap_or(0)).unwrap_or_default();
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        Self { file: file.to_owned(), line, what: what.into() }
    }
}
