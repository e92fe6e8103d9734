//! Reflexive, blind to what does not count, and to nothing else: a generated
//! body is compared with itself, with rewritings of itself, and with itself after
//! one change of any kind.

use std::rc::Rc;

use arbitrary::Unstructured;

use super::{Way, altered, changes, leftover, mismatch, server_set};
use crate::case::Plan;
use crate::contract::Contract;
use crate::generate::{Generator, Options, Tape, tape_for};
use crate::json::{self, NodeId, Tree, ValueKind};
use crate::malform::REWRITINGS;

/// Bodies of each contract.
fn bodies(count: u64) -> Vec<(Contract, Vec<Tree>)> {
    Contract::names().map(|name| bodies_of(name, count)).collect()
}

fn bodies_of(name: &str, count: u64) -> (Contract, Vec<Tree>) {
    let contract = Contract::named(name).unwrap();
    let plan = Plan::of(&contract);
    let options = Options { size: 60, styled: false, ..Options::default() };
    let mut generator = Generator::new(&contract, &plan.places, options);
    let mut bytes = [0; 4096];
    let trees = (0..count)
        .map(|index| {
            tape_for(11, index, &mut bytes);
            let mut tree = Tree::new();
            generator.body(&mut Tape::new(&mut Unstructured::new(&bytes)), None, &mut tree);
            // Without the garbage of its making.
            json::read(&tree.to_bytes()).unwrap()
        })
        .collect();
    (contract, trees)
}

/// Every body with its contract.
fn each(bodies: Vec<(Contract, Vec<Tree>)>) -> impl Iterator<Item = (Rc<Contract>, Tree)> {
    bodies.into_iter().flat_map(|(contract, trees)| {
        let contract = Rc::new(contract);
        trees.into_iter().map(move |tree| (Rc::clone(&contract), tree))
    })
}

fn tree(text: &str) -> Tree {
    json::read(text.as_bytes()).unwrap()
}

#[test]
fn a_body_means_what_it_means() {
    for (contract, trees) in bodies(500) {
        for tree in &trees {
            assert_eq!(mismatch(&contract, tree, tree), None, "{}", String::from_utf8_lossy(&tree.to_bytes()));
        }
    }
}

#[test]
fn rewriting_changes_nothing() {
    let mut compared = 0;
    for (contract, tree) in each(bodies(300)) {
        let tree = &tree;
        for rewriting in REWRITINGS {
            let mut other = tree.clone();
            if rewriting.apply(&contract, &mut other).is_some() {
                let found = mismatch(&contract, tree, &other);
                assert_eq!(found, None, "{}: {}", rewriting.name, String::from_utf8_lossy(&other.to_bytes()));
                compared += 1;
            }
        }
    }
    assert!(compared > 3_000, "{compared}");
}

/// Each scalar that counts changed, each item taken away, each member lost.
#[test]
fn every_change_is_seen() {
    let mut changes = 0;
    for (contract, tree) in each(bodies(200)) {
        let tree = &tree;
        let text = String::from_utf8_lossy(&tree.to_bytes()).into_owned();
        for node in tree.subtree(tree.root().unwrap()).into_iter().skip(1) {
            for other in changed(&contract, tree, node) {
                changes += 1;
                let found = mismatch(&contract, tree, &other);
                assert!(found.is_some(), "{text}\n{}", String::from_utf8_lossy(&other.to_bytes()));
            }
        }
    }
    assert!(changes > 2_000, "{changes}");
}

