//! Each target on inputs from a seed, on payloads that were changed, and on the
//! files of its corpus.

use std::path::Path;

use policy_harness::case::Maker;
use policy_harness::generate::tape_for;

use super::{generated, json_reader, model_roundtrip, seed, validate};

/// Inputs of each kind.
const INPUTS: u64 = 300;

/// Bytes without form, of many lengths.
fn tapes() -> impl Iterator<Item = Vec<u8>> {
    (0..INPUTS).map(|index| {
        let mut bytes = vec![0; (index * index % 4_099) as usize];
        tape_for(17, index, &mut bytes);
        bytes
    })
}

/// Bodies with one byte changed, and whole ones.
fn bodies() -> impl Iterator<Item = Vec<u8>> {
    let (contract, plan) = seed();
    let mut maker = Maker::new(contract, plan, &[], 17);
    let first = plan.obligations.len() as u64;
    (first..first + INPUTS).filter_map(move |index| maker.make(index)).map(|case| {
        let mut bytes = case.tree.to_bytes();
        let at = case.index as usize * 31 % (bytes.len() + 1);
        if let (Some(byte), 0..3) = (bytes.get_mut(at), case.index % 4) {
            *byte = b"{}[],:\"\\ 0e\xff"[case.index as usize % 12];
        }
        bytes
    })
}

/// The committed inputs of a target; there is at least one.
fn files(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/seeds").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files: Vec<_> = entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

#[test]
fn the_reader_bears_its_inputs() {
    tapes().chain(bodies()).chain(files("json_reader")).for_each(|input| json_reader(&input));
}

#[test]
fn the_model_bears_its_inputs() {
    tapes().chain(bodies()).chain(files("model_roundtrip")).for_each(|input| model_roundtrip(&input));
}

#[test]
fn the_validator_bears_its_inputs() {
    tapes().chain(bodies()).chain(files("validate")).for_each(|input| validate(&input));
}

#[test]
fn cases_from_tapes_are_right() {
    tapes().chain(files("generated")).for_each(|input| generated(&input));
}

/// Every obligation, on a tape and on an empty one.
#[test]
fn cases_of_every_obligation_are_right() {
    let obligations = seed().1.obligations.len();
    for index in 0..u16::try_from(obligations).unwrap() {
        generated(&index.to_le_bytes());
        let mut input = index.to_le_bytes().to_vec();
        input.resize(600, 0);
        tape_for(3, u64::from(index), &mut input[2..]);
        generated(&input);
    }
}
