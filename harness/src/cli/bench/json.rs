//! For programs: a JSON object for each set of documents and for all, one a line.

use std::io::{self, Write};

use serde::Serialize;

use super::figures::Figures;
use super::outcome::{Group, GroupKind, Outcome};
use super::payloads::{Document, Kind};
use crate::model::ModelError;

/// Form of the objects; a new member does not change it.
const SCHEMA: &str = "policy-harness/bench/1";

#[derive(Serialize)]
struct Line<'o> {
    schema: &'static str,
    kind: &'o str,
    file: Option<&'o str>,
    documents: usize,
    bytes: usize,
    contracts: Vec<&'o str>,
    build: &'static str,
    seconds: f64,
    interrupted: bool,
    stages: Vec<Row>,
    refused: Vec<Unmeasured<'o>>,
    no_json: Vec<Unmeasured<'o>>,
}

/// A stage. Times are in nanoseconds; what the allocator is asked for is a mean.
#[derive(Serialize)]
struct Row {
    stage: &'static str,
    documents: usize,
    bytes: usize,
    rounds: usize,
    batch: u32,
    mb_per_second: f64,
    documents_per_second: f64,
    p50_ns: f64,
    p99_ns: f64,
    allocations: Option<f64>,
    allocated_bytes: Option<f64>,
}

/// A document that not every stage could take: the place of the fault in its source, and
/// in the model.
#[derive(Serialize)]
struct Unmeasured<'o> {
    file: &'o str,
    line: usize,
    column: usize,
    path: &'o str,
    error: &'o str,
}

/// Writes all groups.
pub(super) fn outcome(outcome: &Outcome<'_>, mut out: impl Write) -> io::Result<()> {
    for group in outcome.groups() {
        serde_json::to_writer(&mut out, &line(&group, outcome))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn line<'o>(group: &Group<'o>, outcome: &Outcome<'o>) -> Line<'o> {
    let (kind, file) = match group.kind {
        GroupKind::Named => ("file", Some(group.name)),
        GroupKind::Generated => (group.name, None),
        GroupKind::Total => ("total", None),
    };
    Line {
        schema: SCHEMA,
        kind,
        file,
        documents: group.documents.len(),
        bytes: group.documents.iter().map(|document| document.bytes.len()).sum(),
        contracts: outcome.contracts_of(group.documents),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        seconds: outcome.time.as_secs_f64(),
        interrupted: outcome.is_interrupted,
        stages: group.figures.iter().map(|(stage, figures)| row(stage.name(), figures)).collect(),
        refused: unmeasured(group, |kind| if let Kind::Refused(error) = kind { Some(error) } else { None }),
        no_json: unmeasured(group, |kind| if let Kind::NoJson(error) = kind { Some(error) } else { None }),
    }
}

fn row(stage: &'static str, figures: &Figures) -> Row {
    Row {
        stage,
        documents: figures.documents,
        bytes: figures.bytes,
        rounds: figures.rounds,
        batch: figures.batch,
        mb_per_second: rounded(figures.megabytes_a_second()),
        documents_per_second: rounded(figures.documents_a_second()),
        p50_ns: rounded(figures.p50 * 1e9),
        p99_ns: rounded(figures.p99 * 1e9),
        allocations: figures.allocated.map(|(requests, _)| rounded(requests)),
        allocated_bytes: figures.allocated.map(|(_, bytes)| rounded(bytes)),
    }
}

/// More digits than were measured are of no use.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn unmeasured<'o>(group: &Group<'o>, why: impl Fn(&Kind) -> Option<&ModelError>) -> Vec<Unmeasured<'o>> {
    let of = |document: &'o Document| {
        let error = why(&document.kind)?;
        let (line, column) = document.place_of(error);
        Some(Unmeasured { file: &document.source, line, column, path: error.path(), error: error.what() })
    };
    group.documents.iter().filter_map(of).collect()
}
