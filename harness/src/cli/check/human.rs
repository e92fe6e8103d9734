//! For a person: each violation with its line, the place underlined, and what to do.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use super::report::{Report, Tally, Told, operation_name};
use crate::check::{Severity, Violation};
use crate::contract::rule;
use crate::json::Step;

const BOLD: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Bytes of a line up to which it is handed over as a whole: the renderer cuts it to
/// the width of a terminal.
const WHOLE: usize = 4_096;
/// Bytes that are handed over before and behind the place, where the line is longer.
const BEFORE: usize = 60;
const BEHIND: usize = 120;

/// Writes for a person.
pub(super) struct Human<W> {
    out: W,
    renderer: Renderer,
}

impl<W: Write> Human<W> {
    /// What takes colours out where they are not wanted is `out`.
    pub(super) fn new(out: W) -> Self {
        Self { out, renderer: Renderer::styled() }
    }

    fn violations(&mut self, told: &Told<'_>) -> io::Result<()> {
        let mut rest = told.violations;
        while let Some(first) = rest.first() {
            let alike = rest.iter().take_while(|other| is_alike(first, other)).count().max(1);
            let (group, others) = rest.split_at(alike);
            self.violation(told, group)?;
            rest = others;
        }
        Ok(())
    }

    /// A violation, or several that have one place and one remedy.
    fn violation(&mut self, told: &Told<'_>, alike: &[Violation]) -> io::Result<()> {
        let Some(violation) = alike.first() else { return Ok(()) };
        let source_name = &*shown(told.body.source.as_bytes());
        let window = Window::around(told, violation);
        let level = match violation.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let label = violation.expected.as_ref().filter(|_| alike.len() == 1).map(|what| format!("expected {what}"));
        // Of a part of a line the column cannot be counted.
        let path = (!window.is_cut).then_some(source_name);
        let origin = Origin::path(source_name).line(violation.span.line).char_column(violation.span.column);
        let snippet = Snippet::source(window.text)
            .line_start(violation.span.line)
            .path(path)
            .annotation(AnnotationKind::Primary.span(window.place).label(label));
        let mut group = Group::with_title(level.primary_title(message(alike)).id(&*violation.rule));
        if window.is_cut {
            group = group.element(origin);
        }
        group = group.element(snippet);
        if let Some(suggestion) = suggestion(alike) {
            group = group.element(Level::HELP.message(suggestion));
        }
        if let Some(note) = &violation.note {
            group = group.element(Level::NOTE.message(&**note));
        }
        if window.is_cut && !violation.pointer.is_root() {
            let pointer: String = violation.pointer.to_string().chars().take(200).collect();
            group = group.element(Level::NOTE.with_name(Some("at")).message(shown(pointer.as_bytes())));
        }
        let contract = &told.checked.contract.name;
        let see = format!(
            "{}; `policy-harness rules {} --contract {contract}`",
            violation.citations.join("; "),
            violation.rule
        );
        group = group.element(Level::NOTE.with_name(Some("see")).message(see));
        writeln!(self.out, "{}\n", self.renderer.render(&[group]))
    }
}

impl<W: Write> Report for Human<W> {
    fn body(&mut self, told: &Told<'_>) -> io::Result<()> {
        let checked = told.checked;
        let source_name = shown(told.body.source.as_bytes());
        if told.body.is_one_of_many && told.violations.is_empty() && checked.stopped.is_none() {
            return Ok(());
        }
        let place = if told.body.is_one_of_many { format!(", line {}", told.body.line) } else { String::new() };
        let looks = match &checked.detected {
            Some(detected) if told.body.request.is_some() && !detected.is_open() => {
                format!("sent to {}, {detected}", checked.contract.name)
            }
            Some(detected) if told.body.request.is_none() => detected.to_string(),
            _ => checked.contract.name.to_string(),
        };
        let operation = operation_name(told.operation);
        let ending =
            if told.violations.is_empty() && checked.stopped.is_none() { ": nothing to find fault with" } else { "\n" };
        writeln!(self.out, "{BOLD}{}{place}{BOLD:#}: {looks}, {operation}{ending}", source_name)?;
        self.violations(told)?;
        if let Some(worst) = checked.dropped.worst {
            let (count, worst) = (checked.dropped.count, Severity::from(worst));
            writeln!(self.out, "and {count} more, up to the gravity of a {worst}, which are not shown\n")?;
        }
        if let Some(stopped) = checked.stopped {
            let (line, column) = (stopped.line, stopped.column);
            let what = "the body has more values than are read; no policy comes near";
            writeln!(self.out, "{ERROR}error{ERROR:#}: {}:{line}:{column}: {what}\n", source_name)?;
        }
        Ok(())
    }

    fn source(&mut self, name: &str, found: &Tally) -> io::Result<()> {
        // One body has said it all.
        if found.bodies == 1 && (found.passed_over == 0 || found.errors + found.warnings + found.notes > 0) {
            return Ok(());
        }
        let passed_over = match found.passed_over {
            0 => String::new(),
            1 => ", 1 request to elsewhere passed over".to_owned(),
            many => format!(", {many} requests to elsewhere passed over"),
        };
        let (name, bodies) = (shown(name.as_bytes()), counted(found.bodies, "body", "bodies"));
        let result = if found.bodies == 0 { "nothing was checked".to_owned() } else { result(found) };
        writeln!(self.out, "{BOLD}{name}{BOLD:#}: {bodies}{passed_over}: {result}")
    }

