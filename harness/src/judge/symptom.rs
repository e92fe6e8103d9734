//! How a fault shows. The short text is part of a finding's fingerprint: it
//! names a kind of misbehaviour and changes with nothing else. The sentence is
//! for people and may quote the answer.

use std::borrow::Cow;
use std::fmt;

use crate::compare::{Mismatch, Way};
use crate::json::Pointer;

/// What is wrong with a part of an error object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Defect {
    /// It is not there.
    Missing,
    /// It has another JSON type.
    WrongType,
    /// It is a string of no characters.
    Empty,
}

/// What an answer gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Leak {
    /// A trace of calls, or a place in a source file.
    StackTrace,
    /// A type of the implementation.
    TypeName,
    /// A path in the target's file system.
    FilePath,
    /// The credentials of the request.
    Credentials,
}

impl Leak {
    fn as_str(self) -> &'static str {
        match self {
            Self::StackTrace => "stack trace",
            Self::TypeName => "type name of the implementation",
            Self::FilePath => "file path",
            Self::Credentials => "credentials",
        }
    }
}

/// How a fault shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Symptom {
    /// Another status than the rule allows or prefers.
    Status(u16),
    /// A success with an error object in its body.
    ErrorUnder(u16),
    /// Another answer than the same request got when it was written plainly.
    Unlike {
        /// The status of the plain request.
        plain: u16,
        /// The status of this one.
        status: u16,
    },
    /// What was read back is not what it should be.
    Stored(Box<Mismatch>),
    /// Nothing was read back.
    NotStored(u16),
    /// The Location of a new policy does not have its id; what it says.
    Location(Box<str>),
    /// A policy is not in the list.
    NotListed,
    /// The list has a policy that nothing made; what it is called.
    Listed(Box<str>),
    /// The policy has another id than before.
    OtherId {
        /// What it was.
        before: Box<str>,
        /// What it is.
        now: Box<str>,
    },
    /// A value in an answer has another type than the contract's.
    Type {
        /// Where in the policy.
        at: Pointer,
        /// The value.
        value: Box<str>,
    },
    /// There was no answer.
    NoAnswer,
    /// What came is no HTTP; what the reader said.
    NotHttp(Box<str>),
    /// A status outside 200 to 599, which ends no exchange.
    StrangeStatus(u16),
    /// This many bytes of content where none may be, sent or announced.
    Content(u64),
    /// No body where one is documented.
    NoBody,
    /// A body that is no JSON; why.
    NotJson(Box<str>),
    /// A body that is JSON and no object.
    NotObject,
    /// A header is missing.
    HeaderMissing(Cow<'static, str>),
    /// Another media type than JSON's.
    ContentType(Box<str>),
    /// A part of the error object is not as it must be.
    ErrorObject(Cow<'static, str>, Defect),
    /// The answer gives something away; the words that do, unless they are secret.
    Leak(Leak, Box<str>),
}

/// The short text, the same for every fault of this kind.
impl fmt::Display for Symptom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) | Self::StrangeStatus(status) => write!(f, "status {status}"),
            Self::ErrorUnder(status) => write!(f, "error under status {status}"),
            Self::Unlike { status, .. } => write!(f, "status {status}, unlike plainly written"),
            Self::Stored(mismatch) => f.write_str(way(mismatch.way)),
            Self::NotStored(status) => write!(f, "read back with status {status}"),
            Self::Location(_) => f.write_str("Location without the id"),
            Self::NotListed => f.write_str("not in the list"),
            Self::Listed(_) => f.write_str("in the list"),
            Self::OtherId { .. } => f.write_str("another id"),
            Self::Type { .. } => f.write_str("value of another type in an answer"),
            Self::NoAnswer => f.write_str("no answer"),
            Self::NotHttp(_) => f.write_str("not HTTP"),
            Self::Content(_) => f.write_str("content behind 204"),
            Self::NoBody => f.write_str("no body"),
            Self::NotJson(_) => f.write_str("body is no JSON"),
            Self::NotObject => f.write_str("body is no JSON object"),
            Self::HeaderMissing(name) => write!(f, "{name} missing"),
            Self::ContentType(name) => write!(f, "Content-Type {name}"),
            Self::ErrorObject(member, Defect::Missing) => write!(f, "{member} missing"),
            Self::ErrorObject(member, Defect::WrongType) => write!(f, "{member} of a wrong type"),
            Self::ErrorObject(member, Defect::Empty) => write!(f, "{member} empty"),
            Self::Leak(what, _) => write!(f, "{} in the answer", what.as_str()),
        }
    }
}

