//! What is left, told from a ledger: from its file, or from one entry after the
//! other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::entry::{Entry, Header};

/// What a run left in its target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Ids of policies that it created.
    pub policies: BTreeSet<String>,
    /// Creates of which nobody knows what came, by mark; how many of each.
    pub pending: BTreeMap<String, usize>,
    /// Objects whose policy it overwrote: what can be put back, where there is
    /// something.
    pub overwritten: BTreeMap<String, Option<String>>,
}

impl Remains {
    /// Takes in an entry.
    pub fn note(&mut self, entry: Entry) {
        match entry {
            Entry::Creating(mark) => *self.pending.entry(mark).or_default() += 1,
            Entry::Refused(mark) => self.settle(&mark),
            Entry::Created { id, mark } => {
                self.settle(&mark);
                self.policies.insert(id);
            }
            Entry::Deleted(id) => {
                self.policies.remove(&id);
            }
            Entry::Overwriting { id, policy } => {
                self.overwritten.entry(id).or_insert_with(|| policy.map(|policy| policy.get().to_owned()));
            }
            Entry::Restored(id) => {
                self.overwritten.remove(&id);
            }
        }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.pending.is_empty() && self.overwritten.is_empty()
    }

    fn settle(&mut self, mark: &str) {
        if let Some(count) = self.pending.get_mut(mark) {
            *count -= 1;
            if *count == 0 {
                self.pending.remove(mark);
            }
        }
    }
}

/// Why a ledger cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file.
    #[error("cannot read the ledger {path}: {why}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        why: io::Error,
    },
    /// A line of it.
    #[error("{path}:{line}: this is no line of a ledger: {why}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1 on.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

/// Reads a ledger. A last line that was cut off while it was written says nothing.
///
/// # Errors
/// The file cannot be read, or a line is none of a ledger.
pub fn read(path: &Path) -> Result<(Header, Remains), LedgerError> {
    let text = fs::read_to_string(path).map_err(|why| LedgerError::File { path: path.to_owned(), why })?;
    let fault = |line: usize, why: String| LedgerError::Line { path: path.to_owned(), line: line + 1, why };
    let mut lines = text.split_inclusive('\n').enumerate().filter(|(_, line)| line.ends_with('\n'));
    let Some((_, first)) = lines.next() else { return Err(fault(0, "the file has no whole line".to_owned())) };
    let header: Header = serde_json::from_str(first).map_err(|error| fault(0, error.to_string()))?;
    if header.ledger != super::book::VERSION {
        return Err(fault(
            0,
            format!("version {} of the format is not known; use a later policy-harness", header.ledger),
        ));
    }
    let mut remains = Remains::default();
    for (number, line) in lines {
        remains.note(serde_json::from_str(line).map_err(|error| fault(number, error.to_string()))?);
    }
    Ok((header, remains))
}