    fn unreadable(&mut self, _name: &str, why: &str) -> io::Result<()> {
        // Beside what is told of the bodies, so that neither hides the other.
        self.out.flush()?;
        writeln!(anstream::stderr(), "{ERROR}error{ERROR:#}: {}", shown(why.as_bytes()))
    }

    fn end(&mut self, tally: &Tally) -> io::Result<()> {
        if tally.sources > 1 || tally.bodies == 1 && tally.errors + tally.warnings + tally.notes > 0 {
            let bodies = if tally.bodies == 1 {
                String::new()
            } else {
                format!("{}: ", counted(tally.bodies, "body", "bodies"))
            };
            writeln!(self.out, "{bodies}{}", result(tally))?;
        }
        self.out.flush()
    }
}

/// Whether two violations are told as one: what an update leaves out.
fn is_alike(first: &Violation, other: &Violation) -> bool {
    let resets = rule::ENGINE.get(usize::from(rule::UPDATE_RESETS.0));
    first.rule == other.rule && first.span == other.span && resets == Some(&&*first.rule)
}

fn message(alike: &[Violation]) -> String {
    match alike {
        [one] => one.message.clone(),
        many => {
            let names: Vec<String> = many.iter().filter_map(name).collect();
            format!("a PUT replaces the policy: what it leaves out the service would reset: {}", names.join(", "))
        }
    }
}

fn suggestion(alike: &[Violation]) -> Option<String> {
    match alike {
        [one] => one.suggestion.clone(),
        _ => {
            Some("read the policy first, and send back what shall stay; null, or [] for a collection, where it is to be reset".to_owned())
        }
    }
}

fn name(violation: &Violation) -> Option<String> {
    match violation.pointer.steps().last()? {
        Step::Name(name) => Some(format!("`{name}`")),
        Step::Index(_) => None,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `2 errors, 1 warning`.
fn result(tally: &Tally) -> String {
    let parts =
        [(tally.errors, "error", "errors"), (tally.warnings, "warning", "warnings"), (tally.notes, "note", "notes")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(*count, one, many)).collect();
    match parts.join(", ") {
        none if none.is_empty() => "nothing to find fault with".to_owned(),
        open if tally.errors + tally.warnings == 0 => {
            format!("no rule is broken; {open} on what the contract leaves open, which may be the cause")
        }
        all => all,
    }
}

/// The part of a line that is shown, and the place in it.
struct Window {
    text: String,
    place: Range<usize>,
    is_cut: bool,
}

impl Window {
    fn around(told: &Told<'_>, violation: &Violation) -> Self {
        // The first line of a request stands before its body.
        let head = told.body.request.filter(|request| violation.span.offset < request.body.start);
        let (bytes, base) = match head {
            Some(request) => (request.first_line.as_bytes(), request.head.start),
            None => (told.body.bytes, told.body.offset),
        };
        let place = violation.span.offset.saturating_sub(base)..violation.span.range().end.saturating_sub(base);
        Self::of(bytes, place)
    }

    fn of(bytes: &[u8], place: Range<usize>) -> Self {
        let start = place.start.min(bytes.len());
        // Nothing far away is looked at, for a line may be as long as the file.
        let near = start.saturating_sub(WHOLE);
        let line_start = bytes[near..start].iter().rposition(|&byte| byte == b'\n').map_or(near, |at| near + at + 1);
        let far = bytes.len().min(start + WHOLE);
        let line_end = bytes[start..far].iter().position(|&byte| byte == b'\n').map_or(far, |at| start + at);
        let line_end =
            if line_end > start && bytes.get(line_end - 1) == Some(&b'\r') { line_end - 1 } else { line_end };
        let is_long = line_end - line_start >= WHOLE;
        let from = if is_long && start - line_start > BEFORE { boundary(bytes, start - BEFORE) } else { line_start };
        let to = if is_long && line_end - start > BEHIND { boundary(bytes, start + BEHIND) } else { line_end };
        let end = place.end.clamp(start, to);
        let mut text = String::new();
        if from > line_start {
            text.push('…');
        }
        text.push_str(&shown(&bytes[from..start]));
        let begin = text.len();
        text.push_str(&shown(&bytes[start..end]));
        let finish = text.len();
        text.push_str(&shown(&bytes[end..to]));
        if to < line_end {
            text.push('…');
        }
        Self { text, place: begin..finish, is_cut: from > line_start || to < line_end }
    }
}

/// A part of a line: what is no text, and what a terminal would act on, stands as the
/// sign for a character that cannot be shown.
pub(in crate::cli) fn shown(bytes: &[u8]) -> String {
    let is_shown = |character: &char| *character == '\t' || !character.is_control();
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{FEFF}');
    text.chars().map(|character| if is_shown(&character) { character } else { '\u{FFFD}' }).collect()
}

/// The first byte of the character that byte `at` belongs to.
fn boundary(bytes: &[u8], at: usize) -> usize {
    (at.saturating_sub(3)..=at).rev().find(|&at| bytes.get(at).is_none_or(|byte| byte & 0xC0 != 0x80)).unwrap_or(at)
}