impl Symptom {
    /// What came, in a sentence without its full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::Status(status) => format!("got {status}{}", reason(*status)),
            Self::ErrorUnder(status) => {
                format!("got {status}{}, with an error object in the body", reason(*status))
            }
            Self::Unlike { plain, status } => {
                format!("got {status}{}; written plainly the same got {plain}{}", reason(*status), reason(*plain))
            }
            Self::Stored(mismatch) => stored_sentence(mismatch),
            Self::NotStored(status) => format!("the read was answered with {status}{}", reason(*status)),
            Self::Location(location) => format!("Location is {location}, without the id of the new policy"),
            Self::NotListed => "the list has no policy with its id".to_owned(),
            Self::Listed(name) => format!("the list has a policy called {name}"),
            Self::OtherId { before, now } => format!("its id was {before} and is {now}"),
            Self::Type { at, value } => format!("{at} is {value} in the answer"),
            Self::NoAnswer => "there was no answer, or none that was whole".to_owned(),
            Self::NotHttp(why) => format!("what came is no HTTP: {why}"),
            Self::StrangeStatus(status) => {
                format!("got {status}, which is the status of no final answer")
            }
            Self::Content(bytes) => {
                format!("204 No Content came with content ({bytes} bytes sent or announced)")
            }
            Self::NoBody => "there is no body where one is documented".to_owned(),
            Self::NotJson(why) => format!("the body is no JSON: {why}"),
            Self::NotObject => "the body is JSON and no object".to_owned(),
            Self::HeaderMissing(name) => format!("the answer has no {name} header"),
            Self::ContentType(name) => format!("the Content-Type is {name}, not application/json"),
            Self::ErrorObject(member, Defect::Missing) => format!("the body has no {member}"),
            Self::ErrorObject(member, Defect::WrongType) => {
                format!("{member} has a wrong JSON type")
            }
            Self::ErrorObject(member, Defect::Empty) => format!("{member} is empty"),
            Self::Leak(Leak::Credentials, _) => "the answer shows the credentials of the request".to_owned(),
            Self::Leak(what, words) => format!("the answer shows a {}: {words}", what.as_str()),
        }
    }
}

impl Symptom {
    /// Passes what is quoted of the answer through `clean`.
    pub fn redact(&mut self, clean: &dyn Fn(&str) -> String) {
        let again = |text: &mut Box<str>| *text = clean(text).into();
        match self {
            Self::Stored(mismatch) => {
                mismatch.sent = clean(&mismatch.sent);
                mismatch.read = mismatch.read.as_deref().map(clean);
            }
            Self::OtherId { before, now } => {
                again(before);
                again(now);
            }
            Self::Location(text)
            | Self::Listed(text)
            | Self::Type { value: text, .. }
            | Self::NotHttp(text)
            | Self::NotJson(text)
            | Self::ContentType(text)
            | Self::Leak(_, text) => again(text),
            Self::Status(_)
            | Self::ErrorUnder(_)
            | Self::Unlike { .. }
            | Self::NotStored(_)
            | Self::NotListed
            | Self::NoAnswer
            | Self::StrangeStatus(_)
            | Self::Content(_)
            | Self::NoBody
            | Self::NotObject
            | Self::HeaderMissing(_)
            | Self::ErrorObject(..) => {}
        }
    }

    /// Where in the body it shows, where the symptom says so.
    pub fn at(&self) -> Option<&Pointer> {
        match self {
            Self::Stored(mismatch) => Some(&mismatch.at),
            Self::Type { at, .. } => Some(at),
            _ => None,
        }
    }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Lost => "value lost",
        Way::Changed => "value changed",
        Way::Retyped => "value of another JSON type",
        Way::OtherType => "object of another type",
        Way::Count => "number of items changed",
        Way::Order => "order of items changed",
        Way::Left => "value left of what was replaced",
        Way::Kept => "value of the client kept",
        Way::Null => "null lost",
        Way::Added => "value added",
    }
}

fn stored_sentence(mismatch: &Mismatch) -> String {
    let Mismatch { at, way, sent, read } = mismatch;
    let read = read.as_deref().unwrap_or("nothing");
    let place = if at.is_root() { "the policy".to_owned() } else { at.to_string() };
    match way {
        Way::Left => format!("{place} was {sent} before it was replaced, and still is {read}"),
        Way::Kept => format!("{place} was sent as {sent} and kept, although the server sets it"),
        _ => format!("{place} was {sent} and was read back as {read}"),
    }
}

/// A blank and the reason phrase of RFC 9110, section 15, for the statuses that
/// come up.
fn reason(status: u16) -> &'static str {
    match status {
        200 => " OK",
        201 => " Created",
        202 => " Accepted",
        204 => " No Content",
        301 => " Moved Permanently",
        302 => " Found",
        303 => " See Other",
        304 => " Not Modified",
        307 => " Temporary Redirect",
        308 => " Permanent Redirect",
        400 => " Bad Request",
        401 => " Unauthorized",
        403 => " Forbidden",
        404 => " Not Found",
        405 => " Method Not Allowed",
        406 => " Not Acceptable",
        408 => " Request Timeout",
        409 => " Conflict",
        411 => " Length Required",
        412 => " Precondition Failed",
        413 => " Content Too Large",
        415 => " Unsupported Media Type",
        422 => " Unprocessable Content",
        429 => " Too Many Requests",
        500 => " Internal Server Error",
        501 => " Not Implemented",
        502 => " Bad Gateway",
        503 => " Service Unavailable",
        504 => " Gateway Timeout",
        _ => "",
    }
}
