//! `contract export`: the contract in a format that other tools read.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::arguments::{ContractCommand, ExportCommand};
use super::exit::{Exit, Failure, is_closed_pipe};
use super::subject;
use crate::export;

pub(super) fn contract(command: &ContractCommand) -> Result<Exit, Failure> {
    let ContractCommand::Export(command) = command;
    let (text, out) = match command {
        ExportCommand::JsonSchema(arguments) => {
            (export::json_schema(&subject::contract(&arguments.contract)?), &arguments.out)
        }
        ExportCommand::Openapi { export: arguments, server } => {
            (export::openapi(&subject::contract(&arguments.contract)?, server), &arguments.out)
        }
    };
    match out {
        Some(path) => to_file(path, &text),
        None => to_stdout(&text),
    }
}

fn to_file(path: &Path, text: &str) -> Result<Exit, Failure> {
    fs::write(path, text).map_err(|error| {
        Failure::incomplete(format!("cannot write to {}: {error}", path.display()))
            .advise("name a file in a folder that exists with --out PATH, or leave it out for standard output")
    })?;
    Ok(Exit::Good)
}

fn to_stdout(text: &str) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if !is_closed_pipe(&error) => {
            Err(Failure::incomplete(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(Exit::Good),
    }
}
