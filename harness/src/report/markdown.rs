//! A summary in Markdown, for the page that a server of continuous integration
//! shows of a job. What a target answered is text in it, whatever it looks like.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::console::{change_line, confirmed, name, note_line, plural, shorter, thousands};
use super::escape::{ascii, ascii_line};
use super::ndjson::level;
use super::{Found, Heading, Outcome, Report};
use crate::campaign::{Event, Finding, Note, Standing, Summary};
use crate::contract::{Contract, Level};
use crate::judge::Verdict;

/// Columns of the table that count cases.
const VERDICTS: &[Verdict] = &[Verdict::Pass, Verdict::Warn, Verdict::Fail, Verdict::Observed, Verdict::Inconclusive];

/// Writes a summary in Markdown.
#[derive(Debug)]
pub struct Markdown<'c, W> {
    contract: &'c Contract,
    heading: Heading,
    level: Level,
    room: usize,
    out: W,
    findings: Vec<Finding>,
    fixed: Vec<Note>,
}

impl<'c, W: Write> Markdown<'c, W> {
    /// A summary to `out`, of `room` bytes at most; findings below `level` are
    /// warnings.
    pub fn new(contract: &'c Contract, heading: Heading, level: Level, room: usize, out: W) -> Self {
        Self { contract, heading, level, room, out, findings: Vec::new(), fixed: Vec::new() }
    }

