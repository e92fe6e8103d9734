//! Reading, writing, and there and back: the model beside serde's derives with
//! serde_json, sonic-rs and simd-json, beside `serde_json::Value`, and beside a copy
//! of the bytes. What they keep differs: the model keeps three states, lexemes and
//! unknown members. Bytes per second are of the JSON.
//!
//! `cargo bench -p policy-harness-benches --bench serialization` runs them all, about
//! two and a half minutes; `-- parse/` behind it those of one group.

use policy_harness_benches::{Ground, parsers, round_trips, serializers, sets};

mod grid;

fn main() {
    let mut criterion = grid::criterion();
    let sets = sets(Ground::of("seed"));
    grid::measure(&mut criterion, "parse", &sets, parsers);
    grid::measure(&mut criterion, "serialize", &sets, serializers);
    grid::measure(&mut criterion, "round-trip", &sets, round_trips);
    criterion.final_summary();
}
