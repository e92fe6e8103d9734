//! The summary for a person: a table of what was tried, the findings with what a
//! reader needs to believe them, and a last line that says how it ended.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};

use super::escape::shortened;
use super::ndjson::level;
use super::{Found, Heading, Outcome, Report, profile};
use crate::campaign::{CaseRecord, Event, Finding, Left, Note, PairCounts, Part, Standing, Summary};
use crate::contract::{Changed, Contract, Family, Level};
use crate::judge::Verdict;

/// Findings shown in full; the rest is counted.
const SHOWN: usize = 20;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const SOSO: Style = AnsiColor::Yellow.on_default().bold();

/// How much a person is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// How it ended.
    Little,
    /// The table and the findings.
    #[default]
    Usual,
    /// Besides, every case that is not as it should be, when it comes.
    Much,
}

/// Prints to a person.
#[derive(Debug)]
pub struct Console<'c, W> {
    contract: &'c Contract,
    heading: Heading,
    level: Level,
    shows_profile: bool,
    /// Where findings are written as files.
    folder: Option<PathBuf>,
    telling: Telling,
    /// Whether there is a command line to name flags of.
    has_flags: bool,
    out: W,
    findings: Vec<Finding>,
    fixed: Vec<Note>,
}

impl<'c, W: Write> Console<'c, W> {
    /// A report to `out`; findings below `level` are warnings.
    pub fn new(contract: &'c Contract, heading: Heading, level: Level, out: W) -> Self {
        Self {
            contract,
            heading,
            level,
            shows_profile: false,
            folder: None,
            telling: Telling::Usual,
            has_flags: true,
            out,
            findings: Vec::new(),
            fixed: Vec::new(),
        }
    }

    /// The same report with the target's profile.
    #[must_use]
    pub fn with_profile(self, shows_profile: bool) -> Self {
        Self { shows_profile, ..self }
    }

    /// The same report, which says where findings are written.
    #[must_use]
    pub fn with_findings(self, folder: PathBuf) -> Self {
        Self { folder: Some(folder), ..self }
    }

    /// The same report with more in it, or less.
    #[must_use]
    pub fn telling(self, telling: Telling) -> Self {
        Self { telling, ..self }
    }

    /// The same report for somebody who has no command line.
    #[must_use]
    pub fn without_flags(self) -> Self {
        Self { has_flags: false, ..self }
    }

    /// What was written.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// A case that is not as it should be.
    fn case(&mut self, record: &CaseRecord) -> io::Result<()> {
        let style = match record.verdict {
            Verdict::Fail => BAD,
            Verdict::Warn | Verdict::Inconclusive => SOSO,
            Verdict::NotRun | Verdict::Pass | Verdict::Observed => return Ok(()),
        };
        let broken =
            record.faults.iter().map(|fault| format!("{}: {}", self.contract.rule(fault.rule).id, fault.symptom));
        let what = broken.chain(record.reason.clone()).collect::<Vec<_>>().join("; ");
        let place = if record.pointer.is_empty() { String::new() } else { format!(" at {}", record.pointer) };
        let word = record.verdict;
        writeln!(self.out, "{style}{word:<12}{style:#} case {}, {}{place}: {what}", record.index, record.operator)
    }

    fn title(&mut self) -> io::Result<()> {
        let Heading { contract, target, seed, .. } = &self.heading;
        let version = env!("CARGO_PKG_VERSION");
        writeln!(
            self.out,
            "{BOLD}policy-harness {version}{BOLD:#} · contract {contract} · target: {target} · seed {seed}\n"
        )?;
        self.out.flush()
    }

