//! The profile of a target: what it does at each point that the contract leaves
//! open, and with each request that it should refuse and need not. Nothing here
//! is judged.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::Report;
use super::console::thousands;
use crate::campaign::{Event, Profile};
use crate::contract::{Contract, RuleId};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Prints the profile when the run has ended.
#[derive(Debug)]
pub struct ProfileReport<'c, W> {
    contract: &'c Contract,
    out: W,
}

type Points = BTreeMap<RuleId, BTreeMap<&'static str, BTreeMap<u16, u64>>>;

impl<'c, W: Write> ProfileReport<'c, W> {
    /// A profile to `out`.
    pub fn new(contract: &'c Contract, out: W) -> Self {
        Self { contract, out }
    }

    fn profile(&mut self, profile: &Profile) -> io::Result<()> {
        writeln!(self.out, "\n{BOLD}Left open by the contract, and never judged{BOLD:#}")?;
        self.points(&profile.open)?;
        writeln!(self.out, "{BOLD}Should be refused{BOLD:#}")?;
        self.points(&profile.should)?;
        if !profile.error_codes.is_empty() {
            let codes = profile.error_codes.iter().map(|(code, count)| format!("{code} ({})", thousands(*count)));
            writeln!(self.out, "{BOLD}error.code{BOLD:#}\n  {}", codes.collect::<Vec<_>>().join(", "))?;
        }
        writeln!(self.out)
    }

    fn points(&mut self, points: &Points) -> io::Result<()> {
        for (&rule, operators) in points {
            let row = self.contract.rule(rule);
            let mut all: BTreeMap<u16, u64> = BTreeMap::new();
            operators.values().flatten().for_each(|(&status, &count)| *all.entry(status).or_default() += count);
            writeln!(self.out, "  {:<38} → {}  {DIM}{}{DIM:#}", row.id, word(&all), row.statement)?;
            // Where it depends, on what it depends.
            if is_mixed(&all) && operators.len() > 1 {
                for (operator, statuses) in operators {
                    writeln!(self.out, "    {operator:<36} → {}", word(statuses))?;
                }
            }
        }
        Ok(())
    }
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

impl<W: Write> Report for ProfileReport<'_, W> {
    fn on(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Started { .. } | Event::Case(_) | Event::Reducing { .. } | Event::Finding(_) => Ok(()),
            Event::Finished(summary) => self.profile(&summary.profile),
        }
    }
}
