//! How far the measuring has come: a bar on standard error, where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Draws the bar.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// The bar of stages that take so long each.
    pub(super) fn new(time: Duration) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar = ProgressBar::with_draw_target(Some(time.as_millis() as u64), target);
        // The template is a constant; the plain bar is good enough if it were wrong.
        if let Ok(style) = ProgressStyle::with_template("  {msg:12} {bar:28} {elapsed:>4}") {
            bar.set_style(style.progress_chars("█▉ "));
        }
        Self(bar)
    }

    /// A stage begins.
    pub(super) fn stage(&self, name: &'static str) {
        self.0.set_position(0);
        self.0.set_message(name);
    }

    /// So much of its time is over.
    pub(super) fn at(&self, elapsed: Duration) {
        self.0.set_position(elapsed.as_millis() as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