    fn text(&self, summary: &Summary) -> Result<String, fmt::Error> {
        let mut text = String::new();
        self.head(&mut text, summary)?;
        let tail = self.tail(summary)?;
        let known = |finding: &&Finding| matches!(finding.standing, Standing::Known(_));
        let (known, others): (Vec<&Finding>, Vec<&Finding>) = self.findings.iter().partition(known);
        let blocks = others.into_iter().map(|finding| self.finding(finding));
        let known = known.into_iter().map(known_line);
        let fixed = self.fixed.iter().map(fixed_line);
        let blocks: Vec<String> = blocks.chain(known.chain(fixed).map(Ok)).collect::<Result<_, _>>()?;
        // Room for the words that there are more.
        let room = self.room.saturating_sub(tail.len() + 200);
        let mut left_out = 0;
        for block in &blocks {
            if left_out == 0 && text.len() + block.len() <= room {
                text.push_str(block);
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            writeln!(text, "\n… and {} for which there is no room here.", plural(left_out, "more finding"))?;
        }
        text.push_str(&tail);
        Ok(text)
    }

    /// How it ended, and the table of what was tried.
    fn head(&self, text: &mut String, summary: &Summary) -> fmt::Result {
        let Heading { contract, target, seed, .. } = &self.heading;
        let found = self.found();
        let told = Outcome::of(summary, &found).told(self.contract, summary, &found);
        writeln!(text, "## policy-harness: {}\n", inline(contract))?;
        writeln!(text, "**{}.** Target {}, seed {seed}.\n", inline(&told), code(target))?;
        text.push_str("| family | obligations | cases | pass | warn | fail | observed | inconclusive |\n");
        text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (family, tally) in &summary.families {
            let count = |verdict: &Verdict| tally.verdicts.get(verdict).copied().unwrap_or(0);
            let counts: Vec<String> = VERDICTS.iter().map(|verdict| thousands(count(verdict))).collect();
            let (covered, all) = (thousands(tally.covered as u64), thousands(tally.obligations as u64));
            let (cases, counts) = (thousands(tally.cases), counts.join(" | "));
            writeln!(text, "| {} | {covered} / {all} | {cases} | {counts} |", name(*family))?;
        }
        let (covered, all) = summary.obligations();
        let counts: Vec<String> = VERDICTS.iter().map(|verdict| thousands(summary.count(*verdict))).collect();
        let (covered, all) = (thousands(covered as u64), thousands(all as u64));
        writeln!(text, "| all | {covered} / {all} | {} | {} |\n", thousands(summary.cases()), counts.join(" | "))?;
        for change in &self.contract.changes {
            writeln!(text, "- changed: {}", inline(&change_line(self.contract, change)))?;
        }
        for (reason, count) in &summary.not_run {
            writeln!(text, "- not run: {}: {}", plural(*count as u64, "obligation"), inline(reason))?;
        }
        Ok(())
    }

    fn tail(&self, summary: &Summary) -> Result<String, fmt::Error> {
        let mut text = String::new();
        let (requests, seconds) = (thousands(summary.requests), summary.elapsed.as_secs_f64());
        writeln!(text, "\n{requests} requests in {seconds:.1} s. Again, with the same cases:\n")?;
        fenced(&mut text, &self.heading.reproduce.replace('…', "..."));
        text.push('\n');
        Ok(text)
    }

    fn finding(&self, finding: &Finding) -> Result<String, fmt::Error> {
        let mut text = String::new();
        let rule = self.contract.rule(finding.rule);
        let word = if finding.fails(self.level) { "FAIL" } else { "WARN" };
        writeln!(text, "\n### {word} {} ({})\n", code(&rule.id), level(finding.level))?;
        writeln!(text, "{}\n", inline(&rule.statement))?;
        if let Standing::Expired(note) = &finding.standing {
            writeln!(text, "- was known, and that is over: {}", inline(&note_line(note)))?;
        }
        let place = if finding.place.is_empty() { "the request" } else { &finding.place };
        writeln!(text, "- place: {}", code(place))?;
        writeln!(text, "- expected: {}", inline(&finding.expected))?;
        writeln!(text, "- **{}**", inline(&finding.got))?;
        writeln!(text, "- source: {}", inline(&rule.citations.join("; ")))?;
        let cases = plural(finding.cases, "case");
        writeln!(text, "- {cases}, {}, fingerprint {}\n", confirmed(finding), code(&finding.fingerprint))?;
        fenced(&mut text, &shorter(&finding.curl));
        Ok(text)
    }

    fn found(&self) -> Found {
        let mut found = Found::new(self.level);
        self.findings.iter().for_each(|finding| found.add(finding));
        found.fixed = self.fixed.len();
        found
    }
}

fn known_line(finding: &Finding) -> String {
    let note = match &finding.standing {
        Standing::Known(note) | Standing::Expired(note) => note_line(note),
        Standing::New => String::new(),
    };
    format!("\n- known: {} {}: {}\n", code(&finding.fingerprint), inline(&finding.got), inline(&note))
}

fn fixed_line(note: &Note) -> String {
    let told = inline(&note_line(note));
    format!("\n- no longer shows, take it out of the baseline: {} ({told})\n", code(&note.fingerprint))
}

/// Text on a line or in a cell of a table, in which nothing is markup, a link or an
/// emoji.
fn inline(text: &str) -> String {
    let text = ascii_line(text);
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let is_plain = match character {
            ':' => characters.peek().is_none_or(|&next| next == ' '),
            '.' => !before.eq_ignore_ascii_case(&'w'),
            _ => !character.is_ascii_punctuation() || ",/-';?".contains(character),
        };
        if is_plain {
            escaped.push(character);
        } else {
            escaped.push_str("&#");
            escaped.push_str(&u32::from(character).to_string());
            escaped.push(';');
        }
        before = character;
    }
    escaped
}

fn code(text: &str) -> String {
    ["<code>", &inline(text), "</code>"].concat()
}

/// A block of lines for a shell, between fences that are longer than any in it.
fn fenced(text: &mut String, lines: &str) {
    let lines = ascii(lines);
    let longest = lines.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    text.extend([&fence, "sh\n", &lines, "\n", &fence, "\n"]);
}

impl<W: Write> Report for Markdown<'_, W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { .. }
            | Event::Case(_)
            | Event::Waiting { .. }
            | Event::Reduced(_)
            | Event::Reducing { .. } => Ok(()),
            Event::Finding(finding) => {
                self.findings.push((**finding).clone());
                Ok(())
            }
            Event::Fixed(note) => {
                self.fixed.push((**note).clone());
                Ok(())
            }
            Event::Finished(summary) => {
                let text = self.text(summary).map_err(io::Error::other)?;
                // Where there is no room for it, less would say nothing true.
                if text.len() <= self.room {
                    self.out.write_all(text.as_bytes())?;
                }
                self.out.flush()
            }
        }
    }
}
