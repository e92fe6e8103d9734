//! The journal of a run: a new one, or that of a run that was killed and is gone on
//! with.

use std::path::{Path, PathBuf};

use super::arguments::RunArgs;
use super::exit::Failure;
use super::past::Past;
use super::rule_table;
use super::say::say;
use super::subject::drawn_run;
use crate::campaign::{Account, Event, Flow};
use crate::case::Maker;
use crate::contract::Contract;
use crate::journal::{CampaignLine, RunLine, VERSION, Writer};
use crate::target::Redactor;

/// The journal of a run.
pub(super) struct Notes {
    run: String,
    past: Option<Past>,
    writer: Option<Writer>,
    /// There is something in it that can be gone on with.
    is_used: bool,
    /// Why it is not whole, where it is not.
    failed: Option<String>,
}

impl Notes {
    /// The journal that the command line asks for: a new one where there is a target,
    /// or a path was named.
    pub(super) fn open(arguments: &RunArgs, seed: u64) -> Result<Self, Failure> {
        if let Some(path) = &arguments.resume {
            let past = Past::open(path)?;
            past.check_rules(&arguments.file.read.rules)?;
            return Ok(Self {
                run: past.run().run.clone(),
                past: Some(past),
                writer: None,
                is_used: true,
                failed: None,
            });
        }
        let run = drawn_run();
        let is_kept = arguments.journal.is_some() || arguments.target.is_some() && !arguments.no_journal;
        let usual = || arguments.ledger.join(format!("{run}.journal"));
        let path = is_kept.then(|| arguments.journal.clone().unwrap_or_else(usual));
        let mut given = arguments.file.read.flags.clone();
        given.retain(|flag| !flag.starts_with("--seed="));
        given.push(format!("--seed={seed}"));
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let line = RunLine {
            journal: VERSION,
            version,
            run: run.clone(),
            seed,
            arguments: given,
            rules: rule_table::told(&arguments.file.read.rules),
        };
        let writer = path.map(|path| create(&path, line)).transpose()?;
        Ok(Self { run, past: None, writer, is_used: false, failed: None })
    }

    /// What the names of the run's policies begin with.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    /// Where the journal is, where there is one.
    pub(super) fn path(&self) -> Option<PathBuf> {
        let past = self.past.as_ref().map(Past::path);
        self.writer.as_ref().map(Writer::path).or(past).map(Path::to_owned)
    }

    /// Takes in what the journal has of this contract, and makes ready to write the
    /// rest; whether the campaign came to its end.
    pub(super) fn recall(
        &mut self,
        account: &mut Account,
        contract: &Contract,
        maker: &mut Maker<'_>,
        campaign: CampaignLine,
        tell: impl FnMut(&Event),
    ) -> Result<bool, Failure> {
        let Some(past) = &mut self.past else {
            self.begin(campaign)?;
            return Ok(false);
        };
        let Some(known) = past.campaign(contract) else {
            self.end_past()?;
            self.begin(campaign)?;
            return Ok(false);
        };
        if known != campaign {
            let path = past.path().display();
            return Err(Failure::incomplete(format!("the run of {path} was about {known:?} and this is {campaign:?}"))
                .advise("give the same arguments as then, or none: the journal has them"));
        }
        let is_finished = past.recall(account, contract, maker, tell)?;
        if !is_finished && past.has_next() {
            let path = past.path().display();
            return Err(Failure::incomplete(format!("the journal {path} goes on behind a part that did not end")));
        }
        if !is_finished {
            self.end_past()?;
        }
        Ok(is_finished)
    }

    /// Writes what an event tells; what cannot be written ends the campaign.
    pub(super) fn on(&mut self, contract: &Contract, redactor: &Redactor, event: &Event) -> Flow {
        let Some(writer) = &mut self.writer else { return Flow::Continue(()) };
        self.is_used |= matches!(event, Event::Case(_));
        match writer.on(contract, redactor, event) {
            Ok(()) => Flow::Continue(()),
            Err(error) => {
                let path = writer.path().display();
                let why = format!("the journal {path} cannot be written: {error}");
                self.failed.get_or_insert_with(|| why.clone());
                Flow::Break(why)
            }
        }
    }

    /// Why the journal is not whole on the disk, where it is not.
    pub(super) fn trouble(&mut self) -> Option<String> {
        if let Some(writer) = &self.writer
            && let Err(error) = writer.sync()
        {
            let path = writer.path().display();
            self.failed.get_or_insert_with(|| format!("the journal {path} cannot be put on the disk: {error}"));
        }
        self.failed.clone()
    }

    /// Says where the journal is, for whoever wants to go on. One of a run that never
    /// began is no use to anybody.
    pub(super) fn say_where(&self, is_whole: bool) {
        let Some(path) = self.path() else { return };
        if !self.is_used {
            // It only takes up room, and so does a folder that was made for it.
            let _ = std::fs::remove_file(&path);
            let _ = path.parent().map(std::fs::remove_dir);
        } else if !is_whole {
            say(&format!("To go on where it stopped: policy-harness run --resume {}", path.display()));
        }
    }

    fn begin(&mut self, campaign: CampaignLine) -> Result<(), Failure> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.begin(campaign).map_err(|error| unwritable(writer.path(), &error))
    }

    /// From now on the journal is written behind its last whole line.
    fn end_past(&mut self) -> Result<(), Failure> {
        let Some(past) = self.past.take() else { return Ok(()) };
        let (path, whole) = (past.path().to_owned(), past.whole());
        self.writer = Some(Writer::append(&path, whole).map_err(|error| unwritable(&path, &error))?);
        Ok(())
    }
}

fn create(path: &Path, line: RunLine) -> Result<Writer, Failure> {
    let named = path.display();
    if path.exists() {
        return Err(Failure::usage(format!("the journal {named} is there already"))
            .advise(format!("name a new file, or go on with that run: policy-harness run --resume {named}")));
    }
    Writer::create(path, line).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::incomplete(format!("cannot write the journal {}: {error}", path.display()))
        .advise("name a file that can be written with --journal PATH; --no-journal writes none, and nothing can be resumed then")
}
