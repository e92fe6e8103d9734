//! What the command line names: files, folders, globs, and standard input.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// How names of files end that may hold bodies.
const ENDINGS: [&str; 5] = ["json", "ndjson", "jsonl", "http", "rest"];

/// Where bodies are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Source {
    File(PathBuf),
    Input,
}

impl Source {
    /// Its name in reports.
    pub(in crate::cli) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Input => "<stdin>".to_owned(),
        }
    }
}

/// The sources that a word of the command line stands for, in the order of their
/// names; or why there are none.
pub(in crate::cli) fn sources(word: &str) -> Vec<Result<Source, String>> {
    let path = Path::new(word);
    if word == "-" {
        vec![Ok(Source::Input)]
    } else if path.is_dir() {
        in_folder(path)
    } else if !path.exists() && word.contains(['*', '?', '[']) {
        matching(word)
    } else {
        vec![Ok(Source::File(path.to_owned()))]
    }
}

fn in_folder(folder: &Path) -> Vec<Result<Source, String>> {
    let mut found = Vec::new();
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_passed_over(entry.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_file() && may_hold_bodies(entry.path()) => {
                found.push(Ok(Source::File(entry.into_path())));
            }
            Ok(_) => {}
            Err(error) => found.push(Err(format!("cannot read the folder {}: {error}", folder.display()))),
        }
    }
    if found.is_empty() {
        let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
        found.push(Err(format!("{} has no file that ends in {endings}; name files one by one", folder.display())));
    }
    found
}

/// Hidden files and folders, what package managers put beside a project, and the list
/// that `generate` and `corpus build` write beside bodies.
fn is_passed_over(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with('.') || ["node_modules", "manifest.ndjson"].contains(&name))
}

fn matching(pattern: &str) -> Vec<Result<Source, String>> {
    let paths = match glob::glob(pattern) {
        Ok(paths) => paths,
        Err(error) => return vec![Err(format!("`{pattern}` is no glob: {error}"))],
    };
    let mut found = Vec::new();
    for path in paths {
        match path {
            Ok(path) if path.is_file() => found.push(Ok(Source::File(path))),
            Ok(_) => {}
            Err(error) => found.push(Err(format!("cannot read {}: {}", error.path().display(), error.error()))),
        }
    }
    if found.is_empty() {
        found.push(Err(format!("no file matches `{pattern}`")));
    }
    found
}

fn may_hold_bodies(path: &Path) -> bool {
    ending(path).is_some_and(|ending| ENDINGS.contains(&&*ending))
}

/// How the name of a file ends, in lower case.
pub(super) fn ending(path: &Path) -> Option<String> {
    path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase)
}
