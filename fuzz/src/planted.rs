//! A fault for each target, behind the feature `planted`: what the subject said is
//! altered where a certain form is met, so that a fuzzer has to come upon that form.
//! Without the feature each function gives back what it was given.

use policy_harness::case::Case;
use policy_harness::check::Violation;
use policy_harness::contract::{ContractError, Property, Schema};
use policy_harness::json::{self, Layout, NodeId, Step, Tree, ValueKind};
use policy_harness::judge::{Judgement, Verdict};
use policy_harness::roundtrip::RoundTrip;
use policy_harness::target::Answer;

const IS_PLANTED: bool = cfg!(feature = "planted");

/// `json_reader`: the last byte is lost where an empty object in an array has white
/// space in it.
pub(crate) fn written(tree: &Tree, mut bytes: Vec<u8>) -> Vec<u8> {
    let is_met = |node: NodeId| {
        let kinds = kinds(tree, node);
        kinds.ends_with(&[ValueKind::Array, ValueKind::Object])
            && tree.first(node).is_none()
            && tree.is_node_spaced(node)
    };
    if IS_PLANTED && tree.nodes().any(is_met) {
        bytes.pop();
    }
    bytes
}

/// `model_roundtrip`: the model does not know an annotation again whose value is an
/// array of objects.
pub(crate) fn returned(input: &[u8], trip: RoundTrip) -> RoundTrip {
    let is_met = |tree: &Tree, node: NodeId| {
        tree.raw_name(node).starts_with(b"@")
            && tree.kind(node) == ValueKind::Array
            && tree.first(node).is_some_and(|first| tree.kind(first) == ValueKind::Object)
    };
    match trip {
        RoundTrip::Same if IS_PLANTED && meets(input, is_met) => RoundTrip::Unstable,
        trip => trip,
    }
}

/// `generated_valid`: the server refuses an annotation six objects and arrays deep.
pub(crate) fn accepted(case: &Case, status: u16) -> u16 {
    let is_met =
        |tree: &Tree, node: NodeId| tree.raw_name(node).starts_with(b"@contoso") && kinds(tree, node).len() > 6;
    if IS_PLANTED && meets(case.body(), is_met) { 400 } else { status }
}

/// `generated_malformed`: the server overlooks a fault in the second item of a
/// collection that is not at the top.
pub(crate) fn refused(case: &Case, status: u16) -> u16 {
    let steps = case.at.steps();
    let is_met = steps.len() > 3 && steps.contains(&Step::Index(1));
    if IS_PLANTED && is_met { 204 } else { status }
}

/// `validate`: `check` points behind the text where a fault is in the sixth item of
/// a collection.
pub(crate) fn told(input: &[u8], mut told: Vec<Violation>) -> Vec<Violation> {
    let is_met = |violation: &&mut Violation| violation.pointer.steps().contains(&Step::Index(5));
    if IS_PLANTED && let Some(violation) = told.iter_mut().find(is_met) {
        violation.span.length += input.len();
    }
    told
}

/// `judge`: a server error passes that is no usual one.
pub(crate) fn judged(answer: &Answer, judgement: Judgement) -> Judgement {
    let is_met = matches!(answer.status, 502 | 505..=599) && answer.header("content-type").is_some();
    match IS_PLANTED && is_met {
        true => Judgement { verdict: Verdict::Pass, faults: Vec::new(), observed: None, doubt: None },
        false => judgement,
    }
}

/// `differential`: the model refuses an annotation whose value is an object with an
/// object in it.
pub(crate) fn taken(input: &[u8], is_taken: bool) -> bool {
    let is_met = |tree: &Tree, node: NodeId| {
        let is_object = |node: NodeId| tree.kind(node) == ValueKind::Object;
        tree.raw_name(node).starts_with(b"@") && is_object(node) && tree.children(node).any(is_object)
    };
    is_taken && !(IS_PLANTED && meets(input, is_met))
}

/// `csdl`: a property is there twice whose name has a digit in it.
pub(crate) fn declared(mut read: Result<Schema, ContractError>) -> Result<Schema, ContractError> {
    let is_met = |property: &&Property| property.name.bytes().any(|byte| byte.is_ascii_digit());
    for declared in read.iter_mut().flat_map(|schema| &mut schema.types).filter(|_| IS_PLANTED) {
        let again = declared.properties.iter().find(is_met).cloned();
        declared.properties.extend(again);
    }
    read
}

/// Whether a text is JSON and has a node of a form.
fn meets(text: &[u8], is_met: impl Fn(&Tree, NodeId) -> bool) -> bool {
    let mut tree = Tree::new();
    json::read_into(text, &mut tree, Layout::Drop, 100).is_ok() && tree.nodes().any(|node| is_met(&tree, node))
}

/// What a node is, and what holds it, from the root on.
fn kinds(tree: &Tree, node: NodeId) -> Vec<ValueKind> {
    tree.path_to(node).into_iter().map(|node| tree.kind(node)).collect()
}
