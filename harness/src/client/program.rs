//! The client's program: started by the shell, in a group of its own so that it can be
//! ended with all that it started. Each pipe has a thread, so that nothing blocks: a
//! client that does not read, or writes to its standard error without end, is waited
//! for no longer than one that says nothing.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::fault::Breakdown;

/// Bytes of one answer; bodies have some ten thousand at most.
const LONGEST: u64 = 8 << 20;
/// Lines that are read before somebody wants them.
const AHEAD: usize = 16;
/// Bytes of its standard error that are kept, the last ones.
const KEPT: usize = 4 << 10;
/// Characters of its last words that are told.
const TOLD: usize = 200;
/// How often a wait looks up.
const SLICE: Duration = Duration::from_millis(50);
/// Time for a program whose output has ended to end itself.
const END: Duration = Duration::from_secs(1);

/// A program that runs.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    lines: Sender<Vec<u8>>,
    heard: Receiver<Heard>,
    /// What came while nobody asked, and is no line.
    pending: Option<Heard>,
    /// The end of its standard error, once that is closed.
    words: Receiver<Vec<u8>>,
}

/// What comes from the pipes.
#[derive(Debug)]
enum Heard {
    Line(Vec<u8>),
    TooLong,
    /// Its standard output is closed.
    End,
    /// Its standard input is closed.
    Deaf,
}

/// Why there is no line.
#[derive(Debug)]
pub(super) enum Unheard {
    /// Something is wrong with the program.
    Broken(Breakdown),
    /// Nobody wants to know any more.
    Stopped,
}

impl Program {
    /// Starts a command line of the shell.
    pub(super) fn start(command: &str) -> io::Result<Self> {
        let mut child = shell(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (lines, to_write) = mpsc::channel();
        let (hears, heard) = mpsc::sync_channel(AHEAD);
        let (says, words) = mpsc::channel();
        if let Some(pipe) = child.stdin.take() {
            let hears = hears.clone();
            thread::spawn(move || write(pipe, &to_write, &hears));
        }
        if let Some(pipe) = child.stdout.take() {
            thread::spawn(move || read(pipe, &hears));
        }
        if let Some(pipe) = child.stderr.take() {
            thread::spawn(move || says.send(tail(pipe)));
        }
        Ok(Self { child, lines, heard, pending: None, words })
    }

    /// Hands over a line, and waits for the one that comes back.
    pub(super) fn ask(
        &mut self,
        line: &[u8],
        limit: Duration,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Vec<u8>, Unheard> {
        // A thread that is gone has said so.
        let _ = self.lines.send([line, b"\n"].concat());
        let end = Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.pending.take().map_or_else(|| self.heard.recv_timeout(left.min(SLICE)), Ok) {
                Ok(Heard::Line(line)) => return Ok(line),
                Ok(Heard::TooLong) => return Err(Unheard::Broken(Breakdown::TooLong(LONGEST))),
                Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => return Err(Unheard::Broken(self.ended())),
                Ok(Heard::Deaf) => return Err(Unheard::Broken(self.deaf())),
                Err(RecvTimeoutError::Timeout) if is_stopped() => return Err(Unheard::Stopped),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    return Err(Unheard::Broken(Breakdown::Late(limit)));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// A line that nobody asked for, where there is one or comes in this time.
    pub(super) fn surplus(&mut self, patience: Duration) -> Option<Vec<u8>> {
        match self.heard.recv_timeout(patience) {
            Ok(Heard::Line(line)) => Some(line),
            Ok(other) => {
                // Whoever asks next is told.
                self.pending = Some(other);
                None
            }
            Err(_) => None,
        }
    }

    /// Closes its standard input, and lets it end by itself if it does so soon.
    pub(super) fn close(mut self) {
        self.lines = mpsc::channel().0;
        self.status();
    }

    /// What is to be said of a program whose output has ended.
    fn ended(&mut self) -> Breakdown {
        let Some(status) = self.status() else { return Breakdown::Closed };
        let words = self.words.recv_timeout(END).unwrap_or_default();
        Breakdown::Ended { status: status.to_string(), said: last_words(&words) }
    }

    /// How it ended, if it does so in time.
    fn status(&mut self) -> Option<ExitStatus> {
        let end = Instant::now() + END;
        loop {
            match self.child.try_wait() {
                Ok(None) if Instant::now() < end => thread::sleep(SLICE / 5),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
    }

    /// The same where its input is closed: most often it has ended.
    fn deaf(&mut self) -> Breakdown {
        match self.ended() {
            Breakdown::Closed => Breakdown::Deaf,
            ended => ended,
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // One that has ended by itself is as good.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command line as the shell takes it; Ctrl-C does not reach what it starts.
#[cfg(unix)]
fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt;

    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).process_group(0);
    shell
}

/// A command line as the shell takes it.
#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

fn write(mut pipe: ChildStdin, lines: &Receiver<Vec<u8>>, hears: &SyncSender<Heard>) {
    for line in lines {
        if pipe.write_all(&line).and_then(|()| pipe.flush()).is_err() {
            let _ = hears.send(Heard::Deaf);
            return;
        }
    }
}

fn read(pipe: ChildStdout, hears: &SyncSender<Heard>) {
    let mut pipe = BufReader::new(pipe);
    loop {
        let mut line = Vec::new();
        let heard = match pipe.by_ref().take(LONGEST + 1).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => Heard::End,
            Ok(length) if length as u64 > LONGEST => Heard::TooLong,
            Ok(_) => Heard::Line(line),
        };
        let is_last = !matches!(heard, Heard::Line(_));
        if hears.send(heard).is_err() || is_last {
            return;
        }
    }
}

/// Reads all of it, and keeps the end.
fn tail(mut pipe: ChildStderr) -> Vec<u8> {
    let (mut kept, mut chunk) = (VecDeque::new(), [0; KEPT]);
    while let Ok(length @ 1..) = pipe.read(&mut chunk) {
        kept.extend(&chunk[..length]);
        kept.drain(..kept.len().saturating_sub(KEPT));
    }
    kept.into()
}

/// The last line that names an error, as runtimes do above or below a trace; otherwise
/// the last one that says something.
fn last_words(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = || text.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &&str| ["rror", "xception", "panicked"].iter().any(|word| line.contains(word));
    let line = lines().find(is_error).or_else(|| lines().next())?;
    Some(line.chars().take(TOLD).collect())
}

#[cfg(test)]
mod tests {
    use super::last_words;

    #[test]
    fn what_a_program_died_of_is_told() {
        for (text, told) in [
            ("Traceback (most recent call last):\n  File \"a.py\"\nKeyError: 'x'\n", Some("KeyError: 'x'")),
            ("RangeError: too deep\n    at JSON.stringify\n\nNode.js v20.20.2\n", Some("RangeError: too deep")),
            ("sh: 1: nosuch: not found\n\n", Some("sh: 1: nosuch: not found")),
            ("\n \n", None),
        ] {
            assert_eq!(last_words(text.as_bytes()).as_deref(), told);
        }
    }
}
