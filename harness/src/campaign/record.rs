//! The record of a case: what it is, told from the case itself, and what came of
//! it, told from the answers or from what was written down of them.

use std::time::Duration;

use super::account::Told;
use super::event::{CaseRecord, Mileage, Model, Phase};
use crate::case::{Case, Plan};
use crate::contract::{Contract, Family, rule};
use crate::judge::Verdict;

/// The record of a case that was not sent yet.
pub(super) fn record(plan: &Plan, case: &Case, model: Model) -> CaseRecord {
    let is_walked = case.index < plan.obligations.len() as u64;
    CaseRecord {
        index: case.index,
        phase: if is_walked { Phase::Obligations } else { Phase::Random },
        obligation: case.obligation,
        operation: case.operation,
        operator: case.operator,
        rule: case.rule,
        pointer: case.at.to_string(),
        label: case.label.name(),
        request: format!("{} {}", case.request.method, case.request.path),
        scene: case.scene.name(),
        body_length: case.body().len(),
        verdict: Verdict::NotRun,
        faults: Vec::new(),
        observed: None,
        reason: None,
        status: None,
        exercised: Vec::new(),
        error_code: None,
        elapsed: Duration::ZERO,
        model,
        mislabelled: case.mislabelled.is_some(),
        digest: case.digest(),
        steps: 0,
        exchanges: Vec::new(),
        is_settled: true,
        mileage: Mileage::default(),
    }
}

/// The record of an obligation that no body gave an occasion for.
pub(super) fn no_occasion(plan: &Plan, index: u64) -> CaseRecord {
    let obligation = usize::try_from(index).ok().filter(|&index| index < plan.obligations.len());
    let broken = obligation.map_or(rule::ACCEPT_BODY, |index| plan.obligations[index].rule);
    CaseRecord {
        index,
        phase: if obligation.is_some() { Phase::Obligations } else { Phase::Random },
        obligation,
        operation: 0,
        operator: "none",
        rule: broken,
        pointer: String::new(),
        label: "none",
        request: String::new(),
        scene: "none",
        body_length: 0,
        verdict: Verdict::NotRun,
        faults: Vec::new(),
        observed: None,
        reason: Some("no body gave an occasion for it".to_owned()),
        status: None,
        exercised: Vec::new(),
        error_code: None,
        elapsed: Duration::ZERO,
        model: Model::Refused,
        mislabelled: false,
        digest: 0,
        steps: 0,
        exchanges: Vec::new(),
        is_settled: true,
        mileage: Mileage::default(),
    }
}

/// The record of a case of which it was written down what came of it.
pub(super) fn told(plan: &Plan, case: Option<&Case>, model: Option<Model>, told: Told) -> CaseRecord {
    let record = match case {
        Some(case) => record(plan, case, model.unwrap_or(Model::Refused)),
        None => no_occasion(plan, told.index),
    };
    CaseRecord {
        phase: if told.is_opening { Phase::Opening } else { record.phase },
        verdict: told.verdict,
        faults: told.faults,
        observed: told.observed,
        reason: told.reason,
        status: told.status,
        exercised: told.exercised,
        error_code: told.error_code,
        elapsed: told.elapsed,
        steps: told.steps,
        exchanges: told.exchanges,
        mileage: told.mileage,
        ..record
    }
}

/// Whether the target looked at the body of a case, and said what it thinks of it.
pub(super) fn is_judged(contract: &Contract, case: &Case, record: &CaseRecord) -> bool {
    // Elsewhere it need not have looked.
    let is_of_body = contract.rule(case.rule).family != Family::Http && case.request.body.is_some();
    is_of_body && record.status.is_some() && record.reason.is_none()
}
