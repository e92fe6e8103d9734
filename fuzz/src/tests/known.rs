//! Each known difference between the model and the validator is one, and shows as the
//! list says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use policy_harness::model::Policy;
use policy_harness::validate::Validator;

use crate::subject::{contract, maker, plan};
use crate::{KNOWN, Model};

/// By rule: whether the model took, and refused, bodies that break or touch it alone.
fn seen() -> BTreeMap<&'static str, [bool; 2]> {
    let mut maker = maker();
    let cases = (0..2 * plan().obligations.len() as u64).filter_map(move |index| maker.make(index));
    let bodies = cases.filter_map(|case| case.request.body).chain(files());
    let mut validator = Validator::new(contract());
    let mut seen: BTreeMap<&'static str, [bool; 2]> = BTreeMap::new();
    for body in bodies {
        if let [violation] = validator.validate(&body) {
            let is_taken = Policy::from_slice(&body).is_ok();
            seen.entry(&contract().rule(violation.rule).id).or_default()[usize::from(!is_taken)] = true;
        }
    }
    seen
}

/// The committed inputs of the target.
fn files() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora");
    let folders = ["seeds/differential", "regressions/differential"].map(|folder| root.join(folder));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_known_difference_shows() {
    let seen = seen();
    for known in KNOWN {
        let wanted = match known.model {
            Model::Takes => [true, false],
            Model::MayTake => [true, true],
            Model::Refuses => [false, true],
        };
        assert_eq!(seen.get(known.rule), Some(&wanted), "{}: taken, refused", known.rule);
        assert!(known.reason.ends_with('.'), "{}", known.rule);
    }
}
