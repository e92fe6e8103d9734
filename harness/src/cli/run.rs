//! `run`: tests a target, or the embedded reference server.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;

use super::arguments::{RunArgs, Threshold};
use super::exit::{Exit, Failure, is_closed_pipe};
use super::secret;
use crate::campaign::{self, RunError};
use crate::case::{Maker, Plan};
use crate::contract::{Contract, Family};
use crate::reference;
use crate::report::{self, Console, Gate, Heading, Ndjson, Outcome, Progress, Report};
use crate::target::{Endpoint, EndpointOptions, NoAnswer};

/// Requests that a dry run shows.
const SHOWN: usize = 10;
/// A day: no limit that a person would notice.
const UNLIMITED: Duration = Duration::from_secs(86_400);

/// What is tested, and what it was told.
struct Subject {
    endpoint: Endpoint,
    ids: Vec<String>,
    name: String,
    /// Kept running while it is tested.
    server: Option<reference::Running>,
}

pub(super) fn run(arguments: &RunArgs) -> Result<Exit, Failure> {
    let contract = Arc::new(contract(&arguments.contract)?);
    let plan = Arc::new(Plan::of(&contract));
    let seed = arguments.seed.unwrap_or_else(drawn_seed);
    if arguments.target.is_some() && arguments.assignment_ids.is_empty() {
        return Err(Failure::usage("--target needs --assignment-id GUID: the assignment whose policy is written")
            .advise("the policy of that assignment is overwritten, so name one that is there for tests"));
    }
    check_ids(&arguments.assignment_ids)?;
    if arguments.dry_run {
        if let Some(base) = &arguments.target {
            endpoint(arguments, base)?;
        }
        return dry_run(arguments, &contract, &plan, seed);
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let subject = subject(arguments, &contract).await?;
        // Before anything is sent: a path that cannot be written would lose the run.
        let files = open_reports(arguments)?;
        let outcome = campaign(arguments, &contract, &plan, &subject, seed, files).await;
        if let Some(server) = subject.server {
            server.stop().await;
        }
        outcome
    })
}

/// The contract of this name.
pub(super) fn contract(name: &str) -> Result<Contract, Failure> {
    Contract::named(name).map_err(Failure::usage)
}

