//! Properties of everything that makes, reads and labels payloads. A run is the
//! same every time; `PROPTEST_RNG_SEED=1` makes another one, `PROPTEST_CASES=5000`
//! a longer one.

mod bytes;
mod comparison;
mod generator;
mod json_reader;
mod model;
mod shrinking;
mod validator;

use std::fmt::Debug;
use std::sync::OnceLock;

use policy_harness::case::Plan;
use policy_harness::contract::Contract;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestError, TestRunner};

/// A runner of this many cases, unless the environment asks for others.
fn runner(cases: u32) -> TestRunner {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(4053);
    }
    TestRunner::new(config)
}

/// Holds the property against this many values; shows the smallest that fails.
fn holds<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    match runner(cases).run(strategy, property) {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => panic!("{reason}\nsmallest: {}", shown(&value)),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

fn shown(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    match text.char_indices().nth(3_000) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| Contract::named("seed").unwrap())
}

fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| Plan::of(contract()))
}
