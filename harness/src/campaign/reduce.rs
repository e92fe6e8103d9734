//! From a group of failures to a finding: the smallest request that still shows
//! it, asked of the target step by step, and the rule that this request names.

use std::time::Duration;

use tokio::time::Instant;

use super::finding::{Finding, fingerprint};
use super::groups::Group;
use super::sender::Shared;
use super::trial;
use crate::case::Case;
use crate::contract::{Contract, Family, RuleId, rule};
use crate::judge::Fault;
use crate::shrink::Shrinker;
use crate::target::{NoAnswer, Wire};
use crate::validate::{Label, Validator};

/// Times that the smallest request is sent to see whether it always shows.
const CONFIRMATIONS: u32 = 2;

/// The group with the smallest case that was found in time, and the rule that it names.
pub(super) async fn reduce(shared: &Shared, mut group: Group, limit: Duration) -> (Group, RuleId) {
    let end = Instant::now() + limit;
    let mut reducer = Reducer { shared, fault: group.fault.clone(), validator: Validator::new(&shared.contract), end };
    reducer.plain_request(&mut group.case).await;
    reducer.body(&mut group.case).await;
    let rule = reducer.named(&group.case).await;
    group.fault = reducer.fault;
    (group, rule)
}

/// The finding that a reduced group makes. What cannot be sent again before
/// `end` is not held against it.
pub(super) async fn finish(shared: &Shared, group: Group, rule: RuleId, end: Instant) -> Finding {
    let reducer = Reducer { shared, fault: group.fault.clone(), validator: Validator::new(&shared.contract), end };
    let (mut shown, mut sent) = (0, 0);
    while sent < CONFIRMATIONS
        && let Some(shows) = reducer.ask(&group.case).await
    {
        shown += u32::from(shows);
        sent += 1;
    }
    let contract = &shared.contract;
    let symptom = group.fault.symptom.to_string();
    let place = group.case.at.erased().to_string();
    let finding_place = if group.places.len() > 1 { "*" } else { &place };
    Finding {
        rule,
        level: group.fault.level,
        got: group.fault.symptom.sentence(),
        expected: expected(shared, &group, rule),
        fingerprint: fingerprint(&contract.rule(rule).id, finding_place, &symptom),
        symptom,
        place,
        places: group.places,
        operator: group.case.operator,
        obligations: group.obligations.len(),
        cases: group.cases,
        first: group.first,
        curl: shared.endpoint.curl(&group.case.request),
        request: group.case.request,
        confirmed: (shown, sent),
    }
}

/// What the rule asks for, in a few words.
fn expected(shared: &Shared, group: &Group, rule: RuleId) -> String {
    let row = shared.contract.rule(rule);
    let preferred = if row.preferred.is_empty() { String::new() } else { format!(", best {}", row.preferred) };
    match row.family {
        Family::Valid => {
            let operation = &shared.contract.operations[group.case.operation];
            format!("{}", operation.success)
        }
        Family::Answer => row.statement.to_string(),
        _ => format!("{}{preferred}", row.statuses),
    }
}

struct Reducer<'s> {
    shared: &'s Shared,
    fault: Fault,
    validator: Validator<'s>,
    /// What takes longer shows nothing.
    end: Instant,
}

