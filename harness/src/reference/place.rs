//! Where a request goes: its path against the paths of the contract's
//! operations.

use std::borrow::Cow;

use axum::http::{HeaderValue, Method};

use crate::contract::{Contract, Operation, OperationKind};

/// Path under which every operation of the server lies.
pub(super) const BASE: &str = "/v1.0";

/// A path that belongs to one operation or more.
#[derive(Debug)]
pub(super) struct Place<'c> {
    operations: Vec<&'c Operation>,
    /// The value of the path's parameter.
    pub(super) id: Box<str>,
}

impl<'c> Place<'c> {
    /// The place that a request's path names.
    pub(super) fn find(contract: &'c Contract, path: &str) -> Option<Self> {
        // As it came first: an escaped slash in an id is no slash.
        Self::matching(contract, path).or_else(|| {
            let decoded = percent_decoded(path);
            Self::matching(contract, std::str::from_utf8(&decoded).ok()?)
        })
    }

    fn matching(contract: &'c Contract, path: &str) -> Option<Self> {
        let path = path.strip_prefix(BASE)?;
        let mut found: Option<Self> = None;
        for operation in &contract.operations {
            if let Some(id) = operation.id_in(path) {
                let id = || String::from_utf8_lossy(&percent_decoded(id)).into();
                let place = found.get_or_insert_with(|| Self { operations: Vec::new(), id: id() });
                place.operations.push(operation);
            }
        }
        found
    }

    /// The operation that this method asks for. HEAD asks for what GET does.
    pub(super) fn operation(&self, method: &Method) -> Option<&'c Operation> {
        let name = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.operations.iter().copied().find(|operation| &*operation.method == name)
    }

    /// Whether the place has an operation of this kind.
    pub(super) fn has(&self, kind: OperationKind) -> bool {
        self.operations.iter().any(|operation| operation.kind == kind)
    }

    /// Any of the place's operations.
    pub(super) fn first(&self) -> Option<&'c Operation> {
        self.operations.first().copied()
    }

    /// The methods that are allowed here, as an `Allow` header has them.
    pub(super) fn allow(&self) -> Option<HeaderValue> {
        let mut methods: Vec<&str> = Vec::new();
        for operation in &self.operations {
            if !methods.contains(&&*operation.method) {
                methods.push(&operation.method);
            }
        }
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        HeaderValue::from_str(&methods.join(", ")).ok()
    }
}

/// The bytes behind `%41` and the like; a `%` without two digits stands for itself.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, [u8]> {
    if !text.contains('%') {
        return Cow::Borrowed(text.as_bytes());
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let pair = match after {
            [high, low, ..] if byte == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match pair {
            Some((high, low)) => {
                decoded.push(high << 4 | low);
                rest = &after[2..];
            }
            None => decoded.push(byte),
        }
    }
    Cow::Owned(decoded)
}
