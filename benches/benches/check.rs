//! The program `policy-harness check --format json` on a file of valid bodies of
//! typical size, one a line: reading, telling the versions apart, validating and
//! writing, and the start of the process with it. One core. This binary runs the
//! program itself when it is called for that, so that nothing else has to be built.
//!
//! `cargo bench -p policy-harness-benches --bench check` runs it, about 20 seconds.

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use criterion::{Criterion, Throughput};
use policy_harness::case::Plan;
use policy_harness::check::Checker;
use policy_harness::contract::{Contract, OperationKind};
use policy_harness_benches::CLASSES;

/// Set where the program is asked for.
const PROGRAM: &str = "POLICY_HARNESS_BENCH_PROGRAM";
/// Bytes of the file.
const SIZE: usize = 64 << 20;

fn main() -> ExitCode {
    if std::env::var_os(PROGRAM).is_some() {
        return policy_harness::cli::main();
    }
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(6))
        .configure_from_args();
    library(&mut criterion);
    program(&mut criterion);
    criterion.final_summary();
    ExitCode::SUCCESS
}

/// Valid bodies of typical size, for the contract v1.0.
fn bodies(contract: &Contract) -> Vec<Vec<u8>> {
    let class = CLASSES.iter().find(|class| class.name == "typical").expect("a class of this name is in the table");
    class.set(contract, &Plan::of(contract)).into_iter().map(|made| made.payload).collect()
}

/// The library alone, by one contract, and telling two apart.
fn library(criterion: &mut Criterion) {
    let contracts = ["v1.0", "beta"].map(|name| Contract::named(name).expect("the contract is built in"));
    let [v1, beta] = &contracts;
    let bodies = bodies(v1);
    let mut group = criterion.benchmark_group("check");
    group.throughput(Throughput::Bytes(bodies.iter().map(Vec::len).sum::<usize>() as u64));
    for (name, mut checker) in [("one-contract", Checker::new(v1)), ("two-contracts", Checker::new(v1).or(beta))] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for body in &bodies {
                    assert!(checker.check(body, OperationKind::Create).violations.is_empty());
                }
            });
        });
    }
    group.finish();
}

/// The program.
fn program(criterion: &mut Criterion) {
    let contract = Contract::named("v1.0").expect("the contract is built in");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check.ndjson");
    let bodies = bodies(&contract);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("the target folder can be written"));
    let mut size = 0;
    for body in bodies.iter().cycle().take_while(|body| {
        size += body.len() + 1;
        size < SIZE
    }) {
        file.write_all(body).and_then(|()| file.write_all(b"\n")).expect("the target folder can be written");
    }
    file.flush().expect("the target folder can be written");
    let length = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    let this = std::env::current_exe().expect("this program has a path");
    let mut group = criterion.benchmark_group("check");
    group.throughput(Throughput::Bytes(length));
    group.bench_function("program-json", |bencher| {
        bencher.iter(|| {
            let status = Command::new(&this)
                .args(["check", "--format", "json"])
                .arg(&path)
                .env(PROGRAM, "1")
                .stdout(Stdio::null())
                .status()
                .expect("this program can be started");
            assert!(status.success(), "a valid body is told to be none");
        });
    });
    group.finish();
    let _ = std::fs::remove_file(&path);
}
