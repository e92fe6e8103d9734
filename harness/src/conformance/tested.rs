//! A target put to the test: one campaign, what became of each obligation, and the
//! report for a person.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::error::ConformanceError;
use super::target::Target;
use crate::baseline::{Baseline, Screen};
use crate::campaign::{self, CaseRecord, Event, Finding, Flow, Options, Selection};
use crate::case::Plan;
use crate::contract::Contract;
use crate::judge::Verdict;
use crate::ledger::Ledger;
use crate::report::{Console, FindingFiles, Found, Gate, Heading, Outcome, Report};
use crate::target::Endpoint;

/// What is fixed before anything is sent.
pub(super) struct Setting {
    pub(super) contract: Arc<Contract>,
    pub(super) plan: Arc<Plan>,
    endpoint: Endpoint,
    baseline: Baseline,
    target: Target,
}

/// What came of it.
pub(super) struct Tested {
    /// By obligation: the gravest of its verdicts, and the words for it.
    pub(super) obligations: Vec<(Verdict, String)>,
    pub(super) findings: Vec<Finding>,
    pub(super) outcome: Outcome,
    /// The report for a person.
    pub(super) text: String,
}

impl Setting {
    pub(super) fn of(target: &Target) -> Result<Self, ConformanceError> {
        let contract = target.contract_here()?;
        let baseline = match &target.baseline {
            Some(path) => {
                let name = path.display().to_string();
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConformanceError::File { path: name.clone(), error })?;
                Baseline::read(&name, &text)?
            }
            None => Baseline::default(),
        };
        let plan = Arc::new(Plan::of(&contract));
        let endpoint = target.endpoint()?;
        Ok(Self { contract: Arc::new(contract), plan, endpoint, baseline, target: target.clone() })
    }

    /// Runs the campaign over this part of the rules.
    pub(super) async fn test(&self, selection: Selection, cases: u64) -> Result<Tested, ConformanceError> {
        let Self { contract, plan, endpoint, target, .. } = self;
        // Others may test the same target at the same time.
        let run = format!("ph-{:08x}", std::process::id());
        let options = Options {
            seed: target.seed,
            cases,
            ids: if contract.creates() { Vec::new() } else { target.assignment_ids.clone() },
            ledger: Arc::new(Ledger::in_memory(&run)),
            overwrite: endpoint.is_local(),
            selection,
            level: target.level,
            ..Options::default()
        };
        let mut screen = Screen::new(&self.baseline, today(), 1);
        let mut screen = screen.part(contract, plan);
        let mut reports = Reports::new(self, &run);
        let campaign = campaign::run(
            Arc::clone(contract),
            Arc::clone(plan),
            endpoint.clone(),
            options,
            std::future::pending(),
            |event| {
                screen.on(event, &mut |event| reports.on(event));
                Flow::Continue(())
            },
        );
        campaign.await?;
        reports.end()
    }
}

/// What is kept of the events.
struct Reports<'s> {
    setting: &'s Setting,
    gate: Gate,
    console: Console<'s, Vec<u8>>,
    files: Option<FindingFiles<'s>>,
    obligations: Vec<(Verdict, String)>,
    findings: Vec<Finding>,
    trouble: Option<std::io::Error>,
}

impl<'s> Reports<'s> {
    fn new(setting: &'s Setting, run: &str) -> Self {
        let Setting { contract, plan, target, .. } = setting;
        let heading = Heading {
            contract: contract.name.to_string(),
            target: target.name.clone(),
            seed: target.seed,
            reproduce: format!("the same test with Target::seed({})", target.seed),
        };
        let mut console = Console::new(contract, heading, target.level, Vec::new()).without_flags();
        if let Some(folder) = &target.findings {
            console = console.with_findings(folder.clone());
        }
        let files = target.findings.clone();
        let files = files.map(|folder| FindingFiles::new(contract, folder, target.url.clone(), run, target.seed));
        let unknown = (Verdict::NotRun, "it was not reached".to_owned());
        Self {
            setting,
            gate: Gate::new(target.level),
            console,
            files,
            obligations: vec![unknown; plan.obligations.len()],
            findings: Vec::new(),
            trouble: None,
        }
    }

    fn on(&mut self, event: &Event) {
        match event {
            Event::Case(record) => self.case(record),
            Event::Finding(finding) => self.findings.push((**finding).clone()),
            Event::Started { .. }
            | Event::Waiting { .. }
            | Event::Reduced(_)
            | Event::Reducing { .. }
            | Event::Fixed(_)
            | Event::Finished(_) => {}
        }
        let files = self.files.as_mut().map(|files| files as &mut dyn Report);
        let reports = [&mut self.gate as &mut dyn Report, &mut self.console].into_iter().chain(files);
        let trouble = reports.map(|report| report.on(event)).find_map(Result::err);
        self.trouble = self.trouble.take().or(trouble);
    }

    fn case(&mut self, record: &CaseRecord) {
        let Some(known) = record.obligation.and_then(|index| self.obligations.get_mut(index)) else { return };
        if record.verdict < known.0 {
            return;
        }
        let broken = |fault: &crate::judge::Fault| {
            let rule = self.setting.contract.rule(fault.rule);
            format!("{}: “{}”; {}", rule.id, rule.statement.trim_end_matches('.'), fault.symptom.sentence())
        };
        let words = record.faults.iter().map(broken).chain(record.reason.clone());
        *known = (record.verdict, words.collect::<Vec<_>>().join("\n"));
    }

    fn end(self) -> Result<Tested, ConformanceError> {
        let Self { setting, gate, console, obligations, findings, trouble, .. } = self;
        if let Some(error) = trouble {
            let folder = setting.target.findings.as_ref();
            let path = folder.map_or_else(String::new, |folder| folder.display().to_string());
            return Err(ConformanceError::File { path, error });
        }
        // Who reads it is a log as often as a terminal.
        let text = String::from_utf8_lossy(&console.into_inner()).into_owned();
        let text = anstream::adapter::strip_str(&text).to_string();
        Ok(Tested { obligations, findings, outcome: gate.outcome(), text })
    }
}

/// The day it is, where days end with UTC.
fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// How many findings there are that fail a test, told by level and baseline.
pub(super) fn failing(findings: &[Finding], target: &Target) -> usize {
    let mut found = Found::new(target.level);
    findings.iter().for_each(|finding| found.add(finding));
    found.failing
}
