//! An answer before it goes out, and how it goes out.

use std::future::ready;
use std::io;

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use super::wire;

/// The content type of every right answer that has content.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) delivery: Delivery,
}

/// How an answer goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// As an HTTP library writes it.
    Whole,
    /// In chunks, with no length announced.
    Chunked,
    /// With a length that the connection does not live to see.
    Cut,
    /// Not at all: the connection is closed.
    Never,
    /// Nothing but the body's bytes, which are a message of their own or none.
    Verbatim,
}

impl Reply {
    pub(super) fn new(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::with_capacity(4), body: Bytes::new(), delivery: Delivery::Whole }
    }

    /// The answer as a message for an HTTP library.
    pub(super) fn into_response(mut self) -> Response {
        let body = match self.delivery {
            Delivery::Whole => Body::from(self.body),
            Delivery::Chunked => Body::from_stream(futures_util::stream::once(ready(Ok::<_, io::Error>(self.body)))),
            Delivery::Cut => {
                self.headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len() + 1));
                let gone = io::Error::from(io::ErrorKind::ConnectionAborted);
                Body::from_stream(futures_util::stream::iter([Ok(self.body), Err(gone)]))
            }
            Delivery::Never => {
                // The library writes the head together with the first bytes of
                // the body, so that a body which fails at once takes both along.
                // A status without content would never ask for it.
                self.status = StatusCode::OK;
                let gone = io::Error::from(io::ErrorKind::ConnectionAborted);
                Body::from_stream(futures_util::stream::once(ready(Err::<Bytes, _>(gone))))
            }
            Delivery::Verbatim => {
                self.headers.insert(wire::VERBATIM, HeaderValue::from_static("1"));
                self.headers.insert(CONNECTION, HeaderValue::from_static("close"));
                self.status = StatusCode::OK;
                Body::from(self.body)
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    /// The bytes of the answer with no length announced, as they stand on a
    /// connection.
    pub(super) fn to_bytes_without_length(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {}\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                bytes.extend_from_slice(part);
            }
        }
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
