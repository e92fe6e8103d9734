//! For programs: a JSON object for each body, one a line.

use std::io::{self, Write};

use serde::Serialize;

use super::report::{Report, Tally, Told, operation_name};
use crate::check::{Detected, Violation};
use crate::contract::Level;
use crate::json::Pointer;

/// Form of the objects; a new member does not change it.
const SCHEMA: &str = "policy-harness/check/1";

/// Writes JSON objects.
pub(super) struct Json<W> {
    out: W,
}

impl<W: Write> Json<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Line<'t> {
    schema: &'static str,
    file: &'t str,
    /// Line of the source at which the body begins, where the source has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<&'t str>,
    detected: Option<LooksLike<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    ok: bool,
    /// Why the body was not read, or not to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'t str>,
    violations: Vec<Row<'t>>,
    #[serde(skip_serializing_if = "is_zero")]
    dropped: usize,
}

#[derive(Serialize)]
struct LooksLike<'t> {
    contract: &'t str,
    mixed: bool,
    members: Members<'t>,
}

/// How many members belong to each contract alone.
struct Members<'t>(&'t Detected);

impl Serialize for Members<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.members.iter().map(|(name, count)| (&**name, count)))
    }
}

#[derive(Serialize)]
struct Row<'t> {
    rule: &'t str,
    level: Level,
    severity: &'static str,
    #[serde(serialize_with = "as_text")]
    pointer: &'t Pointer,
    line: usize,
    column: usize,
    offset: usize,
    length: usize,
    message: &'t str,
    expected: Option<&'t str>,
    found: Option<&'t str>,
    suggestion: Option<&'t str>,
    note: Option<&'t str>,
    citations: &'t [Box<str>],
}

impl<'t> Row<'t> {
    fn of(violation: &'t Violation) -> Self {
        Self {
            rule: &violation.rule,
            level: violation.level,
            severity: violation.severity().name(),
            pointer: &violation.pointer,
            line: violation.span.line,
            column: violation.span.column,
            offset: violation.span.offset,
            length: violation.span.length,
            message: &violation.message,
            expected: violation.expected.as_deref(),
            found: violation.found.as_deref(),
            suggestion: violation.suggestion.as_deref(),
            note: violation.note.as_deref(),
            citations: &violation.citations,
        }
    }
}

/// A JSON Pointer as RFC 6901 writes it.
fn as_text<S: serde::Serializer>(pointer: &&Pointer, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(pointer)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over like this")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl<W: Write> Report for Json<W> {
    fn body(&mut self, told: &Told<'_>) -> io::Result<()> {
        let checked = told.checked;
        let stopped = checked.stopped.map(|place| {
            format!("line {}, column {}: the body has more values than are read", place.line, place.column)
        });
        let detected = checked.detected.as_ref();
        self.line(&Line {
            schema: SCHEMA,
            file: told.body.source,
            line: told.body.is_one_of_many.then_some(told.body.line),
            contract: Some(&checked.contract.name),
            detected: detected.map(|detected| LooksLike {
                contract: detected.members.get(detected.likeliest()).map_or("", |(name, _)| name),
                mixed: detected.is_mixed(),
                members: Members(detected),
            }),
            operation: Some(operation_name(told.operation)),
            ok: told.is_ok,
            error: stopped.as_deref(),
            violations: told.violations.iter().map(Row::of).collect(),
            dropped: checked.dropped.count,
        })
    }

    fn unreadable(&mut self, name: &str, why: &str) -> io::Result<()> {
        self.line(&Line {
            schema: SCHEMA,
            file: name,
            line: None,
            contract: None,
            detected: None,
            operation: None,
            ok: false,
            error: Some(why),
            violations: Vec::new(),
            dropped: 0,
        })
    }

    fn end(&mut self, _tally: &Tally) -> io::Result<()> {
        self.out.flush()
    }
}