async fn campaign(
    arguments: &RunArgs,
    contract: &Arc<Contract>,
    plan: &Arc<Plan>,
    subject: &Subject,
    seed: u64,
    files: Vec<File>,
) -> Result<Exit, Failure> {
    let heading = Heading {
        contract: contract.name.to_string(),
        target: subject.name.clone(),
        seed,
        reproduce: reproduce(arguments, seed),
    };
    let mut gate = Gate::new(arguments.level.into());
    let mut progress = Progress::new();
    let mut console = Console::new(contract, heading.clone(), arguments.level.into(), anstream::stdout())
        .with_profile(arguments.profile);
    let mut written: Vec<Ndjson<'_, BufWriter<File>>> =
        files.into_iter().map(|file| Ndjson::new(contract, heading.clone(), BufWriter::new(file))).collect();
    let mut trouble: Option<io::Error> = None;
    let sink = |event: &campaign::Event| {
        let reports: [&mut dyn Report; 3] = [&mut gate, &mut progress, &mut console];
        // A reader of standard output may go away; a file may not.
        let shown = reports.into_iter().map(|report| report.on(event)).map(|result| match result {
            Err(error) if is_closed_pipe(&error) => Ok(()),
            other => other,
        });
        for result in shown.chain(written.iter_mut().map(|report| report.on(event))) {
            if let Err(error) = result {
                trouble.get_or_insert(error);
            }
        }
    };
    let options = options(arguments, subject.ids.clone(), seed);
    let stop = async {
        // Without the signal there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    campaign::run(Arc::clone(contract), Arc::clone(plan), subject.endpoint.clone(), options, stop, sink)
        .await
        .map_err(|error| refused(error, arguments))?;
    let outcome = gate.outcome();
    if let Some(error) = trouble {
        // A finding stands, whatever else went wrong.
        let exit = if outcome == Outcome::Findings { Exit::Findings } else { Exit::Incomplete };
        return Err(Failure { exit, ..Failure::incomplete(format!("cannot write a report: {error}")) });
    }
    match outcome {
        Outcome::Conforms => Ok(Exit::Good),
        Outcome::Findings => Ok(Exit::Findings),
        Outcome::Incomplete(_) => Ok(Exit::Incomplete),
    }
}

fn options(arguments: &RunArgs, ids: Vec<String>, seed: u64) -> campaign::Options {
    let concurrency = usize::from(arguments.concurrency);
    let mut options = campaign::Options { seed, ids, concurrency, ..campaign::Options::default() };
    if let Some(seconds) = arguments.seconds.map(Duration::from_secs) {
        options.cases = u64::MAX / 2;
        options.random = seconds;
        options.whole += seconds.saturating_sub(options.walk);
        options.walk = options.walk.max(seconds);
    }
    if let Some(cases) = arguments.cases {
        options.cases = cases;
        (options.random, options.walk, options.whole) = (UNLIMITED, UNLIMITED, UNLIMITED * 2);
    }
    options
}

async fn subject(arguments: &RunArgs, contract: &Arc<Contract>) -> Result<Subject, Failure> {
    let Some(base) = &arguments.target else {
        return embedded(contract, usize::from(arguments.concurrency)).await;
    };
    let endpoint = endpoint(arguments, base)?;
    let name = endpoint.base().to_owned();
    Ok(Subject { endpoint, ids: arguments.assignment_ids.clone(), name, server: None })
}

fn endpoint(arguments: &RunArgs, base: &str) -> Result<Endpoint, Failure> {
    let options = EndpointOptions {
        token: secret::token(arguments)?,
        allowed_hosts: arguments.allow_hosts.clone(),
        connections: usize::from(arguments.concurrency),
        ..EndpointOptions::default()
    };
    Endpoint::new(base, options).map_err(Failure::usage)
}

async fn embedded(contract: &Arc<Contract>, connections: usize) -> Result<Subject, Failure> {
    let options = reference::Options::default();
    let token = SecretString::from(options.token.clone());
    let server = reference::start(Arc::clone(contract), options)
        .await
        .map_err(|error| Failure::incomplete(format!("cannot start the reference server: {error}")))?;
    let options = EndpointOptions { token: Some(token), connections, ..EndpointOptions::default() };
    let endpoint = Endpoint::new(&server.base_url(), options).map_err(Failure::usage)?;
    let ids = server.assignments().to_vec();
    Ok(Subject { endpoint, ids, name: "embedded reference server".to_owned(), server: Some(server) })
}

fn open_reports(arguments: &RunArgs) -> Result<Vec<File>, Failure> {
    let open = |path: &std::path::Path| {
        File::create(path)
            .map_err(|error| Failure::usage(format!("cannot write the report {}: {error}", path.display())))
    };
    arguments.reports.iter().map(|report| open(&report.path)).collect()
}

/// An id stands in a path as it is.
fn check_ids(ids: &[String]) -> Result<(), Failure> {
    let is_plain =
        |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte));
    let twice = ids.iter().enumerate().find(|(at, id)| ids[..*at].iter().any(|other| other.eq_ignore_ascii_case(id)));
    if let Some((_, id)) = twice {
        return Err(Failure::usage(format!("--assignment-id `{id}` is given twice")).advise("give each id once"));
    }
    match ids.iter().find(|id| !is_plain(id)) {
        Some(id) => Err(Failure::usage(format!("--assignment-id `{id}` cannot stand in a path"))
            .advise("give the GUID alone, as in 00000001-3a5c-4d1e-9b7f-000000000001")),
        None => Ok(()),
    }
}

