//! What a client did, told to a person in the form that findings of a run have.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::client::{Finding, Options, Outcome, Symptom};
use crate::contract::{Contract, Level};
use crate::report::{plural, thousands};
use crate::target::shell;

/// Places that are listed; the rest is counted.
const PLACES: usize = 8;
/// Bytes of a body that is shown.
const LONGEST: usize = 2_000;
/// Characters of a place, and of a body that is too long, that are shown.
const CLIPPED: usize = 120;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const SOSO: Style = AnsiColor::Yellow.on_default().bold();

/// Tells it.
pub(super) struct Told<'r, W> {
    pub(super) contract: &'r Contract,
    pub(super) options: &'r Options,
    /// Findings below it are warnings.
    pub(super) level: Level,
    pub(super) out: W,
}

impl<W: Write> Told<'_, W> {
    pub(super) fn outcome(mut self, outcome: &Outcome) -> io::Result<()> {
        let Options { command, seed, .. } = self.options;
        let (version, contract) = (env!("CARGO_PKG_VERSION"), &self.contract.name);
        writeln!(
            self.out,
            "{BOLD}policy-harness {version}{BOLD:#} · contract {contract} · client: {} · seed {seed}\n",
            safe(command)
        )?;
        for finding in &outcome.findings {
            self.finding(finding)?;
        }
        self.last(outcome)?;
        self.out.flush()
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let rule = self.contract.rule(finding.rule);
        let (style, word) = if finding.level >= self.level { (BAD, "FAIL") } else { (SOSO, "WARN") };
        let level = if finding.level == Level::Must { "must" } else { "should" };
        writeln!(
            self.out,
            "{style}{word}{style:#}  {BOLD}{}{BOLD:#}   {level}   {}, {}",
            rule.id,
            bodies(finding.bodies),
            confirmed(finding.confirmed)
        )?;
        let place = match finding.fault.at.to_string() {
            place if place.is_empty() => String::new(),
            place => format!("{}: ", clipped(&safe(&place))),
        };
        writeln!(self.out, "      {place}breaks “{}”", rule.statement.trim_end_matches('.'))?;
        writeln!(self.out, "      {BOLD}{}{BOLD:#}", safe(&finding.fault.to_string()))?;
        writeln!(self.out, "      {DIM}{}{DIM:#}", rule.citations.join("; "))?;
        self.places(finding)?;
        writeln!(self.out, "      smallest body, from a case of {}:", finding.operator)?;
        writeln!(self.out, "        {}\n", again(&finding.body, &self.options.command))
    }

    /// Where it showed, if that is more than the place that was named.
    fn places(&mut self, finding: &Finding) -> io::Result<()> {
        let places = &finding.places;
        let is_named =
            matches!(finding.fault.symptom, Symptom::Changed(_)) || places.iter().all(|(place, _)| place.is_empty());
        if places.len() < 2 && is_named {
            return Ok(());
        }
        let named = places.iter().take(PLACES).map(|(place, _)| match place.as_str() {
            "" => "the body".to_owned(),
            place => clipped(&safe(place)),
        });
        let named = named.collect::<Vec<_>>().join("\n              ");
        let more = match places.len().saturating_sub(PLACES) {
            0 => String::new(),
            more => format!("\n              and {}", plural(more as u64, "more place")),
        };
        writeln!(self.out, "      seen at {named}{more}")
    }

    fn last(&mut self, outcome: &Outcome) -> io::Result<()> {
        let Outcome { findings, counts, ended } = outcome;
        let failing = findings.iter().filter(|finding| finding.level >= self.level).count() as u64;
        let warnings = findings.len() as u64 - failing;
        let warned = if warnings > 0 { format!(", {}", plural(warnings, "warning")) } else { String::new() };
        let why = ended.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
        let (style, word) = match (failing, ended) {
            (0, None) if counts.valid == 0 => (SOSO, "Not complete: nothing was compared".to_owned()),
            (0, None) => (GOOD, format!("Keeps what it is given{warned}")),
            (0, Some(why)) => (SOSO, format!("Not complete: {}{warned}", safe(why))),
            (count, _) => {
                (BAD, format!("Does not keep what it is given: {}{warned}{}", plural(count, "finding"), safe(&why)))
            }
        };
        let dropped = match counts.dropped {
            0 => String::new(),
            count => format!(", {} of more kinds than are kept", plural(count, "fault")),
        };
        writeln!(
            self.out,
            "{style}{word}.{style:#} {} of {} valid bodies came back whole, {} had an open point ({} refused), {} were malformed{dropped}; started {}.",
            thousands(counts.kept),
            thousands(counts.valid),
            thousands(counts.open),
            thousands(counts.open_refused),
            thousands(counts.malformed),
            if counts.starts == 1 { "once".to_owned() } else { plural(counts.starts, "time") },
        )?;
        let Options { command, seed, cases, time_limit, .. } = self.options;
        let (contract, command) = (&self.contract.name, shell::quoted(&safe(command)));
        let limit = time_limit.as_secs_f64();
        writeln!(
            self.out,
            "Reproduce: policy-harness roundtrip --command {command} --contract {contract} --seed {seed} --cases {cases} --time-limit {limit}"
        )
    }
}

