//! Tables of published and observed bodies, held against the labels of the
//! contract `seed`. The tables are read from the folder that POLICY_HARNESS_SHARED
//! names: `examples/manifest.json` says for each body which statuses conform,
//! `realworld/README.md` which bodies a service took. They describe several
//! operations and versions, and this project decided some points in another way:
//! each such difference is a row of `known-differences/examples.toml`, and a row
//! that no longer differs fails the test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use policy_harness::contract::{Contract, Level, Rule};
use policy_harness::validate::{Label, Validator};
use serde::Deserialize;

/// What a table says of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Accepted: nothing is broken.
    Accepted,
    /// Seen to be accepted by a service: no must is broken.
    Tolerated,
    /// Accepted or refused, as the service likes.
    Either,
    /// Better refused: a should or a must is broken.
    BetterRefused,
    /// Refused: a must is broken.
    Refused,
}

impl Expected {
    fn fits(self, worst: Option<Level>) -> bool {
        match self {
            Self::Accepted => matches!(worst, None | Some(Level::Unspecified)),
            Self::Tolerated => worst != Some(Level::Must),
            Self::Either => worst == Some(Level::Unspecified),
            Self::BetterRefused => matches!(worst, Some(Level::Should | Level::Must)),
            Self::Refused => worst == Some(Level::Must),
        }
    }
}

/// A body and what its table says of it.
#[derive(Clone, Debug)]
struct Case {
    file: String,
    body: Vec<u8>,
    expected: Expected,
}

/// A case whose label is not what its table expects, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    label: String,
    /// The rule that matters; none for a valid body.
    rule: Option<String>,
    /// Which decision of this project makes the difference.
    why: String,
}

impl Known {
    fn fits(&self, label: &str, rules: &[&str]) -> bool {
        self.label == label && self.rule.as_deref().map_or(rules.is_empty(), |rule| rules.contains(&rule))
    }
}

#[derive(Deserialize)]
struct KnownFile {
    difference: Vec<Known>,
}

fn known() -> Vec<Known> {
    let file: KnownFile = toml::from_str(include_str!("known-differences/examples.toml")).unwrap();
    file.difference
}

/// What is wrong with the cases, the known differences, or the validator.
fn faults(cases: &[Case], known: &[Known]) -> Vec<String> {
    let contract = Contract::named("seed").unwrap();
    let mut validator = Validator::new(&contract);
    let mut rows: BTreeMap<&str, &Known> = known.iter().map(|row| (row.file.as_str(), row)).collect();
    let mut faults = Vec::new();
    if rows.len() < known.len() {
        faults.push("two rows for one file".to_owned());
    }
    for Case { file, body, expected } in cases {
        let violations = validator.validate(body);
        let rules: Vec<&Rule> = violations.iter().map(|violation| contract.rule(violation.rule)).collect();
        let ids: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
        let label = Label::of(&contract, violations).name();
        let row = rows.remove(file.as_str());
        match (row, expected.fits(worst(&rules))) {
            (None, true) => {}
            (Some(row), false) if row.fits(label, &ids) && !row.why.is_empty() => {}
            (None, false) => faults.push(format!("{file}: expected {expected:?}, is {label} {ids:?}")),
            (Some(_), true) => faults.push(format!("{file}: no longer differs, is {label} {ids:?}")),
            (Some(row), false) => faults.push(format!("{file}: is {label} {ids:?}, and has the row {row:?}")),
        }
    }
    faults.extend(rows.into_keys().map(|file| format!("{file}: a row without a case")));
    faults
}

/// The highest level among broken rules.
fn worst(rules: &[&Rule]) -> Option<Level> {
    [Level::Must, Level::Should, Level::Unspecified]
        .into_iter()
        .find(|&level| rules.iter().any(|rule| rule.level == level))
}

/// The folder of the tables; prints why there is nothing to do without it.
fn tables() -> Option<PathBuf> {
    let folder = std::env::var_os("POLICY_HARNESS_SHARED").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: POLICY_HARNESS_SHARED names no folder with tables of examples");
    }
    folder
}

#[derive(Deserialize)]
struct Manifest {
    valid: Vec<Entry>,
    invalid: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    expect: Statuses,
    /// Headers at fault; the body beside them is sound.
    headers: Option<serde_json::Value>,
}

/// Statuses as numbers, or a class such as "2xx".
#[derive(Default, Deserialize)]
#[serde(default)]
struct Statuses {
    must: Vec<serde_json::Value>,
    should: Vec<serde_json::Value>,
    never: Vec<serde_json::Value>,
}

