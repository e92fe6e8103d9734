//! Tests of the reference server, and what they share: requests that are right
//! but for one thing, sent to a router in this process or over a connection.

mod checks;
mod defects;
mod exchange;
mod life;
mod speed;
mod state;
mod variants;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use bytes::Bytes;
use tower::ServiceExt;

use super::{Options, defect, router};
use crate::contract::{Contract, OperationKind};

fn contract() -> Arc<Contract> {
    static SEED: LazyLock<Arc<Contract>> = LazyLock::new(|| Arc::new(Contract::named("seed").unwrap()));
    Arc::clone(&SEED)
}

fn options(defects: &[&str]) -> Options {
    let defects = defects.iter().map(|id| defect(id).unwrap_or_else(|| panic!("no defect {id}")));
    Options { defects: defects.collect(), ..Options::default() }
}

/// A server that has these defects.
fn server(defects: &[&str]) -> Router {
    router(vec![contract()], options(defects))
}

/// A request; right as it is made.
#[derive(Clone, Debug)]
struct Ask {
    method: &'static str,
    uri: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Ask {
    fn new(kind: OperationKind, id: &str) -> Self {
        let contract = contract();
        let operation = contract.operations.iter().find(|operation| operation.kind == kind).unwrap();
        let method = if kind == OperationKind::Add { "POST" } else { "GET" };
        assert_eq!(&*operation.method, method);
        let ask =
            Self { method, uri: format!("/v1.0{}", operation.path_for(id)), headers: HeaderMap::new(), body: vec![] };
        let ask = ask.with("host", "localhost").with("authorization", &format!("Bearer {}", Options::default().token));
        if kind == OperationKind::Add { ask.with("content-type", "application/json").body("{}") } else { ask }
    }

    fn add() -> Self {
        Self::new(OperationKind::Add, &Options::ids(1)[0])
    }

    fn read() -> Self {
        Self::new(OperationKind::Read, &Options::ids(1)[0])
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    fn without(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    fn query(self, query: &str) -> Self {
        Self { uri: format!("{}?{query}", self.uri), ..self }
    }

    fn uri(self, uri: &str) -> Self {
        Self { uri: uri.to_owned(), ..self }
    }

    fn body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: body.as_ref().to_vec(), ..self }
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method.parse().unwrap();
        *request.uri_mut() = self.uri.parse().unwrap();
        *request.headers_mut() = self.headers;
        request
    }

    /// The answer of a server.
    async fn to(self, server: &Router) -> Got {
        let (head, body) = server.clone().oneshot(self.request()).await.unwrap().into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.ok();
        Got { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// The bytes of the request as HTTP/1.1, to be followed by a closed connection.
    fn bytes(self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.uri).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {}\r\n", value.to_str().unwrap()).as_bytes());
        }
        bytes.extend_from_slice(format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len()).as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// An answer.
#[derive(Debug)]
struct Got {
    status: u16,
    headers: HeaderMap,
    /// None where there was no whole answer.
    body: Option<Bytes>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        self.body.as_deref().expect("an answer")
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(self.bytes()).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts what holds for every answer, and the status.
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("odata-version"), "4.0");
        assert_eq!(self.header("request-id").len(), 36);
        if status >= 400 {
            assert_eq!(self.header("content-type"), "application/json");
            let error = &self.json()["error"];
            assert!(error["code"].as_str().is_some_and(|code| !code.is_empty()), "{self:?}");
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{self:?}");
            assert_eq!(error["innerError"]["request-id"], self.header("request-id"));
        }
        self
    }
}
