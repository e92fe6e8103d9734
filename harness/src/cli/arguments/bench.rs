//! `bench` as clap reads it.

use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

pub(in crate::cli) const BENCH_EXAMPLES: &str = "\
Examples:
  policy-harness bench                            a first look, with generated bodies
  policy-harness bench policy.json                your own payload
  policy-harness bench bodies/ captured.ndjson    all below a folder, and one a line
  policy-harness bench bodies/*.json              each file by itself, and all together
  jq -c '.value[]' list.json | policy-harness bench -
  policy-harness bench --seconds 5 --format json policy.json > figures.ndjson

Files hold what `check` reads: one JSON text, or one a line, or requests (.http).

  parse         from bytes to the typed model, which borrows from them
  parse, owned  the same for a model that outlives the bytes
  serialize     from the model to bytes, in a buffer that is used again
  round trip    there and back, and compared
  validate      from bytes to the violations of the contract

A document is measured many times, in turn with the others. MB/s (10^6 bytes) and
docs/s follow from the median of each document; p50 and p99 are of the time of one
document, over all documents and rounds; allocs and bytes are what one document
asks of the allocator. One thread does the work.

Exit codes:
  0  figures, if not for every document    2  something cannot be used or read
  1  no document could be measured         3  ended by Ctrl-C";

#[derive(Debug, Args)]
pub(in crate::cli) struct BenchArgs {
    /// Files, folders, globs in quotes, or - for standard input; without one what is
    /// piped in, or else generated bodies of three sizes
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) sources: Vec<String>,
    /// Contract to validate against, and to generate from; auto decides between v1.0
    /// and beta by the members of each body
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = ["auto", "seed", "v1.0", "beta"])]
    pub(in crate::cli) contract: String,
    /// Time of measuring each stage, all files together
    #[arg(long, value_name = "N", default_value = "0.5", value_parser = seconds)]
    pub(in crate::cli) seconds: Duration,
    /// How to say it: human for a person, json for an object a file
    #[arg(long, value_enum, value_name = "FORM", default_value_t = BenchFormat::Human)]
    pub(in crate::cli) format: BenchFormat,
}

/// How figures are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum BenchFormat {
    /// A table for each file
    Human,
    /// One object a file, a line each
    Json,
}

fn seconds(text: &str) -> Result<Duration, String> {
    const LEAST: f64 = 0.01;
    const MOST: f64 = 3_600.0;
    let seconds = text.parse().ok().filter(|seconds| (LEAST..=MOST).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| format!("write a number of seconds, from {LEAST} to {MOST}"))
}
