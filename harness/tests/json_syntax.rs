//! Texts that are JSON (`y_`), are none (`n_`), or may be either (`i_`): each file of
//! `corpora/json-syntax` goes through our reader, whose answers are those of the
//! manifest, and `serde_json` as a witness takes all of the first and none of the second.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use policy_harness::json::read;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const MANIFEST: &str = "manifest.ndjson";

/// A line of the manifest.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Row {
    file: String,
    expect: String,
    reader: String,
    shows: String,
}

/// The files by name, and the text of the manifest.
fn corpus() -> (BTreeMap<String, Vec<u8>>, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/json-syntax");
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    });
    let mut files: BTreeMap<String, Vec<u8>> = files.collect();
    let manifest = String::from_utf8(files.remove(MANIFEST).unwrap()).unwrap();
    (files, manifest)
}

/// The files whose names begin so, each with its name.
fn texts(prefix: &str) -> Vec<(String, Vec<u8>)> {
    let texts: Vec<_> = corpus().0.into_iter().filter(|(name, _)| name.starts_with(prefix)).collect();
    assert!(texts.len() > 20, "{prefix}");
    texts
}

#[test]
fn the_manifest_says_what_the_reader_does() {
    let (files, manifest) = corpus();
    let rows = manifest.lines().map(|line| serde_json::from_str::<Row>(line).unwrap());
    let shows: BTreeMap<String, String> = rows.map(|row| (row.file, row.shows)).collect();
    let mut rebuilt = String::new();
    for (file, text) in &files {
        let expect = file.split('_').next().unwrap().to_owned();
        let reader = if read(text).is_ok() { "accepts" } else { "refuses" }.to_owned();
        let shows = shows.get(file).cloned().unwrap_or_default();
        assert!(shows.ends_with('.'), "{file} shows something, and its line says what: {shows}");
        let row = Row { file: file.clone(), expect, reader, shows };
        rebuilt += &(serde_json::to_string(&row).unwrap() + "\n");
    }
    let other: Vec<_> = rebuilt.lines().filter(|line| !manifest.lines().any(|other| other == *line)).collect();
    assert!(rebuilt == manifest, "the lines are those of all files, by name, and these differ: {other:#?}");
}

#[test]
fn what_must_be_json_is_read_and_written_back() {
    for (file, text) in texts("y_") {
        let tree = read(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(tree.to_bytes() == text, "{file}");
    }
}

#[test]
fn what_is_no_json_is_refused_at_a_place_of_the_text() {
    for (file, text) in texts("n_") {
        let error = read(&text).map(|_| ()).expect_err(&file);
        assert!(error.offset <= text.len(), "{file}: {error}");
        // What stands before the place is not at fault: some text begins with it.
        let before = String::from_utf8(text[..error.offset].to_vec());
        assert!(before.is_ok(), "{file}: {error}");
    }
}

/// What may be either is taken or refused as a whole: never changed.
#[test]
fn what_may_be_either_is_written_back_where_it_is_read() {
    for (file, text) in texts("i_") {
        match read(&text) {
            Ok(tree) => assert!(tree.to_bytes() == text, "{file}"),
            Err(error) => assert!(error.offset <= text.len(), "{file}: {error}"),
        }
    }
}

/// No file is an exception.
#[test]
fn serde_json_says_the_same_where_there_is_one_answer() {
    let is_taken = |text: &[u8]| serde_json::from_slice::<Value>(text).is_ok();
    for (file, text) in texts("y_") {
        assert!(is_taken(&text), "{file}");
    }
    for (file, text) in texts("n_") {
        assert!(!is_taken(&text), "{file}");
    }
}
