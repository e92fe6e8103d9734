//! The progress bar: on standard error, and only where that is a terminal.

use std::io;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Report;
use crate::campaign::{Event, Phase};
use crate::judge::Verdict;

/// More random cases than a person waits for: there is a time limit instead.
const UNCOUNTED: u64 = u32::MAX as u64;

/// Draws how far a run has come: a bar for the phase that it is in.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    phase: Option<Phase>,
    obligations: u64,
    random: u64,
    failed: u64,
    /// The message says that the run waits.
    is_waiting: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress {
    /// A bar that hides itself off a terminal.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        Self { bar, phase: None, obligations: 0, random: 0, failed: 0, is_waiting: false }
    }

    /// The bar of a phase in the place of the one before.
    fn begin(&mut self, phase: Phase) {
        let (name, length) = match phase {
            Phase::Opening | Phase::Obligations => ("obligations", self.obligations),
            Phase::Random => ("random", self.random),
        };
        // Without an end in sight it only counts.
        let template = if length > UNCOUNTED {
            "  {prefix:<12} {pos:>7} cases {elapsed:>4}  {msg}"
        } else {
            "  {prefix:<12} {bar:28} {pos:>7} / {len:<7} {elapsed:>4}  {msg}"
        };
        // The template is a constant; the plain bar is good enough if it were wrong.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("█▉ "));
        }
        self.bar.set_prefix(name);
        self.bar.set_length(length);
        self.bar.set_position(0);
        self.phase = Some(phase);
    }

    fn case(&mut self, phase: Phase, verdict: Verdict) {
        match (self.phase, phase) {
            (_, Phase::Opening) => return,
            (None, _) | (Some(Phase::Obligations), Phase::Random) => self.begin(phase),
            _ => {}
        }
        let is_failure = verdict == Verdict::Fail;
        self.failed += u64::from(is_failure);
        // An answer says that the wait is over.
        if std::mem::take(&mut self.is_waiting) || is_failure {
            let text = if self.failed > 0 { format!("{} failed", self.failed) } else { String::new() };
            self.bar.set_message(text);
        }
        // The last obligations may come after the first random cases.
        if self.phase == Some(phase) {
            self.bar.inc(1);
        }
    }
}

impl Report for Progress {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            // Drawn with the first case, below the title.
            Event::Started { obligations, cases, .. } => {
                (self.obligations, self.random) = (*obligations as u64, *cases);
            }
            Event::Case(record) => self.case(record.phase, record.verdict),
            Event::Waiting { status, time } => {
                let text = format!("the target is busy ({status}): waiting {:.1} s", time.as_secs_f64());
                // Without a bar it gets a line of its own.
                match self.phase {
                    None => self.bar.println(text),
                    Some(_) => self.bar.set_message(text),
                }
                self.is_waiting = true;
                self.bar.tick();
            }
            Event::Reducing { done, all } => {
                self.bar.set_message(format!("reducing {} of {all}", done + 1));
                self.bar.tick();
            }
            Event::Reduced(_) | Event::Finding(_) | Event::Fixed(_) => {}
            Event::Finished(_) => self.bar.finish_and_clear(),
        }
        Ok(())
    }
}