/// The tree with one difference at a node that is stored, in every way there is.
fn changed(contract: &Contract, tree: &Tree, node: NodeId) -> Vec<Tree> {
    let is_silent = tree.path_to(node).iter().skip(1).any(|&on_the_way| {
        tree.name(on_the_way).contains('@')
            || contract.objects(tree).iter().any(|&(object, actual)| {
                tree.children(object).any(|member| member == on_the_way)
                    && contract
                        .property_of(tree, on_the_way, actual)
                        .is_some_and(|(_, property)| property.computed || property.read_only || property.is_navigation)
            })
    });
    if is_silent {
        return Vec::new();
    }
    let mut others = Vec::new();
    let parent = *tree.path_to(node).iter().rev().nth(1).unwrap();
    let is_nothing = match tree.kind(node) {
        ValueKind::Null => true,
        ValueKind::Array => tree.children(node).next().is_none(),
        _ => false,
    };
    if !is_nothing {
        let mut without = tree.clone();
        without.detach(parent, node);
        others.push(without);
    }
    let text: &[u8] = match tree.kind(node) {
        ValueKind::Boolean if tree.raw(node) == b"true" => b"false",
        ValueKind::Boolean => b"true",
        ValueKind::Number => b"77",
        ValueKind::String => b"something else",
        ValueKind::Array if !is_nothing => {
            let mut more = tree.clone();
            let twin = more.duplicate(more.children(node).next().unwrap());
            more.append(node, twin);
            others.push(more);
            return others;
        }
        _ => return others,
    };
    let mut other = tree.clone();
    other.set_raw(node, text);
    others.push(other);
    others
}

