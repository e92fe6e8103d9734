//! The progress bar: on standard error, and only where that is a terminal.

use std::io;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Report;
use crate::campaign::{Event, Phase};
use crate::judge::Verdict;

/// Draws how far a run has come.
#[derive(Debug)]
pub struct Progress {
    obligations: ProgressBar,
    random: ProgressBar,
    failed: u64,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress {
    /// Bars that hide themselves off a terminal.
    pub fn new() -> Self {
        let bar = || ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        Self { obligations: bar(), random: bar(), failed: 0 }
    }

    fn begin(bar: &ProgressBar, name: &'static str, length: u64) {
        // The template is a constant; the plain bar is good enough if it were wrong.
        if let Ok(style) =
            ProgressStyle::with_template("  {prefix:<12} {bar:28} {pos:>7} / {len:<7} {elapsed:>4}  {msg}")
        {
            bar.set_style(style.progress_chars("█▉ "));
        }
        bar.set_prefix(name);
        bar.set_length(length);
    }
}

impl Report for Progress {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { obligations, .. } => Self::begin(&self.obligations, "obligations", *obligations as u64),
            Event::Case(record) => {
                let bar = match record.phase {
                    Phase::Obligations => &self.obligations,
                    Phase::Random => &self.random,
                };
                if record.verdict == Verdict::Fail {
                    self.failed += 1;
                    bar.set_message(format!("{} failed", self.failed));
                }
                bar.inc(1);
            }
            Event::Reducing { done, all } => {
                self.random.set_message(format!("reducing {} of {all}", done + 1));
                self.random.tick();
            }
            Event::Finding(_) => {}
            Event::Finished(_) => {
                self.obligations.finish_and_clear();
                self.random.finish_and_clear();
            }
        }
        if let Event::Started { cases, .. } = event
            && *cases > 0
        {
            // Without an end in sight the bar only counts.
            Self::begin(&self.random, "random", (*cases).min(u64::from(u32::MAX)));
        }
        Ok(())
    }
}
