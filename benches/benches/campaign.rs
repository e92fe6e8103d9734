//! Cases a second against a service in this process, on one core.
//!
//! Nothing here fails: the figures are for people.
//! `cargo bench -p policy-harness-benches --bench campaign`, about ten seconds.

use policy_harness_benches::{grouped, in_process};

/// Random cases behind the obligations. More of them say the same more exactly.
const CASES: u64 = 50_000;

fn main() {
    for name in ["seed", "v1.0"] {
        let ran = in_process(name, CASES);
        println!(
            "{name}: {} cases, {} requests, {} findings in {:.1} s: {} cases/s on one core",
            ran.cases,
            ran.requests,
            ran.findings,
            ran.seconds,
            grouped(ran.rate()),
        );
    }
}
