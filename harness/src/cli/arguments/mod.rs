//! The command line as clap reads it.

mod access;
mod around;
mod bench;
mod check;
mod commands;
mod run;
mod tools;

pub(super) use access::{AUTHORITY, AccessArgs, ApplicationArgs, SCOPE, UnprivilegedArgs};
pub(super) use around::{BaselineArgs, BaselineCommand, CleanArgs, MergeArgs, ProbeArgs, ReadAs, ReplayArgs};
pub(super) use bench::{BenchArgs, BenchFormat};
pub(super) use check::{CheckArgs, CheckFormat, CheckedOperation};
pub(super) use commands::{Cli, Command};
pub(super) use run::{ReportKind, ReportSpec, RunArgs, Threshold};
pub(super) use tools::{
    CompletionsArgs, ContractCommand, CorpusArgs, CorpusCommand, ExportCommand, GenerateArgs, RoundtripArgs, RulesArgs,
    SelfTestArgs, ServeArgs,
};
