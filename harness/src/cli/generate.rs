//! `generate`: payloads with their labels, for any language.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::arguments::GenerateArgs;
use super::exit::{Exit, Failure, is_closed_pipe};
use super::subject::contract;
use crate::case::{Case, Maker, Plan};
use crate::contract::Contract;
use crate::generate::tape_for;
use crate::validate::Label;

/// Payloads where none are asked for by number.
const DEFAULT: u64 = 10;
/// Cases looked at for one payload of the wanted kind; every third fits.
const PATIENCE: u64 = 1_000;
/// Bytes of a tape; a large body takes most of them.
const TAPE: usize = 16 * 1024;

/// A line of the output. `body` is the text; `body_base64` takes its place where
/// the bytes are no UTF-8.
#[derive(Serialize)]
struct Line<'a> {
    label: &'a str,
    rule: Option<&'a str>,
    pointer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

pub(super) fn generate(arguments: &GenerateArgs) -> Result<Exit, Failure> {
    let contract = contract(&arguments.contract)?;
    let (valid, malformed) = match (arguments.valid, arguments.malformed) {
        (None, None) => (DEFAULT, 0),
        (valid, malformed) => (valid.unwrap_or(0), malformed.unwrap_or(0)),
    };
    let written = match &arguments.out {
        Some(folder) => to_folder(&contract, arguments.seed, valid, malformed, folder),
        None => to_stdout(&contract, arguments.seed, valid, malformed),
    };
    match written {
        Err(error) if !is_closed_pipe(&error) => {
            let place =
                arguments.out.as_deref().map_or("standard output".to_owned(), |path| path.display().to_string());
            Err(Failure::incomplete(format!("cannot write to {place}: {error}")))
        }
        _ => Ok(Exit::Good),
    }
}

fn to_stdout(contract: &Contract, seed: u64, valid: u64, malformed: u64) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    each(contract, seed, valid, malformed, |_, case| {
        let text = std::str::from_utf8(case.body()).ok();
        let encoded = text.is_none().then(|| STANDARD.encode(case.body()));
        line(&mut out, contract, case, Line { body: text, body_base64: encoded, ..blank() })
    })?;
    out.flush()
}

fn to_folder(contract: &Contract, seed: u64, valid: u64, malformed: u64, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut manifest = BufWriter::new(File::create(folder.join("manifest.ndjson"))?);
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    each(contract, seed, valid, malformed, |label, case| {
        let stem = match &case.label {
            Label::Malformed(rule, _) => contract.rule(*rule).id.replace('/', "-"),
            _ => label.to_owned(),
        };
        let number = numbers.entry(stem.clone()).or_default();
        *number += 1;
        let name = format!("{stem}-{number:04}.json");
        fs::write(folder.join(&name), case.body())?;
        line(&mut manifest, contract, case, Line { file: Some(name), ..blank() })
    })?;
    manifest.flush()
}

fn blank<'a>() -> Line<'a> {
    Line { label: "", rule: None, pointer: None, body: None, body_base64: None, file: None }
}

fn line(out: &mut impl Write, contract: &Contract, case: &Case, line: Line<'_>) -> io::Result<()> {
    let (rule, pointer) = match &case.label {
        Label::Malformed(rule, at) => (Some(&*contract.rule(*rule).id), Some(at.to_string())),
        _ => (None, None),
    };
    serde_json::to_writer(&mut *out, &Line { label: case.label.name(), rule, pointer, ..line })?;
    out.write_all(b"\n")
}

/// The wanted payloads, valid ones first: those that the tapes of the seed make,
/// in order.
fn each(
    contract: &Contract,
    seed: u64,
    valid: u64,
    malformed: u64,
    mut take: impl FnMut(&str, &Case) -> io::Result<()>,
) -> io::Result<()> {
    let plan = Plan::of(contract);
    let ids = [String::new()];
    for (label, wanted) in [("valid", valid), ("malformed", malformed)] {
        let mut maker = Maker::new(contract, &plan, &ids, seed);
        let cases = (0..wanted.saturating_mul(PATIENCE)).filter_map(|number| {
            let mut tape = [0; TAPE];
            tape_for(seed, number, &mut tape);
            maker.from_bytes(&tape)
        });
        let fits =
            |case: &Case| case.label.name() == label && case.mislabelled.is_none() && case.request.body.is_some();
        for case in cases.filter(fits).take(usize::try_from(wanted).unwrap_or(usize::MAX)) {
            take(label, &case)?;
        }
    }
    Ok(())
}
