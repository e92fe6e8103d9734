//! The command line as clap reads it.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use jiff::civil::Date;

use super::configuration::Configuration;
use crate::baseline;
use crate::campaign::Shard;
use crate::contract::Level;

/// Ten years: longer than any run, and short enough to be added to a clock.
const MOST_SECONDS: u64 = 315_360_000;
/// Ten minutes: a service that takes longer is not tested by reading back.
const MOST_SETTLE: u64 = 600_000;

/// A request every quarter of an hour, and more than one machine sends.
const LEAST_RATE: f64 = 0.001;
const MOST_RATE: f64 = 1_000_000.0;
/// No answer comes in no time, and nobody waits for one longer than an hour.
const LEAST_TIMEOUT: f64 = 0.001;
const MOST_TIMEOUT: f64 = 3_600.0;
/// What an application asks for, and whom, unless the command line says otherwise.
pub(super) const SCOPE: &str = "https://graph.microsoft.com/.default";
pub(super) const AUTHORITY: &str = "https://login.microsoftonline.com";

const EXAMPLES: &str = "\
Examples:
  policy-harness                                   test the embedded reference server
  policy-harness serve --port 8080                 run that server alone
  policy-harness --target http://127.0.0.1:8080/v1.0 \\
      --assignment-id 00000001-3a5c-4d1e-9b7f-000000000001 --token-env TOKEN
  policy-harness run --contract all                the life of a policy as well
  policy-harness rules body/value/enum-member      explain a rule

Exit codes:
  0  conforms            2  the command line cannot be used
  1  findings            3  the run could not be completed, nothing was found";

/// Tests whether a service keeps the contract of a Microsoft Graph policy API:
/// makes valid and malformed policies, sends them, and compares every answer
/// with what the contract expects.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) run: RunArgs,
}

