//! For a person: a table for each set of documents, what could not be measured, and how
//! it was measured.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::figures::Figures;
use super::outcome::{Group, GroupKind, Outcome};
use super::payloads::{Document, Kind};
use crate::cli::check::shown;
use crate::report::{plural, thousands};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Documents of a set that are named; the rest is counted.
const NAMED: usize = 5;

/// Writes for a person.
pub(super) struct Human<W> {
    pub(super) out: W,
}

impl<W: Write> Human<W> {
    pub(super) fn outcome(mut self, outcome: &Outcome<'_>) -> io::Result<()> {
        let (version, seconds) = (env!("CARGO_PKG_VERSION"), outcome.time.as_secs_f64());
        writeln!(self.out, "{BOLD}policy-harness {version}{BOLD:#} · {seconds} s for each stage · one thread")?;
        if cfg!(debug_assertions) {
            self.warning("this is a debug build, whose figures mean little: build with --release")?;
        }
        if let Some(note) = &outcome.payloads.note {
            self.warning(note)?;
        }
        for group in outcome.groups() {
            self.group(&group, outcome)?;
        }
        self.method(outcome)?;
        if outcome.is_interrupted {
            self.warning("ended by Ctrl-C: figures of what was measured until then")?;
        }
        self.out.flush()
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{WARNING}warning{WARNING:#}: {text}")
    }

    fn group(&mut self, group: &Group<'_>, outcome: &Outcome<'_>) -> io::Result<()> {
        let documents = group.documents;
        let bytes = documents.iter().map(|document| document.bytes.len() as u64).sum();
        let each = if documents.len() == 1 { "" } else { " in all" };
        let origin = if group.kind == GroupKind::Generated { "generated, " } else { "" };
        let contracts = match outcome.contracts_of(documents).as_slice() {
            [] => String::new(),
            names => format!(", contract {}", names.join(" and ")),
        };
        writeln!(
            self.out,
            "\n{BOLD}{}{BOLD:#}: {origin}{}, {} bytes{each}{contracts}",
            shown(group.name.as_bytes()),
            plural(documents.len() as u64, "document"),
            thousands(bytes),
        )?;
        if !group.figures.is_empty() {
            let head = ["MB/s", "docs/s", "p50 µs", "p99 µs", "allocs", "bytes"];
            self.row(DIM, "", head.map(str::to_owned))?;
        }
        for (stage, figures) in &group.figures {
            self.row(Style::new(), stage.name(), cells(figures))?;
        }
        match group.kind {
            // Its parts have said it.
            GroupKind::Total => Ok(()),
            GroupKind::Named | GroupKind::Generated => self.unmeasured(documents),
        }
    }

    fn row(&mut self, style: Style, label: &str, cells: [String; 6]) -> io::Result<()> {
        let [bytes_rate, rate, p50, p99, allocations, bytes] = cells;
        let line = format!("  {label:<13}{bytes_rate:>8}{rate:>12}{p50:>11}{p99:>11}{allocations:>10}{bytes:>11}");
        writeln!(self.out, "{style}{line}{style:#}")
    }

    /// What the documents are that a stage or all stages could not take.
    fn unmeasured(&mut self, documents: &[Document]) -> io::Result<()> {
        let (mut refused, mut no_json) = (Vec::new(), Vec::new());
        for document in documents {
            match &document.kind {
                Kind::Policy => {}
                Kind::Refused(error) => refused.push((document, error)),
                Kind::NoJson(error) => no_json.push((document, error)),
            }
        }
        let all = documents.len();
        for (what, unmeasured) in
            [("refused by the model, only validated", refused), ("no JSON, not measured", no_json)]
        {
            if unmeasured.is_empty() {
                continue;
            }
            writeln!(self.out, "  {WARNING}{} of {all}{WARNING:#} {what}:", unmeasured.len())?;
            for (document, error) in unmeasured.iter().take(NAMED) {
                let ((line, column), path) = (document.place_of(error), error.path());
                let path = if path.is_empty() { String::new() } else { format!("{path}: ") };
                let text = format!("{}:{line}:{column}: {path}{}", document.source, error.what());
                writeln!(self.out, "    {}", shown(text.as_bytes()))?;
            }
            if let Some(more) = unmeasured.len().checked_sub(NAMED).filter(|more| *more > 0) {
                writeln!(self.out, "    and {}", thousands(more as u64) + " more")?;
            }
        }
        Ok(())
    }

    /// How it was measured.
    fn method(&mut self, outcome: &Outcome<'_>) -> io::Result<()> {
        let all = outcome.stages.iter().filter_map(|(_, series)| Figures::of(series.iter()));
        let Some((rounds, batch)) =
            all.map(|one| (one.rounds, one.batch)).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
        else {
            return Ok(());
        };
        writeln!(
            self.out,
            "\n{DIM}MB/s (10^6 bytes), docs/s: by each document's median of {} or more.",
            plural(rounds as u64, "round")
        )?;
        writeln!(self.out, "p50, p99: time of one document. allocs, bytes: what one asks of the allocator.")?;
        if batch > 1 {
            writeln!(
                self.out,
                "Runs of less than {} µs are timed together, up to {}; p99 is of their mean.",
                microseconds(outcome.least.as_secs_f64()),
                thousands(u64::from(batch))
            )?;
        }
        write!(self.out, "{DIM:#}")
    }
}

fn cells(figures: &Figures) -> [String; 6] {
    let (requests, bytes) = match figures.allocated {
        Some((requests, bytes)) => (counted(requests), counted(bytes)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    [
        three(figures.megabytes_a_second()),
        counted(figures.documents_a_second()),
        microseconds(figures.p50),
        microseconds(figures.p99),
        requests,
        bytes,
    ]
}

fn microseconds(seconds: f64) -> String {
    three(seconds * 1e6)
}

/// A number of three digits or more: 0.123, 1.23, 12.3, 1,234.
fn three(number: f64) -> String {
    match number {
        ..1.0 => format!("{number:.3}"),
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => counted(number),
    }
}

/// A whole number; a mean that is none has a digit more where that says something.
fn counted(number: f64) -> String {
    if number < 100.0 && number.fract() != 0.0 { format!("{number:.1}") } else { thousands(number.round() as u64) }
}
