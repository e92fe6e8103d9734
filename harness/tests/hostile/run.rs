//! A campaign against a target, and what it came to.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use policy_harness::campaign::{self, Event, Finding, Flow, RunError, Summary};
use policy_harness::case::Plan;
use policy_harness::contract::{Contract, Level};
use policy_harness::reference;
use policy_harness::report::{Console, Gate, Heading, Outcome, Report};
use policy_harness::target::{Endpoint, EndpointOptions};

use super::target::Target;

pub(crate) static CONTRACT: LazyLock<Arc<Contract>> = LazyLock::new(|| Arc::new(Contract::named("seed").unwrap()));
static PLAN: LazyLock<Arc<Plan>> = LazyLock::new(|| Arc::new(Plan::of(&CONTRACT)));

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// What a campaign came to.
pub(crate) struct Run {
    pub(crate) result: Result<(), RunError>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) summary: Summary,
    pub(crate) outcome: Outcome,
    pub(crate) console: String,
    pub(crate) took: Duration,
}

impl Run {
    /// Ids of the rules of level must that were found broken, each once.
    pub(crate) fn broken(&self) -> Vec<&'static str> {
        let musts = self.findings.iter().filter(|finding| finding.level == Level::Must);
        let mut rules: Vec<&'static str> = musts.map(|finding| &*CONTRACT.rule(finding.rule).id).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The last lines that a person sees.
    pub(crate) fn last_words(&self) -> &str {
        let at = self.console.rfind("requests in ").unwrap();
        &self.console[self.console[..at].rfind("\n").unwrap()..]
    }

    /// Nothing was found, and nothing is called good.
    pub(crate) fn is_incomplete(&self, why: &str) {
        assert_eq!(self.broken(), [""; 0]);
        assert!(matches!(&self.outcome, Outcome::Incomplete(text) if text.contains(why)), "{:?}", self.outcome);
        assert!(!self.last_words().contains("Conforms"), "{}", self.console);
    }
}

/// A walk that is cut short, with a target that is given little time.
pub(crate) fn brief() -> campaign::Options {
    campaign::Options {
        cases: 0,
        random: Duration::ZERO,
        walk: SECOND,
        reduce: SECOND,
        whole: 4 * SECOND,
        ids: reference::Options::ids(4),
        patience: Duration::ZERO,
        ..campaign::Options::default()
    }
}

/// Enough for every obligation.
pub(crate) fn whole() -> campaign::Options {
    campaign::Options { walk: 60 * SECOND, whole: 80 * SECOND, ..brief() }
}

/// As long as a run of the program is when nothing is said about it.
pub(crate) fn long() -> campaign::Options {
    campaign::Options { ids: reference::Options::ids(4), ..campaign::Options::default() }
}

pub(crate) async fn run(target: &Target, options: campaign::Options, limit: Duration) -> Run {
    run_until(target, options, limit, std::future::pending()).await
}

pub(crate) async fn run_until(
    target: &Target,
    options: campaign::Options,
    time_limit: Duration,
    stop: impl Future<Output = ()>,
) -> Run {
    let begun = Instant::now();
    let token = Some(target.token.clone().into());
    let endpoint = EndpointOptions { token, time_limit, ..EndpointOptions::default() };
    let endpoint = Endpoint::new(&target.base, endpoint).unwrap();
    let heading = Heading {
        contract: CONTRACT.name.to_string(),
        target: target.base.clone(),
        seed: options.seed,
        reproduce: String::new(),
    };
    let (mut gate, mut text) = (Gate::new(Level::Must), Vec::new());
    let mut console = Console::new(&CONTRACT, heading, Level::Must, &mut text);
    let (mut findings, mut summary) = (Vec::new(), Summary::default());
    let sink = |event: &Event| {
        gate.on(event).unwrap();
        console.on(event).unwrap();
        match event {
            Event::Finding(finding) => findings.push((**finding).clone()),
            Event::Finished(done) => summary = (**done).clone(),
            _ => {}
        }
        Flow::Continue(())
    };
    let result = campaign::run(Arc::clone(&CONTRACT), Arc::clone(&PLAN), endpoint, options, stop, sink).await;
    let (outcome, took) = (gate.outcome(), begun.elapsed());
    Run { result, findings, summary, outcome, console: String::from_utf8(text).unwrap(), took }
}
