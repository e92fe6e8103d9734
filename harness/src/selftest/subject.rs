//! One reference server, and what a campaign against it found.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::campaign::{self, Event, Finding, Flow, RunError, Summary};
use crate::case::Plan;
use crate::contract::{Contract, ContractError, Level};
use crate::reference::{self, DEFECTS, Defect, Habit, VARIANTS, Variant};
use crate::target::{Endpoint, EndpointOptions, TargetError};

/// Findings that one defect may make: a defect shows in more than one way.
const MOST_FINDINGS: usize = 3;
/// Where the server's paths begin.
const BASE_PATH: &str = "/v1.0";
/// Exchanges under way at one time with a target that takes its time.
const PATIENT: usize = 64;

/// What a campaign is run against.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A server with one planted defect.
    Defect(&'static Defect),
    /// A server that conforms to this contract in another way.
    Variant(&'static Variant, &'static str),
    /// The server as it is, under this contract.
    Plain(&'static str),
}

/// The contracts that campaigns are about, with their plans.
#[derive(Clone, Debug)]
pub struct Arena {
    contracts: Vec<(Arc<Contract>, Arc<Plan>)>,
}

impl Arena {
    /// The contracts that are built in.
    ///
    /// # Errors
    /// One of them is not sound.
    pub fn new() -> Result<Self, ContractError> {
        let packages = reference::Options::default().packages;
        let prepared = |name| {
            let contract = Contract::named(name)?;
            let contract = if contract.creates() { contract.with_known(&packages) } else { contract };
            let plan = Arc::new(Plan::of(&contract));
            Ok((Arc::new(contract), plan))
        };
        Ok(Self { contracts: Contract::names().map(prepared).collect::<Result<_, _>>()? })
    }

    /// The contract of this name.
    pub fn contract(&self, name: &str) -> Option<&Arc<Contract>> {
        self.contracts.iter().map(|(contract, _)| contract).find(|contract| &*contract.name == name)
    }

    fn of(&self, subject: Subject) -> Option<&(Arc<Contract>, Arc<Plan>)> {
        self.contracts.iter().find(|(contract, _)| &*contract.name == subject.contract())
    }
}

/// What came of one campaign.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it ran against.
    pub subject: Subject,
    /// The findings.
    pub findings: Vec<Finding>,
    /// Cases until the finding under the right rule first showed, for a defect that
    /// was caught.
    pub cases: Option<u64>,
    /// Why the campaign counts as failed; none where it did what it should.
    pub failure: Option<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Why no campaign could run.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// The reference server does not start.
    #[error("the reference server does not start: {0}")]
    Server(#[from] std::io::Error),
    /// Its address is no target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// There is no contract of the name that the subject has.
    #[error("there is no contract {0}")]
    Contract(&'static str),
}

/// All subjects: each defect, each variant, and the server as it is.
pub fn subjects() -> Vec<Subject> {
    let defects = DEFECTS.iter().map(Subject::Defect);
    let of_contract = |name: &'static str| {
        let variants = VARIANTS.iter().filter(move |variant| variant.habit.is_of(name));
        variants.map(move |variant| Subject::Variant(variant, name)).chain([Subject::Plain(name)])
    };
    defects.chain(Contract::all().flat_map(of_contract)).collect()
}

impl Subject {
    /// Its name.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Defect(defect) => defect.id,
            Self::Variant(variant, _) => variant.id,
            Self::Plain(_) => "reference-server",
        }
    }

    /// The contract that the campaign is about.
    pub fn contract(&self) -> &'static str {
        match self {
            Self::Defect(defect) => defect.contract,
            Self::Variant(_, contract) | Self::Plain(contract) => contract,
        }
    }
}

/// How a campaign reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Over a connection, as any client would.
    Http,
    /// By a call in this process, which takes a third of the time.
    Call,
}

/// Runs a whole campaign of `cases` random cases behind the obligations. A defect that
/// a call does not show is looked for over HTTP.
///
/// # Errors
/// The server does not start.
pub async fn put_to_trial(arena: &Arena, subject: Subject, seed: u64, cases: u64) -> Result<Outcome, TrialError> {
    if let Subject::Defect(_) = subject {
        let outcome = trial(arena, subject, Way::Call, seed, cases).await?;
        if outcome.failure.is_none() {
            return Ok(outcome);
        }
    }
    trial(arena, subject, Way::Http, seed, cases).await
}

