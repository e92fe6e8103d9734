//! `baseline`: which findings are known. Only here a baseline is read from a file
//! and written to one, and only here somebody looks what day it is.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::arguments::{BaselineArgs, BaselineCommand};
use super::exit::{Exit, Failure};
use super::say::say;
use crate::baseline::{Addition, Baseline, Edited, edit};
use crate::report::plural;

/// The form of finding files.
const SCHEMA: &str = "policy-harness/finding/1";

pub(super) fn baseline(command: &BaselineCommand) -> Result<Exit, Failure> {
    match command {
        BaselineCommand::Update(arguments) => update(arguments),
    }
}

/// The day it is, where days end with UTC.
pub(super) fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// The baseline in this file; where none is named, nothing is known.
pub(super) fn read(path: Option<&Path>) -> Result<Baseline, Failure> {
    let Some(path) = path else { return Ok(Baseline::default()) };
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("cannot read the baseline {}: {error}", path.display()))
            .advise("`policy-harness baseline update --baseline FILE FINDING…` writes one")
    })?;
    Baseline::read(&path.display().to_string(), &text).map_err(Failure::usage)
}

fn update(arguments: &BaselineArgs) -> Result<Exit, Failure> {
    let path = &arguments.baseline;
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::usage(format!("cannot read the baseline {}: {error}", path.display()))),
    };
    let mut additions = Vec::new();
    for file in files(&arguments.findings)? {
        additions.push(addition(arguments, &file)?);
    }
    let edited = edit(&path.display().to_string(), &text, &additions, &arguments.prune).map_err(Failure::usage)?;
    if let Some(missing) = edited.missing.first() {
        return Err(Failure::usage(format!("{} has no entry for {missing}", path.display()))
            .advise("nothing was changed; the fingerprint stands in the report of a run"));
    }
    if edited.text != text {
        replace(path, &edited.text).map_err(|error| {
            Failure::usage(format!("cannot write the baseline {}: {error}", path.display()))
                .advise("what was there is still there")
        })?;
    }
    told(path, &edited);
    Ok(Exit::Good)
}

fn told(path: &Path, edited: &Edited) {
    for (list, what) in [(&edited.added, "added"), (&edited.pruned, "taken out"), (&edited.kept, "known already")] {
        list.iter().for_each(|fingerprint| say(&format!("{what}: {fingerprint}")));
    }
    let changes = edited.added.len() + edited.pruned.len();
    say(&format!("{}: {}.", path.display(), plural(changes as u64, "change")));
}

/// The files that the command line names; of a folder those that end in .json.
pub(super) fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let told = |error| Failure::usage(format!("cannot read the folder {}: {error}", path.display()));
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(told)? {
            inside.push(entry.map_err(told)?.path());
        }
        inside.retain(|file| file.extension().is_some_and(|end| end == "json"));
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

/// What is needed of the file of a finding.
#[derive(Deserialize)]
struct FindingFile {
    schema: String,
    fingerprint: String,
    contract: Option<String>,
    rule: Option<String>,
    #[serde(default)]
    place: String,
    #[serde(default)]
    got: String,
}

fn addition(arguments: &BaselineArgs, path: &Path) -> Result<Addition, Failure> {
    let told = |what: &dyn std::fmt::Display| {
        Failure::usage(format!("cannot read the finding {}: {what}", path.display()))
            .advise("give files that a run wrote to findings/")
    };
    let bytes = fs::read(path).map_err(|error| told(&error))?;
    let finding: FindingFile = serde_json::from_slice(&bytes).map_err(|error| told(&error))?;
    if finding.schema != SCHEMA {
        return Err(told(&format!("its form is `{}`, not {SCHEMA}", finding.schema)));
    }
    let place = if finding.place.is_empty() { String::new() } else { format!("{}: ", finding.place) };
    Ok(Addition {
        fingerprint: finding.fingerprint,
        contract: finding.contract,
        rule: finding.rule,
        shows: format!("{place}{}", finding.got),
        reason: arguments.reason.clone(),
        link: arguments.link.clone(),
        expires: arguments.expires,
    })
}

/// Puts a text in the place of a file, whole or not at all.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // Where a link leads is what is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().ok_or(ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = write_new(&new, &path, text).and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        // It is of no use, and what went wrong before is what is told.
        let _ = fs::remove_file(&new);
    }
    written
}

fn write_new(new: &Path, old: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(new)?;
    if let Ok(metadata) = fs::metadata(old) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
