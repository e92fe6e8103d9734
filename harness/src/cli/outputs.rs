//! The reports that a run writes to files. A path that cannot be written is known
//! before anything is sent, and one file holds the reports on all contracts of a run.

use std::fs::File;
use std::io::{self, BufWriter};

use super::arguments::{ReportKind, ReportSpec};
use super::exit::Failure;
use crate::case::Plan;
use crate::contract::{Contract, Level};
use crate::report::{Heading, Junit, JunitFile, Ndjson, Report};

/// A file that a report is written to.
pub(super) enum Output {
    /// A line for each case and each finding.
    Ndjson(File),
    /// A document that is whole at any time.
    Junit(JunitFile),
}

impl Output {
    /// Opens the files of these reports.
    pub(super) fn open(reports: &[ReportSpec], contracts: &[Contract]) -> Result<Vec<Self>, Failure> {
        let names: Vec<&str> = contracts.iter().map(|contract| &*contract.name).collect();
        let open = |ReportSpec { kind, path }: &ReportSpec| {
            let file = File::create(path)?;
            Ok(match kind {
                ReportKind::Ndjson => Self::Ndjson(file),
                ReportKind::Junit => Self::Junit(JunitFile::new(file, &names)?),
            })
        };
        let told = |spec: &ReportSpec, error: io::Error| {
            Failure::usage(format!("cannot write the report {}: {error}", spec.path.display()))
        };
        reports.iter().map(|report| open(report).map_err(|error| told(report, error))).collect()
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
            Self::Junit(file) => Box::new(Junit::new(contract, plan, heading, level, file)),
        })
    }
}
