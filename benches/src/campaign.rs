//! A campaign against a service in this process, on one core: the case is made,
//! labelled, taken through the model, handed to the reference server, and its
//! answer judged. There is no socket, and one thread does it all.

use std::sync::Arc;
use std::time::{Duration, Instant};

use policy_harness::campaign::{self, Event, Flow, Summary};
use policy_harness::case::Plan;
use policy_harness::contract::Contract;
use policy_harness::reference;
use policy_harness::target::{Endpoint, EndpointOptions};
use tokio::runtime::Builder;

/// What a campaign came to.
#[derive(Clone, Copy, Debug)]
pub struct Ran {
    /// Cases.
    pub cases: u64,
    /// Requests.
    pub requests: u64,
    /// Findings: none, at a server that conforms.
    pub findings: usize,
    /// How long it took.
    pub seconds: f64,
}

impl Ran {
    /// Cases a second.
    pub fn rate(&self) -> f64 {
        self.cases as f64 / self.seconds
    }
}

/// The obligations of a contract, and so many random cases behind them.
///
/// # Panics
/// When there is no such contract, or the server does not answer.
pub fn in_process(name: &str, random: u64) -> Ran {
    let options = reference::Options::default();
    let contract = Contract::named(name).expect("it is built in").with_known(&options.packages);
    let contract = Arc::new(contract);
    let plan = Arc::new(Plan::of(&contract));
    let token = Some(options.token.clone().into());
    let unprivileged_token = Some(options.unprivileged_token.clone().into());
    let ids = if contract.creates() { Vec::new() } else { options.assignments.clone() };
    let router = reference::router(vec![Arc::clone(&contract)], options);
    let options = EndpointOptions { token, unprivileged_token, ..EndpointOptions::default() };
    let endpoint = Endpoint::in_process(router, "/v1.0", options).expect("it is a path");
    let day = Duration::from_secs(86_400);
    let options =
        campaign::Options { cases: random, ids, random: day, walk: day, whole: day, ..campaign::Options::default() };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime needs nothing");
    let mut summary = Summary::default();
    let mut findings = 0;
    let begun = Instant::now();
    let ran = runtime.block_on(campaign::run(contract, plan, endpoint, options, std::future::pending(), |event| {
        match event {
            Event::Finding(_) => findings += 1,
            Event::Finished(told) => summary = (**told).clone(),
            _ => {}
        }
        Flow::Continue(())
    }));
    ran.expect("the server answers");
    Ran { cases: summary.cases(), requests: summary.requests, findings, seconds: begun.elapsed().as_secs_f64() }
}
