//! Marks: what the name of a policy begins with that a run creates, so that it is
//! found again, by the run or after it. A case that is about the name itself has
//! its mark in the next string that can carry one.

use memchr::memmem;

use crate::contract::Contract;
use crate::generate::{Choice, Goal, PlaceStep, Places};
use crate::json::{NodeId, Tree, ValueKind};

/// Characters that a mark may still grow by.
const MARGIN: usize = 8;

/// What of a policy a mark may not touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixed {
    /// It may go anywhere.
    Nothing,
    /// Not into this property of the root.
    Property(usize),
    /// Nothing may be added; what is there may be longer.
    Members,
    /// Nothing may be touched.
    All,
}

impl Fixed {
    /// What a goal is about.
    pub(super) fn by(places: &Places, goal: Goal<'_>) -> Self {
        match *places.path(goal.place) {
            [] if matches!(goal.choice, Choice::Row(_)) => Self::Members,
            [PlaceStep::Property(_, index), ..] => Self::Property(index),
            _ => Self::Nothing,
        }
    }
}

/// Writes a mark into a policy, if it can carry one.
pub(super) fn mark(contract: &Contract, mark: &str, fixed: Fixed, tree: &mut Tree) {
    if mark.is_empty() || fixed == Fixed::All {
        return;
    }
    let Some(root) = tree.root().filter(|&root| tree.kind(root) == ValueKind::Object) else { return };
    let properties = &contract.schema.types[usize::from(contract.body.0)].properties;
    let free = contract.marks.iter().copied().filter(|&index| fixed != Fixed::Property(index));
    let names: Vec<&str> = free.filter_map(|index| properties.get(index)).map(|property| &*property.name).collect();
    for name in &names {
        let member = tree.member(root, name);
        if let Some(member) = member.filter(|&member| has_room(contract, tree, member, mark)) {
            let longer = [mark.as_bytes(), b" ", tree.raw(member)].concat();
            return tree.set_raw(member, &longer);
        }
    }
    if fixed != Fixed::Members {
        for name in &names {
            let value = tree.string_of(mark);
            match tree.member(root, name) {
                None => return tree.append_member(root, name, value),
                Some(member) if tree.kind(member) == ValueKind::Null => return tree.replace(member, value),
                Some(_) => {}
            }
        }
    }
}

/// Whether a string stays what it is with a mark before it.
fn has_room(contract: &Contract, tree: &Tree, member: NodeId, mark: &str) -> bool {
    let is_text = tree.kind(member) == ValueKind::String && !tree.raw(member).is_empty();
    is_text && tree.string(member).encode_utf16().count() + mark.len() + MARGIN < contract.max_string
}

/// The mark that a policy carries: what its name, or the next string, says up to
/// the first blank.
pub(super) fn marked<'m>(contract: &Contract, mark: &'m str, body: &[u8]) -> Option<&'m str> {
    let is_there = !mark.is_empty() && !contract.marks.is_empty();
    (is_there && memmem::find(body, mark.as_bytes()).is_some()).then_some(mark)
}
