//! The faults that `fuzz/src/planted.rs` plants: an input for each shows it, and shows
//! nothing where the feature is off. That a fuzzer comes upon them by itself,
//! `.ci/fuzz planted` says.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use policy_harness_fuzz::TARGETS;

#[test]
fn each_planted_fault_shows_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/planted");
    for target in TARGETS {
        let input = fs::read(folder.join(target.name)).unwrap_or_else(|error| panic!("{}: {error}", target.name));
        let has_crashed = catch_unwind(|| (target.run)(&input)).is_err();
        assert_eq!(has_crashed, cfg!(feature = "planted"), "{}", target.name);
    }
}