/// What to do about a run that could not begin.
fn refused(error: RunError, arguments: &RunArgs) -> Failure {
    let has_token = arguments.token.is_some() || arguments.token_env.is_some() || arguments.token_file.is_some();
    let advice = match &error {
        RunError::NoAnswer { base, why: NoAnswer::Refused } if base.starts_with("http://") => {
            let port = base.rsplit(':').next().and_then(|rest| rest.split('/').next());
            // Without a port in the URL it is the one of HTTP.
            let port = port.and_then(|port| port.parse::<u16>().ok()).unwrap_or(80);
            format!("is the service running? `policy-harness serve --port {port}` starts the reference server there")
        }
        RunError::NoAnswer { .. } => "check the URL, and that the service is well".to_owned(),
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
            "check that --assignment-id names an assignment that exists, and that --target ends where the operation's path begins (…/v1.0)".to_owned()
        }
        RunError::NoCase => "choose another contract".to_owned(),
    };
    Failure::incomplete(error).advise(advice)
}

/// The command that runs the same again. Tokens are no part of it.
fn reproduce(arguments: &RunArgs, seed: u64) -> String {
    let mut text = format!("policy-harness run --seed {seed}");
    let mut push = |flag: &str, value: &str| text.extend([" ", flag, " ", value]);
    if let Some(target) = &arguments.target {
        push("--target", target);
    }
    if arguments.contract != "seed" {
        push("--contract", &arguments.contract);
    }
    arguments.assignment_ids.iter().for_each(|id| push("--assignment-id", id));
    arguments.allow_hosts.iter().for_each(|host| push("--allow-host", host));
    if let Some(cases) = arguments.cases {
        push("--cases", &cases.to_string());
    }
    if let Some(seconds) = arguments.seconds {
        push("--seconds", &seconds.to_string());
    }
    if matches!(arguments.level, Threshold::Should) {
        push("--level", "should");
    }
    if arguments.concurrency != 16 {
        push("--concurrency", &arguments.concurrency.to_string());
    }
    match (&arguments.token, &arguments.token_env, &arguments.token_file) {
        (Some(_), _, _) => push("--token", "…"),
        (_, Some(variable), _) => push("--token-env", variable),
        (_, _, Some(path)) => push("--token-file", &path.display().to_string()),
        _ => {}
    }
    text
}

/// A seed that differs from run to run and is short enough to type.
fn drawn_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (now.as_nanos() as u64 ^ u64::from(std::process::id())) % 100_000
}

/// Shows what would be sent: how many requests of which kind, and one of each.
fn dry_run(arguments: &RunArgs, contract: &Contract, plan: &Plan, seed: u64) -> Result<Exit, Failure> {
    let embedded = reference::Options::ids(4);
    let ids = if arguments.assignment_ids.is_empty() { &embedded } else { &arguments.assignment_ids };
    let mut families: BTreeMap<Family, Vec<u64>> = BTreeMap::new();
    for (index, obligation) in (0..).zip(&plan.obligations) {
        families.entry(obligation.family(contract)).or_default().push(index);
    }
    let mut out = anstream::stdout();
    let mut print = || -> io::Result<()> {
        let target = arguments.target.as_deref().unwrap_or("the embedded reference server");
        writeln!(out, "Would send to {target}, with seed {seed}, one request an obligation:")?;
        for (family, indexes) in &families {
            writeln!(out, "  {:>7}  {}", indexes.len(), report::family_name(*family))?;
        }
        let random = match (arguments.cases, arguments.seconds) {
            (Some(cases), _) => format!("{cases} random cases"),
            (None, Some(seconds)) => format!("random cases until {seconds} seconds are over"),
            (None, None) => "up to 5,000 random cases".to_owned(),
        };
        writeln!(out, "and then {random}. The first of each family, and some more:")?;
        let mut maker = Maker::new(contract, plan, ids, seed);
        let firsts = families.values().filter_map(|indexes| indexes.first().copied());
        let shown: Vec<u64> = firsts.chain(0..).take(SHOWN).collect();
        for case in shown.into_iter().filter_map(|index| maker.make(index)) {
            let rule = &contract.rule(case.rule).id;
            writeln!(out, "  {rule} ({})\n    {} {}", case.operator, case.request.method, case.request.path)?;
        }
        writeln!(out, "Nothing was sent.")
    };
    match print() {
        Err(error) if !is_closed_pipe(&error) => Err(Failure::incomplete(error)),
        _ => Ok(Exit::Good),
    }
}
