//! Requests and answers, as the harness sees them: no credentials inside a
//! request (the target puts them in when it sends), and an answer kept whole
//! within bounds, whatever it is.

use std::fmt::Write;
use std::time::Duration;

/// A request to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// HTTP method, as it is sent.
    pub method: Box<str>,
    /// Path below the target's base, with the query.
    pub path: String,
    /// Headers in order, `Authorization` and what the wire form decides
    /// (`Host`, `Content-Length`, `Transfer-Encoding`) aside.
    pub headers: Vec<(&'static str, String)>,
    /// The `Authorization` header.
    pub credentials: Credentials,
    /// The body; none is not the same as an empty one.
    pub body: Option<Vec<u8>>,
    /// How the message is put on the connection.
    pub wire: Wire,
}

/// What stands in a path for the id of an object that is not there yet.
pub const BLANK: &str = "{id}";
/// What stands in a path for an id that nothing ever had.
pub const UNKNOWN: &str = "{unknown}";

impl Request {
    /// The request with the id of an object in the blank of its path. What cannot
    /// stand in a path segment is escaped (RFC 3986, 3.3).
    ///
    /// ```
    /// use policy_harness::target::{Credentials, Request, Wire};
    /// let read = Request {
    ///     method: "GET".into(),
    ///     path: "/policies/{id}".to_owned(),
    ///     headers: Vec::new(),
    ///     credentials: Credentials::Token("Bearer"),
    ///     body: None,
    ///     wire: Wire::Plain,
    /// };
    /// assert_eq!(read.with_id("a/b").path, "/policies/a%2Fb");
    /// ```
    #[must_use]
    pub fn with_id(&self, id: &str) -> Self {
        let path = if self.path.contains(BLANK) { self.path.replace(BLANK, &escaped(id)) } else { self.path.clone() };
        Self { path, ..self.clone() }
    }
}

fn escaped(id: &str) -> String {
    let mut text = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// What a request says of who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// The target's token under this scheme name (`Bearer`, `bearer`). Nothing
    /// is sent where the target was given no token.
    Token(&'static str),
    /// The token of a caller who lacks the permission that the operations need.
    Unprivileged,
    /// The target's token, altered, so that it is one no more.
    Altered(Alteration),
    /// No `Authorization` header.
    Absent,
    /// This value of the header, which holds no secret.
    Verbatim(&'static str),
}

/// How a token is altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alteration {
    /// A character more at its end.
    Extended,
    /// Its last character is missing.
    Cut,
}

/// How a message is put on the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wire {
    /// As an HTTP library writes it.
    Plain,
    /// With a chunked body.
    Chunked,
    /// Byte by byte on a connection of its own, which is read to its end.
    Raw(Framing),
}

/// Messages that no HTTP library writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// A whole message with `Connection: close`: what stands behind the answer
    /// can be seen.
    Whole,
    /// `Content-Length` smaller than the body.
    LengthTooSmall,
    /// `Content-Length` larger than the body; then the sending side is closed.
    LengthTooLarge,
    /// Two `Content-Length` headers that differ.
    LengthTwice,
    /// `Transfer-Encoding: chunked` and `Content-Length`.
    TransferAndLength,
    /// No `Host`.
    NoHost,
    /// A header name with a space in it.
    HeaderName,
    /// A chunk size that is no number.
    ChunkSize,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers, names in lower case, in the order in which they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, up to [`Answer::LONGEST`] bytes of it.
    pub body: Vec<u8>,
    /// Bytes that came behind an answer that has no content. Only a raw
    /// exchange sees them.
    pub trailing: usize,
    /// From the first byte sent to the last one received.
    pub elapsed: Duration,
}

impl Answer {
    /// Bytes of a body that are kept; what comes after is not read.
    pub const LONGEST: usize = 4 << 20;

    /// The first header of this name (in lower case), as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(other, _)| other == name)?;
        std::str::from_utf8(value).ok()
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Nothing listens there.
    #[error("connection refused")]
    Refused,
    /// The time limit passed.
    #[error("no answer within {} s", .0.as_secs_f32())]
    Timeout(Duration),
    /// The connection ended before the answer was whole.
    #[error("the connection was closed before the answer was complete")]
    Closed,
    /// What came is no HTTP.
    #[error("the answer is no HTTP: {0}")]
    NotHttp(String),
    /// The request could not be sent as it is; the target never saw it.
    #[error("{0}")]
    Unsent(String),
    /// The certificate of the target is not one to be trusted.
    #[error("the certificate of the target cannot be trusted: {0}")]
    Certificate(String),
    /// Any other trouble of the transport.
    #[error("{0}")]
    Transport(String),
}
