//! Allocations of each stage on each class, for one payload: how many, and of how many
//! bytes. Buffers that are used again are warm. It prints a Markdown table.
//!
//! `cargo bench -p policy-harness-benches --bench allocations`, a second.

use densa_alloc::CountingAllocator;
use policy_harness_benches::{
    CLASSES, Cases, Ground, Stage, case_stages, generators, grouped, parsers, round_trips, serializers, sets,
    validators,
};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

fn main() {
    let ground = Ground::of("seed");
    let sets = sets(ground);
    let names: Vec<_> = CLASSES.iter().map(|class| class.name).collect();
    println!("| allocations / bytes, for one | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()));
    let columns: Vec<Vec<(String, String)>> = sets
        .iter()
        .map(|set| {
            let groups = [
                ("parse", parsers(set)),
                ("serialize", serializers(set)),
                ("", round_trips(set)),
                ("", generators(ground, set)),
                ("", validators(ground, set)),
            ];
            groups
                .into_iter()
                .flat_map(|(group, stages)| stages.into_iter().map(move |stage| cell(group, stage)))
                .collect()
        })
        .collect();
    let names: Vec<_> = columns.first().into_iter().flatten().map(|(name, _)| name).collect();
    for (index, name) in names.iter().enumerate() {
        let cells: Vec<_> = columns.iter().map(|column| &*column[index].1).collect();
        println!("| {name} | {} |", cells.join(" | "));
    }
    println!("\n| allocations / bytes, for one | |\n|---|---:|");
    let cases = Cases::of(ground);
    for (name, figures) in case_stages(ground, &cases).into_iter().map(|stage| cell("", stage)) {
        println!("| {name} | {figures} |");
    }
}

/// The name of a stage, and what it allocates for one item once it is warm.
fn cell(group: &str, mut stage: Stage<'_>) -> (String, String) {
    stage.all();
    let ((), counted) = densa_alloc::measure(|| stage.all());
    let count = stage.count() as f64;
    let name = [group, stage.name].join(" ").trim().to_owned();
    let requests = (counted.allocs + counted.reallocs) as f64 / count;
    let figures = format!("{requests:.1} / {}", grouped(counted.bytes_allocated as f64 / count));
    (name, figures)
}
