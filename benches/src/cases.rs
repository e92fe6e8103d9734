//! Cases, as a run makes and judges them. Their answers are those of the reference
//! server, asked once before anything is measured.

use std::hint::black_box;
use std::sync::Arc;

use policy_harness::case::{Action, Case, Maker, Scene};
use policy_harness::contract::{Family, OperationKind};
use policy_harness::judge::{Expectation, Facts, judge};
use policy_harness::reference;
use policy_harness::roundtrip::round_trip;
use policy_harness::target::{Answer, Endpoint, EndpointOptions, Redactor, Wire};
use policy_harness::validate::Label;
use tokio::runtime::Builder;

use crate::ground::Ground;
use crate::stage::Stage;

/// Cases of a stage.
const COUNT: usize = 128;
/// What the cases of a run are made of.
const SEED: u64 = 1;

/// Cases with their answers.
#[derive(Debug)]
pub struct Cases {
    asked: Vec<(Case, Answer)>,
    redactor: Redactor,
    ids: Vec<String>,
    malformed: Vec<u64>,
}

impl Cases {
    /// Random cases with a body of their own, each answered by the reference server,
    /// and obligations that an operator exercises.
    ///
    /// # Panics
    /// When the reference server does not answer.
    pub fn of(ground: &Ground) -> Self {
        let options = reference::Options::default();
        let ids = options.assignments.clone();
        let token = Some(options.token.clone().into());
        let router = reference::router(vec![Arc::new(ground.contract.clone())], options);
        let options = EndpointOptions { token, ..EndpointOptions::default() };
        let endpoint = Endpoint::in_process(router, "/v1.0", options).expect("it is a path");
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime needs nothing");
        let mut maker = Maker::new(&ground.contract, &ground.plan, &ids, SEED);
        let obligations = ground.plan.obligations.len() as u64;
        let asked = (obligations..)
            .filter_map(|index| maker.make(index))
            .filter(|case| is_plain(ground, case))
            .map(|case| {
                let answer = runtime.block_on(endpoint.exchange(&case.request)).expect("it is in this process");
                (case, answer)
            })
            .take(COUNT)
            .collect();
        let is_change = |&index: &u64| {
            matches!(ground.plan.obligations[index as usize].action, Action::Change(_)) && maker.make(index).is_some()
        };
        let malformed = (0..obligations).filter(is_change).take(COUNT).collect();
        Self { asked, redactor: endpoint.redactor().clone(), ids, malformed }
    }
}

/// Whether the case is one request of which all is said by its body, which is valid or
/// malformed.
fn is_plain(ground: &Ground, case: &Case) -> bool {
    matches!(case.scene, Scene::Alone)
        && matches!(case.label, Label::Valid | Label::Malformed(..))
        && case.request.wire == Wire::Plain
        && matches!(
            ground.contract.rule(case.rule).family,
            Family::Valid | Family::Syntax | Family::Value | Family::Structure | Family::Type
        )
        && ground.contract.operations[case.operation].kind == OperationKind::Add
}

/// Making a case that an operator breaks, any case of a run, judging an answer, and
/// all of it but the sending.
pub fn case_stages<'s>(ground: &'s Ground, cases: &'s Cases) -> Vec<Stage<'s>> {
    let maker = || Maker::new(&ground.contract, &ground.plan, &cases.ids, SEED);
    let first = ground.plan.obligations.len() as u64;
    let (mut malforming, mut random, mut whole) = (maker(), maker(), maker());
    vec![
        Stage::new("malform", cases.malformed.len(), move |index| {
            black_box(malforming.make(cases.malformed[index]));
        }),
        Stage::new("make a case", COUNT, move |index| {
            black_box(random.make(first + index as u64));
        }),
        Stage::new("judge", cases.asked.len(), move |index| {
            black_box(cases.judge(ground, index));
        }),
        Stage::new("case without the network", cases.asked.len(), move |index| {
            let case = whole.make(cases.asked[index].0.index);
            black_box(case.map(|case| round_trip(case.body())));
            black_box(cases.judge(ground, index));
        }),
    ]
}

impl Cases {
    fn judge(&self, ground: &Ground, index: usize) -> policy_harness::judge::Judgement {
        let (case, answer) = &self.asked[index];
        let operation = &ground.contract.operations[case.operation];
        let is_body_fault = case.label != Label::Valid;
        let expected = if is_body_fault {
            Expectation::Refuse { rule: case.rule }
        } else {
            Expectation::Accept { rule: case.rule, status: operation.success, content: false }
        };
        let facts = Facts {
            kind: operation.kind,
            request: &case.request,
            secret: &self.redactor,
            is_body_fault,
            may_be_unimplemented: false,
        };
        judge(&ground.contract, expected, &facts, Ok(answer))
    }
}

#[cfg(test)]
mod tests {
    use policy_harness::judge::Verdict;

    use super::*;

    #[test]
    fn every_case_is_judged_and_passes() {
        let ground = Ground::of("seed");
        let cases = Cases::of(ground);
        assert_eq!((cases.asked.len(), cases.malformed.len()), (COUNT, COUNT));
        assert!(cases.asked.iter().any(|(case, _)| case.label == Label::Valid));
        assert!(cases.asked.iter().any(|(case, _)| case.label != Label::Valid));
        for index in 0..COUNT {
            assert_eq!(cases.judge(ground, index).verdict, Verdict::Pass);
        }
    }
}
