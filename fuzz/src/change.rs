//! The changes that the mutator makes on a tree. Each answers whether it found an
//! occasion.

use std::collections::HashMap;
use std::sync::OnceLock;

use policy_harness::generate::{PlaceId, PlaceStep, Tape};
use policy_harness::json::{self, NodeId, Pointer, Step, Tree, ValueKind};
use policy_harness::malform::{Edit, Site, operators};

use crate::subject::{contract, plan};
use crate::words::words;

/// A change of one tree.
pub(crate) type Change = fn(&mut Tree, &mut Tape<'_, '_>) -> Option<()>;

/// All of them.
pub(crate) const CHANGES: &[Change] = &[swap, drop, duplicate, rename, revalue, insert, operate];

/// Two children of one container change places.
fn swap(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let (container, mut children) = container_of(tree, 2, tape)?;
    let (one, other) = (tape.below(children.len()), tape.below(children.len() - 1));
    children.swap(one, if other < one { other } else { other + 1 });
    tree.set_children(container, &children);
    Some(())
}

/// A child is left out.
fn drop(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let (container, mut children) = container_of(tree, 1, tape)?;
    children.remove(tape.below(children.len()));
    tree.set_children(container, &children);
    Some(())
}

/// A child comes twice, side by side or not.
fn duplicate(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let (container, mut children) = container_of(tree, 1, tape)?;
    let copy = tree.duplicate(*tape.pick(&children)?);
    children.insert(tape.below(children.len() + 1), copy);
    tree.set_children(container, &children);
    Some(())
}

/// A member has a name of the contract's.
fn rename(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let members = reached(tree, |tree, node| !tree.raw_name(node).is_empty());
    tree.set_raw_name(*tape.pick(&members)?, tape.pick(&words().names)?.as_bytes());
    Some(())
}

/// A value is another one, which means something in the contracts.
fn revalue(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let nodes = reached(tree, |_, _| true);
    let value = word(tree, tape)?;
    tree.replace(*tape.pick(&nodes)?, value);
    Some(())
}

/// An object or an array has one child more.
fn insert(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let (container, mut children) = container_of(tree, 0, tape)?;
    let value = word(tree, tape)?;
    tree.set_raw_name(value, tape.pick(&words().names)?.as_bytes());
    children.insert(tape.below(children.len() + 1), value);
    tree.set_children(container, &children);
    Some(())
}

/// An operator of the harness strikes at a place where it applies.
fn operate(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let at = *tape.pick(&reached(tree, |_, _| true))?;
    let place = *tape.pick(places().get(&tree.pointer(at).erased().to_string())?)?;
    let site = Site::of(contract(), &plan().places, place);
    let applicable: Vec<_> = operators().filter(|operator| (operator.applies)(contract(), site)).collect();
    let operator = tape.pick(&applicable)?;
    (operator.edit)(&mut Edit { contract: contract(), tree, at, site, tape })
}

/// A part of another tree takes the place of one, or stands beside it.
pub(crate) fn graft(tree: &mut Tree, donor: &Tree, tape: &mut Tape<'_, '_>) -> Option<()> {
    let part = *tape.pick(&reached(donor, |_, _| true))?;
    let part = tree.copy_from(donor, part);
    if tape.chance(1, 2) {
        let nodes = reached(tree, |_, _| true);
        tree.replace(*tape.pick(&nodes)?, part);
        return Some(());
    }
    let (container, mut children) = container_of(tree, 0, tape)?;
    if tree.raw_name(part).is_empty() {
        tree.set_raw_name(part, tape.pick(&words().names)?.as_bytes());
    }
    children.insert(tape.below(children.len() + 1), part);
    tree.set_children(container, &children);
    Some(())
}

/// The nodes that the text has, of those that are asked for.
fn reached(tree: &Tree, is_wanted: impl Fn(&Tree, NodeId) -> bool) -> Vec<NodeId> {
    let nodes = tree.root().map(|root| tree.subtree(root)).unwrap_or_default();
    nodes.into_iter().filter(|&node| is_wanted(tree, node)).collect()
}

/// A container with so many children at least, and its children.
fn container_of(tree: &Tree, least: usize, tape: &mut Tape<'_, '_>) -> Option<(NodeId, Vec<NodeId>)> {
    let is_wanted = |tree: &Tree, node: NodeId| {
        matches!(tree.kind(node), ValueKind::Object | ValueKind::Array) && tree.children(node).count() >= least
    };
    let container = *tape.pick(&reached(tree, is_wanted))?;
    Some((container, tree.children_vec(container)))
}

/// A value of the contracts' words, as a node.
fn word(tree: &mut Tree, tape: &mut Tape<'_, '_>) -> Option<NodeId> {
    let value = json::read(tape.pick(&words().values)?.as_bytes()).ok()?;
    Some(tree.copy_from(&value, value.root()?))
}

/// The places of the contract by the pointers that lead there, whatever the types on
/// the way.
fn places() -> &'static HashMap<String, Vec<PlaceId>> {
    static PLACES: OnceLock<HashMap<String, Vec<PlaceId>>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let mut by_pointer: HashMap<String, Vec<PlaceId>> = HashMap::new();
        for (id, _) in plan().places.iter() {
            let steps = plan().places.path(id).iter().copied().filter_map(step);
            by_pointer.entry(Pointer::from_iter(steps).to_string()).or_default().push(id);
        }
        by_pointer
    })
}

fn step(step: PlaceStep) -> Option<Step> {
    match step {
        PlaceStep::Property(owner, index) => {
            let declared = &contract().schema.types[usize::from(owner.0)];
            Some(Step::Name(declared.properties[index].name.clone()))
        }
        PlaceStep::Item => Some(Step::Name("*".into())),
        PlaceStep::As(_) | PlaceStep::Root => None,
    }
}