impl Cli {
    /// What says which configuration file is read, where one is.
    pub(super) fn file_mut(&mut self) -> Option<&mut FileArgs> {
        match &mut self.command {
            None => Some(&mut self.run.file),
            Some(Command::Run(arguments)) => Some(&mut arguments.file),
            Some(Command::Probe(arguments)) => Some(&mut arguments.file),
            Some(Command::Clean(arguments)) => Some(&mut arguments.file),
            Some(Command::Replay(arguments)) => Some(&mut arguments.file),
            Some(_) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tests a target; without --target the embedded reference server
    #[command(after_help = EXAMPLES)]
    Run(Box<RunArgs>),
    /// Makes one report of the journals of several runs, as if it had been one
    #[command(after_help = MERGE_EXAMPLES)]
    Merge(MergeArgs),
    /// Sends the cases of findings again, and says of each whether it is still there;
    /// exits with 1 where one is
    #[command(after_help = REPLAY_EXAMPLES)]
    Replay(ReplayArgs),
    /// Tries a target before a run: reaches it, checks the credentials, sends a valid
    /// body and a malformed one, and says what is wrong and what to set
    #[command(after_help = PROBE_EXITS)]
    Probe(ProbeArgs),
    /// Deletes what a run left in its target, and puts back what it overwrote
    Clean(CleanArgs),
    /// Writes the baseline: the file of findings that are known and do not fail a
    /// run
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Writes valid and malformed payloads with their labels, as lines of JSON
    /// or as files
    Generate(GenerateArgs),
    /// Takes payloads through the typed model and back, and compares; exits
    /// with 1 where one is refused or comes back changed
    Roundtrip(RoundtripArgs),
    /// Runs the reference server alone
    Serve(ServeArgs),
    /// Lists the rules of the contract, or explains one; --obligations lists
    /// every place where one applies
    Rules(RulesArgs),
    /// Puts the harness on trial: runs it against reference servers with one
    /// planted defect each, which it must find, and against servers that
    /// conform in another way, where it must find nothing
    SelfTest(SelfTestArgs),
    /// Writes the contract in a format that other tools read
    #[command(subcommand)]
    Contract(ContractCommand),
    /// Writes what a shell needs to complete these commands and their flags
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Base URL that the operations' paths are appended to
    /// (http://127.0.0.1:8080/v1.0); the embedded reference server if left out
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// Contract to test: seed, v1.0, or all, which is both. May be repeated
    #[arg(long = "contract", value_name = "NAME", default_value = "seed")]
    pub(super) contracts: Vec<String>,
    #[command(flatten)]
    pub(super) access: AccessArgs,
    #[command(flatten)]
    pub(super) unprivileged: UnprivilegedArgs,
    /// Id of an assignment that exists (contract seed); its policy is overwritten,
    /// and put back at the end where it can be read. May be repeated
    #[arg(long = "assignment-id", value_name = "GUID")]
    pub(super) assignment_ids: Vec<String>,
    /// Id of an access package that exists (contract v1.0); policies are created in
    /// it, and deleted again. May be repeated
    #[arg(long = "access-package-id", value_name = "GUID")]
    pub(super) access_package_ids: Vec<String>,
    /// Id of something that exists in the target's directory, for policies to name:
    /// userId, groupId, connectedOrganizationId, servicePrincipalId or
    /// customExtension. Of kinds that are not given ids are invented. May be repeated
    #[arg(long = "id", value_name = "KIND=GUID")]
    pub(super) ids: Vec<String>,
    /// Decides every case; drawn and printed if left out
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Random cases after the obligations [default: 5000, or 20 seconds]
    #[arg(long, value_name = "N", conflicts_with = "seconds")]
    pub(super) cases: Option<u64>,
    /// Time for sending, in seconds; the obligations are walked to their end
    /// all the same
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..=MOST_SECONDS))]
    pub(super) seconds: Option<u64>,
    /// Requests under way at one time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) concurrency: u16,
    /// Rules whose breach fails the run
    #[arg(long, value_enum, default_value_t = Threshold::Must)]
    pub(super) level: Threshold,
    /// Writes a report besides: ndjson=PATH, one JSON object a case; junit=PATH,
    /// JUnit XML with a test case for each rule; markdown=PATH, a summary, which is
    /// also appended to the file that GITHUB_STEP_SUMMARY names. May be repeated
    #[arg(long = "report", value_name = "KIND=PATH", value_hint = ValueHint::AnyPath)]
    pub(super) reports: Vec<ReportSpec>,
    /// File of findings that are known: they do not fail the run, new ones do, and
    /// one that no longer shows fails it with --level should; see `policy-harness
    /// baseline update --help`
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// How long a read may lag behind a write before it counts, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=MOST_SETTLE))]
    pub(super) settle: u64,
    /// Overwrites the policy of an assignment on another machine even where it
    /// cannot be read, and so not be put back
    #[arg(long)]
    pub(super) overwrite: bool,
    /// Folder for the ledger, which lists what a run has in the target until it is
    /// deleted again; see `policy-harness clean`
    #[arg(long, value_name = "DIR", default_value = ".policy-harness")]
    pub(super) ledger: PathBuf,
    /// Journal of every case and answer, with which a run that was killed is gone on
    /// with [default: a new file in the folder of the ledger, where there is a --target]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) journal: Option<PathBuf>,
    /// Writes no journal, so that nothing can be resumed
    #[arg(long, conflicts_with = "journal")]
    pub(super) no_journal: bool,
    /// Goes on with the run of this journal where it stopped. The journal has the
    /// other arguments; credentials are to be given again
    #[arg(long, value_name = "JOURNAL", conflicts_with_all = ["journal", "no_journal"])]
    pub(super) resume: Option<PathBuf>,
    /// Part of the cases, for one of several machines, as in 2/5; needs --seed. See
    /// `policy-harness merge`
    #[arg(long, value_name = "I/N", requires = "seed")]
    pub(super) shard: Option<Shard>,
    /// Folder that a file for each finding is written to; see `policy-harness replay`
    #[arg(long, value_name = "DIR", default_value = "findings", value_hint = ValueHint::AnyPath)]
    pub(super) findings: PathBuf,
    /// Times that the case of a finding is sent to make it smaller, at most
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub(super) shrink: u32,
    /// Prints what the target does at each point that the contract leaves open,
    /// and where it should refuse
    #[arg(long)]
    pub(super) profile: bool,
    /// Tests the rules whose id matches, `body/value/*`; `*` stands for any part of
    /// an id. May be repeated
    #[arg(long, value_name = "RULE-GLOB")]
    pub(super) only: Vec<String>,
    /// Leaves out the rules whose id matches; a breach of one counts nowhere. May be
    /// repeated
    #[arg(long, value_name = "RULE-GLOB")]
    pub(super) skip: Vec<String>,
    /// Stops looking when this many kinds of failures stand
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_findings: Option<u32>,
    /// Prints the last lines alone: how it ended, and how to run it again
    #[arg(long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Prints a line for each case that fails, warns or gets no verdict, while the
    /// run goes on
    #[arg(long)]
    pub(super) verbose: bool,
    /// Shows what would be sent, and sends nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) file: FileArgs,
}

