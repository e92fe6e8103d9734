//! The commands that need no target of their own.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::access::time_limit;
use super::run::Threshold;

#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateArgs {
    /// Valid payloads [default: 10 where --malformed is left out too]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) valid: Option<u64>,
    /// Malformed payloads, each breaking one rule
    #[arg(long, value_name = "N")]
    pub(in crate::cli) malformed: Option<u64>,
    /// Decides every payload
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// Folder to write a file a payload to, with a manifest; standard output if
    /// left out
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Contract that the payloads follow
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contract: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RoundtripArgs {
    /// Files with one payload each; generated payloads if left out
    #[arg(value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Generated payloads; with --command, random ones behind those of the obligations
    /// [default: 10000, with --command 1000]
    #[arg(long, value_name = "N", conflicts_with = "files")]
    pub(in crate::cli) cases: Option<u64>,
    /// Decides the generated payloads
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
}

/// A client whose model is tried in the place of the typed one.
#[derive(Debug, Args)]
pub(in crate::cli) struct ClientArgs {
    /// Command that starts a client of yours, run by the shell: it gets a body a line,
    /// and answers each with a line (see below)
    #[arg(long, value_name = "CMD", conflicts_with = "files", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) command: Option<String>,
    /// Contract that the bodies follow
    #[arg(long, value_name = "NAME", default_value = "seed", requires = "command")]
    pub(in crate::cli) contract: String,
    /// Time for one answer, as in 10 or 0.5; a client that starts has a minute more
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = time_limit, requires = "command")]
    pub(in crate::cli) time_limit: Duration,
    /// Rules whose breach fails
    #[arg(long, value_enum, default_value_t = Threshold::Must, requires = "command")]
    pub(in crate::cli) level: Threshold,
    /// Times that a client is asked to make the body of a finding smaller, at most
    #[arg(long, value_name = "N", default_value_t = 500, requires = "command")]
    pub(in crate::cli) shrink: u32,
}

pub(in crate::cli) const ROUNDTRIP_EXAMPLES: &str = "\
Examples:
  policy-harness roundtrip policy.json
  policy-harness roundtrip --command 'python3 my_client.py' --contract v1.0

A client is a program in any language. It is started once, reads a body a line from
standard input, takes it through its model, and writes a line for each:

  {\"body\": …}       what its model writes of the body
  {\"error\": \"why\"}  it does not take the body

In Python:

  import json, sys
  for line in sys.stdin:
      try:
          answer = {\"body\": MyPolicy.from_json(json.loads(line)).to_json()}
      except ValueError as error:
          answer = {\"error\": str(error)}
      print(json.dumps(answer), flush=True)

Exit codes:
  0  nothing was found     2  the command line cannot be used
  1  a payload is refused or comes back changed; of a client: findings, and with
     --level should also warnings
  3  the client could not be started, or not all bodies were sent, and nothing was found";

#[derive(Debug, Args)]
pub(in crate::cli) struct ServeArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub(in crate::cli) port: u16,
    /// The one bearer token that is let in
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) token: Option<String>,
    /// A bearer token that is valid, and whose caller is answered 403
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) unprivileged_token: Option<String>,
    /// Plants a defect, to see that a run finds it; `--defect list` lists them.
    /// May be repeated
    #[arg(long = "defect", value_name = "ID")]
    pub(in crate::cli) defects: Vec<String>,
    /// Conforms in another way, to see that a run finds nothing; `--variant
    /// list` lists them
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) variant: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SelfTestArgs {
    /// Defects, variants or rules to take; all if left out
    #[arg(value_name = "NAME")]
    pub(in crate::cli) names: Vec<String>,
    /// Decides every case
    #[arg(long, value_name = "N", default_value_t = 4053)]
    pub(in crate::cli) seed: u64,
    /// Random cases after the obligations
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    pub(in crate::cli) cases: u64,
    /// Prints a line for each server
    #[arg(long)]
    pub(in crate::cli) verbose: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArgs {
    /// Rule to explain, such as body/value/enum-member, or the beginning of
    /// several, such as body/value
    #[arg(value_name = "ID")]
    pub(in crate::cli) id: Option<String>,
    /// Lists the obligations: each rule at every place where it applies, in the
    /// order in which a run walks them
    #[arg(long)]
    pub(in crate::cli) obligations: bool,
    /// Contract whose rules are shown
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contract: String,
}

pub(in crate::cli) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  source <(policy-harness completions bash)
  policy-harness completions fish > ~/.config/fish/completions/policy-harness.fish";

#[derive(Debug, Args)]
pub(in crate::cli) struct CompletionsArgs {
    #[arg(value_name = "SHELL")]
    pub(in crate::cli) shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ContractCommand {
    /// Writes the contract as JSON Schema or as OpenAPI
    #[command(subcommand, after_help = EXPORT_EXAMPLES)]
    Export(ExportCommand),
}

pub(in crate::cli) const EXPORT_EXAMPLES: &str = "\
Examples:
  policy-harness contract export json-schema --out policy.schema.json
  policy-harness contract export openapi --server http://127.0.0.1:8080/v1.0";

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ExportCommand {
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

pub(in crate::cli) const CORPUS_EXAMPLES: &str = "\
Examples:
  policy-harness corpus build                             corpora/valid, corpora/malformed
  policy-harness corpus build --contract v1.0 --out target/corpus
  policy-harness corpus build --check                     in CI: are they up to date?

Exit codes:
  0  written, or nothing to write    2  the command line, or a file there, cannot be used
  1  --check: something would change   3  a file could not be written or removed";

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum CorpusCommand {
    /// Writes valid/ and malformed/: a file for each obligation, and manifest.ndjson
    ///
    /// A body is the smallest that shows or breaks its rule at its place; the contract
    /// decides every byte. A line of the manifest has file, label, rule, pointer, operator,
    /// place, statuses, preferred and level. Files that the manifest of a former build
    /// names and that are no more are removed; no other file is touched.
    #[command(after_help = CORPUS_EXAMPLES)]
    Build(CorpusArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CorpusArgs {
    /// Contract whose obligations are written
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contract: String,
    /// Folder that holds the folders
    #[arg(long, value_name = "DIR", default_value = "corpora")]
    pub(in crate::cli) out: PathBuf,
    /// Writes nothing, and ends with 1 where something would change
    #[arg(long)]
    pub(in crate::cli) check: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArgs {
    /// Contract to write
    #[arg(long, value_name = "NAME", default_value = "seed")]
    pub(in crate::cli) contract: String,
    /// File to write to; standard output if left out
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) out: Option<PathBuf>,
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
