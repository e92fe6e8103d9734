//! The corpus of obligations: what is committed in `corpora/valid` and
//! `corpora/malformed` is what the contract makes; the validator, asked of the bytes
//! again, says what the manifests say; and each body shows what its obligation asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use policy_harness::case::{Action, Base, Maker, Obligation, Plan};
use policy_harness::contract::{Contract, TYPE};
use policy_harness::corpus::{Entry, MANIFEST, build, entries};
use policy_harness::generate::{Choice, Class, tape_for};
use policy_harness::json::{self, NodeId, Tree, ValueKind};
use policy_harness::malform::How;
use policy_harness::validate::{Label, Validator};
use serde::Deserialize;

type Files = BTreeMap<String, Vec<u8>>;

/// A line of a manifest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    file: String,
    label: String,
    rule: String,
    pointer: String,
    operator: String,
    place: String,
    statuses: String,
    preferred: Option<String>,
    level: String,
}

fn contracts() -> impl Iterator<Item = Contract> {
    Contract::all().chain(["beta"]).collect::<BTreeSet<_>>().into_iter().map(|name| Contract::named(name).unwrap())
}

fn seed() -> Contract {
    Contract::named("seed").unwrap()
}

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora")
}

/// What is committed, by path from the folder of the corpora.
fn committed() -> Files {
    let mut files = Files::new();
    for folder in ["malformed", "valid"] {
        for entry in fs::read_dir(corpora().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            files.insert(format!("{folder}/{name}"), fs::read(entry.path()).unwrap());
        }
    }
    files
}

fn rows(files: &Files, folder: &str) -> Vec<Row> {
    let manifest = files[&format!("{folder}/{MANIFEST}")].split(|&byte| byte == b'\n');
    manifest.filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap()).collect()
}

#[test]
fn what_is_committed_is_what_the_contract_makes() {
    let (built, committed) = (build(&seed()).unwrap(), committed());
    let paths: BTreeSet<&String> = built.keys().chain(committed.keys()).collect();
    let other: Vec<_> = paths.into_iter().filter(|path| built.get(*path) != committed.get(*path)).take(10).collect();
    assert!(other.is_empty(), "`policy-harness corpus build` writes these anew: {other:#?}");
}

/// Where files and manifests say different things, or the contract says another.
fn faults(contract: &Contract, files: &Files) -> Vec<String> {
    let mut validator = Validator::new(contract);
    let mut faults = Vec::new();
    let mut unnamed: BTreeSet<&str> =
        files.keys().map(String::as_str).filter(|path| !path.ends_with(MANIFEST)).collect();
    for folder in ["malformed", "valid"] {
        for row in rows(files, folder) {
            let path = format!("{folder}/{}", row.file);
            let Some(bytes) = files.get(&path) else {
                faults.push(format!("{path}: no such file"));
                continue;
            };
            unnamed.remove(&*path);
            let label = Label::of(contract, validator.validate(bytes));
            if !is_so(contract, &row, &label) || row.label != folder {
                faults.push(format!("{path}: {row:?} is {label:?}"));
            }
        }
    }
    faults.extend(unnamed.into_iter().map(|path| format!("{path}: in no manifest")));
    faults
}

/// Whether a row says of a body what the validator and the contract say.
fn is_so(contract: &Contract, row: &Row, label: &Label) -> bool {
    let Some(rule) = contract.rule_named(&row.rule) else { return false };
    let stated = contract.rule(rule);
    let written = |text: String| (!text.is_empty()).then_some(text);
    let (broken, statuses) = match label {
        Label::Malformed(broken, at) => (Some((*broken, at.to_string())), stated.statuses.written()),
        _ => (None, contract.operations[0].success.to_string()),
    };
    let is_found = match broken {
        Some(found) => found == (rule, row.pointer.clone()),
        None => stated.id.starts_with("accept/"),
    };
    label.name() == row.label
        && is_found
        && row.statuses == statuses
        && row.preferred == written(stated.preferred.written())
        && format!("{:?}", stated.level).to_lowercase() == row.level
        && !row.operator.is_empty()
        && (row.place.is_empty() || row.place.starts_with('/'))
}

