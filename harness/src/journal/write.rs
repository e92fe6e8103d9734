//! The journal of a run that goes on. Each line is handed to the system by one
//! call before what it tells counts, so that whatever ends the process, only the
//! last line can be torn; a thread has the system put the file on the disk once a
//! second, so that little is lost when the machine ends as well.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use super::line::{self, CampaignLine, CaseLine, Line, ReducedLine, RunLine};
use crate::campaign::Event;
use crate::contract::{Contract, RuleId};
use crate::target::Redactor;

/// The longest that something written may wait to be on the disk.
const SYNC: Duration = Duration::from_millis(900);

/// A journal that is written.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
    text: Vec<u8>,
    /// Rules on answers, by operation, that a line of this campaign has.
    exercised: BTreeSet<(RuleId, usize)>,
    sync: Sync,
}

impl Writer {
    /// A new journal. Folders are made where they are missing.
    ///
    /// # Errors
    /// The file is there already, or cannot be made.
    pub fn create(path: &Path, run: RunLine) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::options().append(true).create_new(true).open(path)?;
        let mut writer = Self::new(path, file)?;
        writer.line(&Line::Run(run))?;
        Ok(writer)
    }

    /// A journal that is gone on with, behind its first `length` bytes; what comes
    /// behind them is the line that was torn.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(path: &Path, length: u64) -> io::Result<Self> {
        let file = File::options().append(true).open(path)?;
        file.set_len(length)?;
        Self::new(path, file)
    }

    fn new(path: &Path, file: File) -> io::Result<Self> {
        let sync = Sync::start(file.try_clone()?)?;
        Ok(Self { path: path.to_owned(), file, text: Vec::new(), exercised: BTreeSet::new(), sync })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Has what is written put on the disk.
    ///
    /// # Errors
    /// It cannot be.
    pub fn sync(&self) -> io::Result<()> {
        self.sync.check()?;
        match self.file.sync_data() {
            // A pipe or a terminal has no disk to be on.
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => Err(error),
            _ => Ok(()),
        }
    }

    /// The cases of a contract begin.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(&mut self, campaign: CampaignLine) -> io::Result<()> {
        self.exercised.clear();
        self.line(&Line::Campaign(campaign))
    }

    /// Writes what an event tells that a journal is for.
    ///
    /// # Errors
    /// It cannot be written: what the event tells must not count.
    pub fn on(&mut self, contract: &Contract, redactor: &Redactor, event: &Event) -> io::Result<()> {
        match event {
            Event::Case(record) if record.is_settled => {
                let exercised = &mut self.exercised;
                let is_new = |rule| exercised.insert((rule, record.operation));
                let line = CaseLine::of(contract, record, redactor, is_new);
                self.line(&Line::Case(Box::new(line)))
            }
            Event::Reduced(reduction) => self.line(&Line::Reduced(Box::new(ReducedLine::of(contract, reduction)))),
            // What was stopped can be gone on with.
            Event::Finished(summary) if summary.stopped.is_none() => self.line(&Line::Finished {}),
            // These are told from the others.
            Event::Case(_)
            | Event::Started { .. }
            | Event::Waiting { .. }
            | Event::Reducing { .. }
            | Event::Finding(_)
            | Event::Fixed(_)
            | Event::Finished(_) => Ok(()),
        }
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        self.sync.check()?;
        self.text.clear();
        line::write(line, &mut self.text)?;
        self.text.push(b'\n');
        self.file.write_all(&self.text)?;
        self.sync.is_due.store(true, Ordering::Release);
        Ok(())
    }
}

/// The thread that has the file put on the disk.
#[derive(Debug)]
struct Sync {
    is_due: Arc<AtomicBool>,
    /// Closed when there is nothing more to come.
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    failed: mpsc::Receiver<io::Error>,
}

impl Sync {
    fn start(file: File) -> io::Result<Self> {
        let is_due = Arc::new(AtomicBool::new(false));
        let (end, ended) = mpsc::channel::<()>();
        let (fails, failed) = mpsc::channel();
        let due = Arc::clone(&is_due);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || {
            loop {
                let is_over = !matches!(ended.recv_timeout(SYNC), Err(mpsc::RecvTimeoutError::Timeout));
                if due.swap(false, Ordering::Acquire)
                    && let Err(error) = file.sync_data()
                    // A pipe or a terminal has no disk to be on.
                    && error.kind() != io::ErrorKind::InvalidInput
                    && fails.send(error).is_err()
                {
                    return;
                }
                if is_over {
                    return;
                }
            }
        })?;
        Ok(Self { is_due, end: Some(end), thread: Some(thread), failed })
    }

    /// What went wrong since it was asked last.
    fn check(&self) -> io::Result<()> {
        self.failed.try_recv().map_or(Ok(()), Err)
    }
}

impl Drop for Sync {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // It ends by itself; what it has to say nobody asks for any more.
            let _ = thread.join();
        }
    }
}
