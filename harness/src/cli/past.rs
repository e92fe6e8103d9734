//! What a journal tells of a run: contract by contract, case by case, into the
//! account and to the reports, as if it happened now.

use std::path::Path;

use super::exit::Failure;
use super::rule_table::{self, Placed};
use crate::campaign::{Account, Event};
use crate::case::Maker;
use crate::contract::Contract;
use crate::journal::{CampaignLine, JournalError, Line, Reader, RunLine};

/// A journal that is read campaign by campaign.
pub(super) struct Past {
    reader: Reader,
    /// The line that the next campaign begins with.
    next: Option<CampaignLine>,
}

impl Past {
    /// Opens a journal.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let mut past = Self { reader: Reader::open(path).map_err(unusable)?, next: None };
        match past.reader.next_line().map_err(unusable)? {
            Some(Line::Campaign(line)) => past.next = Some(line),
            Some(_) => return Err(unusable(past.reader.fault("a case stands before the contract that it is of"))),
            None => {}
        }
        Ok(past)
    }

    /// Which run it is.
    pub(super) fn run(&self) -> &RunLine {
        self.reader.run()
    }

    /// Whether the rules are changed as they were when the run began.
    pub(super) fn check_rules(&self, changes: &[Placed]) -> Result<(), Failure> {
        if rule_table::told(changes) == self.run().rules {
            return Ok(());
        }
        let path = self.path().display();
        Err(Failure::usage(format!("[rules] of the configuration file is not what it was in the run of {path}"))
            .advise("what was judged then was judged by other rules: name the same file with --config"))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.reader.path()
    }

    /// Whether another campaign has begun behind the one that was read.
    pub(super) fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// Bytes of its whole lines, once it is read to its end.
    pub(super) fn whole(&self) -> u64 {
        self.reader.whole()
    }

    /// The campaign of this contract, if it has begun.
    pub(super) fn campaign(&mut self, contract: &Contract) -> Option<CampaignLine> {
        self.next.take_if(|line| *line.contract == *contract.name)
    }

    /// Takes in the cases of the campaign that has begun; whether it came to its end.
    pub(super) fn recall(
        &mut self,
        account: &mut Account,
        contract: &Contract,
        maker: &mut Maker<'_>,
        mut tell: impl FnMut(&Event),
    ) -> Result<bool, Failure> {
        let mut is_finished = false;
        while let Some(line) = self.reader.next_line().map_err(unusable)? {
            match line {
                Line::Case(line) => {
                    let told = line.told(contract).map_err(|why| unusable(self.reader.unformed(&why)))?;
                    let record = account.recall(maker, told).map_err(|why| unusable(self.reader.untold(&why)))?;
                    if let Some(record) = record {
                        tell(&Event::Case(Box::new(record)));
                    }
                }
                Line::Reduced(line) => {
                    let reduction = line.reduction(contract).map_err(|why| unusable(self.reader.unformed(&why)))?;
                    tell(&Event::Reduced(Box::new(reduction.clone())));
                    account.recall_reduction(reduction);
                }
                Line::Finished {} => is_finished = true,
                Line::Campaign(line) => {
                    self.next = Some(line);
                    break;
                }
                Line::Run(_) => return Err(unusable(self.reader.fault("another run begins in the middle of it"))),
            }
        }
        Ok(is_finished)
    }
}

/// A journal that cannot be used says where, and what then.
fn unusable(error: JournalError) -> Failure {
    let advice = match error {
        JournalError::File { .. } => "name a journal that a run wrote; runs say where theirs is",
        JournalError::Line { .. } => {
            "what is behind this line cannot be trusted; begin a new run, or cut the file before the line and resume"
        }
    };
    Failure::incomplete(error).advise(advice)
}