#[test]
fn every_line_is_true_of_its_file() {
    let faults = faults(&seed(), &committed());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_wrong_manifest_is_seen() {
    let manifest = || format!("malformed/{MANIFEST}");
    let changed = |from: &str, to: &str| {
        let mut files = committed();
        let text = String::from_utf8(files[&manifest()].clone()).unwrap();
        assert!(text.contains(from), "{from}");
        files.insert(manifest(), text.replacen(from, to, 1).into_bytes());
        files
    };
    let mut bodiless = committed();
    let first = bodiless.keys().find(|path| path.ends_with(".json")).unwrap().clone();
    bodiless.remove(&first);
    let mut foreign = committed();
    foreign.insert("valid/foreign.json".to_owned(), b"{}".to_vec());
    let mut other = committed();
    other.insert(first, b"{}".to_vec());
    let planted = [
        changed("\"pointer\":\"/", "\"pointer\":\"/0/"),
        changed("\"rule\":\"body/value/enum-member\"", "\"rule\":\"body/value/enum-case\""),
        changed("\"statuses\":\"4xx\"", "\"statuses\":\"400\""),
        changed("\"preferred\":\"400\"", "\"preferred\":null"),
        changed("\"level\":\"must\"", "\"level\":\"should\""),
        changed("\"label\":\"malformed\"", "\"label\":\"valid\""),
        bodiless,
        foreign,
        other,
    ];
    for (number, files) in planted.iter().enumerate() {
        assert!(!faults(&seed(), files).is_empty(), "planted fault {number}");
    }
}

/// Whether an obligation is one of a body that is judged, and sent as every other.
fn is_wanted(contract: &Contract, obligation: &Obligation) -> bool {
    let is_body = match obligation.action {
        Action::Choose(_) | Action::Change(_) => true,
        Action::Rewrite(rewriting, base) => {
            base == Base::Valid && matches!(rewriting.how, How::Body(_) | How::Values(..))
        }
        _ => false,
    };
    is_body && obligation.operation == 0 && obligation.is_judged(contract)
}

/// Whether every body of an obligation touches an open point, as far as was tried.
fn is_always_open(maker: &mut Maker<'_>, number: usize) -> bool {
    (0..50).all(|index| {
        let mut tape = [0; 512];
        tape_for(5, index, &mut tape);
        let case = maker.obligation_from_bytes(number, &tape);
        case.is_none_or(|case| matches!(case.label, Label::Unspecified(_)))
    })
}

#[test]
fn every_obligation_of_a_body_has_its_line() {
    for contract in contracts() {
        let plan = Plan::of(&contract);
        let mut maker = Maker::new(&contract, &plan, &[], 5);
        let made: BTreeSet<usize> = entries(&contract).iter().map(|entry| entry.obligation).collect();
        let mut large = 0;
        for (number, obligation) in plan.obligations.iter().enumerate() {
            let is_missing = is_wanted(&contract, obligation) && !made.contains(&number);
            if obligation.name == "arrays-50000-deep" {
                // One place is enough for what is that large.
                large += usize::from(made.contains(&number));
            } else if is_missing {
                let text = plan.describe(&contract, obligation);
                assert!(is_always_open(&mut maker, number), "{}: {text}", contract.name);
            }
        }
        assert_eq!(large, 1, "{}", contract.name);
    }
}

/// The value at a JSON Pointer.
fn at(tree: &Tree, pointer: &str) -> Option<NodeId> {
    pointer.split('/').skip(1).try_fold(tree.root()?, |node, step| match tree.kind(node) {
        ValueKind::Array => tree.children(node).nth(step.parse().ok()?),
        _ => tree.member(node, step),
    })
}

/// Whether a valid body has at its place what the obligation asks for.
fn is_shown(contract: &Contract, plan: &Plan, entry: &Entry) -> Option<bool> {
    let obligation = &plan.obligations[entry.obligation];
    let tree = json::read(&entry.bytes).ok()?;
    let node = at(&tree, &entry.pointer)?;
    let property = plan.places.property(contract, obligation.place);
    Some(match obligation.action {
        Action::Choose(Choice::Absent) => tree.member(node, &property?.name).is_none(),
        Action::Choose(Choice::Null) => tree.kind(node) == ValueKind::Null,
        Action::Choose(Choice::Member(index)) => {
            tree.string(node) == Class::Member(u16::try_from(index).ok()?).name(contract, property?)
        }
        Action::Choose(Choice::Lexeme(lexeme)) => tree.raw(node) == lexeme.text().as_bytes(),
        Action::Choose(Choice::Items(count)) => tree.children(node).count() == count,
        Action::Choose(Choice::Annotated(name)) => tree.member(node, name).is_some(),
        Action::Choose(Choice::Typed { last, .. }) => {
            let members = tree.children_vec(node);
            let named = if last { members.last() } else { members.first() };
            tree.has_name(*named?, TYPE)
        }
        Action::Choose(_) => true,
        Action::Change(operator) if operator.name == "annotation-of-property" => {
            let text = String::from_utf8_lossy(&entry.bytes);
            text.contains(&format!("\"{}@", property?.name))
        }
        Action::Change(_) => entry.bytes == b"{}",
        Action::Rewrite(..) | Action::Exchange(_) | Action::Store(_) | Action::Follow(_) => true,
    })
}

#[test]
fn every_valid_body_shows_what_its_obligation_asks_for() {
    for contract in contracts() {
        let plan = Plan::of(&contract);
        let entries = entries(&contract);
        for entry in entries.iter().filter(|entry| entry.label == "valid") {
            let body = String::from_utf8_lossy(&entry.bytes);
            assert_eq!(is_shown(&contract, &plan, entry), Some(true), "{}: {entry:?}\n{body}", contract.name);
        }
    }
}

/// A member or item that a body could do without, beside the way to its place.
fn spare(contract: &Contract, validator: &mut Validator<'_>, entry: &Entry) -> Option<String> {
    let tree = json::read(&entry.bytes).ok()?;
    let path = tree.path_to(at(&tree, &entry.pointer)?);
    let label = Label::of(contract, validator.validate(&entry.bytes));
    for step in path.windows(2) {
        let children = tree.children_vec(step[0]);
        // Types say which place it is, annotations are what some obligations are about.
        for &child in children.iter().filter(|&&child| child != step[1] && !tree.name(child).contains('@')) {
            let mut smaller = tree.clone();
            smaller.detach(step[0], child);
            if Label::of(contract, validator.validate(&smaller.to_bytes())) == label {
                return Some(tree.name(child).into_owned());
            }
        }
    }
    None
}

#[test]
fn no_body_has_a_member_to_spare() {
    for contract in contracts() {
        let mut validator = Validator::new(&contract);
        for entry in entries(&contract) {
            let body = String::from_utf8_lossy(&entry.bytes);
            assert_eq!(spare(&contract, &mut validator, &entry), None, "{}: {entry:?}\n{body}", contract.name);
        }
    }
}

#[test]
fn names_are_names_everywhere() {
    for contract in contracts() {
        let mut bodies: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for Entry { file, bytes, .. } in entries(&contract) {
            assert!(file.len() <= 120, "{file}");
            assert!(file.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)), "{file}");
            assert!(file.starts_with("accept-") || file.starts_with("body-"), "{file}");
            // Some file systems take no notice of letter case.
            let other = bodies.insert(file.to_lowercase(), bytes.clone());
            assert!(other.is_none_or(|other| other == bytes), "{}: {file} names two bodies", contract.name);
        }
    }
}
