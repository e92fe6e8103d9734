//! `corpus build`: the corpus of a contract as files, and what has changed since they
//! were written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};

use serde::Deserialize;

use super::arguments::{CorpusArgs, CorpusCommand};
use super::exit::{Exit, Failure};
use super::say::say;
use super::subject::contract;
use crate::corpus::{MANIFEST, build};
use crate::report::{plural, thousands};

/// Changes that `--check` names.
const NAMED: usize = 10;

/// Files by path from the corpus' folder, with their bytes.
type Files = BTreeMap<String, Vec<u8>>;

pub(super) fn corpus(command: &CorpusCommand) -> Result<Exit, Failure> {
    let CorpusCommand::Build(arguments) = command;
    let files = build(&contract(&arguments.contract)?).map_err(Failure::incomplete)?;
    let changes = Changes::of(&arguments.out, &files)?;
    if arguments.check {
        return Ok(changes.tell(arguments, files.len()));
    }
    changes.make(&arguments.out, &files)?;
    let [written, removed] = [changes.written.len(), changes.removed.len()].map(|count| thousands(count as u64));
    say(&format!("{}: {}, {written} written, {removed} removed.", arguments.out.display(), count(files.len())));
    Ok(Exit::Good)
}

/// What is not yet as it was built.
struct Changes<'f> {
    /// Files to write, and what they are now.
    written: Vec<(&'f str, &'static str)>,
    /// Files of a former build that are no more.
    removed: Vec<String>,
}

impl<'f> Changes<'f> {
    fn of(out: &Path, files: &'f Files) -> Result<Self, Failure> {
        let mut changes = Self { written: Vec::new(), removed: Vec::new() };
        for (path, bytes) in files {
            match read(&out.join(path))? {
                Some(found) if found == *bytes => {}
                Some(_) => changes.written.push((path, "changed")),
                None => changes.written.push((path, "missing")),
            }
        }
        let folders: BTreeSet<&str> = files.keys().filter_map(|path| path.split('/').next()).collect();
        for folder in folders {
            for name in former(&out.join(folder).join(MANIFEST))? {
                let path = [folder, "/", &name].concat();
                if !files.contains_key(&path) && out.join(&path).exists() {
                    changes.removed.push(path);
                }
            }
        }
        Ok(changes)
    }

    /// Makes the changes. Manifests come last, so that a build that was interrupted
    /// still knows what the one before it wrote.
    fn make(&self, out: &Path, files: &Files) -> Result<(), Failure> {
        let (manifests, bodies): (Vec<_>, Vec<_>) =
            self.written.iter().map(|(path, _)| *path).partition(|path| path.ends_with(MANIFEST));
        let write = |path: &str| {
            let place = out.join(path);
            fs::create_dir_all(place.parent().unwrap_or(out))?;
            fs::write(place, &files[path])
        };
        bodies.iter().try_for_each(|path| told(out, path, write(path)))?;
        self.removed.iter().try_for_each(|path| told(out, path, fs::remove_file(out.join(path))))?;
        manifests.iter().try_for_each(|path| told(out, path, write(path)))
    }

    /// Says what would change.
    fn tell(&self, arguments: &CorpusArgs, built: usize) -> Exit {
        let out = arguments.out.display();
        let removed = self.removed.iter().map(|path| (path.as_str(), "no more"));
        let all: Vec<(&str, &str)> = self.written.iter().copied().chain(removed).collect();
        if all.is_empty() {
            say(&format!("{out}: {}, all as they are built.", count(built)));
            return Exit::Good;
        }
        let [written, removed] = [self.written.len(), self.removed.len()].map(count);
        say(&format!("{out}: {written} to write, {removed} to remove; the same command without --check does it."));
        for (path, what) in all.iter().take(NAMED) {
            say(&format!("  {what:<8} {path}"));
        }
        if let Some(more @ 1..) = all.len().checked_sub(NAMED) {
            say(&format!("  and {} more", thousands(more as u64)));
        }
        Exit::Findings
    }
}

fn count(files: usize) -> String {
    plural(files as u64, "file")
}

/// A line of a manifest, as far as it matters here.
#[derive(Deserialize)]
struct Line {
    file: String,
    /// What tells it from the manifests of `generate`.
    #[serde(rename = "place")]
    _place: String,
}

/// The files that a manifest names, each once.
fn former(manifest: &Path) -> Result<BTreeSet<String>, Failure> {
    let bytes = read(manifest)?.unwrap_or_default();
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let names: Option<BTreeSet<String>> = lines
        .map(|line| serde_json::from_slice::<Line>(line).ok().map(|line| line.file).filter(|name| is_name(name)))
        .collect();
    names.ok_or_else(|| {
        Failure::usage(format!("{} is no manifest that `corpus build` wrote", manifest.display()))
            .advise("nothing was changed; name another folder with --out DIR, or move that file away")
    })
}

/// Whether a text is the name of a file beside the manifest, and leads nowhere else.
fn is_name(text: &str) -> bool {
    let mut parts = Path::new(text).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(name)), None) if name == text)
}

/// The bytes of a file; none where there is no file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!("cannot read {}: {error}", path.display()))),
    }
}

fn told(out: &Path, path: &str, result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| {
        Failure::incomplete(format!("cannot change {}: {error}", out.join(path).display()))
            .advise("what was written before is there; the same command goes on")
    })
}
