//! Whether bodies are piped in where no file is named. A pipe that somebody holds open
//! and never writes to, as some programs do that start others, is not waited for.

use std::io::{self, BufRead, IsTerminal};
use std::sync::mpsc;
use std::time::Duration;

/// Time until the first byte.
const PATIENCE: Duration = Duration::from_secs(3);

/// What stands on standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piped {
    Text,
    /// It is a terminal, or at its end.
    Nothing,
    /// Nothing came in time.
    Late,
}

/// Waits for the first byte of standard input, which stays there to be read.
pub(super) fn wait() -> Piped {
    if io::stdin().is_terminal() {
        return Piped::Nothing;
    }
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let is_text = io::stdin().lock().fill_buf().is_ok_and(|begun| !begun.is_empty());
        // Where it comes too late nobody listens.
        let _ = sender.send(is_text);
    });
    match receiver.recv_timeout(PATIENCE) {
        Ok(true) => Piped::Text,
        Ok(false) => Piped::Nothing,
        Err(_) => Piped::Late,
    }
}
