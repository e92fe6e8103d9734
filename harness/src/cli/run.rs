//! `run`: tests a target, or the embedded reference server.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::arguments::RunArgs;
use super::baseline;
use super::choice::{self, selection};
use super::dry_run::dry_run;
use super::exit::{Exit, Failure};
use super::notes::Notes;
use super::outputs::Output;
use super::reporting::{About, Reporting};
use super::reproduce::reproduce;
use super::rule_table;
use super::say::say;
use super::signal::Stop;
use super::subject::{Subject, check, contracts, endpoint, ledger, subject, with_ids};
use crate::baseline::{Baseline, Screen};
use crate::campaign::{self, Account, Event, RunError};
use crate::case::{Maker, Plan};
use crate::contract::Contract;
use crate::journal::CampaignLine;
use crate::report::{Heading, Telling};
use crate::target::NoAnswer;

/// A day: no limit that a person would notice.
const UNLIMITED: Duration = Duration::from_secs(86_400);

/// One contract of a run.
struct Part<'r> {
    arguments: &'r RunArgs,
    contract: Arc<Contract>,
    plan: Arc<Plan>,
    seed: u64,
}

pub(super) fn run(arguments: &RunArgs) -> Result<Exit, Failure> {
    let contracts = choice::selected(arguments, prepared(arguments)?)?;
    let seed = arguments.seed.unwrap_or_else(drawn_seed);
    check(arguments, &contracts)?;
    let baseline = baseline::read(arguments.baseline.as_deref())?;
    if arguments.dry_run {
        if let Some(base) = &arguments.target {
            endpoint(&arguments.access, Some(&arguments.unprivileged), base, 1)?;
        }
        return dry_run(arguments, &contracts, seed);
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let subject = subject(arguments, &contracts).await?;
        // Before anything is sent: a path that cannot be written would lose the run.
        let mut outputs = Output::open(&arguments.reports, &contracts)?;
        let mut notes = Notes::open(arguments, seed)?;
        let outcome = all(arguments, contracts, &subject, seed, (&baseline, &mut outputs, &mut notes)).await;
        if let Some(server) = subject.server {
            server.stop().await;
        }
        outcome
    })
}

/// The contracts as they hold for this target.
pub(super) fn prepared(arguments: &RunArgs) -> Result<Vec<Contract>, Failure> {
    let contracts = rule_table::changed(contracts(&arguments.contracts)?, &arguments.file.read.rules)?;
    with_ids(contracts, &arguments.ids)
}

/// Tests one contract after the other. What was found stands, however the rest
/// ends.
async fn all(
    arguments: &RunArgs,
    contracts: Vec<Contract>,
    subject: &Subject,
    seed: u64,
    (baseline, outputs, notes): (&Baseline, &mut [Output], &mut Notes),
) -> Result<Exit, Failure> {
    let mut screen = Screen::new(baseline, baseline::today(), contracts.len());
    let stop = Stop::listen();
    let mut exit = Exit::Good;
    for (number, contract) in contracts.into_iter().enumerate() {
        if stop.is_asked() {
            break;
        }
        if number > 0 {
            say("");
        }
        let contract = Arc::new(if contract.creates() { contract.with_known(&subject.packages) } else { contract });
        let plan = Arc::new(Plan::of(&contract));
        let part = Part { arguments, contract, plan, seed };
        let ended = campaign(&part, subject, (&mut screen, outputs, notes), &stop).await;
        let is_over = matches!(ended, Ok((_, false)));
        match ended.map(|(exit, _)| exit) {
            Ok(ended) if ended == Exit::Findings || exit == Exit::Good => exit = ended,
            Ok(_) => {}
            Err(failure) if exit == Exit::Findings => return Err(Failure { exit, ..failure }),
            Err(failure) => return Err(failure),
        }
        // What was stopped is gone on with before anything else begins.
        if is_over {
            break;
        }
    }
    Ok(exit)
}

