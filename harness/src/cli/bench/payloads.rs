//! The documents that are measured, in sets: one for each word of the command line.
//! All of them are in memory, and looked at once, before anything is measured.

use std::io;
use std::ops::Range;

use super::generated::generated;
use super::input::{self, Piped};
use crate::check::Checker;
use crate::cli::check::{Body, Source, bodies, sources};
use crate::cli::exit::Failure;
use crate::contract::OperationKind;
use crate::json::{Layout, Tree, read_into};
use crate::model::{ModelError, Policy};

/// Bytes of documents that are held.
const MOST: usize = 256 << 20;

/// The documents of one word of the command line, or of one class of generated bodies.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) is_generated: bool,
    /// Which ones they are.
    pub(super) documents: Range<usize>,
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// The source that it stands in, and the line at which it begins there, from 1 on.
    pub(super) source: String,
    pub(super) line: usize,
    pub(super) bytes: Vec<u8>,
    /// Index of the contract that it is validated against.
    pub(super) contract: usize,
    pub(super) kind: Kind,
}

/// What a document is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The typed model takes it.
    Policy,
    /// JSON that the model refuses, and why.
    Refused(ModelError),
    /// No JSON, and why: nothing of it is measured, because a reader stops where it
    /// sees that.
    NoJson(ModelError),
}

impl Document {
    /// The line and the column of its source where the model met this fault, both
    /// from 1, as editors count.
    pub(super) fn place_of(&self, error: &ModelError) -> (usize, usize) {
        (self.line - 1 + error.line(), error.column().max(1))
    }
}

/// What is measured.
#[derive(Debug)]
pub(super) struct Payloads {
    pub(super) sets: Vec<Set>,
    /// Those of all sets, in their order.
    pub(super) documents: Vec<Document>,
    /// Something that a person should know of where they come from.
    pub(super) note: Option<String>,
}

impl Payloads {
    /// What the command line names, what is piped in, or else generated bodies. The
    /// checker tells which contract a body is meant for.
    pub(super) fn of(words: &[String], checker: Checker<'_>) -> Result<Self, Failure> {
        let payloads = Self { sets: Vec::new(), documents: Vec::new(), note: None };
        let mut reader = Reader { checker, tree: Tree::new(), payloads, left: MOST, is_cut: false };
        if words.is_empty() {
            reader.unnamed()?;
        }
        for word in words {
            reader.word(word)?;
        }
        if reader.is_cut {
            reader.payloads.note = Some(format!("documents beyond the first {} MiB are left out", MOST >> 20));
        }
        Ok(reader.payloads)
    }
}

/// Reads documents, and looks at each.
struct Reader<'c> {
    checker: Checker<'c>,
    tree: Tree,
    payloads: Payloads,
    /// Bytes that may still be held.
    left: usize,
    is_cut: bool,
}

impl Reader<'_> {
    /// What is piped in, or else generated bodies.
    fn unnamed(&mut self) -> Result<(), Failure> {
        match input::wait() {
            Piped::Text => return self.word("-"),
            Piped::Nothing => {}
            Piped::Late => {
                self.payloads.note = Some("standard input was silent and is not waited for; name - to wait".to_owned());
            }
        }
        let Some(contract) = self.checker.contracts().first() else { return Ok(()) };
        for (name, bodies) in generated(contract) {
            self.begin(name.to_owned(), true);
            bodies.into_iter().for_each(|bytes| self.document(name, 1, bytes));
        }
        Ok(())
    }

    /// Reads what a word of the command line stands for.
    fn word(&mut self, word: &str) -> Result<(), Failure> {
        self.begin(if word == "-" { Source::Input.name() } else { word.to_owned() }, false);
        for source in sources(word) {
            let source = source.map_err(Failure::usage)?;
            let read = bodies(&source, &mut |body| self.body(body));
            if self.is_cut {
                break;
            }
            read.map_err(|error| Failure::usage(format!("cannot read {}: {error}", source.name())))?;
        }
        Ok(())
    }

    fn begin(&mut self, name: String, is_generated: bool) {
        let next = self.payloads.documents.len();
        self.payloads.sets.push(Set { name, is_generated, documents: next..next });
    }

    fn body(&mut self, body: Body<'_>) -> io::Result<()> {
        let is_elsewhere = body.bytes.is_empty() || body.bytes.trim_ascii_start().starts_with(b"< ");
        if body.request.is_some() && is_elsewhere {
            return Ok(());
        }
        let Some(left) = self.left.checked_sub(body.bytes.len()) else {
            self.is_cut = true;
            return Err(io::Error::other("there is more than is held"));
        };
        self.left = left;
        self.document(body.source, body.line, body.bytes.to_vec());
        Ok(())
    }

    /// Looks at a document, and puts it into the last set.
    fn document(&mut self, source: &str, line: usize, bytes: Vec<u8>) {
        let kind = match Policy::from_slice(&bytes) {
            Ok(_) => Kind::Policy,
            Err(error) if read_into(&bytes, &mut self.tree, Layout::Drop, usize::MAX).is_ok() => Kind::Refused(error),
            Err(error) => Kind::NoJson(error),
        };
        let meant = self.checker.check(&bytes, OperationKind::Create).contract;
        let contract = self.checker.contracts().iter().position(|one| std::ptr::eq(*one, meant)).unwrap_or_default();
        self.payloads.documents.push(Document { source: source.to_owned(), line, bytes, contract, kind });
        if let Some(set) = self.payloads.sets.last_mut() {
            set.documents.end += 1;
        }
    }
}
