//! What can be wrong with the files of a contract. A contract is written by
//! people, so every fault says in which file and line it is and what to do.

/// A fault in the files of a contract: which file, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}", place(file, line))]
pub struct ContractError {
    file: String,
    line: Option<usize>,
    what: String,
}

impl ContractError {
    /// A fault of a whole file.
    pub(super) fn in_file(file: &str, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, what: what.into() }
    }

    /// The file that is at fault.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Its line, counted from 1, where the fault has one.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// What is wrong, and what to do.
    pub fn what(&self) -> &str {
        &self.what
    }
}

/// A line of a file, kept beside what was read there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'t> {
    /// Name of the file.
    pub(super) file: &'t str,
    /// Line, counted from 1.
    pub(super) line: usize,
}

impl<'t> Place<'t> {
    /// The line in which `offset` lies.
    pub(super) fn at_offset(file: &'t str, text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
        Self { file, line: 1 + newlines(before) }
    }

    /// A fault in this line.
    pub(super) fn fault(&self, what: impl Into<String>) -> ContractError {
        ContractError { file: self.file.to_owned(), line: Some(self.line), what: what.into() }
    }
}

/// How many lines end in `bytes`.
pub(super) fn newlines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n').count()
}

fn place(file: &str, line: &Option<usize>) -> String {
    match line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}
