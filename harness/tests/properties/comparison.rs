//! The comparison of what was sent with what is read back: blind to what does not
//! count, however much of it there is at once, and to nothing else, however small.

use arbitrary::Unstructured;
use policy_harness::compare::mismatch;
use policy_harness::contract::{Contract, Kind, Primitive, Property, TYPE};
use policy_harness::edm;
use policy_harness::generate::{Generator, Options, Places, Tape};
use policy_harness::json::{self, NodeId, Tree, ValueKind};
use proptest::prelude::*;

use super::holds;

/// A contract, the tape of a body, and which of the things that do not count
/// happen to it, and where something happens that does.
type Drawn = (usize, Vec<u8>, u16, usize);

fn drawn() -> impl Strategy<Value = Drawn> {
    (0..2usize, proptest::collection::vec(any::<u8>(), 200..1_500), any::<u16>(), 0..10_000usize)
}

fn body(contract: &Contract, tape: &[u8]) -> Tree {
    let places = Places::of(contract);
    let options = Options { size: 60, styled: false, ..Options::default() };
    let mut tree = Tree::new();
    let mut bytes = Unstructured::new(tape);
    Generator::new(contract, &places, options).body(&mut Tape::new(&mut bytes), None, &mut tree);
    json::read(&tree.to_bytes()).unwrap()
}

fn contract(number: usize) -> Contract {
    Contract::named(["seed", "v1.0"][number]).unwrap()
}

fn text(tree: &Tree) -> String {
    String::from_utf8_lossy(&tree.to_bytes()).into_owned()
}

/// Each value of a primitive type, in another form.
fn each_value(contract: &Contract, tree: &mut Tree, primitive: Primitive, other: fn(&str) -> Option<String>) {
    for (node, property) in contract.values(tree) {
        if property.kind == Kind::Primitive(primitive)
            && tree.kind(node) == ValueKind::String
            && let Some(text) = other(&tree.string(node))
        {
            let value = tree.string_of(&text);
            tree.replace(node, value);
        }
    }
}

/// What a server may do to a policy between storing it and showing it.
fn shown(contract: &Contract, tree: &mut Tree, what: u16) {
    let does = |bit: u32| what & 1 << bit != 0;
    if does(0) {
        each_value(contract, tree, Primitive::DateTimeOffset, |text| edm::in_offset(text, 330));
    }
    if does(1) {
        each_value(contract, tree, Primitive::Duration, edm::in_other_units);
    }
    let root = tree.root().unwrap();
    for (object, actual) in contract.objects(tree) {
        let declared = &contract.schema.types[usize::from(actual.0)];
        for member in tree.children_vec(object) {
            let property = contract.property_of(tree, member, actual).map(|(_, property)| property);
            let is_null = tree.kind(member) == ValueKind::Null;
            let is_set = |property: &Property| property.computed || property.read_only;
            match property {
                // null is as good as nothing, and so is what a plain read leaves out.
                Some(property) if does(2) && (is_null || property.is_navigation) => tree.detach(object, member),
                Some(property) if does(3) && object == root && is_set(property) => tree.detach(object, member),
                None if does(4) && tree.name(member).contains('@') && !tree.has_name(member, TYPE) => {
                    tree.detach(object, member);
                }
                None if does(5) && tree.has_name(member, TYPE) => {
                    let name = tree.string(member).trim_start_matches('#').to_owned();
                    tree.set_raw(member, name.as_bytes());
                }
                _ => {}
            }
        }
        if does(6) {
            for property in declared.properties.iter().filter(|property| !property.computed) {
                if tree.member(object, &property.name).is_none() {
                    let value =
                        if property.is_collection { tree.array() } else { tree.scalar(ValueKind::Null, b"null") };
                    tree.append_member(object, &property.name, value);
                }
            }
        }
        if does(7) {
            let note = tree.string_of("W/1");
            tree.append_member(object, "@odata.etag", note);
            let more = tree.scalar(ValueKind::Number, b"7");
            tree.append_member(object, "contosoRevision", more);
        }
        if does(8) {
            let mut members = tree.children_vec(object);
            members.reverse();
            tree.set_children(object, &members);
        }
        if does(9) && tree.member(object, TYPE).is_none() {
            let name = tree.string_of(&["#", &declared.name].concat());
            tree.append_member(object, TYPE, name);
        }
    }
    if does(10) {
        for name in ["id", "createdDateTime", "modifiedDateTime"] {
            if let Some(member) = tree.member(root, name) {
                tree.detach(root, member);
            }
            let value = tree.string_of("2026-11-24T00:00:00Z");
            tree.append_member(root, name, value);
        }
    }
}

