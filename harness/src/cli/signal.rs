//! Ctrl-C: the first one ends what is going on and cleans up, the second one ends
//! the process.

use std::io::{IsTerminal, Write};

use tokio::sync::watch;

use super::exit::Exit;

/// Whether an end was asked for.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. Needs a runtime.
    pub(super) fn listen() -> Self {
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            // Without the signal there is nothing to wait for.
            if tokio::signal::ctrl_c().await.is_err() {
                return std::future::pending::<()>().await;
            }
            let _ = sender.send(true);
            if std::io::stderr().is_terminal() {
                let text = "ending: what was created is being deleted; Ctrl-C again leaves it where it is";
                let _ = writeln!(anstream::stderr(), "\n{text}");
            }
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(Exit::Incomplete as i32);
            }
        });
        Self(receiver)
    }

    /// Resolves when an end is asked for.
    pub(super) async fn asked(mut self) {
        // A sender that is gone asks for nothing any more.
        if self.0.wait_for(|is_asked| *is_asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether an end was asked for.
    pub(super) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}
