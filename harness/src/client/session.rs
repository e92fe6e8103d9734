//! A client that is there when it is asked: started when it is needed, greeted so that
//! the time it takes to start is nobody's fault, and started again behind whatever
//! ended it or put its answers out of step.

use std::io;
use std::time::Duration;

use super::fault::Breakdown;
use super::options::Options;
use super::program::{Program, Unheard};
use super::protocol::{Answer, answer};

/// The first line that a program gets.
pub(super) const GREETING: &[u8] = b"{}";
/// Time for a second line that belongs to an answer.
pub(super) const SETTLE: Duration = Duration::from_millis(50);

/// A client, whichever program it is just now.
pub(super) struct Session<'r> {
    options: &'r Options,
    is_stopped: &'r dyn Fn() -> bool,
    program: Option<Program>,
    /// How often it was started.
    pub(super) starts: u64,
}

/// What comes of asking.
#[derive(Debug)]
pub(super) enum Heard {
    /// An answer.
    Answer(Answer),
    /// None: this is wrong with the program.
    Broken(Breakdown),
    /// Nothing, because the program could not be started again.
    Gone(NotReady),
    /// Nothing, because somebody wants an end.
    Stopped,
}

/// Why no program is ready.
#[derive(Debug)]
pub(super) enum NotReady {
    /// The shell did not start.
    Shell(io::Error),
    /// The greeting was not answered.
    Broken(Breakdown),
    /// Somebody wants an end.
    Stopped,
}

impl<'r> Session<'r> {
    pub(super) fn new(options: &'r Options, is_stopped: &'r dyn Fn() -> bool) -> Self {
        Self { options, is_stopped, program: None, starts: 0 }
    }

    /// Whether somebody wants an end.
    pub(super) fn is_stopped(&self) -> bool {
        (self.is_stopped)()
    }

    /// Ends the program that runs.
    pub(super) fn close(&mut self) {
        if let Some(program) = self.program.take() {
            program.close();
        }
    }

    /// Starts a program where none runs.
    pub(super) fn ready(&mut self) -> Result<&mut Program, NotReady> {
        let program = match self.program.take() {
            Some(program) => program,
            None => self.started()?,
        };
        Ok(self.program.insert(program))
    }

    fn started(&mut self) -> Result<Program, NotReady> {
        self.starts += 1;
        let mut program = Program::start(&self.options.command).map_err(NotReady::Shell)?;
        let limit = Options::START + self.options.time_limit;
        let line = match program.ask(GREETING, limit, self.is_stopped) {
            Ok(line) => line,
            Err(Unheard::Broken(breakdown)) => return Err(NotReady::Broken(breakdown)),
            Err(Unheard::Stopped) => return Err(NotReady::Stopped),
        };
        if let Err(why) = answer(&line) {
            return Err(NotReady::Broken(Breakdown::no_answer(why, &line)));
        }
        match program.surplus(SETTLE) {
            Some(line) => Err(NotReady::Broken(Breakdown::surplus(&line))),
            None => Ok(program),
        }
    }

    /// Hands a line to the client, and takes its answer.
    pub(super) fn ask(&mut self, line: &[u8]) -> Heard {
        // What is left of the last answer would be taken for this one.
        self.surplus(Duration::ZERO);
        let (limit, is_stopped) = (self.options.time_limit, self.is_stopped);
        let program = match self.ready() {
            Ok(program) => program,
            Err(NotReady::Stopped) => return Heard::Stopped,
            Err(why) => return Heard::Gone(why),
        };
        let breakdown = match program.ask(line, limit, is_stopped) {
            Ok(line) => match answer(&line) {
                Ok(answer) => return Heard::Answer(answer),
                Err(why) => Breakdown::no_answer(why, &line),
            },
            Err(Unheard::Broken(breakdown)) => breakdown,
            Err(Unheard::Stopped) => return Heard::Stopped,
        };
        self.program = None;
        Heard::Broken(breakdown)
    }

    /// A second line behind the last answer, where one comes in this time. The program
    /// is out of step then, and another takes its place.
    pub(super) fn surplus(&mut self, patience: Duration) -> Option<Breakdown> {
        let line = self.program.as_mut()?.surplus(patience)?;
        self.program = None;
        Some(Breakdown::surplus(&line))
    }
}