    fn table(&mut self, summary: &Summary) -> io::Result<()> {
        for operation in &self.contract.operations {
            writeln!(self.out, "{DIM}{} {}{DIM:#}", operation.method, operation.path)?;
        }
        writeln!(
            self.out,
            "\n  {:<10} {:>13} {:>9} {:>9} {:>6} {:>6} {:>9} {:>13}",
            "family", "obligations", "cases", "pass", "warn", "fail", "observed", "inconclusive"
        )?;
        for (family, tally) in &summary.families {
            let count = |verdict| tally.verdicts.get(&verdict).copied().unwrap_or(0);
            writeln!(
                self.out,
                "  {:<10} {:>13} {:>9} {:>9} {} {} {:>9} {:>13}",
                name(*family),
                format!("{} / {}", thousands(tally.covered as u64), thousands(tally.obligations as u64)),
                thousands(tally.cases),
                dash(count(Verdict::Pass)),
                paint(SOSO, count(Verdict::Warn), 6),
                paint(BAD, count(Verdict::Fail), 6),
                dash(count(Verdict::Observed)),
                dash(count(Verdict::Inconclusive)),
            )?;
        }
        let (covered, all) = summary.obligations();
        writeln!(
            self.out,
            "  {BOLD}{:<10} {:>13} {:>9} {:>9} {:>6} {:>6} {:>9} {:>13}{BOLD:#}\n",
            "all",
            format!("{} / {}", thousands(covered as u64), thousands(all as u64)),
            thousands(summary.cases()),
            dash(summary.count(Verdict::Pass)),
            dash(summary.count(Verdict::Warn)),
            dash(summary.count(Verdict::Fail)),
            dash(summary.count(Verdict::Observed)),
            dash(summary.count(Verdict::Inconclusive)),
        )?;
        match &summary.part {
            Some(Part { selection, obligations, of }) => {
                let (obligations, of) = (thousands(*obligations as u64), thousands(*of as u64));
                writeln!(self.out, "  a part of the contract: {obligations} of {of} obligations, {selection}\n")
            }
            None => Ok(()),
        }
    }

    /// How many pairs of values met in the bodies that were sent.
    fn pairs(&mut self, pairs: PairCounts) -> io::Result<()> {
        let of = |(met, all): (usize, usize)| format!("{} / {}", thousands(met as u64), thousands(all as u64));
        writeln!(
            self.out,
            "  pairs of values in one object: {} in bodies that must be accepted, {} with an open point\n",
            of(pairs.valid),
            of(pairs.open)
        )
    }

    fn remarks(&mut self, summary: &Summary) -> io::Result<()> {
        let is_left = !summary.left.is_nothing() || summary.left.trouble.is_some();
        let has_remarks = is_left
            || summary.busy > 0
            || !summary.not_run.is_empty()
            || summary.mislabelled + summary.model_faults > 0;
        self.left(&summary.left)?;
        if summary.busy > 0 {
            writeln!(
                self.out,
                "{SOSO}busy{SOSO:#}  the target said so {} (429 or 503) and was left alone for {:.1} s",
                plural(summary.busy, "time"),
                summary.waited.as_secs_f64(),
            )?;
        }
        for (reason, count) in &summary.not_run {
            writeln!(self.out, "{SOSO}not run{SOSO:#}  {}: {reason}", plural(*count as u64, "obligation"))?;
        }
        for (count, first, what) in [
            (summary.mislabelled, &summary.first_mislabelled, "cases were not what they were made to be"),
            (summary.model_faults, &summary.first_model_fault, "bodies were not kept by the typed model"),
        ] {
            if count > 0 {
                let first = first.as_deref().unwrap_or_default();
                writeln!(
                    self.out,
                    "{BAD}harness{BAD:#}  {count} {what}; this is a fault of the harness, not of the target. First: {first}"
                )?;
            }
        }
        if has_remarks { writeln!(self.out) } else { Ok(()) }
    }

    /// What the run could not take away again.
    fn left(&mut self, left: &Left) -> io::Result<()> {
        let policies = |count: usize| plural(count as u64, "policy");
        if !left.policies.is_empty() {
            let count = policies(left.policies.len());
            writeln!(self.out, "{SOSO}left{SOSO:#}  {count} that the run created could not be deleted")?;
        }
        if left.pending > 0 {
            let count = policies(left.pending);
            writeln!(self.out, "{SOSO}left{SOSO:#}  perhaps {count}: nobody knows what came of the creates")?;
        }
        if left.unlisted {
            let what = "the list could not be read to its end, so nobody looked for what else there may be of the run";
            writeln!(self.out, "{SOSO}left{SOSO:#}  {what}")?;
        }
        for id in &left.overwritten {
            writeln!(self.out, "{SOSO}left{SOSO:#}  the policy that {id} had before could not be put back")?;
        }
        match &left.trouble {
            Some(trouble) => writeln!(self.out, "{SOSO}ledger{SOSO:#}  it is not whole: {trouble}"),
            None => Ok(()),
        }
    }