#[test]
fn the_way_is_told() {
    let contract = Contract::named("seed").unwrap();
    let set = |name: &str| format!(r##"{{"@odata.type":"#microsoft.graph.{name}"}}"##);
    let (one, two) = (set("internalSponsors"), set("externalSponsors"));
    let targets = |items: &str| format!(r#"{{"specificAllowedTargets":[{items}]}}"#);
    let both = targets(&format!("{one},{two}"));
    for (sent, read, at, way) in [
        (r#"{"displayName":"a"}"#, r#"{"displayName":"b"}"#, "/displayName", Way::Changed),
        (r#"{"displayName":"a"}"#, r#"{"displayName":null}"#, "/displayName", Way::Lost),
        (r#"{"displayName":"a"}"#, r#"{"displayName":1}"#, "/displayName", Way::Retyped),
        (&both, &targets(&format!("{two},{one}")), "/specificAllowedTargets", Way::Order),
        (&both, &targets(&one), "/specificAllowedTargets", Way::Count),
        (&targets(&one), &targets(&two), "/specificAllowedTargets/0", Way::OtherType),
        (r#"{"specificAllowedTargets":[]}"#, &both, "/specificAllowedTargets", Way::Count),
        (r#"{"expiration":{"type":"noExpiration"}}"#, r#"{"expiration":[]}"#, "/expiration", Way::Retyped),
    ] {
        let found = mismatch(&contract, &tree(sent), &tree(read)).expect(read);
        assert_eq!((found.at.to_string().as_str(), found.way), (at, way), "{sent} {read}");
    }
}

#[test]
fn what_does_not_count() {
    let contract = Contract::named("seed").unwrap();
    for (sent, read) in [
        (r#"{"description":null}"#, r#"{"description":"set by the server"}"#),
        (r#"{"specificAllowedTargets":[]}"#, "{}"),
        (r#"{"id":"a","createdDateTime":"2001-01-01T00:00:00Z"}"#, r#"{"id":"b"}"#),
        (r##"{"@odata.type":"#microsoft.graph.accessPackageAssignmentPolicy","@contoso.note":1}"##, "{}"),
        (
            r#"{"expiration":{"type":"afterDateTime","endDateTime":"2030-01-01T01:30:00.50+01:30"}}"#,
            r##"{"expiration":{"@odata.type":"#microsoft.graph.expirationPattern","endDateTime":"2030-01-01T00:00:00.5Z","type":"afterDateTime","duration":null}}"##,
        ),
    ] {
        assert_eq!(mismatch(&contract, &tree(sent), &tree(read)), None, "{sent} {read}");
    }
}

#[test]
fn what_is_left_of_a_policy_that_was_replaced() {
    let contract = Contract::named("seed").unwrap();
    let before = tree(
        r#"{"displayName":"old","allowedTargetScope":"allMemberUsers","reviewSettings":{"isEnabled":true,"schedule":{"startDateTime":"2030-01-01T00:00:00Z"}}}"#,
    );
    let sent = tree(r#"{"description":"new","reviewSettings":{"isSelfReview":true}}"#);
    let at = |read: &str| leftover(&contract, &before, &sent, &tree(read)).map(|found| found.at.to_string());
    assert_eq!(at(r#"{"description":"new"}"#), None);
    assert_eq!(at(r#"{"description":"new","displayName":"default"}"#), None);
    assert_eq!(at(r#"{"description":"new","allowedTargetScope":"allMemberUsers"}"#), None);
    assert_eq!(at(r#"{"description":"new","displayName":"old"}"#).as_deref(), Some("/displayName"));
    let merged = r#"{"reviewSettings":{"isSelfReview":true,"isEnabled":true,"schedule":{"startDateTime":"2030-01-01T00:00:00Z"}}}"#;
    assert_eq!(at(merged).as_deref(), Some("/reviewSettings/schedule"));
    // Nothing that was there is nothing that is left, whatever its type.
    let nulls = r#"{"description":null,"expiration":{"duration":null,"endDateTime":null},"questions":[]}"#;
    assert_eq!(leftover(&contract, &tree(nulls), &tree(nulls), &tree(nulls)), None);
}

#[test]
fn what_the_server_sets_is_not_what_was_sent() {
    let contract = Contract::named("seed").unwrap();
    let sent = tree(r#"{"createdDateTime":"2001-02-03T04:05:06Z","id":null}"#);
    let at = |read: &str| server_set(&contract, &sent, &tree(read)).map(|found| found.at.to_string());
    assert_eq!(at(r#"{"createdDateTime":"2026-01-01T00:00:00Z","id":"7"}"#), None);
    assert_eq!(at(r#"{"createdDateTime":"2001-02-03T05:05:06+01:00"}"#).as_deref(), Some("/createdDateTime"));
}

#[test]
fn a_copy_has_to_say_what_the_original_says() {
    let contract = Contract::named("v1.0").unwrap();
    let found = |sent: &str, copy: &str| {
        let all = changes(&contract, &tree(sent), &tree(copy)).into_iter();
        all.map(|change| (change.mismatch.at.to_string(), change.mismatch.way)).collect::<Vec<_>>()
    };
    let at = |place: &str, way: Way| vec![(place.to_owned(), way)];
    for (sent, copy, change) in [
        // What a read that is compared with what was sent passes over.
        (r#"{"description":null}"#, "{}", at("/description", Way::Null)),
        (r#"{"description":null}"#, r#"{"description":""}"#, at("/description", Way::Null)),
        (r#"{"accessPackage":{"id":"1"}}"#, "{}", at("/accessPackage", Way::Lost)),
        (r#"{"accessPackage":{"id":"1"}}"#, r#"{"accessPackage":{"id":"2"}}"#, at("/accessPackage/id", Way::Changed)),
        ("{}", r#"{"description":null}"#, at("/description", Way::Added)),
        (r#"{"newInGraph":[1]}"#, "{}", at("/newInGraph", Way::Lost)),
        (r#"{"newInGraph":"1"}"#, r#"{"newInGraph":1}"#, at("/newInGraph", Way::Retyped)),
        // What it does not pass over.
        (r#"{"displayName":"a"}"#, r#"{"displayName":null}"#, at("/displayName", Way::Lost)),
        (
            r#"{"expiration":{"duration":"P365D"}}"#,
            r#"{"expiration":{"duration":"365 days"}}"#,
            at("/expiration/duration", Way::Changed),
        ),
        (r#"{"questions":[]}"#, r#"{"questions":{}}"#, at("/questions", Way::Retyped)),
        // An item that lost a null is no item in another order.
        (
            r##"{"questions":[{"@odata.type":"#microsoft.graph.accessPackageTextInputQuestion","sequence":null}]}"##,
            r##"{"questions":[{"@odata.type":"#microsoft.graph.accessPackageTextInputQuestion"}]}"##,
            at("/questions/0/sequence", Way::Null),
        ),
        // The same.
        (r#"{"newInGraph":1.50,"questions":[]}"#, r#"{"newInGraph":1.5}"#, Vec::new()),
        (r#"{"createdDateTime":"2001-01-01T00:00:00Z","displayName@x.y":1}"#, "{}", Vec::new()),
        ("{}", r##"{"@odata.type":"#microsoft.graph.accessPackageAssignmentPolicy","questions":[]}"##, Vec::new()),
        ("{}", r#"{"createdDateTime":"2001-01-01T00:00:00Z"}"#, Vec::new()),
    ] {
        assert_eq!(found(sent, copy), change, "{sent} {copy}");
    }
    let set = |name: &str| format!(r##"{{"@odata.type":"#microsoft.graph.{name}"}}"##);
    let targets = |items: [&str; 2]| format!(r#"{{"specificAllowedTargets":[{},{}]}}"#, set(items[0]), set(items[1]));
    let (one, other) =
        (targets(["internalSponsors", "externalSponsors"]), targets(["externalSponsors", "internalSponsors"]));
    assert_eq!(found(&one, &other), at("/specificAllowedTargets", Way::Order));
    // Items of which one says more than the other are two, unless it is what the server says.
    for name in ["attributeRuleMembers", "groupMembers"] {
        let item = |more: &str| format!(r##"{{"@odata.type":"#microsoft.graph.{name}"{more}}}"##);
        let (less, more, other) = (item(""), item(r#","description":"x""#), set("internalSponsors"));
        let targets = |items: [&str; 3]| format!(r#"{{"specificAllowedTargets":[{}]}}"#, items.join(","));
        let (one, reversed) = (targets([&more, &less, &other]), targets([&other, &less, &more]));
        assert_eq!(found(&one, &reversed), at("/specificAllowedTargets", Way::Order), "{name}");
    }
    assert_eq!(found(&one, &one), Vec::new());
}

/// Whatever is another policy for who reads it back is another copy as well; what is
/// the same in other words is not.
#[test]
fn a_copy_is_held_to_no_less_than_a_read() {
    let mut compared = 0;
    for (contract, tree) in each(bodies(60)) {
        let tree = &tree;
        assert_eq!(changes(&contract, tree, tree), Vec::new());
        for rewriting in REWRITINGS {
            let mut other = tree.clone();
            if rewriting.apply(&contract, &mut other).is_some() {
                assert_eq!(changes(&contract, tree, &other), Vec::new(), "{}", rewriting.name);
            }
        }
        for node in tree.subtree(tree.root().unwrap()).into_iter().skip(1) {
            for other in changed(&contract, tree, node) {
                let Some(found) = mismatch(&contract, tree, &other) else { continue };
                let all = changes(&contract, tree, &other);
                assert!(all.iter().any(|change| change.mismatch.at == found.at), "{found:?} {all:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

/// Two reads are the same although no contract has what they show.
#[test]
fn a_value_of_another_type_that_stays_is_not_altered() {
    let contract = Contract::named("seed").unwrap();
    let (text, list) = (r#"{"requestorSettings":"x"}"#, r#"{"specificAllowedTargets":{"a":[1]}}"#);
    for read in [text, list] {
        assert_eq!(altered(&contract, &tree(read), &tree(read)), None, "{read}");
    }
    let found = altered(&contract, &tree(text), &tree(r#"{"requestorSettings":"y"}"#)).unwrap();
    assert_eq!((found.at.to_string().as_str(), found.way), ("/requestorSettings", Way::Retyped));
}