/// Where the flags come from that the command line does not give.
#[derive(Clone, Debug, Args)]
pub(super) struct FileArgs {
    /// Configuration file, whose keys are the long names of these flags; what the
    /// command line says goes first [default: policy-harness.toml in the current
    /// folder, where there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Reads no configuration file
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
    #[arg(skip)]
    pub(super) read: Configuration,
}

const PROBE_EXITS: &str = "\
Exit codes:
  0  a run can begin      2  the command line cannot be used
  1  answers deviate      3  not ready: what to set is said";

#[derive(Debug, Args)]
pub(super) struct ProbeArgs {
    /// Base URL that the operations' paths are appended to
    /// (http://127.0.0.1:8080/v1.0)
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// Contract to try: seed, v1.0, or all, which is both. May be repeated
    #[arg(long = "contract", value_name = "NAME", default_value = "seed")]
    pub(super) contracts: Vec<String>,
    #[command(flatten)]
    pub(super) access: AccessArgs,
    /// Id of an assignment that exists (contract seed); what it has is put back where
    /// it can be read. May be repeated
    #[arg(long = "assignment-id", value_name = "GUID")]
    pub(super) assignment_ids: Vec<String>,
    /// Id of an access package that exists (contract v1.0). May be repeated
    #[arg(long = "access-package-id", value_name = "GUID")]
    pub(super) access_package_ids: Vec<String>,
    /// Id of something that exists in the target's directory; see `run --help`. May
    /// be repeated
    #[arg(long = "id", value_name = "KIND=GUID")]
    pub(super) ids: Vec<String>,
    /// Overwrites the policy of an assignment on another machine even where it cannot
    /// be read
    #[arg(long)]
    pub(super) overwrite: bool,
    /// Folder for the ledger
    #[arg(long, value_name = "DIR", default_value = ".policy-harness")]
    pub(super) ledger: PathBuf,
    #[command(flatten)]
    pub(super) file: FileArgs,
}

/// How a target is reached.
#[derive(Clone, Debug, Args)]
pub(super) struct AccessArgs {
    /// Bearer token; other users of this machine can see it, so prefer --token-env,
    /// --token-file or --token-command
    #[arg(long, value_name = "TOKEN", group = "credentials", hide_env_values = true)]
    pub(super) token: Option<String>,
    /// Environment variable that holds the bearer token
    #[arg(long, value_name = "VAR", group = "credentials")]
    pub(super) token_env: Option<String>,
    /// File that holds the bearer token; read again when it changes
    #[arg(long, value_name = "PATH", group = "credentials")]
    pub(super) token_file: Option<PathBuf>,
    /// Header that goes with every request; its value is in no output. May be
    /// repeated
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(super) headers: Vec<String>,
    /// Command that prints the bearer token, run by the shell; run again before the
    /// token expires, and when it is refused
    ///
    /// It prints the token alone, or a JSON object with accessToken and, if it likes,
    /// expires_on or expires_in. For example:
    /// 'az account get-access-token --resource-type ms-graph --query accessToken -o tsv'
    #[arg(long, value_name = "CMD", group = "credentials")]
    pub(super) token_command: Option<String>,
    #[command(flatten)]
    pub(super) application: ApplicationArgs,
    /// Host other than this machine that may be tested. May be repeated
    #[arg(long = "allow-host", value_name = "HOST")]
    pub(super) allow_hosts: Vec<String>,
    /// The tenant of the token is yours and there for tests: needed for Microsoft
    /// Graph and its national clouds besides --allow-host
    #[arg(long)]
    pub(super) i_own_this_tenant: bool,
    /// Certificates (PEM) of authorities that are trusted besides the system's,
    /// for targets at https://
    #[arg(long, value_name = "PEM")]
    pub(super) ca_file: Option<PathBuf>,
    /// Most requests a second, as in 20 or 0.5; with it the obligations are walked
    /// to their end, however long that takes. Whatever the rate, a target that
    /// answers 429 or 503 is left alone as long as it asks for, and then asked more
    /// slowly
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(super) rate: Option<f64>,
    /// Time for one answer, as in 10 or 0.5, without the wait for its turn
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = time_limit)]
    pub(super) timeout: Duration,
}

