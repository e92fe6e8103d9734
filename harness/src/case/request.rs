//! The request around a body.

use crate::contract::{Contract, Operation, OperationKind};
use crate::malform::Change;
use crate::target::{Credentials, Request, Wire};

/// A good request of an operation on the object `id`.
pub(super) fn good(contract: &Contract, operation: usize, id: &str, body: Vec<u8>) -> Request {
    let operation = &contract.operations[operation];
    let sends_body = operation.kind.sends_policy();
    let headers = match operation.kind {
        OperationKind::Add | OperationKind::Create | OperationKind::Replace => {
            vec![("content-type", "application/json".to_owned())]
        }
        OperationKind::List | OperationKind::Read => vec![("accept", "application/json".to_owned())],
        OperationKind::Delete => Vec::new(),
    };
    Request {
        method: operation.method.clone(),
        path: operation.path_for(id),
        headers,
        credentials: Credentials::Token("Bearer"),
        body: sends_body.then_some(body),
        wire: Wire::Plain,
    }
}

/// Makes the difference.
pub(super) fn change(request: &mut Request, operation: &Operation, change: Change) {
    match change {
        Change::None => {}
        Change::Method(method) => {
            request.method = method.into();
            // These have no body (RFC 9110, 9.3); a valid one goes along otherwise.
            if matches!(method, "GET" | "HEAD" | "OPTIONS" | "DELETE") {
                request.body = None;
                request.headers.retain(|(name, _)| *name != "content-type");
            }
        }
        Change::Id(id) => request.path = operation.path_for(id),
        Change::Query(query) => request.path = [&*request.path, "?", query].concat(),
        Change::Header(name, value) => {
            request.headers.retain(|(other, _)| *other != name);
            request.headers.extend(value.map(|value| (name, value.to_owned())));
        }
        Change::Scheme(scheme) => request.credentials = Credentials::Token(scheme),
        Change::Unprivileged => request.credentials = Credentials::Unprivileged,
        Change::Token(alteration) => request.credentials = Credentials::Altered(alteration),
        Change::Authorization(None) => request.credentials = Credentials::Absent,
        Change::Authorization(Some(value)) => request.credentials = Credentials::Verbatim(value),
        Change::Chunked => request.wire = Wire::Chunked,
        Change::Framing(framing) => request.wire = Wire::Raw(framing),
    }
}
