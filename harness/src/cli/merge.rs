//! `merge`: one report of the journals of several runs, as if it had been one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::arguments::MergeArgs;
use super::baseline;
use super::choice::{selected, selection};
use super::configuration;
use super::exit::{Exit, Failure};
use super::outputs::Output;
use super::past::Past;
use super::reporting::{About, Reporting};
use super::run::prepared;
use super::say::say;
use crate::baseline::Screen;
use crate::campaign::{Account, Event, Selection, Shard};
use crate::case::{Maker, Plan};
use crate::contract::Contract;
use crate::journal::CampaignLine;
use crate::report::{Heading, Telling};

/// Flags that may differ between the shards of a campaign: they say which part it is,
/// and how it is sent and told of, not what is sent and expected.
const OWN: &[&str] = &[
    "--shard",
    // Where to.
    "--target",
    "--assignment-id",
    "--allow-host",
    "--i-own-this-tenant",
    "--ca-file",
    // How fast.
    "--concurrency",
    "--rate",
    "--timeout",
    "--settle",
    "--shrink",
    // What is told, and where to.
    "--ledger",
    "--findings",
    "--report",
    "--baseline",
    "--level",
    "--profile",
    "--quiet",
    "--verbose",
    "--overwrite",
];

pub(super) fn merge(arguments: &MergeArgs) -> Result<Exit, Failure> {
    let mut pasts: Vec<Past> = arguments.journals.iter().map(|path| Past::open(path)).collect::<Result<_, _>>()?;
    same(&pasts)?;
    let Some(first) = pasts.first() else { return Err(Failure::usage("name at least one journal")) };
    let seed = first.run().seed;
    let mut run = configuration::run_arguments(&first.run().arguments)?;
    run.file.read.rules = arguments.file.read.rules.clone();
    pasts.iter().try_for_each(|past| past.check_rules(&run.file.read.rules))?;
    let contracts = selected(&run, prepared(&run)?)?;
    let baseline = baseline::read(arguments.baseline.as_deref())?;
    let mut outputs = Output::open(&arguments.reports, &contracts)?;
    let mut screen = Screen::new(&baseline, baseline::today(), contracts.len());
    let mut exit = Exit::Good;
    for (number, contract) in contracts.into_iter().enumerate() {
        if number > 0 {
            say("");
        }
        let ended = one(arguments, contract, (seed, &selection(&run)), &mut pasts, (&mut screen, &mut outputs))?;
        if ended == Exit::Findings || exit == Exit::Good {
            exit = ended;
        }
    }
    Ok(exit)
}

/// Whether the journals are of one campaign.
fn same(pasts: &[Past]) -> Result<(), Failure> {
    let shared = |past: &Past| -> BTreeSet<String> {
        let is_own = |flag: &str| OWN.contains(&flag.split('=').next().unwrap_or(flag));
        past.run().arguments.iter().filter(|flag| !is_own(flag)).cloned().collect()
    };
    let Some((first, rest)) = pasts.split_first() else { return Ok(()) };
    for other in rest {
        let (one, two) = (shared(first), shared(other));
        let different: Vec<&String> = one.symmetric_difference(&two).collect();
        if let Some(flag) = different.first() {
            let (one, two) = (first.path().display(), other.path().display());
            return Err(Failure::usage(format!(
                "{one} and {two} are not of one campaign: only one of them has {flag}"
            ))
            .advise("give the journals of runs that differ in --shard, --target and --assignment-id alone"));
        }
    }
    Ok(())
}

fn one(
    arguments: &MergeArgs,
    contract: Contract,
    (seed, selection): (u64, &Selection),
    pasts: &mut [Past],
    (screen, outputs): (&mut Screen<'_>, &mut [Output]),
) -> Result<Exit, Failure> {
    let lines: Vec<Option<CampaignLine>> = pasts.iter_mut().map(|past| past.campaign(&contract)).collect();
    let mut stopped = missing(&lines, pasts)?;
    let packages = lines.iter().flatten().map(|line| line.packages.clone()).next().unwrap_or_default();
    let contract = Arc::new(if contract.creates() { contract.with_known(&packages) } else { contract });
    let plan = Arc::new(Plan::of(&contract));
    let targets: BTreeSet<&str> = lines.iter().flatten().map(|line| &*line.target).collect();
    let names: Vec<String> = pasts.iter().map(|past| past.path().display().to_string()).collect();
    let about = About {
        contract: &contract,
        plan: &plan,
        heading: Heading {
            contract: contract.name.to_string(),
            target: targets.into_iter().collect::<Vec<_>>().join(", "),
            seed,
            reproduce: format!("policy-harness merge {}", names.join(" ")),
        },
        level: arguments.level,
        profile: arguments.profile,
        telling: Telling::Usual,
        findings: arguments.findings.clone(),
        target: lines.iter().flatten().map(|line| line.target.clone()).find(|name| name.starts_with("http")),
        run: pasts.first().map(|past| past.run().run.clone()).unwrap_or_default(),
    };
    let mut reporting = Reporting::new(about, screen, outputs)?;
    let cases = lines.iter().flatten().map(|line| line.cases).next().unwrap_or_default();
    reporting.tell(&Event::Started { obligations: selection.count(&contract, &plan.obligations), cases });
    let mut account = Account::new(Arc::clone(&contract), Arc::clone(&plan)).selecting(selection);
    for (past, line) in pasts.iter_mut().zip(&lines) {
        let Some(line) = line else { continue };
        account.begin_shard(shard(past, line)?);
        let name = past.run().run.clone();
        let mut maker = Maker::new(&contract, &plan, &line.ids, seed).for_run(&name);
        if !past.recall(&mut account, &contract, &mut maker, |event| reporting.tell(event))? {
            let path = past.path().display();
            let why = format!("{path} was not finished: go on with policy-harness run --resume {path}");
            stopped.get_or_insert(why);
        }
    }
    account.tell(stopped, |event| reporting.tell(event));
    reporting.end()
}

fn shard(past: &Past, line: &CampaignLine) -> Result<Shard, Failure> {
    line.shard
        .parse()
        .map_err(|_| Failure::incomplete(format!("{}: `{}` is no shard", past.path().display(), line.shard)))
}

/// Why the journals are not all of the campaign, if they are not.
fn missing(lines: &[Option<CampaignLine>], pasts: &[Past]) -> Result<Option<String>, Failure> {
    let mut there: Vec<(Shard, String)> = Vec::new();
    for (past, line) in pasts.iter().zip(lines) {
        let path = past.path().display().to_string();
        let Some(line) = line else {
            return Ok(Some(format!("{path} has nothing of this contract")));
        };
        let shard = shard(past, line)?;
        for (other, twin) in &there {
            if other.of() != shard.of() || *other == shard {
                return Err(Failure::usage(format!("{twin} is shard {other} and {path} is shard {shard}"))
                    .advise("give one journal for each shard of the same campaign"));
            }
        }
        there.push((shard, path));
    }
    let of = there.first().map_or(1, |(shard, _)| shard.of());
    let known: BTreeSet<u32> = there.iter().map(|(shard, _)| shard.number()).collect();
    let gaps: Vec<String> =
        (1..=of).filter(|number| !known.contains(number)).map(|number| format!("{number}/{of}")).collect();
    Ok((!gaps.is_empty()).then(|| format!("no journal of shard {} was given", gaps.join(", "))))
}
