//! Payloads through the typed model and back.

use std::path::Path;

use crate::case::{Maker, Plan};
use crate::cli::arguments::RoundtripArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::say::say;
use crate::cli::subject::contract;
use crate::roundtrip::{RoundTrip, round_trip};
use crate::validate::Label;

/// Payloads.
const CASES: u64 = 10_000;
/// Differences shown.
const SHOWN: u64 = 10;

pub(super) fn files(arguments: &RoundtripArgs) -> Result<Exit, Failure> {
    let mut worst = Exit::Good;
    for path in &arguments.files {
        let body = read(path)?;
        let result = round_trip(&body);
        if !matches!(result, RoundTrip::Same) {
            worst = Exit::Findings;
        }
        say(&format!("{}: {}", path.display(), describe(&result)));
    }
    Ok(worst)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))
}

pub(super) fn generated(arguments: &RoundtripArgs) -> Result<Exit, Failure> {
    let contract = contract("seed")?;
    let plan = Plan::of(&contract);
    let ids = [String::new()];
    let mut maker = Maker::new(&contract, &plan, &ids, arguments.seed);
    let first = plan.obligations.len() as u64;
    let (mut same, mut refused, mut wrong) = (0_u64, 0_u64, 0_u64);
    let cases = (first..first.saturating_add(arguments.cases.unwrap_or(CASES))).filter_map(|index| maker.make(index));
    for case in cases.filter(|case| case.request.body.is_some()) {
        let result = round_trip(case.body());
        match &result {
            RoundTrip::Same => same += 1,
            RoundTrip::Refused(_) if case.label != Label::Valid => refused += 1,
            _ => {
                wrong += 1;
                if wrong <= SHOWN {
                    let body = String::from_utf8_lossy(case.body());
                    say(&format!("case {}: {}\n  {body}", case.index, describe(&result)));
                }
            }
        }
    }
    say(&format!(
        "{same} bodies came back whole, {refused} malformed or open ones were refused, {wrong} were lost or changed (seed {})",
        arguments.seed
    ));
    Ok(if wrong == 0 { Exit::Good } else { Exit::Findings })
}

fn describe(result: &RoundTrip) -> String {
    let value = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    match result {
        RoundTrip::Same => "came back whole".to_owned(),
        RoundTrip::Refused(error) => format!("refused: {error}"),
        RoundTrip::Changed(difference) => {
            let place = if difference.at.is_root() { "the root".to_owned() } else { difference.at.to_string() };
            format!("changed at {place}: {} became {}", value(&difference.left), value(&difference.right))
        }
        RoundTrip::Unstable => "the model reads its own text as another policy".to_owned(),
        RoundTrip::Unreadable(error) => format!("the model does not take what it wrote: {error}"),
    }
}