#[test]
fn what_does_not_count_does_not_count_together() {
    holds(600, &drawn(), |(number, tape, what, _)| {
        let contract = contract(number);
        let sent = body(&contract, &tape);
        let mut read = sent.clone();
        shown(&contract, &mut read, what);
        let read = json::read(&read.to_bytes()).unwrap();
        let found = mismatch(&contract, &sent, &read);
        prop_assert!(found.is_none(), "{found:?}\nsent {}\nread {}", text(&sent), text(&read));
        Ok(())
    });
}

/// A change that counts.
#[derive(Clone, Copy, Debug)]
enum Change {
    Lose(NodeId, NodeId),
    Truncate(NodeId),
    Flip(NodeId),
    Swap(NodeId, usize),
    Repeat(NodeId),
    Drop(NodeId),
}

/// Every change that counts which a policy gives an occasion for.
fn changes(contract: &Contract, tree: &Tree) -> Vec<Change> {
    let mut changes = Vec::new();
    for (object, actual) in contract.objects(tree) {
        let is_silent = |node: NodeId| {
            tree.path_to(node).iter().skip(1).any(|&step| {
                let owner = contract
                    .objects(tree)
                    .into_iter()
                    .find(|(object, _)| tree.children(*object).any(|one| one == step));
                let property = owner.and_then(|(_, actual)| contract.property_of(tree, step, actual));
                property.is_some_and(|(_, one)| {
                    one.computed || one.read_only || one.is_navigation || one.is_reference || one.open.is_some()
                })
            })
        };
        for member in tree.children(object) {
            let Some((_, property)) = contract.property_of(tree, member, actual) else { continue };
            if is_silent(member) || tree.kind(member) == ValueKind::Null {
                continue;
            }
            match tree.kind(member) {
                ValueKind::Array => {
                    let items = tree.children_vec(member);
                    if items.is_empty() {
                        continue;
                    }
                    changes.extend([Change::Lose(object, member), Change::Repeat(member), Change::Drop(member)]);
                    let bytes = |node: NodeId| {
                        let mut text = Vec::new();
                        tree.write_node(node, &mut text);
                        text
                    };
                    let differs = |at: &usize| bytes(items[*at]) != bytes(items[at + 1]);
                    // Two items of one type with what only their annotations tell apart are alike.
                    let is_plain = !items.iter().any(|&item| tree.kind(item) == ValueKind::Object);
                    changes.extend(
                        (0..items.len() - 1).filter(differs).filter(|_| is_plain).map(|at| Change::Swap(member, at)),
                    );
                }
                ValueKind::Object => changes.push(Change::Lose(object, member)),
                ValueKind::Boolean => changes.extend([Change::Lose(object, member), Change::Flip(member)]),
                ValueKind::String => {
                    changes.push(Change::Lose(object, member));
                    // Of an instant or a duration a part may be lost that says nothing.
                    let is_text = matches!(property.kind, Kind::Primitive(Primitive::String) | Kind::Enum(_));
                    if is_text && !tree.string(member).is_empty() {
                        changes.push(Change::Truncate(member));
                    }
                }
                _ => changes.push(Change::Lose(object, member)),
            }
        }
    }
    changes
}

fn change(tree: &mut Tree, change: Change) {
    match change {
        Change::Lose(object, member) => tree.detach(object, member),
        Change::Truncate(node) => {
            let mut content = tree.string(node).into_owned();
            content.pop();
            let value = tree.string_of(&content);
            tree.replace(node, value);
        }
        Change::Flip(node) => {
            let other: &[u8] = if tree.raw(node) == b"true" { b"false" } else { b"true" };
            tree.set_raw(node, other);
        }
        Change::Swap(array, at) => {
            let mut items = tree.children_vec(array);
            items.swap(at, at + 1);
            tree.set_children(array, &items);
        }
        Change::Repeat(array) => {
            let last = *tree.children_vec(array).last().unwrap();
            let twin = tree.duplicate(last);
            tree.append(array, twin);
        }
        Change::Drop(array) => {
            let mut items = tree.children_vec(array);
            items.pop();
            tree.set_children(array, &items);
        }
    }
}

#[test]
fn one_change_is_seen_through_everything_that_does_not_count() {
    let mut seen = std::cell::Cell::new(0u32);
    holds(600, &drawn(), |(number, tape, what, where_)| {
        let contract = contract(number);
        let sent = body(&contract, &tape);
        let all = changes(&contract, &sent);
        let Some(&one) = all.get(where_ % all.len().max(1)) else { return Ok(()) };
        let mut read = sent.clone();
        change(&mut read, one);
        // What was lost is not to come back as null or as an empty collection.
        shown(&contract, &mut read, what);
        let read = json::read(&read.to_bytes()).unwrap();
        let found = mismatch(&contract, &sent, &read);
        prop_assert!(found.is_some(), "{one:?}\nsent {}\nread {}", text(&sent), text(&read));
        seen.set(seen.get() + 1);
        Ok(())
    });
    assert!(*seen.get_mut() > 300, "{seen:?}");
}
