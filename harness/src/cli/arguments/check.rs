//! `check` as clap reads it.

use clap::{Args, ValueEnum, ValueHint};

use super::run::Threshold;

pub(in crate::cli) const CHECK_EXAMPLES: &str = "\
Examples:
  policy-harness check policy.json                     why is this body refused?
  policy-harness check --operation update policy.json  what would this PUT reset?
  policy-harness check --contract v1.0 bodies/         every body below a folder
  Get-Content policy.json | policy-harness check -     from standard input
  policy-harness check requests.http                   paths and methods, too
  policy-harness check --format sarif bodies/ > check.sarif

Files hold one JSON text, or one a line (.ndjson, .jsonl, or a first line that is
whole), or requests (.http, .rest).

error    the contract says that it must be refused
warning  it should be refused and need not be, or an update that loses something
note     the contract leaves it open

Exit codes:
  0  no error            2  the command line cannot be used
  1  errors; with --level should also warnings
  3  something could not be read, and what was has no error";

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Files, folders, globs in quotes, or - for standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) sources: Vec<String>,
    /// Contract to check for; auto decides between v1.0 and beta by the members of
    /// the body, and by the path of a request
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = ["auto", "seed", "v1.0", "beta"])]
    pub(in crate::cli) contract: String,
    /// What the body is sent for; left out, that of the request, or create (add for
    /// the contract seed)
    #[arg(long, value_enum, value_name = "NAME")]
    pub(in crate::cli) operation: Option<CheckedOperation>,
    /// How to say it: human for a person, json for an object a body, sarif for code
    /// scanning, github for annotations of GitHub Actions
    #[arg(long, value_enum, value_name = "FORM", default_value_t = CheckFormat::Human)]
    pub(in crate::cli) format: CheckFormat,
    /// What makes the command fail
    #[arg(long, value_enum, default_value_t = Threshold::Must)]
    pub(in crate::cli) level: Threshold,
}

/// What a body is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CheckedOperation {
    /// POST …/assignmentPolicy/$ref (seed)
    Add,
    /// POST: a new policy
    Create,
    /// PUT: replaces a policy
    Update,
}

/// How violations are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CheckFormat {
    /// For a person
    Human,
    /// One object a body, a line each
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}
