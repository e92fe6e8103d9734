//! Each target on inputs from a seed and on payloads that were changed; and the lists
//! and tables that the targets rest on. The files of `corpora/` have tests of their own.

mod known;
mod mutations;

use policy_harness::generate::tape_for;

use super::subject::{maker, plan};
use super::*;

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
    let mut maker = maker();
    let first = plan().obligations.len() as u64;
    (first..first + INPUTS).filter_map(move |index| maker.make(index)).map(|case| {
        let mut bytes = case.tree.to_bytes();
        let at = case.index as usize * 31 % (bytes.len() + 1);
        if let (Some(byte), 0..3) = (bytes.get_mut(at), case.index % 4) {
            *byte = b"{}[],:\"\\ 0e\xff"[case.index as usize % 12];
        }
        bytes
    })
}

#[test]
fn every_target_bears_any_input() {
    for target in TARGETS {
        tapes().chain(bodies()).for_each(|input| (target.run)(&input));
    }
}

/// Every number of an obligation, on a tape and on an empty one.
#[test]
fn cases_of_every_obligation_are_right() {
    for number in 0..u16::try_from(plan().obligations.len()).unwrap() {
        let mut input = number.to_le_bytes().to_vec();
        for length in [2, 600] {
            input.resize(length, 0);
            tape_for(3, u64::from(number), &mut input[2..]);
            generated_valid(&input);
            generated_malformed(&input);
        }
    }
}

#[test]
fn the_dictionary_is_that_of_the_contracts() {
    let committed = include_str!("../policy.dict");
    let made = dictionary();
    let differs = committed.lines().zip(made.lines()).find(|(one, other)| one != other);
    assert!(committed == made, "fuzz/policy.dict is another one, from {differs:?} on; write it anew");
}