    /// Rules that are other than the contract's.
    fn changes(&mut self) -> io::Result<()> {
        for change in &self.contract.changes {
            writeln!(self.out, "{SOSO}changed{SOSO:#}  {}", change_line(self.contract, change))?;
        }
        if self.contract.changes.is_empty() { Ok(()) } else { writeln!(self.out) }
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let rule = self.contract.rule(finding.rule);
        let (style, word) = match finding.standing {
            Standing::Known(_) => (DIM, "KNOWN"),
            _ if finding.level >= self.level => (BAD, "FAIL"),
            _ => (SOSO, "WARN"),
        };
        let confirmed = confirmed(finding);
        let obligations = match finding.obligations.len() {
            0 => String::new(),
            count => format!("{}, ", plural(count as u64, "obligation")),
        };
        writeln!(
            self.out,
            "{style}{word}{style:#}  {BOLD}{}{BOLD:#}   {}   {obligations}{}, {confirmed}",
            rule.id,
            level(finding.level),
            plural(finding.cases, "case"),
        )?;
        let place = if finding.place.is_empty() { String::new() } else { format!("{}: ", finding.place) };
        writeln!(self.out, "      {place}breaks “{}”", rule.statement.trim_end_matches('.'))?;
        match &finding.standing {
            Standing::New => {}
            Standing::Known(note) => {
                writeln!(self.out, "      {BOLD}{}{BOLD:#}", finding.got)?;
                writeln!(self.out, "      known: {}", note_line(note))?;
                return writeln!(self.out, "      {DIM}fingerprint {}{DIM:#}\n", finding.fingerprint);
            }
            Standing::Expired(note) => {
                writeln!(self.out, "      {SOSO}was known, and that is over{SOSO:#}: {}", note_line(note))?;
            }
        }
        // What every answer must be like, the rule has said already.
        if finding.expected != *rule.statement {
            writeln!(self.out, "      expected {}", finding.expected)?;
        }
        writeln!(self.out, "      {BOLD}{}{BOLD:#}", finding.got)?;
        writeln!(self.out, "      {DIM}{}{DIM:#}", rule.citations.join("; "))?;
        if finding.places.len() > 1 {
            let places: Vec<&str> =
                finding.places.iter().take(4).map(|place| if place.is_empty() { "the body" } else { place }).collect();
            let more = finding.places.len().saturating_sub(places.len());
            let more = if more > 0 { format!("\n              and {more} more places") } else { String::new() };
            writeln!(self.out, "      seen at {}{more}", places.join("\n              "))?;
        }
        let requests = if finding.curl.starts_with("# 1.") { "requests" } else { "request" };
        writeln!(self.out, "      smallest {requests}, from a case of {}:", finding.operator)?;
        for line in shorter(&finding.curl).lines() {
            writeln!(self.out, "        {line}")?;
        }
        if let Some(folder) = &self.folder {
            let file = folder.join([&*finding.fingerprint, ".json"].concat());
            writeln!(self.out, "      again: policy-harness replay {}", file.display())?;
        }
        writeln!(self.out, "      {DIM}fingerprint {}{DIM:#}\n", finding.fingerprint)
    }

    /// What the baseline knows of and what no longer shows.
    fn fixed(&mut self, note: &Note) -> io::Result<()> {
        writeln!(self.out, "{GOOD}FIXED{GOOD:#}  {BOLD}{}{BOLD:#}   no longer shows", note.fingerprint)?;
        writeln!(self.out, "      was known: {}", note_line(note))?;
        let advice = format!("policy-harness baseline update --baseline FILE --prune {}", note.fingerprint);
        writeln!(self.out, "      take it out of the baseline: {advice}\n")
    }

    fn verdict(&mut self, summary: &Summary) -> io::Result<()> {
        let mut found = Found::new(self.level);
        self.findings.iter().for_each(|finding| found.add(finding));
        found.fixed = self.fixed.len();
        let seconds = summary.elapsed.as_secs_f64();
        let rate = (summary.requests as f64 / seconds.max(0.001)) as u64;
        let open = summary.profile.open.len();
        let hint = if self.shows_profile || !self.has_flags {
            ""
        } else {
            ": `--profile` shows what this target does with them"
        };
        let trips = match self.contract.has_model {
            true => format!(" {} round trips through the typed model,", thousands(summary.round_trips)),
            false => String::new(),
        };
        let figures = format!(
            "{} requests in {seconds:.1} s ({}/s), {} mislabelled,{trips} {open} points left open by the contract{hint}.",
            thousands(summary.requests),
            thousands(rate),
            summary.mislabelled,
        );
        let outcome = Outcome::of(summary, &found);
        let style = match outcome {
            Outcome::Findings | Outcome::Outdated(_) => BAD,
            Outcome::Incomplete(_) => SOSO,
            Outcome::Conforms => GOOD,
        };
        let word = outcome.told(self.contract, summary, &found);
        writeln!(self.out, "{style}{word}.{style:#} {figures}")?;
        writeln!(self.out, "Reproduce: {}", self.heading.reproduce)
    }
}

