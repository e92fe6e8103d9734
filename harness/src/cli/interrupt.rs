//! Ctrl-C while bodies are looked at one after the other: the first one ends the work
//! behind the body that it is at, with a report that is whole; the second one ends the
//! process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Exit;

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
