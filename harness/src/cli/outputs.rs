//! The reports that a run writes to files. A path that cannot be written is known
//! before anything is sent, and one file holds the reports on all contracts of a run.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::Path;

use super::arguments::{ReportKind, ReportSpec};
use super::exit::Failure;
use crate::case::Plan;
use crate::contract::{Contract, Level};
use crate::report::{Heading, Junit, JunitFile, Markdown, Ndjson, Report};

/// Names the file that a step of GitHub Actions appends its summary to.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// What GitHub takes of it, less a little: more and it shows nothing.
const STEP_SUMMARY_ROOM: u64 = (1 << 20) - 1024;

/// A file that a report is written to.
pub(super) enum Output {
    /// A line for each case and each finding.
    Ndjson(File),
    /// A document that is whole at any time.
    Junit(JunitFile),
    /// A summary of so many bytes at most for each contract.
    Markdown(File, usize),
}

impl Output {
    /// Opens the files of these reports, and that of the step's summary where there
    /// is one.
    pub(super) fn open(reports: &[ReportSpec], contracts: &[Contract]) -> Result<Vec<Self>, Failure> {
        let names: Vec<&str> = contracts.iter().map(|contract| &*contract.name).collect();
        let open = |ReportSpec { kind, path }: &ReportSpec| {
            let file = File::create(path)?;
            Ok(match kind {
                ReportKind::Ndjson => Self::Ndjson(file),
                ReportKind::Junit => Self::Junit(JunitFile::new(file, &names)?),
                ReportKind::Markdown => Self::Markdown(file, usize::MAX),
            })
        };
        let told = |spec: &ReportSpec, error: io::Error| {
            Failure::usage(format!("cannot write the report {}: {error}", spec.path.display()))
        };
        let mut outputs: Vec<Self> =
            reports.iter().map(|report| open(report).map_err(|error| told(report, error))).collect::<Result<_, _>>()?;
        if let Some(path) = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) {
            let summary = Self::step_summary(Path::new(&path), contracts.len()).map_err(|error| {
                let path = Path::new(&path).display();
                Failure::usage(format!("cannot write the summary {path}, which {STEP_SUMMARY} names: {error}"))
                    .advise("unset the variable, and no summary is written")
            })?;
            outputs.push(summary);
        }
        Ok(outputs)
    }

    /// The steps of a job before this one, and other programs in it, write to it too.
    fn step_summary(path: &Path, contracts: usize) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let room = STEP_SUMMARY_ROOM.saturating_sub(file.metadata()?.len()) / contracts.max(1) as u64;
        Ok(Self::Markdown(file, usize::try_from(room).unwrap_or(usize::MAX)))
    }

    /// The report on one contract.
    pub(super) fn report<'c>(
        &'c mut self,
        contract: &'c Contract,
        plan: &'c Plan,
        heading: &Heading,
        level: Level,
    ) -> io::Result<Box<dyn Report + 'c>> {
        let heading = heading.clone();
        Ok(match self {
            Self::Ndjson(file) => Box::new(Ndjson::new(contract, heading, BufWriter::new(file.try_clone()?))),
            Self::Markdown(file, room) => {
                Box::new(Markdown::new(contract, heading, level, *room, BufWriter::new(file.try_clone()?)))
            }
            Self::Junit(file) => Box::new(Junit::new(contract, plan, heading, level, file)),
        })
    }
}
