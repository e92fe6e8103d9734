//! What a report of `check` is told, and how it ends. Each form of report is one
//! implementation, chosen once; a body is told as soon as it is checked, so that
//! nothing is kept however many there are.

use std::io;

use super::bodies::Body;
use crate::check::{Checked, Severity, Violation};
use crate::contract::OperationKind;

/// A body that was checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'t> {
    pub(super) body: Body<'t>,
    pub(super) operation: OperationKind,
    pub(super) checked: &'t Checked<'t>,
    /// Violations as they stand in the source, those of the request's first line
    /// among them.
    pub(super) violations: &'t [Violation],
    /// None of them counts at the chosen level.
    pub(super) is_ok: bool,
}

/// How often something was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) sources: usize,
    pub(super) bodies: usize,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) notes: usize,
    /// Sources that could not be read, and bodies that were not read to their end.
    pub(super) unread: usize,
    /// Requests that are sent elsewhere.
    pub(super) passed_over: usize,
}

impl Tally {
    pub(super) fn add(&mut self, told: &Told<'_>) {
        self.bodies += 1;
        for violation in told.violations {
            match violation.severity() {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
        self.unread += usize::from(told.checked.stopped.is_some());
    }

    /// What was found since.
    pub(super) fn since(&self, before: &Self) -> Self {
        Self {
            sources: self.sources - before.sources,
            bodies: self.bodies - before.bodies,
            errors: self.errors - before.errors,
            warnings: self.warnings - before.warnings,
            notes: self.notes - before.notes,
            unread: self.unread - before.unread,
            passed_over: self.passed_over - before.passed_over,
        }
    }
}

/// A form of report.
pub(super) trait Report {
    /// A body was checked.
    fn body(&mut self, told: &Told<'_>) -> io::Result<()>;

    /// A source is at its end, with so much found in it.
    fn source(&mut self, _name: &str, _found: &Tally) -> io::Result<()> {
        Ok(())
    }

    /// A source could not be read.
    fn unreadable(&mut self, name: &str, why: &str) -> io::Result<()>;

    /// All is told.
    fn end(&mut self, tally: &Tally) -> io::Result<()>;
}

/// How the command line calls an operation.
pub(super) fn operation_name(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Add => "add",
        OperationKind::Replace => "update",
        _ => "create",
    }
}
