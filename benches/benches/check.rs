//! The program `policy-harness check --format json` on a file of valid bodies of
//! typical size, one a line: reading, telling the versions apart, validating and
//! writing, and the start of the process with it. One core. This binary runs the
//! program itself when it is called for that, so that nothing else has to be built.
//!
//! `cargo bench -p policy-harness-benches --bench check` runs it, about ten seconds.

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use criterion::{Criterion, Throughput};
use policy_harness::check::Checker;
use policy_harness::contract::OperationKind;
use policy_harness_benches::{Ground, Set};

/// Set where the program is asked for.
const PROGRAM: &str = "POLICY_HARNESS_BENCH_PROGRAM";
/// Bytes of the file.
const SIZE: usize = 32 << 20;

fn main() -> ExitCode {
    if std::env::var_os(PROGRAM).is_some() {
        return policy_harness::cli::main();
    }
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    library(&mut criterion);
    program(&mut criterion);
    criterion.final_summary();
    ExitCode::SUCCESS
}

/// The library alone, by one contract, and telling two apart.
fn library(criterion: &mut Criterion) {
    let (v1, beta) = (Ground::of("v1.0"), Ground::of("beta"));
    let set = Set::of(v1, "typical");
    let (v1, beta) = (&v1.contract, &beta.contract);
    let mut group = criterion.benchmark_group("check");
    group.throughput(Throughput::Bytes(set.bytes() as u64));
    for (name, mut checker) in [("one-contract", Checker::new(v1)), ("two-contracts", Checker::new(v1).or(beta))] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for made in &set.made {
                    assert!(checker.check(&made.payload, OperationKind::Create).violations.is_empty());
                }
            });
        });
    }
    group.finish();
}

/// The program.
fn program(criterion: &mut Criterion) {
    let set = Set::of(Ground::of("v1.0"), "typical");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check.ndjson");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("the target folder can be written"));
    let mut size = 0;
    for made in set.made.iter().cycle().take_while(|made| {
        size += made.payload.len() + 1;
        size < SIZE
    }) {
        file.write_all(&made.payload).and_then(|()| file.write_all(b"\n")).expect("the target folder can be written");
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