async fn trial(arena: &Arena, subject: Subject, way: Way, seed: u64, cases: u64) -> Result<Outcome, TrialError> {
    let begun = Instant::now();
    let (contract, plan) = arena.of(subject).ok_or(TrialError::Contract(subject.contract()))?;
    // Who has a directory is tested with what is in it.
    let contract = match subject {
        Subject::Variant(variant, _) if variant.habit == Habit::Directory => {
            &Arc::new(reference::Options::with_directory(Contract::clone(contract)))
        }
        _ => contract,
    };
    let mut options = reference::Options::default();
    let mut settle = Duration::ZERO;
    match subject {
        Subject::Defect(defect) => options.defects.push(defect),
        Subject::Variant(variant, _) => {
            options.variant = Some(variant);
            settle = variant.settle;
        }
        Subject::Plain(_) => {}
    }
    // Where a look at what is stored takes its time, many are taken at a time.
    let concurrency = if settle.is_zero() { campaign::Options::default().concurrency } else { PATIENT };
    if !settle.is_zero() {
        options.assignments = reference::Options::ids(PATIENT);
    }
    let token = Some(options.token.clone().into());
    let unprivileged_token = Some(options.unprivileged_token.clone().into());
    let ids = if contract.creates() { Vec::new() } else { options.assignments.clone() };
    let endpoint =
        EndpointOptions { token, unprivileged_token, connections: concurrency, ..EndpointOptions::default() };
    let (endpoint, server) = match way {
        Way::Http => {
            let server = reference::start(vec![Arc::clone(contract)], options).await?;
            (Endpoint::new(&server.base_url(), endpoint)?, Some(server))
        }
        Way::Call => {
            let router = reference::router(vec![Arc::clone(contract)], options);
            (Endpoint::in_process(router, BASE_PATH, endpoint)?, None)
        }
    };
    let options = campaign::Options { seed, cases, ids, settle, concurrency, ..campaign::Options::default() };
    let mut seen = Seen::default();
    let ran =
        campaign::run(Arc::clone(contract), Arc::clone(plan), endpoint, options, std::future::pending(), |event| {
            seen.on(event);
            Flow::Continue(())
        })
        .await;
    if let Some(server) = server {
        server.stop().await;
    }
    Ok(seen.outcome(contract, subject, ran, begun.elapsed()))
}

/// What is kept of a campaign.
#[derive(Default)]
struct Seen {
    findings: Vec<Finding>,
    summary: Option<Box<Summary>>,
}

impl Seen {
    fn on(&mut self, event: &Event) {
        match event {
            Event::Finding(finding) => self.findings.push((**finding).clone()),
            Event::Finished(summary) => self.summary = Some(summary.clone()),
            Event::Started { .. }
            | Event::Case(_)
            | Event::Waiting { .. }
            | Event::Reduced(_)
            | Event::Reducing { .. }
            | Event::Fixed(_) => {}
        }
    }

    fn outcome(self, contract: &Contract, subject: Subject, ran: Result<(), RunError>, elapsed: Duration) -> Outcome {
        let id = |finding: &Finding| contract.rule(finding.rule).id.to_string();
        let right = match subject {
            Subject::Defect(defect) => self.findings.iter().find(|finding| id(finding) == defect.rule),
            Subject::Variant(..) | Subject::Plain(_) => None,
        };
        let failure = self.failure(subject, &ran, right.is_some());
        Outcome {
            cases: right.filter(|_| failure.is_none()).map(|finding| finding.first + 1),
            failure,
            findings: self.findings,
            subject,
            elapsed,
        }
    }

    fn failure(&self, subject: Subject, ran: &Result<(), RunError>, is_right: bool) -> Option<String> {
        if let Err(error) = ran {
            return Some(format!("the campaign did not run: {error}"));
        }
        let Some(summary) = &self.summary else {
            return Some("the campaign did not get to its end".to_owned());
        };
        if summary.mislabelled + summary.model_faults > 0 {
            return Some("the harness made a mistake of its own".to_owned());
        }
        match subject {
            Subject::Defect(defect) if !is_right => Some(format!("no finding under {}", defect.rule)),
            Subject::Defect(_) if self.findings.len() > MOST_FINDINGS => {
                Some(format!("{} findings for one defect", self.findings.len()))
            }
            Subject::Defect(_) => None,
            Subject::Variant(..) | Subject::Plain(_) => {
                let warns = matches!(subject, Subject::Variant(variant, _) if variant.warns);
                let is_false = |finding: &&Finding| finding.level == Level::Must || !warns;
                let count = self.findings.iter().filter(is_false).count();
                let left = (!summary.left.policies.is_empty() || !summary.left.overwritten.is_empty())
                    .then(|| "something was left in the target".to_owned());
                let stopped = summary.stopped.as_ref().map(|why| format!("the campaign stopped: {why}"));
                (count > 0).then(|| format!("{count} false alarms")).or(left).or(stopped)
            }
        }
    }
}