/// Tests one contract: how the process would end, and whether the campaign came to
/// its end.
async fn campaign(
    part: &Part<'_>,
    subject: &Subject,
    (screen, outputs, notes): (&mut Screen<'_>, &mut [Output], &mut Notes),
    stop: &Stop,
) -> Result<(Exit, bool), Failure> {
    let Part { arguments, contract, plan, seed } = part;
    let run = notes.run().to_owned();
    let ids = if contract.creates() { Vec::new() } else { subject.assignments.clone() };
    let shard = arguments.shard.unwrap_or_default();
    let mut reporting = Reporting::new(part.about(subject, &run), screen, outputs)?;
    let selection = selection(arguments);
    let mut account = Account::new(Arc::clone(contract), Arc::clone(plan)).selecting(&selection);
    account.begin_shard(shard);
    let mut maker = Maker::new(contract, plan, &ids, *seed).for_run(&run);
    let options = options(arguments, *seed);
    let line = CampaignLine {
        contract: contract.name.to_string(),
        shard: shard.to_string(),
        ids: ids.clone(),
        packages: if contract.creates() { subject.packages.clone() } else { Vec::new() },
        target: subject.name.clone(),
        cases: options.cases,
    };
    let started = Event::Started { obligations: selection.count(contract, &plan.obligations), cases: options.cases };
    if arguments.resume.is_some() {
        reporting.tell(&started);
    }
    let is_finished = notes.recall(&mut account, contract, &mut maker, line, |event| reporting.tell(event))?;
    if is_finished {
        account.tell(None, |event| reporting.tell(event));
        return reporting.end().map(|exit| (exit, true));
    }
    let ledger = Arc::new(ledger(arguments, &run, contract, subject.endpoint.base())?);
    let options = campaign::Options {
        ids,
        settle: Duration::from_millis(arguments.settle),
        overwrite: arguments.overwrite || subject.endpoint.is_local(),
        ledger: Arc::clone(&ledger),
        shard,
        ..options
    };
    let redactor = subject.endpoint.redactor();
    let mut is_whole = false;
    let sink = |event: &Event| {
        is_whole |= matches!(event, Event::Finished(summary) if summary.stopped.is_none());
        let flow = notes.on(contract, redactor, event);
        // What is not written down is not told.
        if flow.is_continue() || !matches!(event, Event::Case(_)) {
            reporting.tell(event);
        }
        flow
    };
    let stop = stop.clone().asked();
    let ran = campaign::resume(account, subject.endpoint.clone(), options, stop, sink).await;
    if let Some(path) = ledger.close() {
        let path = path.display();
        say(&format!("The ledger {path} says what is left. `policy-harness clean {path}` takes it away."));
    }
    notes.say_where(is_whole);
    ran.map_err(|error| refused(error, arguments))?;
    let trouble = notes.trouble().filter(|_| is_whole);
    let exit = reporting.end()?;
    match trouble {
        // A finding stands, whatever else went wrong.
        Some(why) => Err(Failure {
            exit: if exit == Exit::Findings { exit } else { Exit::Incomplete },
            ..Failure::incomplete(why)
        }),
        None => Ok((exit, is_whole)),
    }
}

impl Part<'_> {
    /// What the reports are about.
    fn about(&self, subject: &Subject, run: &str) -> About<'_> {
        let Part { arguments, contract, plan, seed } = self;
        About {
            contract,
            plan,
            heading: Heading {
                contract: contract.name.to_string(),
                target: subject.name.clone(),
                seed: *seed,
                reproduce: reproduce(arguments, *seed),
            },
            level: arguments.level,
            profile: arguments.profile,
            telling: match (arguments.quiet, arguments.verbose) {
                (true, _) => Telling::Little,
                (_, true) => Telling::Much,
                _ => Telling::Usual,
            },
            findings: arguments.findings.clone(),
            target: arguments.target.as_ref().map(|_| subject.endpoint.base().to_owned()),
            run: run.to_owned(),
        }
    }
}

