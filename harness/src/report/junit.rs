//! JUnit XML, as the servers of continuous integration read it: a suite for each
//! operation of a contract, in it a test case for each rule that is judged there,
//! and a failure for each finding. Only sums are kept while the run goes on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::console::{change_line, confirmed, note_line, plural};
use super::escape::{ascii, ascii_line, shortened};
use super::ndjson::level;
use super::outcome::NO_TIME;
use super::{Found, Heading, Outcome, Report};
use crate::campaign::{CaseRecord, Event, Finding, Note, Standing, Summary};
use crate::case::Plan;
use crate::contract::{Contract, Level, RuleId};
use crate::judge::Verdict;

/// Characters of a request that a failure shows.
const LONGEST: usize = 20_000;
/// The test case that stands for the run itself.
pub(super) const RUN: &str = "the run came to its end";

/// The file that the suites of a run stand in. It is a whole document from the
/// beginning: that of a run which did not get to its end is no success.
#[derive(Debug)]
pub struct JunitFile {
    file: File,
    suites: Vec<TestSuite>,
    waiting: Vec<String>,
}

impl JunitFile {
    /// A report on these contracts, in the place of what the file holds.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn new(file: File, contracts: &[&str]) -> io::Result<Self> {
        let waiting = contracts.iter().map(|name| (*name).to_owned()).collect();
        let mut new = Self { file, suites: Vec::new(), waiting };
        new.write()?;
        Ok(new)
    }

    /// The suites of a contract in the place of the words that it is not done.
    fn add(&mut self, contract: &str, suites: Vec<TestSuite>) -> io::Result<()> {
        if let Some(at) = self.waiting.iter().position(|name| name == contract) {
            self.waiting.remove(at);
        }
        self.suites.extend(suites);
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        let mut document = Document::new("policy-harness");
        document.add_test_suites(self.suites.iter().cloned());
        for contract in &self.waiting {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("incomplete").set_message("the run did not get to its end");
            document.add_test_suite(run_suite(contract, status));
        }
        document.set_time(document.test_suites.iter().filter_map(|suite| suite.time).sum());
        let text = document.to_string().map_err(io::Error::other)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.set_len(0)?;
        self.file.write_all(text.as_bytes())
    }
}

fn run_suite(contract: &str, status: TestCaseStatus) -> TestSuite {
    let mut case = TestCase::new(RUN, status);
    case.set_classname(format!("policy-harness.{contract}"));
    let mut suite = TestSuite::new(format!("{contract}: the run"));
    suite.add_test_case(case);
    suite
}

/// What came of a rule of an operation.
#[derive(Debug, Default)]
struct Row {
    /// Obligations there are, and those that have a verdict.
    obligations: usize,
    covered: usize,
    /// An answer could have broken it.
    exercised: bool,
    elapsed: Duration,
    /// Why an obligation has no verdict.
    reason: Option<String>,
    findings: Vec<Finding>,
}

/// Writes the suites of one contract.
#[derive(Debug)]
pub struct Junit<'c> {
    contract: &'c Contract,
    plan: &'c Plan,
    heading: Heading,
    level: Level,
    file: &'c mut JunitFile,
    rows: BTreeMap<(usize, RuleId), Row>,
    covered: Vec<bool>,
    fixed: Vec<Note>,
}

impl<'c> Junit<'c> {
    /// A report to `file`, in which findings of `level` and above are failures.
    pub fn new(
        contract: &'c Contract,
        plan: &'c Plan,
        heading: Heading,
        level: Level,
        file: &'c mut JunitFile,
    ) -> Self {
        let mut rows: BTreeMap<_, Row> = BTreeMap::new();
        // What the contract leaves open is no test.
        for obligation in plan.obligations.iter().filter(|obligation| obligation.is_judged(contract)) {
            rows.entry((obligation.operation, obligation.rule)).or_default().obligations += 1;
        }
        for &(rule, operation) in &plan.answers {
            rows.entry((operation, rule)).or_default();
        }
        let covered = vec![false; plan.obligations.len()];
        Self { contract, plan, heading, level, file, rows, covered, fixed: Vec::new() }
    }

