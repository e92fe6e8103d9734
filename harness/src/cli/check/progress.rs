//! How far a long check has come: a bar on standard error, where that is a terminal
//! and the report goes elsewhere.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::sources::Source;

/// Bytes of a file that are worth a bar.
const LONG: u64 = 8 << 20;

/// Draws the bar of a source.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// The bar of a source; hidden where nobody would look at it.
    pub(super) fn of(source: &Source) -> Self {
        let length = match source {
            Source::File(path) => std::fs::metadata(path).map(|metadata| metadata.len()).ok(),
            Source::Input => None,
        };
        if io::stdout().is_terminal() || length.is_none_or(|length| length < LONG) {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr_with_hz(10));
        // The template is a constant; the plain bar is good enough if it were wrong.
        if let Ok(style) = ProgressStyle::with_template("  {bar:28} {bytes:>10} / {total_bytes:<10} {eta:>4}") {
            bar.set_style(style.progress_chars("█▉ "));
        }
        Self(bar)
    }

    /// So many bytes were read.
    pub(super) fn at(&self, offset: usize) {
        self.0.set_position(offset as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
