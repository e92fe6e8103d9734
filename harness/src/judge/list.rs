//! What a list says: which policies it has, by their ids and by what they are called.

use super::decide::fault;
use super::judgement::Fault;
use super::representation::{id_in, mistyped, read};
use crate::contract::{Contract, rule};
use crate::json::{NodeId, Tree, ValueKind};
use crate::target::{Answer, Redactor};

/// The policies of a list, from all of its pages.
#[derive(Clone, Debug)]
pub struct Listed {
    policies: Vec<Item>,
}

/// A policy of a list.
#[derive(Clone, Debug)]
struct Item {
    /// In lower case.
    id: String,
    /// The strings that can carry a mark.
    names: Vec<String>,
    text: Vec<u8>,
}

impl Listed {
    /// What the pages have.
    pub fn of(contract: &Contract, pages: &[Answer]) -> Self {
        let mut policies = Vec::new();
        for tree in pages.iter().filter_map(|page| read(&page.body)) {
            policies.extend(items(&tree).into_iter().map(|item| {
                let id = id_in(contract, &tree, item).unwrap_or_default().to_ascii_lowercase();
                let mut text = Vec::new();
                tree.write_node(item, &mut text);
                Item { id, names: called(contract, &tree, item), text }
            }));
        }
        Self { policies }
    }

    /// Whether a policy of this id is there.
    pub fn has(&self, id: &str) -> bool {
        let id = id.to_ascii_lowercase();
        self.policies.iter().any(|item| item.id == id)
    }

    /// The fault of the policy of an id, where a value of it has another type than
    /// the contract's.
    pub fn mistyped(&self, contract: &Contract, id: &str, secret: &Redactor) -> Option<Fault> {
        let id = id.to_ascii_lowercase();
        let item = self.policies.iter().find(|item| item.id == id)?;
        mistyped(contract, &item.text, secret).map(|symptom| fault(contract, rule::ANSWER_TYPES, symptom))
    }

    /// The same for the policy that carries a mark.
    pub fn mistyped_called(&self, contract: &Contract, mark: &str, secret: &Redactor) -> Option<Fault> {
        let item = self.policies.iter().find(|item| item.names.iter().any(|name| carries(name, mark)))?;
        mistyped(contract, &item.text, secret).map(|symptom| fault(contract, rule::ANSWER_TYPES, symptom))
    }

    /// What a policy is called that carries this mark, another than the one of an id.
    pub fn called(&self, mark: &str, other_than: Option<&str>) -> Option<&str> {
        let other_than = other_than.map(str::to_ascii_lowercase);
        let others = self.policies.iter().filter(|item| other_than.as_ref() != Some(&item.id));
        others.flat_map(|item| &item.names).find(|name| carries(name, mark)).map(String::as_str)
    }

    /// The ids of policies whose names begin with the name of a run.
    pub fn of_run<'l>(&'l self, run: &'l str) -> impl Iterator<Item = &'l str> {
        let is_of_run = move |item: &&Item| {
            item.names.iter().any(|name| name.strip_prefix(run).is_some_and(|rest| rest.starts_with('-')))
        };
        self.policies.iter().filter(is_of_run).map(|item| item.id.as_str())
    }
}

/// Whether a name begins with a mark, and is not one of a longer mark.
fn carries(name: &str, mark: &str) -> bool {
    name.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn called(contract: &Contract, tree: &Tree, item: NodeId) -> Vec<String> {
    let properties = &contract.schema.types[usize::from(contract.body.0)].properties;
    let marks = contract.marks.iter().filter_map(|&index| properties.get(index));
    let texts = marks.filter_map(|property| tree.member(item, &property.name));
    texts.filter(|&text| tree.kind(text) == ValueKind::String).map(|text| tree.string(text).into_owned()).collect()
}

/// The policies of a page.
fn items(tree: &Tree) -> Vec<NodeId> {
    let value = tree.root().and_then(|root| tree.member(root, "value"));
    value
        .filter(|&value| tree.kind(value) == ValueKind::Array)
        .map(|value| tree.children_vec(value))
        .unwrap_or_default()
}

/// Where the rest of a list is (OData JSON Format 4.01, 4.5.5).
pub fn next_link(page: &Answer) -> Option<String> {
    let tree = read(&page.body)?;
    let link = tree.member(tree.root()?, "@odata.nextLink")?;
    (tree.kind(link) == ValueKind::String).then(|| tree.string(link).into_owned())
}
