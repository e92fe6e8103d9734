//! The ledger of a run that goes on: every entry is in the file before what it
//! announces is sent.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::entry::{Entry, Header};
use super::remains::{Remains, read};

/// Version of the format.
pub(super) const VERSION: u32 = 1;

/// What a run put into its target.
#[derive(Debug)]
pub struct Ledger {
    run: String,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    remains: Remains,
    file: Option<(PathBuf, File)>,
    is_used: bool,
    /// The file stays, even if nothing that is known is left.
    is_kept: bool,
    /// What went wrong with the file first.
    trouble: Option<String>,
}

impl Ledger {
    /// A ledger in memory, of the run of this name.
    pub fn in_memory(run: &str) -> Self {
        Self { run: run.to_owned(), book: Mutex::default() }
    }

    /// A ledger that is also written to a new file. Folders are made where they are
    /// missing.
    ///
    /// # Errors
    /// The file is there already, or cannot be made.
    pub fn at(path: &Path, run: &str, contract: &str, base: &str) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::options().append(true).create_new(true).open(path)?;
        let header =
            Header { ledger: VERSION, run: run.to_owned(), contract: contract.to_owned(), base: base.to_owned() };
        write_line(&mut file, &header)?;
        let book = Book { file: Some((path.to_owned(), file)), ..Book::default() };
        Ok(Self { run: run.to_owned(), book: Mutex::new(book) })
    }

    /// The ledger of a run that is gone on with: it begins with what the file says is
    /// left, and is written behind it; where there is no file, nothing was left.
    ///
    /// # Errors
    /// The file cannot be read, is of another run, or cannot be written.
    pub fn again(path: &Path, run: &str, contract: &str, base: &str) -> io::Result<Self> {
        if !path.exists() {
            return Self::at(path, run, contract, base);
        }
        let (header, remains) = read(path).map_err(io::Error::other)?;
        if header.run != run {
            return Err(io::Error::other(format!("it is the ledger of the run {}", header.run)));
        }
        let file = File::options().append(true).open(path)?;
        // The last line may be torn.
        let whole = fs::read(path)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
        let book = Book { remains, file: Some((path.to_owned(), file)), is_used: true, ..Book::default() };
        Ok(Self { run: run.to_owned(), book: Mutex::new(book) })
    }

    /// A ledger in memory that begins with what another left.
    pub fn taken_over(run: &str, remains: Remains) -> Self {
        Self { run: run.to_owned(), book: Mutex::new(Book { remains, is_used: true, ..Book::default() }) }
    }

    /// The name of the run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Notes an entry: in the file first, then in memory.
    ///
    /// # Errors
    /// It cannot be written. What it announces must not be done.
    pub fn note(&self, entry: Entry) -> io::Result<()> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match &mut book.file {
            Some((_, file)) => write_line(file, &entry),
            None => Ok(()),
        };
        if let Err(error) = &written {
            book.trouble.get_or_insert_with(|| error.to_string());
        }
        book.is_used |= matches!(entry, Entry::Created { .. });
        book.remains.note(entry);
        written
    }

    /// Whether something was created, or may have been.
    pub fn is_used(&self) -> bool {
        let book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.is_used || !book.remains.pending.is_empty()
    }

    /// Whether a policy of this id is in the target, as far as is known.
    pub fn has(&self, id: &str) -> bool {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).remains.policies.contains(id)
    }

    /// What is in the target still.
    pub fn remains(&self) -> Remains {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).remains.clone()
    }

    /// Why the file is not whole, where it is not.
    pub fn trouble(&self) -> Option<String> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).trouble.clone()
    }

    /// Has the file stay, because nobody could look for what may be left besides.
    pub fn keep(&self) {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).is_kept = true;
    }

    /// Removes the file where nothing is left; where something is, the path of the
    /// file that says what.
    pub fn close(&self) -> Option<PathBuf> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let (path, _) = book.file.take()?;
        if book.is_kept || !book.remains.is_empty() || fs::remove_file(&path).is_err() {
            return Some(path);
        }
        // A folder that is empty now was made for the file; one that is not stays.
        let _ = path.parent().map(fs::remove_dir);
        None
    }
}

