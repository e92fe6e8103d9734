//! The project's own bodies: each file of `corpora/bodies/` is what its row in
//! the manifest says, by its bytes; no file is without a row and no row without
//! a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use policy_harness::contract::{Contract, RuleId};
use policy_harness::roundtrip::round_trip;
use policy_harness::validate::{Label, Validator};
use serde::Deserialize;

const MANIFEST: &str = "manifest.ndjson";

/// A row of the manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    file: String,
    #[serde(flatten)]
    label: Stated,
    shows: String,
    source: String,
}

/// A label as the manifest writes it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
struct Stated {
    label: String,
    #[serde(default)]
    rules: Vec<String>,
    pointer: Option<String>,
}

/// The files by name, and the rows in order.
struct Corpus {
    files: BTreeMap<String, Vec<u8>>,
    rows: Vec<Row>,
}

impl Corpus {
    fn read() -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../corpora/bodies");
        let files = fs::read_dir(&folder).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        });
        let mut files: BTreeMap<String, Vec<u8>> = files.collect();
        let manifest = files.remove(MANIFEST).unwrap();
        let lines = manifest.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let rows = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        Self { files, rows }
    }

    /// Where files and rows say different things.
    fn faults(&self) -> Vec<String> {
        let contract = Contract::named("seed").unwrap();
        let mut validator = Validator::new(&contract);
        let mut faults = Vec::new();
        let mut rest = self.files.clone();
        for row in &self.rows {
            let Some(body) = rest.remove(&row.file) else {
                faults.push(format!("{}: a row without a file of its own", row.file));
                continue;
            };
            let found = stated(&contract, &Label::of(&contract, validator.validate(&body)));
            let mut expected = row.label.clone();
            expected.rules.sort();
            if found != expected {
                faults.push(format!("{}: {found:?} instead of {expected:?}", row.file));
            }
            if row.shows.is_empty() || row.source.is_empty() {
                faults.push(format!("{}: says nothing of what it shows, or where that comes from", row.file));
            }
        }
        faults.extend(rest.into_keys().map(|file| format!("{file}: a file without a row")));
        faults
    }
}

fn stated(contract: &Contract, label: &Label) -> Stated {
    let ids = |rules: &[RuleId]| {
        let mut ids: Vec<String> = rules.iter().map(|&rule| contract.rule(rule).id.to_string()).collect();
        ids.sort();
        ids
    };
    let (rules, pointer) = match label {
        Label::Valid => (Vec::new(), None),
        Label::Unspecified(rules) | Label::Mixed(rules) => (ids(rules), None),
        Label::Malformed(rule, at) => (ids(&[*rule]), Some(at.to_string())),
    };
    Stated { label: label.name().to_owned(), rules, pointer }
}

#[test]
fn every_body_is_what_the_manifest_says() {
    let faults = Corpus::read().faults();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_label_occurs() {
    let corpus = Corpus::read();
    let count = |label: &str| corpus.rows.iter().filter(|row| row.label.label == label).count();
    let counts = ["valid", "unspecified", "malformed", "mixed"].map(count);
    assert_eq!(counts.iter().sum::<usize>(), corpus.rows.len());
    assert!(counts[0] >= 10 && counts[1] >= 10 && counts[2] >= 30 && counts[3] >= 2, "{counts:?}");
}

#[test]
fn no_body_loses_anything_in_the_model() {
    for (file, body) in Corpus::read().files {
        let outcome = round_trip(&body);
        assert!(outcome.is_sound(), "{file}: {outcome:?}");
    }
}

#[test]
fn a_wrong_manifest_is_seen() {
    type Fault = fn(&mut Corpus);
    let faults: [Fault; 6] = [
        |corpus| drop(corpus.rows.pop()),
        |corpus| drop(corpus.files.pop_first()),
        |corpus| corpus.rows[0] = corpus.rows[1].clone(),
        |corpus| {
            corpus.rows.iter_mut().for_each(|row| row.label.pointer = row.label.pointer.take().map(|at| at + "/0"))
        },
        |corpus| corpus.rows.iter_mut().for_each(|row| row.label.rules.truncate(1)),
        |corpus| corpus.rows.iter_mut().for_each(|row| row.label.label = "valid".to_owned()),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        let mut corpus = Corpus::read();
        fault(&mut corpus);
        assert!(!corpus.faults().is_empty(), "planted fault {number}");
    }
}
