//! What `run` takes, and what other commands share of it.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum, ValueHint};

use super::access::{AccessArgs, UnprivilegedArgs};
use crate::campaign::Shard;
use crate::cli::configuration::Configuration;
use crate::contract::Level;

/// Ten years: longer than any run, and short enough to be added to a clock.
const MOST_SECONDS: u64 = 315_360_000;

/// Ten minutes: a service that takes longer is not tested by reading back.
const MOST_SETTLE: u64 = 600_000;

#[derive(Debug, Args)]
pub(in crate::cli) struct RunArgs {
    /// Base URL that the operations' paths are appended to
    /// (http://127.0.0.1:8080/v1.0); the embedded reference server if left out
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) target: Option<String>,
    /// Contract to test: seed, v1.0, beta, or all, which is seed and v1.0. May be
    /// repeated
    #[arg(long = "contract", value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contracts: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) access: AccessArgs,
    #[command(flatten)]
    pub(in crate::cli) unprivileged: UnprivilegedArgs,
    /// Id of an assignment that exists (contract seed); its policy is overwritten,
    /// and put back at the end where it can be read. May be repeated
    #[arg(long = "assignment-id", value_name = "GUID")]
    pub(in crate::cli) assignment_ids: Vec<String>,
    /// Id of an access package that exists (contracts v1.0 and beta); policies are
    /// created in it, and deleted again. May be repeated
    #[arg(long = "access-package-id", value_name = "GUID")]
    pub(in crate::cli) access_package_ids: Vec<String>,
    /// Id of something that exists in the target's directory, for policies to name:
    /// userId, groupId, connectedOrganizationId, servicePrincipalId or
    /// customExtension. Of kinds that are not given ids are invented. May be repeated
    #[arg(long = "id", value_name = "KIND=GUID")]
    pub(in crate::cli) ids: Vec<String>,
    /// Decides every case; drawn and printed if left out
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u64>,
    /// Random cases after the obligations [default: 5000, or 20 seconds]
    #[arg(long, value_name = "N", conflicts_with = "seconds")]
    pub(in crate::cli) cases: Option<u64>,
    /// Time for sending, in seconds; the obligations are walked to their end
    /// all the same
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..=MOST_SECONDS))]
    pub(in crate::cli) seconds: Option<u64>,
    /// Requests under way at one time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(in crate::cli) concurrency: u16,
    /// Rules whose breach fails the run
    #[arg(long, value_enum, default_value_t = Threshold::Must)]
    pub(in crate::cli) level: Threshold,
    /// Writes a report besides: ndjson=PATH, one JSON object a case; junit=PATH,
    /// JUnit XML with a test case for each rule; markdown=PATH, a summary, which is
    /// also appended to the file that GITHUB_STEP_SUMMARY names. May be repeated
    #[arg(long = "report", value_name = "KIND=PATH", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) reports: Vec<ReportSpec>,
    /// File of findings that are known: they do not fail the run, new ones do, and
    /// one that no longer shows fails it with --level should; see `policy-harness
    /// baseline update --help`
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// How long a read may lag behind a write before it counts, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=MOST_SETTLE))]
    pub(in crate::cli) settle: u64,
    /// Overwrites the policy of an assignment on another machine even where it
    /// cannot be read, and so not be put back
    #[arg(long)]
    pub(in crate::cli) overwrite: bool,
    /// Folder for the ledger, which lists what a run has in the target until it is
    /// deleted again; see `policy-harness clean`
    #[arg(long, value_name = "DIR", default_value = ".policy-harness")]
    pub(in crate::cli) ledger: PathBuf,
    /// Journal of every case and answer, with which a run that was killed is gone on
    /// with [default: a new file in the folder of the ledger, where there is a --target]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) journal: Option<PathBuf>,
    /// Writes no journal, so that nothing can be resumed
    #[arg(long, conflicts_with = "journal")]
    pub(in crate::cli) no_journal: bool,
    /// Goes on with the run of this journal where it stopped. The journal has the
    /// other arguments; credentials are to be given again
    #[arg(long, value_name = "JOURNAL", conflicts_with_all = ["journal", "no_journal"])]
    pub(in crate::cli) resume: Option<PathBuf>,
    /// Part of the cases, for one of several machines, as in 2/5; needs --seed. See
    /// `policy-harness merge`
    #[arg(long, value_name = "I/N", requires = "seed")]
    pub(in crate::cli) shard: Option<Shard>,
    /// Folder that a file for each finding is written to; see `policy-harness replay`
    #[arg(long, value_name = "DIR", default_value = "findings", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) findings: PathBuf,
    /// Times that the case of a finding is sent to make it smaller, at most
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub(in crate::cli) shrink: u32,
    /// Prints what the target does at each point that the contract leaves open,
    /// and where it should refuse
    #[arg(long)]
    pub(in crate::cli) profile: bool,
    /// Tests the rules whose id matches, `body/value/*`; `*` stands for any part of
    /// an id. May be repeated
    #[arg(long, value_name = "RULE-GLOB")]
    pub(in crate::cli) only: Vec<String>,
    /// Leaves out the rules whose id matches; a breach of one counts nowhere. May be
    /// repeated
    #[arg(long, value_name = "RULE-GLOB")]
    pub(in crate::cli) skip: Vec<String>,
    /// Stops looking when this many kinds of failures stand
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) max_findings: Option<u32>,
    /// Prints the last lines alone: how it ended, and how to run it again
    #[arg(long, conflicts_with = "verbose")]
    pub(in crate::cli) quiet: bool,
    /// Prints a line for each case that fails, warns or gets no verdict, while the
    /// run goes on
    #[arg(long)]
    pub(in crate::cli) verbose: bool,
    /// Shows what would be sent, and sends nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) file: FileArgs,
}

/// Where the flags come from that the command line does not give.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct FileArgs {
    /// Configuration file, whose keys are the long names of these flags; what the
    /// command line says goes first [default: policy-harness.toml in the current
    /// folder, where there is one]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Reads no configuration file
    #[arg(long, conflicts_with = "config")]
    pub(in crate::cli) no_config: bool,
    #[arg(skip)]
    pub(in crate::cli) read: Configuration,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum Threshold {
    /// Only what must be so
    Must,
    /// What should be so as well
    Should,
}

impl From<Threshold> for Level {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Must => Self::Must,
            Threshold::Should => Self::Should,
        }
    }
}

/// A report to write.
#[derive(Clone, Debug)]
pub(in crate::cli) struct ReportSpec {
    pub(in crate::cli) kind: ReportKind,
    pub(in crate::cli) path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum ReportKind {
    Ndjson,
    Junit,
    Markdown,
}

impl ReportKind {
    /// The kinds by the names that the command line has for them, and a file of each.
    const ALL: &[(&str, Self, &str)] = &[
        ("ndjson", Self::Ndjson, "cases.ndjson"),
        ("junit", Self::Junit, "junit.xml"),
        ("markdown", Self::Markdown, "summary.md"),
    ];
}

impl FromStr for ReportSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').unwrap_or((text, ""));
        match ReportKind::ALL.iter().find(|(known, _, _)| *known == name) {
            Some((_, kind, _)) if !path.is_empty() => Ok(Self { kind: *kind, path: path.into() }),
            Some((name, _, file)) => Err(format!("give a path, as in {name}={file}")),
            None => {
                let kinds: Vec<String> = ReportKind::ALL.iter().map(|(name, _, _)| format!("{name}=PATH")).collect();
                Err(format!("`{text}` is no report; write {}", kinds.join(" or ")))
            }
        }
    }
}
