//! What a run does to a body: generate it, break it, say what it is, judge the answer
//! to it. The validator stands beside `serde_json::Value` and the `jsonschema` crate
//! with the schema that the project exports.
//!
//! `cargo bench -p policy-harness-benches --bench engine` runs it all, about a minute.

use criterion::Throughput;
use policy_harness_benches::{Cases, Ground, case_stages, generators, sets, validators};

mod grid;

fn main() {
    let mut criterion = grid::criterion();
    let ground = Ground::of("seed");
    let sets = sets(ground);
    grid::measure(&mut criterion, "generate", &sets, |set| generators(ground, set));
    grid::measure(&mut criterion, "validate", &sets, |set| validators(ground, set));

    let cases = Cases::of(ground);
    let mut group = criterion.benchmark_group("case");
    for mut stage in case_stages(ground, &cases) {
        group.throughput(Throughput::Elements(stage.count() as u64));
        group.bench_function(stage.name, |bencher| bencher.iter(|| stage.all()));
    }
    group.finish();
    criterion.final_summary();
}
