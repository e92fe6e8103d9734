//! Instructions of ten hot paths, counted by valgrind: figures that hold on a noisy
//! machine, for a gate. A path does its work on every item of a set once, with warm
//! buffers; what prepares it is not counted.
//!
//! `.ci/instructions` installs what this needs, runs it, and compares.
#![expect(missing_docs, reason = "what gungraun's macros make has none")]

use gungraun::{library_benchmark, library_benchmark_group, main};
use policy_harness_benches::{
    Cases, Ground, Set, Stage, case_stages, generators, named, parsers, round_trips, serializers, validators,
};

/// A path, ready to run. The memory is given back with the process.
fn prepare(path: &str) -> Stage<'static> {
    let ground = Ground::of("seed");
    let set: &Set = Box::leak(Box::new(Set::of(ground, "typical")));
    let cases = || -> &Cases { Box::leak(Box::new(Cases::of(ground))) };
    let mut stage = match path {
        "parse" => named(parsers(set), "model"),
        "parse, owned" => named(parsers(set), "model, owned"),
        "read tree" => named(parsers(set), "tree"),
        "serialize" => named(serializers(set), "model"),
        "round trip" => named(round_trips(set), "four steps"),
        "generate" => named(generators(ground, set), "generate, write, label"),
        "validate" => named(validators(ground, set), "validate"),
        "check" => named(validators(ground, set), "check"),
        other => named(case_stages(ground, cases()), other),
    };
    stage.all();
    stage
}

#[library_benchmark(setup = prepare)]
#[bench::parse("parse")]
#[bench::parse_owned("parse, owned")]
#[bench::read_tree("read tree")]
#[bench::serialize("serialize")]
#[bench::round_trip("round trip")]
#[bench::generate("generate")]
#[bench::validate("validate")]
#[bench::check("check")]
#[bench::malform("malform")]
#[bench::judge("judge")]
fn path(mut stage: Stage<'static>) -> Stage<'static> {
    stage.all();
    stage
}

library_benchmark_group!(name = hot, benchmarks = path);
main!(library_benchmark_groups = hot);