fn options(arguments: &RunArgs, seed: u64) -> campaign::Options {
    let concurrency = usize::from(arguments.concurrency);
    let mut options = campaign::Options {
        seed,
        concurrency,
        selection: selection(arguments),
        max_findings: arguments.max_findings.map_or(usize::MAX, |most| most as usize),
        level: arguments.level.into(),
        ..campaign::Options::default()
    };
    if let Some(seconds) = arguments.seconds.map(Duration::from_secs) {
        options.cases = u64::MAX / 2;
        options.random = seconds;
        options.whole += seconds.saturating_sub(options.walk);
        options.walk = options.walk.max(seconds);
    }
    if arguments.access.rate.is_some() {
        (options.walk, options.whole) = (UNLIMITED, UNLIMITED * 2);
    }
    options.reductions = arguments.shrink;
    // Which cases a shard has must not depend on how quick it is.
    let cases = arguments.cases.or(arguments.shard.filter(|_| arguments.seconds.is_none()).map(|_| options.cases));
    if let Some(cases) = cases {
        options.cases = cases;
        (options.random, options.walk, options.whole) = (UNLIMITED, UNLIMITED, UNLIMITED * 2);
    }
    options
}

/// What to do about a run that could not begin.
pub(super) fn refused(error: RunError, arguments: &RunArgs) -> Failure {
    let access = &arguments.access;
    let has_token = access.token.is_some()
        || access.token_env.is_some()
        || access.token_file.is_some()
        || access.token_command.is_some()
        || access.application.client_id.is_some();
    let advice = match &error {
        RunError::NoAnswer { base, why: NoAnswer::Refused } if base.starts_with("http://") => {
            let port = base.rsplit(':').next().and_then(|rest| rest.split('/').next());
            // Without a port in the URL it is the one of HTTP.
            let port = port.and_then(|port| port.parse::<u16>().ok()).unwrap_or(80);
            format!("is the service running? `policy-harness serve --port {port}` starts the reference server there")
        }
        RunError::NoAnswer { why: NoAnswer::Certificate(_), .. } => {
            "check that the URL names the host as its certificate does; if the authority behind it is your own, name its certificate with --ca-file PEM".to_owned()
        }
        RunError::NoAnswer { base, why: NoAnswer::Transport(_) } if base.starts_with("https://") => {
            "check the host; if no TLS is spoken there, the URL begins with http://, and a certificate has to be valid for the host's name".to_owned()
        }
        RunError::NoAnswer { why: NoAnswer::Timeout(_), .. } => {
            "check the host and the port; a firewall may swallow the requests, or the service be overloaded".to_owned()
        }
        RunError::NoAnswer { base, why: NoAnswer::Closed } if base.starts_with("http://") => {
            "the connection is closed without an answer: does the service want https:// there?".to_owned()
        }
        RunError::NoAnswer { .. } => "check the URL, and that the service is well".to_owned(),
        RunError::Busy { .. } => {
            "try again later, or send less: --rate N is the most requests a second, --concurrency N the most at one time".to_owned()
        }
        RunError::NotReady { status: 401, .. } if has_token => {
            "the token is not taken: it may have expired, or be meant for another service".to_owned()
        }
        RunError::NotReady { status: 401, .. } => {
            "the target asks for credentials: give a bearer token with --token-env VAR or --token-file PATH".to_owned()
        }
        RunError::NotReady { status: 403, .. } => {
            "the token lacks a permission: EntitlementManagement.ReadWrite.All is needed".to_owned()
        }
        RunError::NotReady { .. } => {
            "check that --assignment-id or --access-package-id names something that exists, and that --target ends where the operation's path begins (…/v1.0)".to_owned()
        }
        RunError::NotReadable { .. } => {
            "name an assignment whose policy may be lost, and say so with --overwrite".to_owned()
        }
        RunError::Ledger(_) => "name a folder that can be written with --ledger DIR".to_owned(),
        RunError::NoCase => "choose another contract".to_owned(),
    };
    Failure::incomplete(error).advise(advice)
}

/// A seed that differs from run to run and is short enough to type.
fn drawn_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (now.as_nanos() as u64 ^ u64::from(std::process::id())) % 100_000
}
