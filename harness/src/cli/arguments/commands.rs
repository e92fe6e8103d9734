//! The program and its commands.

use clap::{Parser, Subcommand};

use super::around::{
    BaselineCommand, CleanArgs, MERGE_EXAMPLES, MergeArgs, PROBE_EXITS, ProbeArgs, REPLAY_EXAMPLES, ReplayArgs,
};
use super::bench::{BENCH_EXAMPLES, BenchArgs};
use super::check::{CHECK_EXAMPLES, CheckArgs};
use super::run::{FileArgs, RunArgs};
use super::tools::{
    COMPLETIONS_EXAMPLES, CompletionsArgs, ContractCommand, CorpusCommand, GenerateArgs, ROUNDTRIP_EXAMPLES,
    RoundtripArgs, RulesArgs, SelfTestArgs, ServeArgs,
};

const EXAMPLES: &str = "\
Examples:
  policy-harness                                   test the embedded reference server
  policy-harness serve --port 8080                 run that server alone
  policy-harness --target http://127.0.0.1:8080/v1.0 \\
      --assignment-id 00000001-3a5c-4d1e-9b7f-000000000001 --token-env TOKEN
  policy-harness run --contract all                the life of a policy as well
  policy-harness check policy.json                 say why a body is refused
  policy-harness rules body/value/enum-member      explain a rule

Exit codes:
  0  conforms            2  the command line cannot be used
  1  findings            3  the run could not be completed, nothing was found";

/// Tests whether a service keeps the contract of a Microsoft Graph policy API:
/// makes valid and malformed policies, sends them, and compares every answer
/// with what the contract expects.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(in crate::cli) struct Cli {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<Command>,
    #[command(flatten)]
    pub(in crate::cli) run: RunArgs,
}

impl Cli {
    /// What says which configuration file is read, where one is.
    pub(in crate::cli) fn file_mut(&mut self) -> Option<&mut FileArgs> {
        match &mut self.command {
            None => Some(&mut self.run.file),
            Some(Command::Run(arguments)) => Some(&mut arguments.file),
            Some(Command::Probe(arguments)) => Some(&mut arguments.file),
            Some(Command::Clean(arguments)) => Some(&mut arguments.file),
            Some(Command::Replay(arguments)) => Some(&mut arguments.file),
            Some(Command::Merge(arguments)) => Some(&mut arguments.file),
            Some(_) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Tests a target; without --target the embedded reference server
    #[command(after_help = EXAMPLES)]
    Run(Box<RunArgs>),
    /// Says why bodies are refused: every fault, with line and column, the rule behind
    /// it, and what to write instead
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Makes one report of the journals of several runs, as if it had been one
    #[command(after_help = MERGE_EXAMPLES)]
    Merge(MergeArgs),
    /// Sends again what was found, by a run, a property test or a fuzzer, and says
    /// whether it still shows; exits with 1 where it does
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
    /// Takes payloads through the typed model and back, or with --command through the
    /// model of a client in any language, and says what was lost or changed
    #[command(after_help = ROUNDTRIP_EXAMPLES)]
    Roundtrip(RoundtripArgs),
    /// Measures how quickly payloads are read, written and validated, and what that
    /// takes of the allocator
    #[command(after_help = BENCH_EXAMPLES)]
    Bench(BenchArgs),
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
    /// Writes the obligations of the contract as files: the smallest body of each, with
    /// a manifest
    #[command(subcommand)]
    Corpus(CorpusCommand),
    /// Writes what a shell needs to complete these commands and their flags
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
}
