//! Parsing, writing, validating and generating payloads of three sizes. The
//! typed model and `serde_json::Value` do the same work on the same bytes; what
//! they keep differs (the model keeps lexemes and unknown members, `Value` does
//! not keep member order or repeated names). Bytes per second are of the JSON.
//! Large payloads repeat the items of their collections.
//!
//! `cargo bench -p policy-harness-benches` runs them all, about a minute;
//! `cargo bench -p policy-harness-benches -- parse/` those of one group.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use policy_harness::case::{Maker, Plan};
use policy_harness::contract::Contract;
use policy_harness::generate::{Generator, Tape};
use policy_harness::json::{Layout, Tree, read_into};
use policy_harness::model::Policy;
use policy_harness::validate::{Label, Validator};
use policy_harness_benches::{CLASSES, Class, Made};
use serde_json::Value;

/// A function over all payloads of a set. Both throughputs are of the whole set.
fn bench<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    class: &Class,
    bytes: usize,
    items: &[T],
    mut work: impl FnMut(&T),
) {
    group.throughput(Throughput::ElementsAndBytes { elements: items.len() as u64, bytes: bytes as u64 });
    group.bench_function(BenchmarkId::new(name, class.name), |bencher| {
        bencher.iter(|| items.iter().for_each(&mut work));
    });
}

fn payloads(criterion: &mut Criterion) {
    let contract = Contract::named("seed").expect("the contract is built in");
    let plan = Plan::of(&contract);
    let made: Vec<_> = CLASSES.iter().map(|class| (class, class.set(&contract, &plan))).collect();
    let payloads_of = |(class, set): &(&'static Class, Vec<Made>)| {
        (*class, set.iter().map(|made| made.payload.clone()).collect::<Vec<_>>())
    };
    let sets: Vec<_> = made.iter().map(payloads_of).collect();
    let length = |set: &[Vec<u8>]| set.iter().map(Vec::len).sum::<usize>();

    let mut group = criterion.benchmark_group("parse");
    for (class, set) in &sets {
        let bytes = length(set);
        bench(&mut group, "model", class, bytes, set, |body| drop(black_box(Policy::from_slice(body))));
        bench(&mut group, "value", class, bytes, set, |body| drop(black_box(serde_json::from_slice::<Value>(body))));
        let mut tree = Tree::new();
        bench(&mut group, "tree", class, bytes, set, |body| {
            black_box(read_into(body, &mut tree, Layout::Keep, usize::MAX)).ok();
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("write");
    for (class, set) in &sets {
        let bytes = length(set);
        let policies: Vec<Policy<'_>> = set.iter().flat_map(|body| Policy::from_slice(body)).collect();
        bench(&mut group, "model", class, bytes, &policies, |policy| drop(black_box(policy.to_vec())));
        let values: Vec<Value> = set.iter().flat_map(|body| serde_json::from_slice(body)).collect();
        bench(&mut group, "value", class, bytes, &values, |value| drop(black_box(serde_json::to_vec(value))));
    }
    group.finish();

    let mut group = criterion.benchmark_group("validate");
    for (class, set) in &sets {
        let mut validator = Validator::new(&contract);
        bench(&mut group, "body", class, length(set), set, |body| {
            black_box(validator.validate(body));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("generate");
    for (class, set) in &made {
        // From the tapes of the same payloads; large ones before they are filled.
        let tapes: Vec<&[u8]> = set.iter().map(|made| &*made.tape).collect();
        let generator = Generator::new(&contract, &plan.places, class.options);
        let mut tree = Tree::new();
        let mut validator = Validator::new(&contract);
        let mut make = |tape: &[u8]| {
            generator.body(&mut Tape::new(&mut arbitrary::Unstructured::new(tape)), None, &mut tree);
            let body = tree.to_bytes();
            let label = Label::of(&contract, validator.validate(&body));
            (body.len(), label)
        };
        let bytes = tapes.iter().map(|tape| make(tape).0).sum();
        bench(&mut group, "labelled-body", class, bytes, &tapes, |tape| drop(black_box(make(tape))));
    }
    group.finish();
}

/// Whole cases, as a run makes them: tape, body, operator, label, request.
fn cases(criterion: &mut Criterion) {
    const CASES: u64 = 128;
    let contract = Contract::named("seed").expect("the contract is built in");
    let plan = Plan::of(&contract);
    let mut maker = Maker::new(&contract, &plan, &[], 1);
    let first = plan.obligations.len() as u64;
    let mut group = criterion.benchmark_group("case");
    group.throughput(Throughput::Elements(CASES));
    group.bench_function("random", |bencher| {
        bencher.iter(|| (first..first + CASES).for_each(|index| drop(black_box(maker.make(index)))));
    });
    group.finish();
}

criterion_group! {
    name = all;
    config = Criterion::default()
        .without_plots()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(1_500));
    targets = payloads, cases
}
criterion_main!(all);