const MERGE_EXAMPLES: &str = "\
Examples:
  policy-harness merge 1.journal 2.journal 3.journal
  policy-harness merge shards/*/run.journal --report junit=conformance.xml";

const REPLAY_EXAMPLES: &str = "\
Examples:
  policy-harness replay findings/*.json --token-env TOKEN
  policy-harness replay findings/http-auth-missing-1a2b3c4d.json --target http://127.0.0.1:8080/v1.0";

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// Journals of the shards of one campaign, or of one run
    #[arg(value_name = "JOURNAL", required = true)]
    pub(super) journals: Vec<PathBuf>,
    /// Rules whose breach fails
    #[arg(long, value_enum, default_value_t = Threshold::Must)]
    pub(super) level: Threshold,
    /// Writes a report besides: ndjson=PATH, junit=PATH or markdown=PATH, as of a run.
    /// May be repeated
    #[arg(long = "report", value_name = "KIND=PATH", value_hint = ValueHint::AnyPath)]
    pub(super) reports: Vec<ReportSpec>,
    /// File of findings that are known
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Folder that a file for each finding is written to
    #[arg(long, value_name = "DIR", default_value = "findings", value_hint = ValueHint::AnyPath)]
    pub(super) findings: PathBuf,
    /// Prints what the target does at each point that the contract leaves open
    #[arg(long)]
    pub(super) profile: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// Files of findings, or folders of them
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Base URL to send to; the one that the finding is of if left out
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    #[command(flatten)]
    pub(super) access: AccessArgs,
    #[command(flatten)]
    pub(super) unprivileged: UnprivilegedArgs,
    #[command(flatten)]
    pub(super) file: FileArgs,
}

/// An application that signs in with a secret of its own.
#[derive(Clone, Debug, Args)]
pub(super) struct ApplicationArgs {
    /// Directory (GUID or domain) whose authority issues tokens to an application
    #[arg(long, value_name = "TENANT", requires = "client_id")]
    pub(super) tenant: Option<String>,
    /// The application, by its id; it signs in with a client secret
    #[arg(long, value_name = "ID", group = "credentials", requires_all = ["tenant", "client_secret_env"])]
    pub(super) client_id: Option<String>,
    /// Environment variable that holds the client secret, which is sent to the
    /// authority alone
    #[arg(long, value_name = "VAR", requires = "client_id")]
    pub(super) client_secret_env: Option<String>,
    /// What the application asks for
    #[arg(long, value_name = "SCOPE", default_value = SCOPE, requires = "client_id")]
    pub(super) scope: String,
    /// Who issues the tokens; national clouds have their own
    #[arg(long, value_name = "URL", default_value = AUTHORITY, requires = "client_id")]
    pub(super) authority: String,
}

/// A second caller, who is valid and lacks the permission.
#[derive(Clone, Debug, Args)]
pub(super) struct UnprivilegedArgs {
    /// Bearer token of a caller without EntitlementManagement.ReadWrite.All and
    /// without .Read.All, who must be refused; other users of this machine can see it
    #[arg(long, value_name = "TOKEN", group = "unprivileged", requires = "credentials", hide_env_values = true)]
    pub(super) unprivileged_token: Option<String>,
    /// Environment variable that holds it
    #[arg(long, value_name = "VAR", group = "unprivileged", requires = "credentials")]
    pub(super) unprivileged_token_env: Option<String>,
    /// File that holds it; read again when it changes
    #[arg(long, value_name = "PATH", group = "unprivileged", requires = "credentials")]
    pub(super) unprivileged_token_file: Option<PathBuf>,
    /// Command that prints it, as for --token-command
    #[arg(long, value_name = "CMD", group = "unprivileged", requires = "credentials")]
    pub(super) unprivileged_token_command: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    /// Ledger that a run left, such as .policy-harness/ph-3f9a2c1d-v1.0.ledger
    #[arg(value_name = "LEDGER")]
    pub(super) ledger: PathBuf,
    #[command(flatten)]
    pub(super) access: AccessArgs,
    /// Shows what is left, and sends nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) file: FileArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
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
pub(super) struct BaselineArgs {
    /// Baseline to write; a new one where there is none
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: PathBuf,
    /// Findings to add: files that a run wrote to findings/, or that folder
    #[arg(value_name = "FINDING", required_unless_present = "prune")]
    pub(super) findings: Vec<PathBuf>,
    /// Why the findings may stand
    #[arg(long, value_name = "TEXT", default_value = "to be explained", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) reason: String,
    /// Where they are followed up
    #[arg(long, value_name = "URL", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) link: Option<String>,
    /// Last day on which they may stand, in UTC, as in 2027-01-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) expires: Option<Date>,
    /// Takes a finding out. May be repeated
    #[arg(long, value_name = "FINGERPRINT")]
    pub(super) prune: Vec<String>,
}

fn day(text: &str) -> Result<Date, String> {
    baseline::date(text).ok_or_else(|| "write a day, as in 2027-01-31".to_owned())
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Threshold {
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
pub(super) struct ReportSpec {
    pub(super) kind: ReportKind,
    pub(super) path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportKind {
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

#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// Valid payloads [default: 10 where --malformed is left out too]
    #[arg(long, value_name = "N")]
    pub(super) valid: Option<u64>,
    /// Malformed payloads, each breaking one rule
    #[arg(long, value_name = "N")]
    pub(super) malformed: Option<u64>,
    /// Decides every payload
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Folder to write a file a payload to, with a manifest; standard output if
    /// left out
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Contract that the payloads follow
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(super) contract: String,
}

#[derive(Debug, Args)]
pub(super) struct RoundtripArgs {
    /// Files with one payload each; generated payloads if left out
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Generated payloads
    #[arg(long, value_name = "N", default_value_t = 10_000, conflicts_with = "files")]
    pub(super) cases: u64,
    /// Decides the generated payloads
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub(super) port: u16,
    /// The one bearer token that is let in
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) token: Option<String>,
    /// A bearer token that is valid, and whose caller is answered 403
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) unprivileged_token: Option<String>,
    /// Plants a defect, to see that a run finds it; `--defect list` lists them.
    /// May be repeated
    #[arg(long = "defect", value_name = "ID")]
    pub(super) defects: Vec<String>,
    /// Conforms in another way, to see that a run finds nothing; `--variant
    /// list` lists them
    #[arg(long, value_name = "ID")]
    pub(super) variant: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SelfTestArgs {
    /// Defects, variants or rules to take; all if left out
    #[arg(value_name = "NAME")]
    pub(super) names: Vec<String>,
    /// Decides every case
    #[arg(long, value_name = "N", default_value_t = 4053)]
    pub(super) seed: u64,
    /// Random cases after the obligations
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    pub(super) cases: u64,
    /// Prints a line for each server
    #[arg(long)]
    pub(super) verbose: bool,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// Rule to explain, such as body/value/enum-member, or the beginning of
    /// several, such as body/value
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    /// Lists the obligations: each rule at every place where it applies, in the
    /// order in which a run walks them
    #[arg(long)]
    pub(super) obligations: bool,
    /// Contract whose rules are shown
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(super) contract: String,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  source <(policy-harness completions bash)
  policy-harness completions fish > ~/.config/fish/completions/policy-harness.fish";

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
pub(super) enum ContractCommand {
    /// Writes the contract as JSON Schema or as OpenAPI
    #[command(subcommand, after_help = EXPORT_EXAMPLES)]
    Export(ExportCommand),
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  policy-harness contract export json-schema --out policy.schema.json
  policy-harness contract export openapi --server http://127.0.0.1:8080/v1.0";

#[derive(Debug, Subcommand)]
pub(super) enum ExportCommand {
    /// The bodies of requests as JSON Schema 2020-12
    ///
    /// What fits breaks no rule of level must or should that JSON Schema can
    /// say. What the contract leaves open fits too; definitions named `.open`
    /// hold it.
    JsonSchema(ExportArgs),
    /// The operations as OpenAPI 3.1, with the same schemas of their bodies
    Openapi {
        #[command(flatten)]
        export: ExportArgs,
        /// Base URL that the operations' paths are appended to: http, https, or
        /// a path such as /v1.0
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/v1.0", value_parser = server)]
        server: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Contract to write
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(super) contract: String,
    /// File to write to; standard output if left out
    #[arg(long, value_name = "PATH")]
    pub(super) out: Option<PathBuf>,
}

/// Requests a second.
fn rate(text: &str) -> Result<f64, String> {
    let is_rate = |rate: &f64| (LEAST_RATE..=MOST_RATE).contains(rate);
    let wrong = || format!("write how many requests a second, from {LEAST_RATE} to {MOST_RATE}");
    text.parse().ok().filter(is_rate).ok_or_else(wrong)
}

/// Time for one answer.
fn time_limit(text: &str) -> Result<Duration, String> {
    let is_limit = |seconds: &f64| (LEAST_TIMEOUT..=MOST_TIMEOUT).contains(seconds);
    let wrong = || format!("write a number of seconds, from {LEAST_TIMEOUT} to {MOST_TIMEOUT}");
    text.parse().ok().filter(is_limit).map(Duration::from_secs_f64).ok_or_else(wrong)
}

/// A server as OpenAPI takes one: a URL, or a path from the document's own place.
fn server(text: &str) -> Result<String, String> {
    let is_url =
        ["http://", "https://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    if !is_url && !text.starts_with('/') {
        return Err("write a URL such as http://127.0.0.1:8080/v1.0, or a path such as /v1.0".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}
