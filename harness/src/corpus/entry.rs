//! An entry: one obligation, the body that shows it, and what a manifest says of it.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::name::name;
use super::smallest::Smallest;
use crate::case::{Action, Base, Case, Obligation, Plan};
use crate::contract::{Contract, Level};
use crate::malform::How;
use crate::validate::Label;

/// Bytes of a body above which one place is enough for an operator.
const LARGE: usize = 64 * 1024;

/// An obligation and its body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// The name of the file that holds the body.
    pub file: String,
    /// `valid` or `malformed`; the folder of the file is called so.
    pub label: &'static str,
    /// The rule that the body shows or breaks.
    pub rule: String,
    /// Where in the body (JSON Pointer).
    pub pointer: String,
    /// The operator or choice that made it.
    pub operator: &'static str,
    /// The place of the obligation: a pointer with `*` for any index, and types in
    /// parentheses.
    pub place: String,
    /// Statuses that a request with this body is answered with, as a contract writes them: `4xx`.
    pub statuses: String,
    /// Those preferred among them, if there are any.
    pub preferred: Option<String>,
    /// The level of the rule.
    pub level: Level,
    /// The body.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// The obligation, by index in the plan.
    #[serde(skip)]
    pub obligation: usize,
}

/// The entries of a contract: every obligation of its first operation that is judged
/// and about the body alone, in the order of the names of their files. Bodies that
/// are the same have one file, named by the first of them; an operator that makes large
/// ones has one.
///
/// ```
/// use policy_harness::{contract::Contract, corpus::entries};
/// let entries = entries(&Contract::named("seed").unwrap());
/// let name = "body-value-enum-member.allowedTargetScope.no-member.json";
/// let entry = entries.iter().find(|entry| entry.file == name).unwrap();
/// assert_eq!(entry.bytes, br#"{"allowedTargetScope":"String"}"#);
/// assert_eq!((&*entry.pointer, &*entry.statuses), ("/allowedTargetScope", "4xx"));
/// ```
pub fn entries(contract: &Contract) -> Vec<Entry> {
    let plan = Plan::of(contract);
    let mut smallest = Smallest::new(contract, &plan);
    let wanted = plan.obligations.iter().enumerate().filter(|(_, one)| is_of_body(contract, one));
    let made = wanted.filter_map(|(number, _)| Some(entry(contract, &plan, number, &smallest.case(number)?)));
    let mut large = HashSet::new();
    let mut entries: Vec<Entry> =
        made.filter(|entry| entry.bytes.len() <= LARGE || large.insert(entry.operator)).collect();
    entries.sort();
    let mut files: HashMap<Vec<u8>, String> = HashMap::new();
    for entry in &mut entries {
        entry.file.clone_from(files.entry(entry.bytes.clone()).or_insert_with(|| entry.file.clone()));
    }
    entries.sort();
    entries
}

/// Whether an obligation asks for a body that is valid, or breaks one rule, and sends
/// it as every other.
fn is_of_body(contract: &Contract, obligation: &Obligation) -> bool {
    let is_body = match obligation.action {
        Action::Choose(_) | Action::Change(_) => true,
        // What is rewritten and malformed shows what it showed before.
        Action::Rewrite(rewriting, base) => base == Base::Valid && !matches!(rewriting.how, How::Request(_)),
        Action::Exchange(_) | Action::Store(_) | Action::Follow(_) => false,
    };
    is_body && obligation.operation == 0 && obligation.is_judged(contract)
}

fn entry(contract: &Contract, plan: &Plan, number: usize, case: &Case) -> Entry {
    let obligation = &plan.obligations[number];
    let (rule, statuses) = match &case.label {
        Label::Malformed(rule, _) => (contract.rule(*rule), contract.rule(*rule).statuses.written()),
        _ => (contract.rule(case.rule), contract.operations[case.operation].success.to_string()),
    };
    Entry {
        file: name(contract, plan, obligation),
        label: case.label.name(),
        rule: rule.id.to_string(),
        pointer: case.at.to_string(),
        operator: obligation.name,
        place: plan.places.describe(contract, obligation.place),
        statuses,
        preferred: (!rule.preferred.is_empty()).then(|| rule.preferred.written()),
        level: rule.level,
        bytes: case.body().to_vec(),
        obligation: number,
    }
}
