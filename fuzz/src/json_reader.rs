//! The reader: what it accepts, it writes back; what it refuses, it locates;
//! and `serde_json` accepts the same texts.

use policy_harness::json::{self, Fault, Layout, Tree, read, read_into};
use serde_json::Value;

use crate::planted;

/// Containers that `serde_json` follows, and one more.
const SERDE_DEPTH: usize = 128;

/// Reads, writes, and compares with `serde_json`.
pub fn json_reader(input: &[u8]) {
    let mut plain = Tree::new();
    let dropped = read_into(input, &mut plain, Layout::Drop, usize::MAX);
    match read(input) {
        Ok(tree) => {
            assert_eq!(dropped, Ok(()));
            assert!(planted::written(&tree, tree.to_bytes()) == input, "written otherwise than read");
            assert_eq!(json::difference(&tree, &plain), None);
            let again = read(&plain.to_bytes()).expect("what was written is JSON");
            assert_eq!(json::difference(&plain, &again), None);
        }
        Err(error) => {
            assert_eq!(dropped, Err(error));
            assert!(error.offset <= input.len());
            if error.fault != Fault::Utf8
                && let Err(before) = read(&input[..error.offset])
            {
                assert_eq!(before.offset, error.offset, "{error}, but {before}");
            }
        }
    }
    // serde_json makes no value of a lone surrogate or of a number beyond f64,
    // so only what it does accept must be accepted here too.
    if serde_json::from_slice::<Value>(input).is_ok() {
        let bounded = read_into(input, &mut plain, Layout::Drop, SERDE_DEPTH);
        assert_eq!(bounded, Ok(()), "serde_json takes it");
    }
    // A value that is skipped it checks for syntax alone, at any depth.
    if let Ok(text) = std::str::from_utf8(input) {
        let skipped = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        assert_eq!(skipped, dropped.is_ok(), "serde_json: {skipped}");
    }
}
