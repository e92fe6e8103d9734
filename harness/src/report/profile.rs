//! The profile of a target: what it does at each point that the contract leaves
//! open, and with each request that it should refuse and need not. Nothing here
//! is judged.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::console::thousands;
use crate::campaign::Profile;
use crate::contract::{Contract, RuleId};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

type Points = BTreeMap<RuleId, BTreeMap<&'static str, BTreeMap<u16, u64>>>;

/// Writes a profile for a person.
pub(super) fn write(out: &mut impl Write, contract: &Contract, profile: &Profile) -> io::Result<()> {
    writeln!(out, "{BOLD}Left open by the contract, and never judged: what goes against this, or is this{BOLD:#}")?;
    points(out, contract, &profile.open)?;
    writeln!(out, "\n{BOLD}Should be refused, and need not be: what breaks this{BOLD:#}")?;
    points(out, contract, &profile.should)?;
    if !profile.error_codes.is_empty() {
        let codes = profile.error_codes.iter().map(|(code, count)| format!("{code} ({})", thousands(*count)));
        writeln!(out, "\n{BOLD}Values of error.code{BOLD:#}\n  {}", codes.collect::<Vec<_>>().join(", "))?;
    }
    writeln!(out)
}

fn points(out: &mut impl Write, contract: &Contract, points: &Points) -> io::Result<()> {
    for (&rule, operators) in points {
        let row = contract.rule(rule);
        let mut all: BTreeMap<u16, u64> = BTreeMap::new();
        operators.values().flatten().for_each(|(&status, &count)| *all.entry(status).or_default() += count);
        writeln!(out, "  {:<38} → {}", row.id, word(&all))?;
        writeln!(out, "      {DIM}{}{DIM:#}", row.statement)?;
        // Where it depends, on what it depends.
        if is_mixed(&all) && operators.len() > 1 {
            for (operator, statuses) in operators {
                writeln!(out, "      {operator:<34} → {}", word(statuses))?;
            }
        }
    }
    Ok(())
}

fn is_mixed(statuses: &BTreeMap<u16, u64>) -> bool {
    let is_accepted = |status: &u16| status / 100 == 2;
    statuses.keys().any(is_accepted) && !statuses.keys().all(is_accepted)
}

/// What was answered, in a word, with the statuses.
fn word(statuses: &BTreeMap<u16, u64>) -> String {
    let counts = |accepted: bool| {
        let kind: Vec<_> = statuses.iter().filter(|(status, _)| (*status / 100 == 2) == accepted).collect();
        let total: u64 = kind.iter().map(|(_, count)| **count).sum();
        let names: Vec<String> = kind.iter().map(|(status, _)| status.to_string()).collect();
        (total, names.join(", "))
    };
    let ((taken, with), (refused, by)) = (counts(true), counts(false));
    match (taken, refused) {
        (_, 0) => format!("accepted ({with})"),
        (0, _) => format!("refused ({by})"),
        _ => format!("accepted {} ({with}), refused {} ({by})", thousands(taken), thousands(refused)),
    }
}
