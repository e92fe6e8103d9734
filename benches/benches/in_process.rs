//! Cases a second against a service in this process, on one core: the case is made,
//! labelled, handed to the reference server, and its answer judged. There is no
//! socket, and one thread does it all.
//!
//! Nothing here fails: the figures are for people.

use std::sync::Arc;
use std::time::{Duration, Instant};

use policy_harness::campaign::{self, Event, Flow, Summary};
use policy_harness::case::Plan;
use policy_harness::contract::Contract;
use policy_harness::reference;
use policy_harness::target::{Endpoint, EndpointOptions};
use tokio::runtime::Builder;

/// Random cases behind the obligations.
const CASES: u64 = 200_000;

fn main() {
    for name in ["seed", "v1.0"] {
        let options = reference::Options::default();
        let contract = Contract::named(name).expect("it is built in").with_known(&options.packages);
        let contract = Arc::new(contract);
        let plan = Arc::new(Plan::of(&contract));
        let token = Some(options.token.clone().into());
        let unprivileged_token = Some(options.unprivileged_token.clone().into());
        let ids = if contract.creates() { Vec::new() } else { options.assignments.clone() };
        let router = reference::router(vec![Arc::clone(&contract)], options);
        let options = EndpointOptions { token, unprivileged_token, ..EndpointOptions::default() };
        let endpoint = Endpoint::in_process(router, "/v1.0", options).expect("a path");
        let day = Duration::from_secs(86_400);
        let options =
            campaign::Options { cases: CASES, ids, random: day, walk: day, whole: day, ..campaign::Options::default() };
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
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
        let seconds = begun.elapsed().as_secs_f64();
        let cases = summary.cases();
        println!(
            "{name}: {cases} cases, {} requests, {findings} findings in {seconds:.1} s: {:.0} cases/s on one core",
            summary.requests,
            cases as f64 / seconds,
        );
    }
}
