//! Where requests go: the messages that are exchanged, an HTTP endpoint that
//! answers them, a writer for messages that no HTTP library sends, and requests
//! as `curl` lines for people. Credentials enter here and leave only in an
//! `Authorization` header to the endpoint itself.

#[cfg(feature = "target")]
mod authority;
#[cfg(feature = "target")]
mod credentials;
mod curl;
#[cfg(feature = "target")]
mod endpoint;
#[cfg(feature = "target")]
mod error;
#[cfg(feature = "target")]
mod gcra;
#[cfg(feature = "target")]
mod header;
#[cfg(feature = "target")]
mod hush;
#[cfg(feature = "target")]
mod identity;
#[cfg(feature = "target")]
mod incoming;
#[cfg(feature = "target")]
mod library;
mod message;
#[cfg(feature = "target")]
mod origin;
#[cfg(feature = "target")]
mod pace;
#[cfg(feature = "target")]
mod raw;
#[cfg(feature = "target")]
mod raw_answer;
mod redact;
#[cfg(feature = "target")]
mod retry_after;
#[cfg(feature = "target")]
mod service;
pub(crate) mod shell;
#[cfg(feature = "target")]
mod tempo;
#[cfg(all(test, feature = "target"))]
mod tests;
#[cfg(feature = "target")]
mod token;

#[cfg(feature = "target")]
pub use authority::{Application, AuthorityError};
pub use curl::curl;
#[cfg(feature = "target")]
pub use endpoint::{Endpoint, EndpointOptions, Exchanged};
#[cfg(feature = "target")]
pub use error::TargetError;
#[cfg(feature = "target")]
pub use header::OwnHeader;
#[cfg(feature = "target")]
pub use hush::Silence;
pub use message::{Alteration, Answer, BLANK, Credentials, Framing, NoAnswer, Request, UNKNOWN, Wire};
#[cfg(feature = "target")]
pub use pace::{Pace, Pause, Pauses, Waited};
pub use redact::Redactor;
#[cfg(feature = "target")]
pub use token::{Token, TokenSource};