fn bodies(count: u64) -> String {
    plural(count, "body")
}

fn confirmed((shown, sent): (u32, u32)) -> String {
    match shown {
        _ if sent == 0 => "not sent again".to_owned(),
        _ if shown == sent => "confirmed".to_owned(),
        _ => format!("flaky: showed {shown} of {sent} times when sent again"),
    }
}

/// The line that sends a body to the client again.
fn again(body: &[u8], command: &str) -> String {
    if body.len() > LONGEST {
        let beginning = clipped(&safe(&String::from_utf8_lossy(body)));
        return format!("a body of {} bytes: {beginning}", thousands(body.len() as u64));
    }
    let command = safe(command);
    // A list of commands reads the pipe as one.
    let command = if command.contains([';', '&', '|']) { format!("({command})") } else { command };
    match std::str::from_utf8(body) {
        Ok(text) if text.chars().all(shell::is_shown) && !text.contains('\\') => {
            format!("echo {} | {command}", shell::quoted(text))
        }
        Ok(text) if text.chars().all(shell::is_shown) => {
            format!("printf '%s\\n' {} | {command}", shell::quoted(text))
        }
        _ => format!("printf {} | {command}", shell::printf_format(&[body, b"\n"].concat())),
    }
}

/// The beginning of a long text.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(CLIPPED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Text of which a terminal shows all and does nothing else.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => safe.push(' '),
            character if shell::is_shown(character) => safe.push(character),
            character => safe.extend(character.escape_unicode()),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{again, clipped, safe};

    #[test]
    fn the_line_for_a_shell_is_read_by_every_shell_alike() {
        assert_eq!(again(br#"{"a":"it's"}"#, "cat"), r#"echo '{"a":"it'\''s"}' | cat"#);
        // Some shells read backslashes in the words of echo.
        assert_eq!(again(br#"{"a":"\n"}"#, "cat"), r#"printf '%s\n' '{"a":"\n"}' | cat"#);
        assert_eq!(again("{\"a\":\"\u{202e}\"}".as_bytes(), "cat"), r#"printf '{"a":"\342\200\256"}\n' | cat"#);
        assert_eq!(again(b"{}", "cd x && cat"), "echo '{}' | (cd x && cat)");
        let long = again(&[b'['; 5_000], "cat");
        assert!(long.starts_with("a body of 5,000 bytes: [[[") && long.len() < 200, "{long}");
    }

    #[test]
    fn nothing_of_a_client_reaches_the_terminal_but_text() {
        assert_eq!(safe("a\u{1b}[2J\nb\u{202e}"), "a\\u{1b}[2J b\\u{202e}");
        assert_eq!(clipped(&"é".repeat(200)).chars().count(), 121);
    }
}