/// One line by one call, so that a killed run leaves whole lines.
fn write_line(file: &mut File, line: &impl serde::Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn note(ledger: &Ledger, entry: Entry) {
        ledger.note(entry).unwrap();
    }

    #[test]
    fn what_is_left_can_be_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/one.ledger");
        let ledger = Ledger::at(&path, "ph-1", "v1.0", "http://127.0.0.1:1/v1.0").unwrap();
        assert!(Ledger::at(&path, "ph-1", "v1.0", "http://127.0.0.1:1/v1.0").is_err());
        for mark in ["ph-1-0", "ph-1-1", "ph-1-2"] {
            note(&ledger, Entry::Creating(mark.to_owned()));
        }
        note(&ledger, Entry::Created { id: "a".to_owned(), mark: "ph-1-0".to_owned() });
        note(&ledger, Entry::Created { id: "b".to_owned(), mark: "ph-1-1".to_owned() });
        note(&ledger, Entry::Deleted("a".to_owned()));
        let policy = serde_json::value::to_raw_value(&serde_json::json!({"displayName": "kept"})).unwrap();
        note(&ledger, Entry::Overwriting { id: "c".to_owned(), policy: Some(policy) });
        // A second look at the same object is not what was there first.
        note(&ledger, Entry::Overwriting { id: "c".to_owned(), policy: None });
        // Torn in the middle of a line.
        File::options().append(true).open(&path).unwrap().write_all(b"{\"deleted\":\"b").unwrap();
        let (header, remains) = read(&path).unwrap();
        assert_eq!((header.run.as_str(), header.contract.as_str()), ("ph-1", "v1.0"));
        assert_eq!(remains, ledger.remains());
        assert_eq!(remains.policies.iter().collect::<Vec<_>>(), ["b"]);
        assert_eq!(remains.pending.keys().collect::<Vec<_>>(), ["ph-1-2"]);
        assert_eq!(remains.overwritten["c"].as_deref(), Some(r#"{"displayName":"kept"}"#));
        assert_eq!(ledger.close(), Some(path));
    }

    #[test]
    fn a_run_that_is_gone_on_with_has_what_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.ledger");
        let again = |run| Ledger::again(&path, run, "v1.0", "http://127.0.0.1:1");
        let ledger = again("ph-1").unwrap();
        note(&ledger, Entry::Creating("m".to_owned()));
        note(&ledger, Entry::Created { id: "a".to_owned(), mark: "m".to_owned() });
        File::options().append(true).open(&path).unwrap().write_all(b"{\"deleted\":\"a").unwrap();
        assert!(again("ph-2").unwrap_err().to_string().contains("ph-1"));
        let ledger = again("ph-1").unwrap();
        assert!(ledger.has("a") && ledger.is_used());
        note(&ledger, Entry::Created { id: "b".to_owned(), mark: String::new() });
        assert_eq!(read(&path).unwrap().1.policies.iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn nothing_left_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.ledger");
        let ledger = Ledger::at(&path, "ph-1", "v1.0", "http://127.0.0.1:1").unwrap();
        note(&ledger, Entry::Creating("m".to_owned()));
        note(&ledger, Entry::Refused("m".to_owned()));
        assert_eq!(ledger.close(), None);
        assert!(!path.exists());
    }

    #[test]
    fn a_damaged_ledger_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.ledger");
        assert!(read(&path).unwrap_err().to_string().contains("one.ledger"));
        for (text, line) in [
            ("", ":1:"),
            ("{}\n", ":1:"),
            ("{\"ledger\":9,\"run\":\"a\",\"contract\":\"b\",\"base\":\"c\"}\n", "version 9"),
        ] {
            fs::write(&path, text).unwrap();
            let message = read(&path).unwrap_err().to_string();
            assert!(message.contains(line), "{message}");
        }
        let header = "{\"ledger\":1,\"run\":\"a\",\"contract\":\"b\",\"base\":\"c\"}\n";
        fs::write(&path, [header, "{\"created\":1}\n", "{\"deleted\":\"x\"}\n"].concat()).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains(":2:"));
    }
}
