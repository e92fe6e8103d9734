//! What the first line of a request says: which contract and operation are meant,
//! and whether the contract has them. The metadata of the API has more paths and
//! methods than the service answers.

use super::http_file::Request;
use crate::check::{SourceSpan, Violation};
use crate::contract::{Contract, Operation, OperationKind, RuleId, rule};
use crate::json::Pointer;

/// What a request is sent to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'c> {
    /// The contract, by its place among those that were given.
    pub(super) contract: usize,
    pub(super) kind: OperationKind,
    /// What is wrong with the first line.
    pub(super) breach: Option<Breach<'c>>,
}

/// What is wrong with a first line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Breach<'c> {
    /// The path has no such method; these operations are on it.
    Method { contract: &'c Contract, operation: &'c Operation },
    /// The path is of one version, and what stands before it of another.
    Version { contract: &'c Contract, operation: &'c Operation },
    /// No contract has the path.
    Path { contract: &'c Contract },
}

/// The route of a request, if it speaks of policies at all.
pub(super) fn route<'c>(contracts: &[&'c Contract], request: &Request) -> Option<Route<'c>> {
    let path = &path_of(&request.url);
    let mut fallback = None;
    for (index, &contract) in contracts.iter().enumerate() {
        let on_path = |operation: &&Operation| is_path(operation, path);
        let mut there = contract.operations.iter().filter(on_path);
        if let Some(operation) = there.clone().find(|operation| *operation.method == *request.method) {
            // The seed's page is of no version of its own.
            let is_other = |other: &&Contract| other.name != contract.name && has_segment(path, &other.name);
            let other = contracts.iter().copied().find(is_other).filter(|_| contract.creates());
            let breach = other.map(|_| Breach::Version { contract, operation });
            return Some(Route { contract: index, kind: sent_kind(operation.kind), breach });
        }
        if let Some(operation) = there.next() {
            let breach = Some(Breach::Method { contract, operation });
            // Whoever patches a policy means to change one.
            let kind = if operation.kind.is_on_object() { update(contract) } else { create(contract) };
            fallback = fallback.or(Some(Route { contract: index, kind, breach }));
        }
    }
    fallback.or_else(|| {
        // A path of the metadata that no contract has: it ends like one that has.
        let named = |contract: &&Contract| contract.operations.iter().any(|one| is_nested(one, path));
        let index = contracts.iter().position(named)?;
        let contract = contracts[index];
        let kind = if request.method == "POST" { create(contract) } else { update(contract) };
        Some(Route { contract: index, kind, breach: Some(Breach::Path { contract }) })
    })
}

fn sent_kind(kind: OperationKind) -> OperationKind {
    if kind.sends_policy() { kind } else { OperationKind::Create }
}

fn create(contract: &Contract) -> OperationKind {
    contract.operations.first().map_or(OperationKind::Create, |operation| operation.kind)
}

fn update(contract: &Contract) -> OperationKind {
    contract.overwrite().and_then(|index| contract.operations.get(index)).map_or(OperationKind::Replace, |one| one.kind)
}

/// The path of a URL without query and trailing slash, and with keys as segments:
/// `policies('1')` is `policies/1` (OData URL Conventions 4.01, 4.3.6).
fn path_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.replace("%27", "'").replace("('", "/").replace("')", "");
    path.trim_end_matches('/').to_owned()
}

/// Whether a segment of a path is this one.
fn has_segment(path: &str, name: &str) -> bool {
    path.split('/').any(|segment| segment == name)
}

/// Whether a path ends in that of an operation.
fn is_path(operation: &Operation, path: &str) -> bool {
    // Services take paths in any letter case.
    let (path, template) = (path.to_ascii_lowercase(), operation.path.to_ascii_lowercase());
    let (prefix, rest) = template.split_once('{').unwrap_or((&template, ""));
    let suffix = rest.split_once('}').map_or("", |(_, suffix)| suffix);
    let Some(head) = path.strip_suffix(suffix) else { return false };
    if prefix.len() == template.len() {
        return head.ends_with(prefix);
    }
    head.rfind(prefix).is_some_and(|start| {
        let id = &head[start + prefix.len()..];
        !id.is_empty() && !id.contains('/')
    })
}

/// Whether the path speaks of the objects of an operation below something else.
fn is_nested(operation: &Operation, path: &str) -> bool {
    let segments = || operation.path.split('/').filter(|segment| !segment.is_empty() && !segment.contains('{'));
    let (Some(first), Some(last)) = (segments().next(), segments().next_back()) else { return false };
    let mut given = path.split('/');
    given.any(|segment| segment == first) && given.any(|segment| segment == last)
}

impl Breach<'_> {
    /// What is told of it.
    pub(super) fn violation(&self, request: &Request) -> Violation {
        match self {
            Self::Method { contract, operation } => {
                let is_open = operation.open_methods.iter().any(|method| **method == *request.method);
                let methods = contract.operations.iter().filter(|one| one.path == operation.path);
                let methods: Vec<&str> = methods.map(|one| &*one.method).collect();
                let told = if is_open { rule::METHOD_OPEN } else { rule::METHOD };
                let advice = if operation.kind.is_on_object() && methods.contains(&"PUT") {
                    "send the whole policy with PUT; services were seen to answer other methods with 404, as if the policy were not there"
                } else {
                    "use a method that the path has"
                };
                let message = format!("{} is no method of {}", request.method, operation.path);
                violation(contract, told, request, message, methods.join(", "), advice.to_owned())
            }
            Self::Version { contract, operation } => {
                let message = format!("this path is of {}, and the URL says another version", contract.name);
                let advice = format!(
                    "send it to {} of {}, or take the path of the other version",
                    operation.path, contract.name
                );
                violation(contract, rule::REQUEST_ROUTE, request, message, contract.name.to_string(), advice)
            }
            Self::Path { contract } => {
                let kind = if request.method == "POST" { OperationKind::Create } else { OperationKind::Replace };
                let operation = contract.operation(kind).and_then(|index| contract.operations.get(index));
                let operation = operation.or(contract.operations.first());
                let path = operation.map_or("", |operation| &operation.path).to_owned();
                let message = "no operation of the contract has this path".to_owned();
                let advice = format!("send it to {path}; services were seen to answer this path with 404");
                violation(contract, rule::REQUEST_ROUTE, request, message, path, advice)
            }
        }
    }
}

fn violation(
    contract: &Contract,
    told: RuleId,
    request: &Request,
    message: String,
    expected: String,
    suggestion: String,
) -> Violation {
    let (offset, length) = (request.head.start, request.method.len());
    let line = request.head_line;
    let span = SourceSpan { offset, length, line, column: 1, end_line: line, end_column: 1 + length };
    let row = contract.rule(told);
    Violation {
        rule: row.id.clone(),
        level: row.level,
        citations: row.citations.clone(),
        pointer: Pointer::default(),
        span,
        message,
        expected: Some(expected),
        found: Some(format!("{} {}", request.method, words(&path_of(&request.url)))),
        suggestion: Some(suggestion),
        note: None,
    }
}

/// A path that a person can look at.
fn words(path: &str) -> String {
    path.chars().filter(|character| !character.is_control()).take(200).collect()
}
