//! Findings as files: one for each in a folder, named by its fingerprint, so that
//! the next run writes the same file again.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::Report;
use crate::campaign::Event;
use crate::contract::Contract;
use crate::journal::FindingFile;

/// Writes findings to a folder, which is made with the first one.
#[derive(Debug)]
pub struct FindingFiles<'c> {
    contract: &'c Contract,
    folder: PathBuf,
    /// The base URL that was tested; none for the embedded reference server.
    target: Option<String>,
    run: String,
    seed: u64,
}

impl<'c> FindingFiles<'c> {
    /// Files in `folder` of the findings of this run.
    pub fn new(contract: &'c Contract, folder: PathBuf, target: Option<String>, run: &str, seed: u64) -> Self {
        Self { contract, folder, target, run: run.to_owned(), seed }
    }
}

impl Report for FindingFiles<'_> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Finding(finding) => {
                fs::create_dir_all(&self.folder)?;
                let file = FindingFile::of(self.contract, finding, self.target.as_deref(), &self.run, self.seed);
                let path = self.folder.join([&*finding.fingerprint, ".json"].concat());
                fs::write(path, file.write()?)
            }
            Event::Started { .. }
            | Event::Waiting { .. }
            | Event::Case(_)
            | Event::Reduced(_)
            | Event::Reducing { .. }
            | Event::Fixed(_)
            | Event::Finished(_) => Ok(()),
        }
    }
}
