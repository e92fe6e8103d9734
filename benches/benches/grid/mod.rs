//! Stages by classes, measured by criterion.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use policy_harness_benches::{Set, Stage};

/// Short measurements: what is compared differs by more than they are off.
pub(super) fn criterion() -> Criterion {
    Criterion::default()
        .without_plots()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(700))
        .configure_from_args()
}

/// Measures the stages on every set. Both throughputs are of the whole set.
pub(super) fn measure<'s>(
    criterion: &mut Criterion,
    name: &str,
    sets: &'s [Set],
    stages: impl Fn(&'s Set) -> Vec<Stage<'s>>,
) {
    let mut group = criterion.benchmark_group(name);
    for set in sets {
        let (elements, bytes) = (set.made.len() as u64, set.bytes() as u64);
        group.throughput(Throughput::ElementsAndBytes { elements, bytes });
        for mut stage in stages(set) {
            group.bench_function(BenchmarkId::new(stage.name, set.class.name), |bencher| {
                bencher.iter(|| stage.all());
            });
        }
    }
    group.finish();
}
