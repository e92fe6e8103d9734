//! Malformations of the request around the body: method, path, query, headers,
//! credentials and framing. The body stays valid.

use crate::contract::{OperationKind, RuleId, rule};
use crate::target::{Alteration, Framing};

/// One way in which a request differs from a good one.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Short name, unique.
    pub name: &'static str,
    /// The rule that it breaks, leaves open or shows.
    pub rule: RuleId,
    /// The operations that it applies to.
    pub kinds: &'static [OperationKind],
    /// The difference.
    pub change: Change,
}

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Another method.
    Method(&'static str),
    /// Another id in the path, percent-encoded where it must be.
    Id(&'static str),
    /// This query behind the path.
    Query(&'static str),
    /// This header (name in lower case) has this value; none where it is left out.
    Header(&'static str, Option<&'static str>),
    /// The token stands under this scheme name.
    Scheme(&'static str),
    /// `Authorization` has this value; none where it is left out.
    Authorization(Option<&'static str>),
    /// The token is that of a caller without the permission.
    Unprivileged,
    /// The token is altered.
    Token(Alteration),
    /// The body is sent in chunks.
    Chunked,
    /// The message is written byte by byte.
    Framing(Framing),
}

/// Those that send a policy.
pub(super) const SEND: &[OperationKind] = &[OperationKind::Add, OperationKind::Create, OperationKind::Replace];
/// Those whose path names an object.
const OBJECT: &[OperationKind] =
    &[OperationKind::Add, OperationKind::Read, OperationKind::Replace, OperationKind::Delete];
/// The same where much is tried.
const WRITE: &[OperationKind] = &[OperationKind::Add, OperationKind::Replace, OperationKind::Delete];
const READ: &[OperationKind] = &[OperationKind::Read];
const LIST: &[OperationKind] = &[OperationKind::List];
const DELETE: &[OperationKind] = &[OperationKind::Delete];
const SAFE: &[OperationKind] = &[OperationKind::Read, OperationKind::List];
pub(super) const ANY: &[OperationKind] = OperationKind::ALL;

const fn exchange(name: &'static str, rule: RuleId, kinds: &'static [OperationKind], change: Change) -> Exchange {
    Exchange { name, rule, kinds, change }
}

const fn header(
    name: &'static str,
    rule: RuleId,
    kinds: &'static [OperationKind],
    header: &'static str,
    value: &'static str,
) -> Exchange {
    exchange(name, rule, kinds, Change::Header(header, Some(value)))
}

/// All of them.
pub const EXCHANGES: &[Exchange] = &[
    exchange("read-unset", rule::READ_UNSET, READ, Change::None),
    exchange("read", rule::ACCEPT_READ, READ, Change::None),
    exchange("list", rule::ACCEPT_LIST, LIST, Change::None),
    exchange("delete", rule::ACCEPT_DELETE, DELETE, Change::None),
    exchange("whole", rule::ACCEPT_BODY, SEND, Change::Framing(Framing::Whole)),
    exchange("method-put", rule::METHOD, ANY, Change::Method("PUT")),
    exchange("method-patch", rule::METHOD, ANY, Change::Method("PATCH")),
    exchange("method-delete", rule::METHOD, ANY, Change::Method("DELETE")),
    exchange("method-get", rule::METHOD, ANY, Change::Method("GET")),
    exchange("method-unknown", rule::METHOD, ANY, Change::Method("FROBNICATE")),
    exchange("method-lower-case", rule::METHOD, SEND, Change::Method("post")),
    exchange("method-post", rule::METHOD, ANY, Change::Method("POST")),
    exchange("method-head", rule::METHOD_OPEN, ANY, Change::Method("HEAD")),
    exchange("method-options", rule::METHOD_OPEN, ANY, Change::Method("OPTIONS")),
    exchange("id-unknown", rule::ASSIGNMENT_UNKNOWN, OBJECT, Change::Id("00000000-0000-4000-8000-00000000dead")),
    exchange("id-all-zero", rule::ASSIGNMENT_UNKNOWN, WRITE, Change::Id("00000000-0000-0000-0000-000000000000")),
    exchange("id-a-word", rule::ASSIGNMENT_NO_GUID, OBJECT, Change::Id("not-a-guid")),
    exchange("id-a-number", rule::ASSIGNMENT_NO_GUID, WRITE, Change::Id("1")),
    exchange("id-with-quote", rule::ASSIGNMENT_NO_GUID, WRITE, Change::Id("%27%20or%20%271%27%3D%271")),
    exchange("id-with-slash", rule::ASSIGNMENT_NO_GUID, WRITE, Change::Id("a%2Fb")),
    exchange("id-with-nul", rule::ASSIGNMENT_NO_GUID, WRITE, Change::Id("a%00b")),
    exchange("id-not-utf-8", rule::ASSIGNMENT_NO_GUID, WRITE, Change::Id("%FF%FE")),
    exchange("query-option-unknown", rule::QUERY_OPTION, ANY, Change::Query("$frobnicate=1")),
    exchange("query-option-unknown-empty", rule::QUERY_OPTION, SEND, Change::Query("$noSuchOption")),
    exchange("authorization-missing", rule::AUTHORIZATION_MISSING, ANY, Change::Authorization(None)),
    exchange("authorization-basic", rule::AUTHORIZATION_SCHEME, ANY, Change::Authorization(Some("Basic dXNlcjpwYXNz"))),
    exchange(
        "authorization-other-scheme",
        rule::AUTHORIZATION_SCHEME,
        SEND,
        Change::Authorization(Some("Digest username=\"a\"")),
    ),
    exchange("authorization-without-token", rule::AUTHORIZATION_EMPTY, ANY, Change::Authorization(Some("Bearer "))),
    exchange(
        "authorization-wrong-token",
        rule::AUTHORIZATION_INVALID,
        ANY,
        Change::Authorization(Some("Bearer not-a-valid-token")),
    ),
    exchange("authorization-token-extended", rule::AUTHORIZATION_INVALID, ANY, Change::Token(Alteration::Extended)),
    exchange("authorization-token-cut", rule::AUTHORIZATION_INVALID, SEND, Change::Token(Alteration::Cut)),
    exchange("content-type-missing", rule::CONTENT_TYPE_MISSING, SEND, Change::Header("content-type", None)),
    header("content-type-text", rule::CONTENT_TYPE_OTHER, SEND, "content-type", "text/plain"),
    header("content-type-xml", rule::CONTENT_TYPE_OTHER, SEND, "content-type", "application/xml"),
    header("content-type-form", rule::CONTENT_TYPE_OTHER, SEND, "content-type", "application/x-www-form-urlencoded"),
    header("content-type-near", rule::CONTENT_TYPE_OTHER, SEND, "content-type", "application/jsonx"),
    header("odata-version-5", rule::ODATA_VERSION, ANY, "odata-version", "5.0"),
    header("accept-xml", rule::ACCEPT, SAFE, "accept", "application/xml"),
    header("accept-image", rule::ACCEPT, SAFE, "accept", "image/png"),
    exchange("length-too-small", rule::MESSAGE_LENGTH, SEND, Change::Framing(Framing::LengthTooSmall)),
    exchange("length-too-large", rule::MESSAGE_LENGTH, SEND, Change::Framing(Framing::LengthTooLarge)),
    exchange("length-twice", rule::MESSAGE_LENGTH, SEND, Change::Framing(Framing::LengthTwice)),
    exchange("transfer-and-length", rule::MESSAGE_TRANSFER, SEND, Change::Framing(Framing::TransferAndLength)),
    exchange("host-missing", rule::MESSAGE_HOST, SEND, Change::Framing(Framing::NoHost)),
    exchange("header-name-with-space", rule::MESSAGE_HEADER, SEND, Change::Framing(Framing::HeaderName)),
    exchange("chunk-size-no-number", rule::MESSAGE_CHUNK, SEND, Change::Framing(Framing::ChunkSize)),
    exchange("unprivileged", rule::PERMISSION, ANY, Change::Unprivileged),
];

#[cfg(all(test, feature = "target"))]
mod tests {
    use super::*;
    use crate::target::{OwnHeader, TargetError};

    #[test]
    fn what_cases_are_about_is_not_the_users_to_give() {
        for exchange in EXCHANGES {
            if let Change::Header(name, _) = exchange.change {
                assert!(
                    matches!(OwnHeader::parse(&format!("{name}: x")), Err(TargetError::HeaderReserved(_))),
                    "{name}"
                );
            }
        }
        for name in ["Authorization", "Host", "Content-Length", "Transfer-Encoding"] {
            assert!(OwnHeader::parse(&format!("{name}: x")).is_err(), "{name}");
        }
    }
}
