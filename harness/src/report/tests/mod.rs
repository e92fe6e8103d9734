//! Reports of made-up events: what they say, and that whatever a target answers is
//! text in them and nothing else.

mod baseline;
mod junit;
mod markdown;

use std::collections::BTreeSet;
use std::time::Duration;

use super::Heading;
use crate::campaign::{CaseRecord, Event, Finding, Mileage, Model, Phase, Standing, Summary, Tally};
use crate::case::{Case, Maker, Plan};
use crate::contract::{Contract, Family, Level, RuleId, rule};
use crate::judge::{Fault, Symptom, Verdict};

/// What no report may take for its own.
pub(super) const HOSTILE: &str = "a\u{0}\u{b}\u{1b}[31m]]><b>&amp; \"q\" 'p' |x| ``` \u{fffe}\u{ffff}\u{7f}\u{85}é\u{1d11e}\\ud800\r\n</failure><script>alert(1)</script>";

pub(super) struct Fixture {
    pub(super) contract: Contract,
    pub(super) plan: Plan,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let contract = Contract::named("seed").unwrap();
        let plan = Plan::of(&contract);
        Self { contract, plan }
    }
}

pub(super) fn heading() -> Heading {
    Heading {
        contract: "seed".to_owned(),
        target: "http://127.0.0.1:8080/v1.0".to_owned(),
        seed: 7,
        reproduce: "policy-harness run --seed 7".to_owned(),
    }
}

pub(super) fn finding(fixture: &Fixture, rule: RuleId, level: Level, text: &str) -> Finding {
    Finding {
        rule,
        level,
        symptom: "status 204".to_owned(),
        got: format!("got {text}"),
        expected: format!("4xx {text}"),
        place: format!("/{text}"),
        places: BTreeSet::new(),
        operator: "no-member",
        obligations: [0].into(),
        cases: 3,
        first: 5,
        fault: Fault { rule, level, symptom: Symptom::Status(204) },
        case: Box::new(some_case(fixture)),
        curl: format!("curl -d '{text}'"),
        confirmed: (2, 2),
        fingerprint: format!("{}-{:08x}", rule.0, text.len()),
        standing: Standing::New,
    }
}

/// A case of the first operation.
fn some_case(fixture: &Fixture) -> Case {
    let ids = ["00000001-3a5c-4d1e-9b7f-000000000001".to_owned()];
    let mut maker = Maker::new(&fixture.contract, &fixture.plan, &ids, 7);
    maker.make(obligation(fixture, rule::ENUM_MEMBER) as u64).unwrap()
}

/// A case for an obligation.
pub(super) fn case(fixture: &Fixture, index: usize, verdict: Verdict) -> Event {
    let obligation = &fixture.plan.obligations[index];
    Event::Case(Box::new(CaseRecord {
        index: index as u64,
        phase: Phase::Obligations,
        obligation: Some(index),
        operation: obligation.operation,
        operator: obligation.name,
        rule: obligation.rule,
        pointer: String::new(),
        label: "malformed",
        request: "POST /x".to_owned(),
        scene: "alone",
        body_length: 2,
        verdict,
        faults: Vec::new(),
        observed: None,
        reason: (verdict == Verdict::NotRun).then(|| HOSTILE.to_owned()),
        status: Some(400),
        exercised: vec![rule::ANSWER_ALWAYS],
        error_code: None,
        elapsed: Duration::from_millis(250),
        model: Model::Same,
        mislabelled: false,
        digest: 0,
        steps: 0,
        exchanges: Vec::new(),
        is_settled: true,
        mileage: Mileage::default(),
    }))
}

/// The end of a run in which so many cases were judged.
pub(super) fn finished(stopped: Option<&str>) -> Event {
    let mut tally = Tally { covered: 3, obligations: 4, cases: 12, ..Tally::default() };
    tally.verdicts.insert(Verdict::Pass, 9);
    tally.verdicts.insert(Verdict::Fail, 3);
    let mut summary = Summary { stopped: stopped.map(str::to_owned), ..Summary::default() };
    summary.families.insert(Family::Value, tally);
    (summary.requests, summary.elapsed) = (1234, Duration::from_millis(1500));
    Event::Finished(Box::new(summary))
}

/// The first obligation for a rule.
pub(super) fn obligation(fixture: &Fixture, rule: RuleId) -> usize {
    fixture.plan.obligations.iter().position(|obligation| obligation.rule == rule).unwrap()
}