impl Reducer<'_> {
    /// Whether the target still answers the case with the same fault, as far as
    /// it is known in time.
    async fn shows(&self, case: &Case) -> bool {
        self.ask(case).await.unwrap_or(false)
    }

    /// The same; nothing where the time was over first.
    async fn ask(&self, case: &Case) -> Option<bool> {
        if Instant::now() >= self.end {
            return None;
        }
        let exchange = self.shared.endpoint.exchange(&case.request);
        let outcome = tokio::time::timeout_at(self.end, exchange).await.ok()?;
        let judgement = trial::judge(&self.shared.contract, case, self.shared.secret(), outcome.as_ref());
        if self.fault.rule == rule::ANSWER_ALWAYS {
            // A target that is gone altogether shows nothing about this case.
            return Some(matches!(outcome, Err(NoAnswer::Closed | NoAnswer::Timeout(_))));
        }
        let is_same = |fault: &Fault| {
            fault.rule == self.fault.rule && fault.symptom.to_string() == self.fault.symptom.to_string()
        };
        Some(judgement.faults.iter().any(is_same))
    }

    /// A valid body in a valid request: is it the body that is not taken?
    async fn plain_request(&mut self, case: &mut Case) {
        let is_acceptance = self.shared.contract.rule(case.rule).family == Family::Valid;
        if !is_acceptance || self.shared.contract.operations[case.operation].success != 204 {
            return;
        }
        let mut plain = case.clone();
        plain.request.wire = Wire::Plain;
        plain.request.credentials = crate::target::Credentials::Token("Bearer");
        plain.request.headers = vec![("content-type", "application/json".to_owned())];
        if let Some((path, _)) = plain.request.path.split_once('?') {
            plain.request.path = path.to_owned();
        }
        if plain.request == case.request {
            return;
        }
        // Then it is the body that is not taken, whatever way it was sent.
        plain.rule = rule::ACCEPT_BODY;
        let before = std::mem::replace(&mut self.fault.rule, rule::ACCEPT_BODY);
        if self.shows(&plain).await {
            *case = plain;
        } else {
            self.fault.rule = before;
        }
    }

    async fn body(&mut self, case: &mut Case) {
        if case.request.body.is_none() {
            return;
        }
        let mut shrinker = Shrinker::new(case.tree.clone());
        while Instant::now() < self.end {
            let Some(candidate) = shrinker.next_candidate() else { break };
            let Some(smaller) = self.candidate(case, candidate.to_bytes()) else { continue };
            if self.shows(&smaller).await {
                shrinker.accept();
                *case = smaller;
                case.tree = shrinker.best().clone();
            }
        }
    }

    /// The case with another body, if that has the same label.
    fn candidate(&mut self, case: &Case, bytes: Vec<u8>) -> Option<Case> {
        let label = Label::of(&self.shared.contract, self.validator.validate(&bytes));
        let keeps = match (&case.label, &label) {
            (Label::Malformed(before, _), Label::Malformed(now, _)) => before == now,
            (Label::Valid, Label::Valid) | (Label::Unspecified(_), Label::Valid) => true,
            (Label::Unspecified(before), Label::Unspecified(now)) => now.iter().all(|rule| before.contains(rule)),
            _ => false,
        };
        if !keeps {
            return None;
        }
        let mut smaller = case.clone();
        match &label {
            Label::Malformed(_, at) => smaller.at = at.clone(),
            Label::Unspecified(rules) if !rules.contains(&smaller.rule) => smaller.rule = *rules.first()?,
            Label::Valid if matches!(case.label, Label::Unspecified(_)) => smaller.rule = rule::ACCEPT_BODY,
            _ => {}
        }
        smaller.label = label;
        smaller.request.body = Some(bytes);
        Some(smaller)
    }

    /// The rule that the reduced case names. What is left of a valid body that
    /// is refused is what the target does not take.
    async fn named(&mut self, case: &Case) -> RuleId {
        let is_acceptance = self.shared.contract.rule(self.fault.rule).family == Family::Valid;
        if !is_acceptance || case.label != Label::Valid || is_about_request(self.fault.rule) {
            return self.fault.rule;
        }
        match most_telling(&mut self.validator, case) {
            // Nothing is left of the body: is it the nothing, or any body?
            rule::ACCEPT_EMPTY_OBJECT if self.any_body_shows(case).await => rule::ACCEPT_BODY,
            rule => rule,
        }
    }

    async fn any_body_shows(&self, case: &Case) -> bool {
        let mut other = case.clone();
        other.request.body = Some(SOME_BODY.to_vec());
        self.shows(&other).await
    }
}

/// A body with annotations and nothing that a contract would have to declare.
const SOME_BODY: &[u8] = br#"{"@contoso.note":"not empty"}"#;

/// What a valid body that cannot be made smaller is about.
pub(super) fn trait_of(contract: &Contract, case: &Case) -> RuleId {
    most_telling(&mut Validator::new(contract), case)
}

fn most_telling(validator: &mut Validator<'_>, case: &Case) -> RuleId {
    validator.validate(case.body());
    let shown = validator.shown();
    TELLING.iter().copied().find(|&rule| shown.contains(rule)).unwrap_or(rule::ACCEPT_BODY)
}

/// Acceptance rules that the request around the body shows.
fn is_about_request(rule: RuleId) -> bool {
    [
        rule::ACCEPT_CHUNKED,
        rule::ACCEPT_CONTENT_TYPE,
        rule::ACCEPT_SCHEME_CASE,
        rule::ACCEPT_CUSTOM_QUERY,
        rule::ACCEPT_READ,
    ]
    .contains(&rule)
}

/// Acceptance rules by how much they tell of a body that cannot be made smaller.
const TELLING: &[RuleId] = &[
    rule::ACCEPT_WHITE_SPACE,
    rule::ACCEPT_MEMBER_ORDER,
    rule::ACCEPT_TYPE_WITHOUT_HASH,
    rule::ACCEPT_ESCAPES,
    rule::ACCEPT_ANNOTATION,
    rule::ACCEPT_NULL,
    rule::ACCEPT_ROOT_TYPE,
    rule::ACCEPT_SERVER_SET,
    rule::ACCEPT_STRING_CONTENT,
    rule::ACCEPT_ITEMS,
    rule::ACCEPT_ENUM_MEMBER,
    rule::ACCEPT_VALUE,
    rule::ACCEPT_DERIVED_TYPE,
    rule::ACCEPT_DECLARED_TYPE,
    rule::ACCEPT_EMPTY_COLLECTION,
    rule::ACCEPT_EMPTY_OBJECT,
];