impl Statuses {
    fn expected(&self) -> Expected {
        let begins = |statuses: &[serde_json::Value], digit: char| {
            statuses.first().is_some_and(|status| status.to_string().trim_start_matches('"').starts_with(digit))
        };
        if begins(&self.never, '2') || begins(&self.must, '4') {
            Expected::Refused
        } else if begins(&self.must, '2') || begins(&self.should, '2') {
            Expected::Accepted
        } else if begins(&self.should, '4') {
            Expected::BetterRefused
        } else {
            Expected::Either
        }
    }
}

fn examples(folder: &Path) -> Vec<Case> {
    let folder = folder.join("examples");
    let manifest: Manifest = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let case = |entry: Entry| Case {
        body: std::fs::read(folder.join(&entry.file)).unwrap(),
        expected: if entry.headers.is_some() { Expected::Accepted } else { entry.expect.expected() },
        file: entry.file,
    };
    manifest.valid.into_iter().chain(manifest.invalid).map(case).collect()
}

/// The rows of the table whose group says whether the service took the body.
fn real_world(folder: &Path) -> Vec<Case> {
    let folder = folder.join("realworld");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let file = cells.get(1)?.rsplit_once('(')?.1.strip_suffix(".json)")?;
        let expected = match *cells.get(5)? {
            "OK" | "SILENT" => Expected::Tolerated,
            "FAIL" => Expected::BetterRefused,
            _ => return None,
        };
        let body = std::fs::read(folder.join(format!("{file}.json"))).unwrap();
        Some(Case { file: format!("realworld/{file}.json"), body, expected })
    });
    rows.collect()
}

#[test]
fn labels_agree_with_the_tables() {
    let Some(folder) = tables() else { return };
    let (examples, real_world) = (examples(&folder), real_world(&folder));
    assert!(examples.len() >= 80 && real_world.len() >= 12, "{} and {}", examples.len(), real_world.len());
    let cases = [examples, real_world].concat();
    let faults = faults(&cases, &known());
    println!("{} bodies, {} known differences", cases.len(), known().len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Each way in which tables, rows and labels can be apart is seen.
#[test]
fn differences_are_seen() {
    let case = |body: &str, expected| Case { file: "a.json".to_owned(), body: body.as_bytes().to_vec(), expected };
    let row = |label: &str, rule: Option<&str>| Known {
        file: "a.json".to_owned(),
        label: label.to_owned(),
        rule: rule.map(str::to_owned),
        why: "decided".to_owned(),
    };
    let (valid, open) = ("{}", r#"{"id":null}"#);
    let (should, must) = (r#"{"allowedTargetScope":1}"#, r#"{"displayName":1}"#);
    let must_row = row("malformed", Some("body/value/json-type"));
    for (expected, fitting, unfitting) in [
        (Expected::Accepted, vec![valid, open], vec![should, must]),
        (Expected::Tolerated, vec![valid, open, should], vec![must]),
        (Expected::Either, vec![open], vec![valid, should, must]),
        (Expected::BetterRefused, vec![should, must], vec![valid, open]),
        (Expected::Refused, vec![must], vec![valid, open, should]),
    ] {
        for body in fitting {
            assert!(faults(&[case(body, expected)], &[]).is_empty(), "{expected:?}: {body}");
            assert!(
                !faults(&[case(body, expected)], &[row("valid", None)]).is_empty(),
                "{expected:?}: {body} has a stale row"
            );
        }
        for body in unfitting {
            assert!(!faults(&[case(body, expected)], &[]).is_empty(), "{expected:?}: {body}");
        }
    }
    let differs = [case(must, Expected::Accepted)];
    assert!(faults(&differs, std::slice::from_ref(&must_row)).is_empty());
    assert!(!faults(&differs, &[row("mixed", Some("body/value/json-type"))]).is_empty(), "another label");
    assert!(!faults(&differs, &[row("malformed", Some("body/value/quoted"))]).is_empty(), "another rule");
    assert!(!faults(&differs, &[row("malformed", None)]).is_empty(), "no rule");
    assert!(!faults(&[], std::slice::from_ref(&must_row)).is_empty(), "no case");
    assert!(!faults(&differs, &[must_row.clone(), must_row.clone()]).is_empty(), "two rows");
    assert!(!faults(&differs, &[Known { why: String::new(), ..must_row }]).is_empty(), "no reason");
}
