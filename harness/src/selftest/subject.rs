//! One reference server, and what a campaign against it found.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::campaign::{self, Event, Finding, RunError, Summary};
use crate::case::Plan;
use crate::contract::{Contract, Level};
use crate::reference::{self, DEFECTS, Defect, VARIANTS, Variant};
use crate::target::{Endpoint, EndpointOptions, TargetError};

/// Findings that one defect may make: a defect shows in more than one way.
const MOST_FINDINGS: usize = 3;

/// What a campaign is run against.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A server with one planted defect.
    Defect(&'static Defect),
    /// A server that conforms in another way.
    Variant(&'static Variant),
    /// The server as it is.
    Plain,
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
}

/// All subjects: each defect, each variant, and the server as it is.
pub fn subjects() -> Vec<Subject> {
    let defects = DEFECTS.iter().map(Subject::Defect);
    let variants = VARIANTS.iter().map(Subject::Variant);
    defects.chain(variants).chain([Subject::Plain]).collect()
}

impl Subject {
    /// Its name.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Defect(defect) => defect.id,
            Self::Variant(variant) => variant.id,
            Self::Plain => "reference-server",
        }
    }
}

/// Runs a whole campaign of `cases` random cases behind the obligations.
///
/// # Errors
/// The server does not start.
pub async fn put_to_trial(
    contract: &Arc<Contract>,
    plan: &Arc<Plan>,
    subject: Subject,
    seed: u64,
    cases: u64,
) -> Result<Outcome, TrialError> {
    let begun = Instant::now();
    let mut options = reference::Options::default();
    match subject {
        Subject::Defect(defect) => options.defects.push(defect),
        Subject::Variant(variant) => options.variant = Some(variant),
        Subject::Plain => {}
    }
    let token = Some(options.token.clone().into());
    let server = reference::start(Arc::clone(contract), options).await?;
    let endpoint = Endpoint::new(&server.base_url(), EndpointOptions { token, ..EndpointOptions::default() })?;
    let ids = server.assignments().to_vec();
    let options = campaign::Options { seed, cases, ids, ..campaign::Options::default() };
    let mut seen = Seen::default();
    let ran =
        campaign::run(Arc::clone(contract), Arc::clone(plan), endpoint, options, std::future::pending(), |event| {
            seen.on(event)
        })
        .await;
    server.stop().await;
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
            Event::Started { .. } | Event::Case(_) | Event::Reducing { .. } => {}
        }
    }

    fn outcome(self, contract: &Contract, subject: Subject, ran: Result<(), RunError>, elapsed: Duration) -> Outcome {
        let id = |finding: &Finding| contract.rule(finding.rule).id.to_string();
        let right = match subject {
            Subject::Defect(defect) => self.findings.iter().find(|finding| id(finding) == defect.rule),
            Subject::Variant(_) | Subject::Plain => None,
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
            Subject::Variant(_) | Subject::Plain => {
                let warns = matches!(subject, Subject::Variant(variant) if variant.warns);
                let is_false = |finding: &&Finding| finding.level == Level::Must || !warns;
                let count = self.findings.iter().filter(is_false).count();
                let stopped = summary.stopped.as_ref().map(|why| format!("the campaign stopped: {why}"));
                (count > 0).then(|| format!("{count} false alarms")).or(stopped)
            }
        }
    }
}