    fn case(&mut self, record: &CaseRecord) {
        for &rule in &record.exercised {
            if let Some(row) = self.rows.get_mut(&(record.operation, rule)) {
                row.exercised = true;
            }
        }
        let obligation = record.obligation.and_then(|index| self.plan.obligations.get(index));
        let (operation, rule) =
            obligation.map_or((record.operation, record.rule), |obligation| (obligation.operation, obligation.rule));
        let Some(row) = self.rows.get_mut(&(operation, rule)) else { return };
        row.elapsed += record.elapsed;
        match (record.verdict, record.obligation) {
            (Verdict::NotRun | Verdict::Inconclusive, Some(_)) => {
                let reason = record.reason.as_deref().unwrap_or("the answer says nothing");
                row.reason.get_or_insert_with(|| reason.to_owned());
            }
            (_, Some(index)) if self.covered.get(index) == Some(&false) => {
                self.covered[index] = true;
                row.covered += 1;
            }
            _ => {}
        }
    }

    fn finding(&mut self, finding: &Finding) {
        self.rows.entry((finding.case.operation, finding.rule)).or_default().findings.push(finding.clone());
    }

    fn finished(&mut self, summary: &Summary) -> io::Result<()> {
        let late = summary.stopped.as_deref().unwrap_or(NO_TIME);
        let mut suites: BTreeMap<usize, TestSuite> = BTreeMap::new();
        for (&(operation, rule), row) in &self.rows {
            let suite = suites.entry(operation).or_insert_with(|| self.suite(operation));
            suite.set_time(suite.time.unwrap_or_default() + row.elapsed);
            suite.add_test_cases(self.test_cases(operation, rule, row, late));
        }
        let mut status = TestCaseStatus::success();
        if let Outcome::Incomplete(why) = Outcome::of(summary, &Found::new(self.level)) {
            status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("incomplete").set_message(ascii_line(&why));
        }
        let run = run_suite(&self.contract.name, status);
        let baseline = (!self.fixed.is_empty()).then(|| self.baseline());
        self.file.add(&self.contract.name, suites.into_values().chain(baseline).chain([run]).collect())
    }

    /// What the baseline knows of and no longer shows; that fails where warnings do.
    fn baseline(&self) -> TestSuite {
        let mut suite = TestSuite::new(ascii_line(&format!("{}: the baseline", self.contract.name)));
        for note in &self.fixed {
            let message =
                ascii(&format!("no longer shows, take it out of the baseline; was known: {}", note_line(note)));
            let mut status = TestCaseStatus::success();
            if self.level <= Level::Should {
                status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type("fixed").set_message(ascii_line(&message));
            }
            let mut case = TestCase::new(ascii_line(&note.fingerprint), status);
            case.set_classname(ascii_line(&format!("policy-harness.{}.baseline", self.contract.name)));
            case.set_system_out(message);
            suite.add_test_case(case);
        }
        suite
    }

    fn suite(&self, operation: usize) -> TestSuite {
        let Heading { contract, target, seed, reproduce } = &self.heading;
        let name = match self.contract.operations.get(operation) {
            Some(operation) => format!("{contract}: {} {}", operation.method, operation.path),
            None => contract.clone(),
        };
        let mut suite = TestSuite::new(ascii_line(&name));
        for (name, value) in [
            ("version", env!("CARGO_PKG_VERSION")),
            ("target", target),
            ("seed", &seed.to_string()),
            ("reproduce", &reproduce.replace('…', "...")),
        ] {
            suite.add_property((name, &*ascii_line(value)));
        }
        for change in &self.contract.changes {
            suite.add_property(("changed rule", &*ascii_line(&change_line(self.contract, change))));
        }
        suite
    }

