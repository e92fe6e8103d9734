//! For GitHub Actions: workflow commands, which the page of a pull request shows at
//! their lines.

use std::fmt;
use std::io::{self, Write};

use super::report::{Report, Tally, Told};
use crate::check::Severity;

/// Writes workflow commands.
pub(super) struct Github<W> {
    out: W,
}

impl<W: Write> Github<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Report for Github<W> {
    fn body(&mut self, told: &Told<'_>) -> io::Result<()> {
        let file = Property(told.body.source);
        for violation in told.violations {
            let command = match violation.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let span = &violation.span;
            write!(self.out, "::{command} file={file},line={},endLine={}", span.line, span.end_line)?;
            // Columns are of one line.
            if span.line == span.end_line {
                write!(self.out, ",col={},endColumn={}", span.column, span.end_column)?;
            }
            write!(self.out, ",title={}::{}", Property(&violation.rule), Data(&violation.message))?;
            let more = [("expected ", &violation.expected), ("", &violation.suggestion)];
            for (word, text) in more.iter().filter_map(|(word, text)| Some((word, text.as_ref()?))) {
                write!(self.out, "{}", Data(&format!("\n{word}{text}")))?;
            }
            if let Some(note) = &violation.note {
                write!(self.out, "{}", Data(&format!("\n{note}")))?;
            }
            writeln!(self.out)?;
        }
        if let Some(stopped) = told.checked.stopped {
            let what = "the body has more values than are read";
            writeln!(self.out, "::error file={file},line={},col={}::{what}", stopped.line, stopped.column)?;
        }
        Ok(())
    }

    fn unreadable(&mut self, name: &str, why: &str) -> io::Result<()> {
        writeln!(self.out, "::error file={}::{}", Property(name), Data(why))
    }

    fn end(&mut self, _tally: &Tally) -> io::Result<()> {
        self.out.flush()
    }
}

/// The text of a command.
struct Data<'t>(&'t str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '%' => f.write_str("%25"),
            '\r' => f.write_str("%0D"),
            '\n' => f.write_str("%0A"),
            control if control.is_control() => f.write_str("\u{FFFD}"),
            other => write!(f, "{other}"),
        })
    }
}

/// The value of a property of a command.
struct Property<'t>(&'t str);

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Data(self.0).to_string();
        text.chars().try_for_each(|character| match character {
            ':' => f.write_str("%3A"),
            ',' => f.write_str("%2C"),
            other => write!(f, "{other}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_its_command() {
        assert_eq!(Data("50%\r\nnext").to_string(), "50%25%0D%0Anext");
        assert_eq!(Property("a,b:c%").to_string(), "a%2Cb%3Ac%25");
    }
}
