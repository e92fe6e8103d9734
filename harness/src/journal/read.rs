//! A journal as it is read again: line by line, so that its length does not
//! matter. The last line may be torn, for the run may have been killed while it
//! was written; any other that is not whole means that the file was damaged.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::form::FormError;
use super::line::{self, Line, RunLine, VERSION};
use crate::campaign::ToldError;

/// A line that is longer is none of a journal.
const LONGEST: u64 = 64 << 20;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file.
    #[error("cannot read the journal {path}: {why}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        why: io::Error,
    },
    /// A line of it.
    #[error("{path}:{line}: the journal cannot be used: {why}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1 on.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
}

/// A journal that is read.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    lines: BufReader<File>,
    run: RunLine,
    text: Vec<u8>,
    number: u64,
    /// Bytes of the lines that were whole.
    whole: u64,
}

impl Reader {
    /// Opens a journal and reads its first line.
    ///
    /// # Errors
    /// The file cannot be read, is no journal, or one of another version.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let file = File::open(path).map_err(|why| JournalError::File { path: path.to_owned(), why })?;
        let run = RunLine {
            journal: 0,
            version: String::new(),
            run: String::new(),
            seed: 0,
            arguments: Vec::new(),
            rules: Vec::new(),
        };
        let lines = BufReader::with_capacity(256 << 10, file);
        let mut reader = Self { path: path.to_owned(), lines, run, text: Vec::new(), number: 0, whole: 0 };
        match reader.next_line()? {
            Some(Line::Run(run)) => reader.run = run,
            Some(_) => return Err(reader.fault("its first line does not say which run it is")),
            None => return Err(reader.fault("it has no first line")),
        }
        let (version, of) = (env!("CARGO_PKG_VERSION"), &reader.run);
        if of.journal != VERSION || of.version != version {
            let why =
                format!("it was written by version {} and this is {version}, which makes other cases", of.version);
            return Err(reader.fault(&why));
        }
        Ok(reader)
    }

    /// Which run it is.
    pub fn run(&self) -> &RunLine {
        &self.run
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the lines that were read so far.
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// The next line; none where the whole ones end.
    ///
    /// # Errors
    /// The file cannot be read, or a line in its middle is not whole.
    pub fn next_line(&mut self) -> Result<Option<Line>, JournalError> {
        self.text.clear();
        let read = io::Read::take(&mut self.lines, LONGEST).read_until(b'\n', &mut self.text);
        let count = read.map_err(|why| JournalError::File { path: self.path.clone(), why })?;
        if count == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = self.text.last() == Some(&b'\n');
        let line = line::read(self.text.strip_suffix(b"\n").unwrap_or(&self.text));
        match line {
            Ok(line) if is_whole => {
                self.whole += count as u64;
                Ok(Some(line))
            }
            // The first line was never torn: it is written before anything is sent.
            Err(why) if !self.is_last()? || self.number == 1 => Err(self.fault(&why)),
            _ => Ok(None),
        }
    }

    /// What is wrong with the line that was read last.
    pub fn fault(&self, why: &str) -> JournalError {
        JournalError::Line { path: self.path.clone(), line: self.number.max(1), why: why.to_owned() }
    }

    /// The same for what a line tells.
    pub fn untold(&self, why: &ToldError) -> JournalError {
        self.fault(&why.to_string())
    }

    /// The same for a name in it.
    pub fn unformed(&self, why: &FormError) -> JournalError {
        self.fault(&why.to_string())
    }

    fn is_last(&mut self) -> Result<bool, JournalError> {
        let path = &self.path;
        let rest = self.lines.fill_buf().map_err(|why| JournalError::File { path: path.clone(), why })?;
        Ok(rest.is_empty())
    }
}
