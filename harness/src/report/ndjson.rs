//! One JSON object a line: the run, every case, every finding, the summary. The
//! form is described in docs/ndjson.md and changes only with its version.

use std::io::{self, Write};

use serde::Serialize;

use super::{Heading, Report};
use crate::campaign::{CaseRecord, Event, Finding, Model, Note, Phase, Standing, Summary};
use crate::contract::{Contract, Level};
use crate::judge::{Fault, Verdict};

/// Version of the form.
const SCHEMA: &str = "policy-harness/run/1";

/// Writes the events as lines of JSON.
#[derive(Debug)]
pub struct Ndjson<'c, W> {
    contract: &'c Contract,
    heading: Heading,
    out: W,
}

#[derive(Serialize)]
struct RunLine<'a> {
    r#type: &'static str,
    schema: &'static str,
    version: &'static str,
    contract: &'a str,
    target: &'a str,
    seed: u64,
    obligations: usize,
    changed_rules: Vec<ChangeLine<'a>>,
}

#[derive(Serialize)]
struct ChangeLine<'a> {
    rule: &'a str,
    level: &'static str,
    before: &'static str,
    statuses: Option<String>,
    reason: &'a str,
}

#[derive(Serialize)]
struct FaultLine<'a> {
    rule: &'a str,
    symptom: String,
}

#[derive(Serialize)]
struct CaseLine<'a> {
    r#type: &'static str,
    index: u64,
    phase: &'static str,
    obligation: Option<usize>,
    rule: &'a str,
    operator: &'a str,
    pointer: &'a str,
    label: &'a str,
    request: &'a str,
    scene: &'a str,
    body_length: usize,
    verdict: &'static str,
    status: Option<u16>,
    error_code: Option<&'a str>,
    microseconds: u128,
    faults: Vec<FaultLine<'a>>,
    accepted: Option<bool>,
    reason: Option<&'a str>,
    model: &'static str,
    mislabelled: bool,
}

#[derive(Serialize)]
struct FindingLine<'a> {
    r#type: &'static str,
    fingerprint: &'a str,
    rule: &'a str,
    level: &'static str,
    symptom: &'a str,
    expected: &'a str,
    got: &'a str,
    place: &'a str,
    places: Vec<&'a str>,
    obligations: usize,
    cases: u64,
    first_case: u64,
    citations: Vec<&'a str>,
    confirmed: u32,
    attempts: u32,
    curl: &'a str,
    standing: &'static str,
    known: Option<NoteLine<'a>>,
}

#[derive(Serialize)]
struct NoteLine<'a> {
    reason: &'a str,
    link: Option<&'a str>,
    expires: Option<&'a str>,
}

impl<'a> From<&'a Note> for NoteLine<'a> {
    fn from(note: &'a Note) -> Self {
        Self { reason: &note.reason, link: note.link.as_deref(), expires: note.expires.as_deref() }
    }
}

#[derive(Serialize)]
struct FixedLine<'a> {
    r#type: &'static str,
    fingerprint: &'a str,
    known: NoteLine<'a>,
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    r#type: &'static str,
    cases: u64,
    requests: u64,
    seconds: f64,
    covered: usize,
    obligations: usize,
    pass: u64,
    observed: u64,
    inconclusive: u64,
    warn: u64,
    fail: u64,
    not_run: usize,
    mislabelled: u64,
    round_trips: u64,
    model_faults: u64,
    stopped: Option<&'a str>,
    part: Option<&'a str>,
    pairs_met: usize,
    pairs: usize,
    open_pairs_met: usize,
    open_pairs: usize,
    left: usize,
    busy: u64,
    waited: f64,
}

impl<'c, W: Write> Ndjson<'c, W> {
    /// A report to `out`, which should be buffered.
    pub fn new(contract: &'c Contract, heading: Heading, out: W) -> Self {
        Self { contract, heading, out }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }

    fn case(&mut self, record: &CaseRecord) -> io::Result<()> {
        let contract = self.contract;
        let fault =
            |fault: &Fault| FaultLine { rule: &contract.rule(fault.rule).id, symptom: fault.symptom.to_string() };
        self.line(&CaseLine {
            r#type: "case",
            index: record.index,
            phase: match record.phase {
                Phase::Opening => "opening",
                Phase::Obligations => "obligations",
                Phase::Random => "random",
            },
            obligation: record.obligation,
            rule: &contract.rule(record.rule).id,
            operator: record.operator,
            pointer: &record.pointer,
            label: record.label,
            request: &record.request,
            scene: record.scene,
            body_length: record.body_length,
            verdict: record.verdict.as_str(),
            status: record.status,
            error_code: record.error_code.as_deref(),
            microseconds: record.elapsed.as_micros(),
            faults: record.faults.iter().map(fault).collect(),
            accepted: record.observed.map(crate::judge::Observed::is_accepted),
            reason: record.reason.as_deref(),
            model: match record.model {
                Model::Same => "same",
                Model::Refused => "refused",
                Model::Absent => "none",
                Model::Fault(_) => "fault",
            },
            mislabelled: record.mislabelled,
        })
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let rule = self.contract.rule(finding.rule);
        let (standing, note) = match &finding.standing {
            Standing::New => ("new", None),
            Standing::Known(note) => ("known", Some(note)),
            Standing::Expired(note) => ("expired", Some(note)),
        };
        self.line(&FindingLine {
            r#type: "finding",
            fingerprint: &finding.fingerprint,
            rule: &rule.id,
            level: level(finding.level),
            symptom: &finding.symptom,
            expected: &finding.expected,
            got: &finding.got,
            place: &finding.place,
            places: finding.places.iter().map(String::as_str).collect(),
            obligations: finding.obligations.len(),
            cases: finding.cases,
            first_case: finding.first,
            citations: rule.citations.iter().map(|citation| &**citation).collect(),
            confirmed: finding.confirmed.0,
            attempts: finding.confirmed.1,
            curl: &finding.curl,
            standing,
            known: note.map(NoteLine::from),
        })
    }

    fn fixed(&mut self, note: &Note) -> io::Result<()> {
        self.line(&FixedLine { r#type: "fixed", fingerprint: &note.fingerprint, known: note.into() })
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let (covered, obligations) = summary.obligations();
        self.line(&SummaryLine {
            r#type: "summary",
            cases: summary.cases(),
            requests: summary.requests,
            seconds: summary.elapsed.as_secs_f64(),
            covered,
            obligations,
            pass: summary.count(Verdict::Pass),
            observed: summary.count(Verdict::Observed),
            inconclusive: summary.count(Verdict::Inconclusive),
            warn: summary.count(Verdict::Warn),
            fail: summary.count(Verdict::Fail),
            not_run: summary.not_run.values().sum(),
            mislabelled: summary.mislabelled,
            round_trips: summary.round_trips,
            model_faults: summary.model_faults,
            stopped: summary.stopped.as_deref(),
            part: summary.part.as_ref().map(|part| &*part.selection),
            pairs_met: summary.pairs.valid.0,
            pairs: summary.pairs.valid.1,
            open_pairs_met: summary.pairs.open.0,
            open_pairs: summary.pairs.open.1,
            left: summary.left.policies.len() + summary.left.pending + summary.left.overwritten.len(),
            busy: summary.busy,
            waited: summary.waited.as_secs_f64(),
        })?;
        self.out.flush()
    }
}

fn changes(contract: &Contract) -> Vec<ChangeLine<'_>> {
    let lines = contract.changes.iter().map(|change| {
        let (rule, before) = (contract.rule(change.rule), change.before);
        let statuses = (!rule.statuses.is_empty()).then(|| rule.statuses.to_string());
        ChangeLine { rule: &rule.id, level: level(rule.level), before: level(before), statuses, reason: &change.reason }
    });
    lines.collect()
}

/// A level as reports write it.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Unspecified => "unspecified",
    }
}

impl<W: Write> Report for Ndjson<'_, W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { obligations, .. } => {
                let heading = self.heading.clone();
                self.line(&RunLine {
                    r#type: "run",
                    schema: SCHEMA,
                    version: env!("CARGO_PKG_VERSION"),
                    contract: &heading.contract,
                    target: &heading.target,
                    seed: heading.seed,
                    obligations: *obligations,
                    changed_rules: changes(self.contract),
                })
            }
            Event::Case(record) => self.case(record),
            Event::Waiting { .. } | Event::Reduced(_) | Event::Reducing { .. } => Ok(()),
            Event::Finding(finding) => self.finding(finding),
            Event::Fixed(note) => self.fixed(note),
            Event::Finished(summary) => self.summary(summary),
        }
    }
}
