//! The types of the contracts against the metadata that Microsoft publishes, in
//! both directions: what a document of types declares the metadata declares, and
//! what the metadata lets a policy reach the document declares. The metadata is
//! read from the folder that POLICY_HARNESS_SHARED names. What differs stands, with
//! its reason, in `known-differences/metadata.toml`; a row that no longer differs
//! fails the test. Nothing of the contract's own reader is used here.

mod document;

use std::collections::BTreeSet;
use std::path::PathBuf;

use document::{Document, Side};
use serde::Deserialize;

const BODY: &str = "microsoft.graph.accessPackageAssignmentPolicy";

/// The documents of types, and the metadata that each was written from.
const DOCUMENTS: [(&str, &str, &str); 2] = [
    ("graph-v1.0.csdl.xml", include_str!("../../contract/graph-v1.0.csdl.xml"), "v1.0.csdl"),
    ("graph-beta.csdl.xml", include_str!("../../contract/graph-beta.csdl.xml"), "beta.csdl"),
];

/// Something that only one side declares, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    document: String,
    only: Side,
    declares: Vec<String>,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownFile {
    difference: Vec<Known>,
}

fn known(document: &str) -> Vec<Known> {
    let file: KnownFile = toml::from_str(include_str!("../known-differences/metadata.toml")).unwrap();
    file.difference.into_iter().filter(|row| row.document == document).collect()
}

/// What differs and is not known, and what is known and does not differ.
fn faults(ours: &Document, theirs: &Document, known: &[Known]) -> Vec<String> {
    let theirs = theirs.reached(BODY, ours);
    let ours = ours.facts();
    let one_sided = |only: Side| match only {
        Side::Document => ours.difference(&theirs),
        Side::Metadata => theirs.difference(&ours),
    };
    let found: BTreeSet<(Side, &String)> = [Side::Document, Side::Metadata]
        .into_iter()
        .flat_map(|only| one_sided(only).map(move |fact| (only, fact)))
        .collect();
    let rows: BTreeSet<(Side, &String)> =
        known.iter().flat_map(|row| row.declares.iter().map(|fact| (row.only, fact))).collect();
    let new = found.difference(&rows).map(|(only, fact)| format!("only the {only:?} declares {fact}"));
    let stale = rows.difference(&found).map(|(only, fact)| format!("no longer of the {only:?} alone: {fact}"));
    let bare = known.iter().filter(|row| row.why.is_empty()).map(|row| format!("no reason: {:?}", row.declares));
    new.chain(stale).chain(bare).collect()
}

#[test]
fn types_are_those_of_the_metadata() {
    let Some(folder) = std::env::var_os("POLICY_HARNESS_SHARED").map(PathBuf::from) else {
        println!("skipped: POLICY_HARNESS_SHARED names no folder with the published metadata");
        return;
    };
    for (name, text, metadata) in DOCUMENTS {
        let ours = Document::read(text);
        let theirs = Document::read(&std::fs::read_to_string(folder.join("graph").join(metadata)).unwrap());
        assert!(ours.facts().len() > 100 && theirs.facts().len() > 10_000, "{name}: {}", ours.facts().len());
        let faults = faults(&ours, &theirs, &known(name));
        println!("{name}: {} facts, {} known differences", ours.facts().len(), known(name).len());
        assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
    }
}

#[test]
fn rows_are_about_documents() {
    let file: KnownFile = toml::from_str(include_str!("../known-differences/metadata.toml")).unwrap();
    let is_one = |row: &Known| DOCUMENTS.iter().any(|(name, ..)| *name == row.document);
    assert!(file.difference.iter().all(is_one));
}

/// Each document against itself with one fact changed: a difference on both sides,
/// or on one.
#[test]
fn differences_are_seen() {
    for (name, text, _) in DOCUMENTS {
        let ours = Document::read(text);
        assert!(faults(&ours, &ours, &[]).is_empty(), "{name}");
        for (old, new, count) in [
            ("Name=\"displayName\" Type=\"Edm.String\"", "Name=\"displayName\" Type=\"Edm.Int32\"", 2),
            ("Name=\"displayName\"", "Name=\"shownName\"", 2),
            ("Member Name=\"keepAccess\" Value=\"0\"", "Member Name=\"keepAccess\" Value=\"7\"", 2),
            ("<ComplexType Name=\"externalSponsors\" BaseType=", "<ComplexType Name=\"others\" BaseType=", 2),
            (
                "Name=\"stage\" Type=\"graph.accessPackageCustomExtensionStage\" Nullable=\"false\"",
                "Name=\"stage\" Type=\"graph.accessPackageCustomExtensionStage\"",
                2,
            ),
        ] {
            assert!(text.contains(old), "{name}: {old}");
            let theirs = Document::read(&text.replacen(old, new, 1));
            assert_eq!(faults(&ours, &theirs, &[]).len(), count, "{name}: {new}");
        }
        let row = |declares: &str| Known {
            document: name.to_owned(),
            only: Side::Metadata,
            declares: vec![declares.to_owned()],
            why: "decided".to_owned(),
        };
        let added = text.replacen(
            "<ComplexType Name=\"singleUser\"",
            "<ComplexType Name=\"a\"/><ComplexType Name=\"singleUser\"",
            1,
        );
        assert!(faults(&ours, &Document::read(&added), &[]).is_empty(), "{name}: a type that no policy reaches");
        assert_eq!(faults(&ours, &ours, &[row("ComplexType microsoft.graph.a")]).len(), 1, "{name}: a stale row");
    }
}
