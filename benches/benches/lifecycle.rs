//! Sequences: created, read, listed, replaced and deleted policies, each request
//! judged by what the target must hold by then, against the reference server in
//! this process. Elements are requests.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use policy_harness::campaign::{self, Event, Flow};
use policy_harness::case::{Act, Action, Plan};
use policy_harness::contract::Contract;
use policy_harness::judge::Verdict;
use policy_harness::reference::{self, Options};
use policy_harness::target::{Endpoint, EndpointOptions};
use tokio::runtime::Runtime;

/// Walks the scripts once; the requests that it took.
fn walk(runtime: &Runtime, contract: &Arc<Contract>, plan: &Arc<Plan>, endpoint: &Endpoint) -> u64 {
    let options = campaign::Options { cases: 0, ..campaign::Options::default() };
    let mut requests = 0;
    let sink = |event: &Event| {
        if let Event::Finished(summary) = event {
            assert_eq!(summary.count(Verdict::Fail), 0);
            requests = summary.requests;
        }
        Flow::Continue(())
    };
    let stop = std::future::pending();
    let run = campaign::run(Arc::clone(contract), Arc::clone(plan), endpoint.clone(), options, stop, sink);
    runtime.block_on(run).expect("the reference server is there");
    requests
}

fn sequences(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("threads can be started");
    let options = Options::default();
    let token = Some(options.token.clone().into());
    let contract = Contract::named("v1.0").expect("it is built in").with_known(&options.packages);
    let mut plan = Plan::of(&contract);
    let opening = plan.opening;
    let mut number = 0;
    // What comes first tells whether there is a target. Steps that are refused pick
    // among the other obligations; the few scripts with one are left out.
    let is_refused = |act: &Act| matches!(act, Act::Refused(_) | Act::ReplaceRefused(_));
    let is_wanted = |action: &Action| match action {
        Action::Follow(script) => !script.acts.iter().any(is_refused),
        _ => false,
    };
    plan.obligations.retain(|obligation| {
        number += 1;
        number <= opening || is_wanted(&obligation.action)
    });
    plan.answers.clear();
    let (contract, plan) = (Arc::new(contract), Arc::new(plan));
    let server = runtime.block_on(reference::start(vec![Arc::clone(&contract)], options)).expect("a port is free");
    let endpoint = EndpointOptions { token, ..EndpointOptions::default() };
    let endpoint = Endpoint::new(&server.base_url(), endpoint).expect("it is on this machine");
    let requests = walk(&runtime, &contract, &plan, &endpoint);
    let mut group = criterion.benchmark_group("sequences");
    group.throughput(Throughput::Elements(requests)).sample_size(10);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.bench_function("scripts", |bencher| {
        bencher.iter(|| black_box(walk(&runtime, &contract, &plan, &endpoint)));
    });
    group.finish();
}

criterion_group!(benches, sequences);
criterion_main!(benches);
