//! All that is told while a campaign goes on, and how the process ends for it: the
//! gate, what the terminal shows, and the files. A reader of standard output may
//! go away; a file may not.

use std::io;
use std::path::PathBuf;

use anstream::AutoStream;

use super::arguments::Threshold;
use super::exit::{Exit, Failure, is_closed_pipe};
use super::outputs::Output;
use crate::baseline::{self, Screen};
use crate::campaign::Event;
use crate::case::Plan;
use crate::contract::{Contract, Level};
use crate::report::{Console, FindingFiles, Gate, Heading, Outcome, Progress, Report, Telling};

/// What the reports on one contract are made for.
pub(super) struct About<'c> {
    pub(super) contract: &'c Contract,
    pub(super) plan: &'c Plan,
    pub(super) heading: Heading,
    pub(super) level: Threshold,
    pub(super) profile: bool,
    pub(super) telling: Telling,
    /// Folder for findings.
    pub(super) findings: PathBuf,
    /// The base URL that is tested.
    pub(super) target: Option<String>,
    pub(super) run: String,
}

/// The reports on one contract.
pub(super) struct Reporting<'c, 'b> {
    reports: Reports<'c>,
    screen: baseline::Part<'c, 'b>,
    has_started: bool,
}

struct Reports<'c> {
    gate: Gate,
    /// Between other lines, or alone, a bar is in the way.
    progress: Option<Progress>,
    console: Console<'c, AutoStream<io::Stdout>>,
    written: Vec<Box<dyn Report + 'c>>,
    trouble: Option<io::Error>,
}

impl<'c, 'b> Reporting<'c, 'b> {
    pub(super) fn new(
        about: About<'c>,
        screen: &'c mut Screen<'b>,
        outputs: &'c mut [Output],
    ) -> Result<Self, Failure> {
        let About { contract, plan, heading, level, profile, telling, findings, target, run } = about;
        let level = Level::from(level);
        let mut written: Vec<Box<dyn Report + 'c>> = outputs
            .iter_mut()
            .map(|output| output.report(contract, plan, &heading, level))
            .collect::<Result<_, _>>()
            .map_err(cannot_write)?;
        let seed = heading.seed;
        written.push(Box::new(FindingFiles::new(contract, findings.clone(), target, &run, seed)));
        let console = Console::new(contract, heading, level, anstream::stdout())
            .with_profile(profile)
            .telling(telling)
            .with_findings(findings);
        let progress = (telling == Telling::Usual).then(Progress::new);
        let gate = Gate::new(level);
        let reports = Reports { gate, progress, console, written, trouble: None };
        Ok(Self { reports, screen: screen.part(contract, plan), has_started: false })
    }

    /// Tells all reports of an event. That a campaign has begun is told once, however
    /// many runs it takes.
    pub(super) fn tell(&mut self, event: &Event) {
        if matches!(event, Event::Started { .. }) && std::mem::replace(&mut self.has_started, true) {
            return;
        }
        let reports = &mut self.reports;
        self.screen.on(event, &mut |event| reports.tell(event));
    }

    /// How the process ends.
    pub(super) fn end(self) -> Result<Exit, Failure> {
        let outcome = self.reports.gate.outcome();
        if let Some(error) = self.reports.trouble {
            // A finding stands, whatever else went wrong.
            let exit = if outcome == Outcome::Findings { Exit::Findings } else { Exit::Incomplete };
            return Err(Failure { exit, ..cannot_write(error) });
        }
        match outcome {
            Outcome::Conforms => Ok(Exit::Good),
            Outcome::Findings | Outcome::Outdated(_) => Ok(Exit::Findings),
            Outcome::Incomplete(_) => Ok(Exit::Incomplete),
        }
    }
}

impl Reports<'_> {
    fn tell(&mut self, event: &Event) {
        let progress = self.progress.as_mut().map(|progress| progress as &mut dyn Report);
        let shown = [&mut self.gate as &mut dyn Report, &mut self.console].into_iter().chain(progress);
        let shown = shown.map(|report| report.on(event)).map(|result| match result {
            Err(error) if is_closed_pipe(&error) => Ok(()),
            other => other,
        });
        for result in shown.chain(self.written.iter_mut().map(|report| report.on(event))) {
            if let Err(error) = result {
                self.trouble.get_or_insert(error);
            }
        }
    }
}

fn cannot_write(error: io::Error) -> Failure {
    Failure::incomplete(format!("cannot write a report: {error}"))
}
