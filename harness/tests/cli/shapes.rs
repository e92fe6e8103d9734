//! The bodies of `corpora/shapes/`, one for each way in which users were refused or
//! lost something: what `check` tells of each stands in a snapshot, word for word.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::program::{Ended, command};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    file: String,
    contract: String,
    operation: Option<String>,
    shows: String,
    source: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/shapes")
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(folder().join("manifest.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_shape_is_told_as_its_snapshot_says() {
    for row in rows() {
        let mut arguments = vec!["check", "--contract", &row.contract, &row.file];
        if let Some(operation) = &row.operation {
            arguments.extend(["--operation", operation]);
        }
        // From the folder of the shapes, so that no path of a machine is in a snapshot.
        let ended = Ended::of(&command(&arguments).current_dir(folder()).output().unwrap());
        assert!(ended.err.is_empty(), "{}: {}", row.file, ended.err);
        let told = format!("{}\nexit code {}\n", ended.out, ended.code.unwrap());
        let mut settings = insta::Settings::clone_current();
        settings.set_description(&row.shows);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(&*row.file, told));
    }
}

#[test]
fn every_file_has_a_row_and_every_row_says_what_it_is_for() {
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().map(|row| &*row.file).collect();
    assert_eq!(named.len(), rows.len(), "a file has two rows");
    let is_shape = |name: &String| name != "manifest.ndjson";
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.filter(is_shape).collect();
    assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
    assert!(rows.iter().all(|row| !row.shows.is_empty() && !row.source.is_empty()));
}
