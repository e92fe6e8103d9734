//! The error object of OData (JSON Format 4.01, section 21.1) as answers have it.

use super::symptom::{Defect, Symptom};
use crate::json::{self, Layout, NodeId, Tree, ValueKind};

/// Deeper than any answer of use; a hostile one should cost no memory.
const MOST_DEPTH: usize = 256;

/// Reads a body into `tree`; what is wrong with it where it is no JSON.
pub(super) fn read(body: &[u8], tree: &mut Tree) -> Result<NodeId, Symptom> {
    let outcome = json::read_into(body, tree, Layout::Drop, MOST_DEPTH);
    outcome.map_err(|error| Symptom::NotJson(error.to_string().into()))?;
    tree.root().ok_or_else(|| Symptom::NotJson("the text is empty".into()))
}

/// What is wrong with an error, read from its body.
pub(super) fn symptoms(tree: &Tree, root: Result<NodeId, Symptom>) -> Vec<Symptom> {
    let root = match root {
        Ok(root) => root,
        Err(symptom) => return vec![symptom],
    };
    if tree.kind(root) != ValueKind::Object {
        return vec![Symptom::NotObject];
    }
    let Some(error) = tree.member(root, "error") else {
        return vec![Symptom::ErrorObject("error".into(), Defect::Missing)];
    };
    if tree.kind(error) != ValueKind::Object {
        return vec![Symptom::ErrorObject("error".into(), Defect::WrongType)];
    }
    [("code", "error.code"), ("message", "error.message")]
        .into_iter()
        .filter_map(|(name, place)| Some(Symptom::ErrorObject(place.into(), text_defect(tree, error, name)?)))
        .collect()
}

/// Whether a body has an `error.code` that says something.
pub(super) fn has_code(body: &[u8]) -> bool {
    code(body).is_some()
}

/// The `error.code` of an answer, where it has one that says something.
pub(super) fn code(body: &[u8]) -> Option<String> {
    text(body, "code")
}

/// The member of this name of the `error` of an answer, where it is a text that says
/// something.
pub(super) fn text(body: &[u8], name: &str) -> Option<String> {
    let mut tree = Tree::new();
    let root = read(body, &mut tree).ok()?;
    let text = tree.member(tree.member(root, "error")?, name)?;
    let is_text = tree.kind(text) == ValueKind::String && !tree.raw(text).is_empty();
    is_text.then(|| tree.string(text).into_owned())
}

/// What is wrong with a member that must be a string with something in it.
fn text_defect(tree: &Tree, object: NodeId, name: &str) -> Option<Defect> {
    match tree.member(object, name) {
        None => Some(Defect::Missing),
        Some(node) if tree.kind(node) != ValueKind::String => Some(Defect::WrongType),
        Some(node) if tree.raw(node).is_empty() => Some(Defect::Empty),
        Some(_) => None,
    }
}
