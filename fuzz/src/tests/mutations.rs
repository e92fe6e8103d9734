//! The mutator: what it makes fits, is JSON where it was, is the same for the same
//! seed; and each kind of change happens.

use std::cmp::Ordering::{Equal, Greater, Less};
use std::collections::BTreeSet;

use policy_harness::json::{self, Tree, ValueKind};
use policy_harness::validate::Validator;

use crate::change::CHANGES;
use crate::mutate::with_tape;
use crate::subject::contract;
use crate::{cross, mutate};

const BODY: &[u8] = br##"{"displayName":"Sales","expiration":{"duration":"P1D","type":"afterDuration"},"specificAllowedTargets":[{"@odata.type":"#microsoft.graph.singleUser","userId":"1"},{"@odata.type":"#microsoft.graph.groupMembers","groupId":"2"}]}"##;
const OTHER: &[u8] = br##"{"reviewSettings":{"isEnabled":true,"primaryReviewers":[{"@odata.type":"#microsoft.graph.targetManager","managerLevel":7}]}}"##;
/// Seeds that are tried.
const SEEDS: u32 = 2_000;

/// What a seed makes of a text; none where it is left to others.
fn mutated(text: &[u8], max_size: usize, seed: u32) -> Option<Vec<u8>> {
    let mut data = vec![0; text.len().max(max_size)];
    data[..text.len()].copy_from_slice(text);
    let size = mutate(&mut data, text.len(), max_size, seed)?;
    assert!(size > 0 && size <= max_size, "{size} of {max_size}");
    Some(data[..size].to_vec())
}

#[test]
fn the_same_seed_makes_the_same_and_it_fits() {
    for seed in 0..SEEDS {
        for max_size in [64, BODY.len(), 4_096] {
            assert_eq!(mutated(BODY, max_size, seed), mutated(BODY, max_size, seed));
        }
    }
}

/// Most of what is made goes on to be a body, if a wrong one.
#[test]
fn what_is_made_is_mostly_json_and_is_of_many_sorts() {
    let made: Vec<Vec<u8>> = (0..SEEDS).filter_map(|seed| mutated(BODY, 4_096, seed)).collect();
    let other = made.iter().filter(|text| *text != BODY).count();
    let json = made.iter().filter(|text| json::read(text).is_ok()).count();
    assert!(made.len() > 1_000 && made.len() < 1_900, "{} are changed as trees", made.len());
    assert!(other > made.len() * 9 / 10, "{other} of {} are others", made.len());
    assert!(json > made.len() * 8 / 10, "{json} of {} are JSON", made.len());
    let mut validator = Validator::new(contract());
    let rules: BTreeSet<_> =
        made.iter().flat_map(|text| validator.validate(text).to_vec()).map(|one| one.rule).collect();
    assert!(rules.len() > 25, "{} rules are broken or touched", rules.len());
}

#[test]
fn what_is_no_json_is_left_to_the_mutations_of_bytes() {
    for text in [&b""[..], b"{", b"\xff", b"[1,]"] {
        assert!((0..SEEDS).all(|seed| mutated(text, 4_096, seed).is_none()));
    }
}

/// Every change alone, by what it leaves of the tree.
#[test]
fn each_kind_of_change_happens() {
    let before = json::read(BODY).unwrap();
    let count = |tree: &Tree| tree.root().map_or(0, |root| tree.subtree(root).len());
    for (index, change) in CHANGES.iter().enumerate() {
        let mut sizes = BTreeSet::new();
        for seed in 0..200 {
            let mut tree = before.clone();
            if with_tape(seed, |tape| change(&mut tree, tape)).is_some() && tree.to_bytes() != BODY {
                sizes.insert(count(&tree).cmp(&count(&before)));
            }
        }
        let wanted: &[_] = match index {
            // Swapped and renamed.
            0 | 3 => &[Equal],
            // Left out.
            1 => &[Less],
            // There twice, and put in.
            2 | 5 => &[Greater],
            // Another value, which may have been a container.
            4 => &[Less, Equal],
            // An operator.
            _ => &[Less, Equal, Greater],
        };
        assert_eq!(sizes.into_iter().collect::<Vec<_>>(), wanted, "change {index}");
    }
}

#[test]
fn a_part_of_one_input_comes_into_the_other() {
    let mut seen = BTreeSet::new();
    for seed in 0..SEEDS {
        let mut out = [0; 4_096];
        let size = cross(BODY, OTHER, &mut out, seed);
        let mut again = [0; 4_096];
        assert_eq!((cross(BODY, OTHER, &mut again, seed), again), (size, out));
        let tree = json::read(&out[..size]).unwrap();
        // Both are in it: what only the one has, and what only the other has.
        let has = |name: &str| tree.nodes().any(|node| tree.has_name(node, name));
        seen.insert((has("expiration"), has("managerLevel"), tree.kind(tree.root().unwrap()) == ValueKind::Object));
    }
    assert!(seen.contains(&(true, true, true)), "{seen:?}");
    for (one, other) in [(BODY, &b"["[..]), (b"{", OTHER)] {
        assert_eq!(cross(one, other, &mut [0; 4_096], 1), 0);
    }
    assert_eq!(cross(BODY, OTHER, &mut [0; 1], 1), 0, "there is no room");
}
