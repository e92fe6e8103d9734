//! How far a long check has come: a bar on standard error, where that is a terminal
//! and the report goes elsewhere; and Ctrl-C, which ends the check behind the body
//! that it is at, with a report that is whole.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::sources::Source;
use crate::cli::exit::Exit;

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

/// Whether Ctrl-C was pressed.
#[derive(Clone, Debug, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens from now on. Where that is not possible, Ctrl-C ends the process.
    pub(super) fn listen() -> Self {
        let stop = Self::default();
        let asked = stop.0.clone();
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            std::thread::spawn(move || {
                runtime.block_on(async {
                    if tokio::signal::ctrl_c().await.is_ok() {
                        asked.store(true, Ordering::Relaxed);
                    }
                    // A second one does not wait.
                    if tokio::signal::ctrl_c().await.is_ok() {
                        std::process::exit(Exit::Incomplete as i32);
                    }
                });
            });
        }
        stop
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