impl<W: Write> Report for Console<'_, W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { .. } if self.telling == Telling::Little => Ok(()),
            Event::Started { .. } => self.title(),
            Event::Case(record) if self.telling == Telling::Much => self.case(record),
            Event::Case(_) | Event::Waiting { .. } | Event::Reduced(_) | Event::Reducing { .. } => Ok(()),
            Event::Finding(finding) => {
                self.findings.push((**finding).clone());
                Ok(())
            }
            Event::Fixed(note) => {
                self.fixed.push((**note).clone());
                Ok(())
            }
            Event::Finished(summary) if self.telling == Telling::Little => {
                // What it did to the target is never kept quiet.
                self.left(&summary.left)?;
                self.verdict(summary)?;
                self.out.flush()
            }
            Event::Finished(summary) => {
                if self.telling == Telling::Much {
                    writeln!(self.out)?;
                }
                self.table(summary)?;
                self.pairs(summary.pairs)?;
                let mut findings = self.findings.clone();
                findings.sort_by_key(|finding| matches!(finding.standing, Standing::Known(_)));
                for finding in findings.iter().take(SHOWN) {
                    self.finding(finding)?;
                }
                if findings.len() > SHOWN {
                    writeln!(self.out, "… and {} more; `--report ndjson=PATH` has them all\n", findings.len() - SHOWN)?;
                }
                for note in self.fixed.clone() {
                    self.fixed(&note)?;
                }
                self.changes()?;
                self.remarks(summary)?;
                if self.shows_profile {
                    profile::write(&mut self.out, self.contract, &summary.profile)?;
                }
                self.verdict(summary)?;
                self.out.flush()
            }
        }
    }
}

/// A rule that is other than the contract's, on one line.
pub(super) fn change_line(contract: &Contract, change: &Changed) -> String {
    let rule = contract.rule(change.rule);
    let (now, before) = (level(rule.level), level(change.before));
    let level = if now == before { now.to_owned() } else { format!("{now} instead of {before}") };
    let statuses = if rule.statuses.is_empty() { String::new() } else { format!(", {}", rule.statuses) };
    format!("{}: {level}{statuses}: {}", rule.id, change.reason)
}

/// How sure a finding is.
pub(super) fn confirmed(finding: &Finding) -> String {
    let (shown, sent) = finding.confirmed;
    match shown {
        _ if sent == 0 => "not sent again, there was no time".to_owned(),
        _ if shown == sent => "confirmed".to_owned(),
        _ => format!("flaky: showed {shown} of {sent} times when sent again"),
    }
}

/// What a baseline says of a finding, on one line.
pub(super) fn note_line(note: &Note) -> String {
    let link = note.link.as_ref().map(|link| format!(" ({link})")).unwrap_or_default();
    let until = note.expires.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
    let line = [&*note.reason, &link, &until].concat();
    line.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A family as the table names it.
pub(crate) fn name(family: Family) -> &'static str {
    match family {
        Family::Valid => "valid",
        Family::Syntax => "syntax",
        Family::Value => "value",
        Family::Structure => "structure",
        Family::Type => "type",
        Family::Http => "http",
        Family::State => "state",
        Family::Answer => "answer",
        Family::Advice => "advice",
        Family::Client => "client",
    }
}

fn dash(count: u64) -> String {
    if count == 0 { "-".to_owned() } else { thousands(count) }
}

fn paint(style: Style, count: u64, width: usize) -> String {
    let text = format!("{:>width$}", dash(count));
    if count == 0 { text } else { format!("{style}{text}{style:#}") }
}

pub(crate) fn plural(count: u64, what: &str) -> String {
    let count_text = thousands(count);
    match what.strip_suffix('y') {
        _ if count == 1 => format!("{count_text} {what}"),
        Some(stem) => format!("{count_text} {stem}ies"),
        None => format!("{count_text} {what}s"),
    }
}

/// 1234567 as 1,234,567.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A request line that a terminal can hold.
pub(super) fn shorter(curl: &str) -> String {
    const LONGEST: usize = 2_000;
    // Requests that depend on each other are of use all together.
    let longest = LONGEST * curl.lines().filter(|line| line.starts_with("# ")).count().max(1);
    shortened(curl, longest)
}