    /// The test case of a rule; where it has several findings, one for each, so
    /// that no reader of the file shows the first alone.
    fn test_cases(&self, operation: usize, rule: RuleId, row: &Row, late: &str) -> Vec<TestCase> {
        let id = &self.contract.rule(rule).id;
        let class = match self.contract.operations.get(operation) {
            Some(operation) => format!("policy-harness.{}.{}", self.contract.name, operation.id),
            None => format!("policy-harness.{}", self.contract.name),
        };
        let (failing, warnings): (Vec<_>, Vec<_>) =
            row.findings.iter().partition(|finding| finding.level >= self.level || is_known(finding));
        let mut cases: Vec<TestCase> = Vec::new();
        for finding in failing {
            let name = match cases.is_empty() {
                true => id.to_string(),
                false => format!("{id} ({})", finding.fingerprint),
            };
            cases.push(TestCase::new(ascii_line(&name), self.failure(finding)));
        }
        if cases.is_empty() {
            cases.push(TestCase::new(ascii_line(id), judged(row, late)));
        }
        if let Some(first) = cases.first_mut() {
            let told: Vec<String> = warnings.into_iter().map(|finding| self.told(finding)).collect();
            if !told.is_empty() {
                first.set_system_out(ascii(&format!("Warnings below the chosen level:\n\n{}", told.join("\n"))));
            }
            first.set_time(row.elapsed);
        }
        cases.iter_mut().for_each(|case| {
            case.set_classname(ascii_line(&class));
        });
        cases
    }

    fn failure(&self, finding: &Finding) -> TestCaseStatus {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        if let Standing::Known(note) = &finding.standing {
            status = TestCaseStatus::skipped();
            let message = ascii_line(&format!("known: {}", note_line(note)));
            status.set_type("known").set_message(message).set_description(ascii(&self.told(finding)));
            return status;
        }
        let place = if finding.place.is_empty() { "the request" } else { &finding.place };
        status
            .set_type(level(finding.level))
            .set_message(ascii_line(&format!("{place}: {}, expected {}", finding.got, finding.expected)))
            .set_description(ascii(&self.told(finding)));
        status
    }

    /// All that is needed to believe a finding.
    fn told(&self, finding: &Finding) -> String {
        let rule = self.contract.rule(finding.rule);
        let over = match &finding.standing {
            Standing::Expired(note) => format!("was known    {}; that is over\n", note_line(note)),
            Standing::Known(_) | Standing::New => String::new(),
        };
        format!(
            "{over}rule         {} ({})\n             {}\nplace        {}\nexpected     {}\nanswer       {}\n\
             source       {}\nshown by     {}, {}\n\
             fingerprint  {}\n\n{}\n",
            rule.id,
            level(finding.level),
            rule.statement,
            if finding.place.is_empty() { "the request" } else { &finding.place },
            finding.expected,
            finding.got,
            rule.citations.join("; "),
            plural(finding.cases, "case"),
            confirmed(finding),
            finding.fingerprint,
            shortened(&finding.curl, LONGEST),
        )
    }
}

fn is_known(finding: &Finding) -> bool {
    matches!(finding.standing, Standing::Known(_))
}

/// Whether a rule without a failure was kept, or not looked at.
fn judged(row: &Row, late: &str) -> TestCaseStatus {
    if row.covered > 0 || row.exercised || !row.findings.is_empty() {
        return TestCaseStatus::success();
    }
    let reason = match &row.reason {
        Some(reason) => reason,
        None if row.obligations == 0 => "no answer came that could break it",
        None => late,
    };
    let mut status = TestCaseStatus::skipped();
    status.set_message(ascii_line(reason));
    status
}

impl Report for Junit<'_> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { .. } | Event::Waiting { .. } | Event::Reduced(_) | Event::Reducing { .. } => Ok(()),
            Event::Case(record) => {
                self.case(record);
                Ok(())
            }
            Event::Finding(finding) => {
                self.finding(finding);
                Ok(())
            }
            Event::Fixed(note) => {
                self.fixed.push((**note).clone());
                Ok(())
            }
            Event::Finished(summary) => self.finished(summary),
        }
    }
}
