//! The commands around a run: before it, of its journals and findings, and behind
//! it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use jiff::civil::Date;

use super::access::{AccessArgs, UnprivilegedArgs};
use super::run::{FileArgs, ReportSpec, Threshold};
use crate::baseline;

pub(in crate::cli) const PROBE_EXITS: &str = "\
Exit codes:
  0  a run can begin      2  the command line cannot be used
  1  answers deviate      3  not ready: what to set is said";

#[derive(Debug, Args)]
pub(in crate::cli) struct ProbeArgs {
    /// Base URL that the operations' paths are appended to
    /// (http://127.0.0.1:8080/v1.0)
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) target: Option<String>,
    /// Contract to try: seed, v1.0, beta, or all, which is seed and v1.0. May be repeated
    #[arg(long = "contract", value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contracts: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) access: AccessArgs,
    /// Id of an assignment that exists (contract seed); what it has is put back where
    /// it can be read. May be repeated
    #[arg(long = "assignment-id", value_name = "GUID")]
    pub(in crate::cli) assignment_ids: Vec<String>,
    /// Id of an access package that exists (contracts v1.0 and beta). May be repeated
    #[arg(long = "access-package-id", value_name = "GUID")]
    pub(in crate::cli) access_package_ids: Vec<String>,
    /// Id of something that exists in the target's directory; see `run --help`. May
    /// be repeated
    #[arg(long = "id", value_name = "KIND=GUID")]
    pub(in crate::cli) ids: Vec<String>,
    /// Overwrites the policy of an assignment on another machine even where it cannot
    /// be read
    #[arg(long)]
    pub(in crate::cli) overwrite: bool,
    /// Folder for the ledger
    #[arg(long, value_name = "DIR", default_value = ".policy-harness")]
    pub(in crate::cli) ledger: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) file: FileArgs,
}

pub(in crate::cli) const MERGE_EXAMPLES: &str = "\
Examples:
  policy-harness merge 1.journal 2.journal 3.journal
  policy-harness merge shards/*/run.journal --report junit=conformance.xml";

pub(in crate::cli) const REPLAY_EXAMPLES: &str = "\
What a FILE may be:
  a finding of a run          findings/*.json
  a property's counterexample proptest-regressions/*.txt, or the text that a failed property shows
  a fuzzer's crash            fuzz/artifacts/TARGET/crash-*: the folder says what it is; elsewhere
                              the bytes are those of a body, or --as says what they are

Exit codes:
  0  nothing is wrong (any more)      2  the command line cannot be used
  1  a fault shows                    3  the target said nothing of it

Examples:
  policy-harness replay findings/*.json --token-env TOKEN
  policy-harness replay findings/http-auth-missing-1a2b3c4d.json --target http://127.0.0.1:8080/v1.0";

#[derive(Debug, Args)]
pub(in crate::cli) struct MergeArgs {
    /// Journals of the shards of one campaign, or of one run
    #[arg(value_name = "JOURNAL", required = true)]
    pub(in crate::cli) journals: Vec<PathBuf>,
    /// Rules whose breach fails
    #[arg(long, value_enum, default_value_t = Threshold::Must)]
    pub(in crate::cli) level: Threshold,
    /// Writes a report besides: ndjson=PATH, junit=PATH or markdown=PATH, as of a run.
    /// May be repeated
    #[arg(long = "report", value_name = "KIND=PATH", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) reports: Vec<ReportSpec>,
    /// File of findings that are known
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Folder that a file for each finding is written to
    #[arg(long, value_name = "DIR", default_value = "findings", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) findings: PathBuf,
    /// Prints what the target does at each point that the contract leaves open
    #[arg(long)]
    pub(in crate::cli) profile: bool,
    #[command(flatten)]
    pub(in crate::cli) file: FileArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ReplayArgs {
    /// Findings, counterexamples and crashes, or folders of findings
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Base URL to send to; if left out, the one that a finding is of, or the embedded
    /// reference server
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) target: Option<String>,
    /// What the files are
    #[arg(long = "as", value_name = "KIND", value_enum, default_value_t = ReadAs::Auto)]
    pub(in crate::cli) read_as: ReadAs,
    /// Contract that bodies and tapes are of; a finding names its own
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contract: String,
    /// Assignment whose policy bodies and tapes are written to (contract seed)
    #[arg(long, value_name = "GUID")]
    pub(in crate::cli) assignment_id: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) access: AccessArgs,
    #[command(flatten)]
    pub(in crate::cli) unprivileged: UnprivilegedArgs,
    #[command(flatten)]
    pub(in crate::cli) file: FileArgs,
}

/// What a file to replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReadAs {
    /// Told from the text and from the folder
    Auto,
    /// A finding of a run
    Finding,
    /// Payloads as proptest keeps and shows them
    Property,
    /// A body
    Body,
    /// A tape of the fuzz target generated_valid
    ValidTape,
    /// A tape of the fuzz target generated_malformed
    MalformedTape,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CleanArgs {
    /// Ledger that a run left, such as .policy-harness/ph-3f9a2c1d-v1.0.ledger
    #[arg(value_name = "LEDGER")]
    pub(in crate::cli) ledger: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) access: AccessArgs,
    /// Shows what is left, and sends nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) file: FileArgs,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BaselineCommand {
    /// Adds findings to a baseline, or takes out those that are fixed
    ///
    /// Entries that are there stay as they are, with their comments. A baseline is
    /// TOML, and made to be edited:
    ///
    /// ```toml
    /// [[finding]]
    /// fingerprint = "body-value-enum-member-3257cf8d"
    /// reason = "the gateway takes any member until it is replaced"
    /// link = "https://issues.example/4711"  # optional
    /// expires = 2027-01-31                  # optional: the last day, in UTC
    /// contract = "seed"                     # optional: of any contract if left out
    /// rule = "body/value/enum-member"       # optional
    /// ```
    #[command(after_help = BASELINE_EXAMPLES, verbatim_doc_comment)]
    Update(BaselineArgs),
}

const BASELINE_EXAMPLES: &str = "\
Examples:
  policy-harness baseline update --baseline known.toml findings/*.json \\
      --reason 'the gateway takes any member' --link https://issues.example/4711
  policy-harness baseline update --baseline known.toml --prune body-value-enum-member-3257cf8d
  policy-harness run --baseline known.toml";

#[derive(Debug, Args)]
pub(in crate::cli) struct BaselineArgs {
    /// Baseline to write; a new one where there is none
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: PathBuf,
    /// Findings to add: files that a run wrote to findings/, or that folder
    #[arg(value_name = "FINDING", required_unless_present = "prune")]
    pub(in crate::cli) findings: Vec<PathBuf>,
    /// Why the findings may stand
    #[arg(long, value_name = "TEXT", default_value = "to be explained", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) reason: String,
    /// Where they are followed up
    #[arg(long, value_name = "URL", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) link: Option<String>,
    /// Last day on which they may stand, in UTC, as in 2027-01-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) expires: Option<Date>,
    /// Takes a finding out. May be repeated
    #[arg(long, value_name = "FINGERPRINT")]
    pub(in crate::cli) prune: Vec<String>,
}

fn day(text: &str) -> Result<Date, String> {
    baseline::date(text).ok_or_else(|| "write a day, as in 2027-01-31".to_owned())
}
