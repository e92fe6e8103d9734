//! Rules: the sentences of a contract that a request or an answer can break.
//! The engine knows the rules it checks itself by constant (`rule::ENUM_MEMBER`);
//! conditions between properties are rules that exist only as data.

use super::condition::Condition;
use super::schema::TypeId;
use super::statuses::Statuses;

/// Index of a rule in [`Contract::rules`](super::Contract::rules).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

/// What breaking a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Observed and reported, never judged.
    Unspecified,
    /// Warns; fails a run with `--level should`.
    Should,
    /// Fails a run.
    Must,
}

/// Where a rule belongs in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Bodies that must be accepted.
    Valid,
    /// JSON itself.
    Syntax,
    /// Values of primitive and enumeration types.
    Value,
    /// Properties, null, containers, conditions between properties.
    Structure,
    /// `@odata.type`.
    Type,
    /// Method, path, query, headers, credentials, media type, message framing.
    Http,
    /// What is stored.
    State,
    /// What holds for every answer.
    Answer,
    /// What a person is told of a request; no target is judged by it.
    Advice,
    /// What a client does with a body; no target is judged by it.
    Client,
}

impl Family {
    /// Whether a target can be judged by rules of this family.
    pub fn is_of_targets(self) -> bool {
        !matches!(self, Self::Advice | Self::Client)
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Stable hierarchical name, `body/value/enum-member`.
    pub id: Box<str>,
    /// Where it is counted.
    pub family: Family,
    /// What breaking it means.
    pub level: Level,
    /// Statuses that a request which breaks it must (level must) or should
    /// (level should) be answered with. Empty for rules on acceptance, state and answers.
    pub statuses: Statuses,
    /// Statuses preferred among them.
    pub preferred: Statuses,
    /// The rule in one sentence.
    pub statement: Box<str>,
    /// Document and section.
    pub citations: Vec<Box<str>>,
    /// A payload or request that breaks it (or, for an acceptance rule, shows it).
    pub example: Box<str>,
    /// It holds where a policy is created, and is left open where one is replaced.
    pub creates: bool,
    /// For a rule between properties: the type it holds on, and the condition.
    pub condition: Option<(TypeId, Condition)>,
}

/// Declares the rules that the engine itself checks; every one must have a row
/// in the contract's rule file, and every row without a condition must be here.
macro_rules! engine_rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        /// The rules that the engine checks itself.
        pub mod rule {
            use super::RuleId;

            /// Counts them.
            #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "named like the constants")]
            enum Index { $($name),* }

            $(
                #[doc = concat!("`", $id, "`")]
                $(#[$doc])*
                pub const $name: RuleId = RuleId(Index::$name as u16);
            )*
            /// Their ids; a rule's index is its place here.
            pub const ENGINE: &[&str] = &[$($id),*];
        }
    };
}

engine_rules! {
    // Bodies that must be accepted.
    ACCEPT_BODY = "accept/body";
    ACCEPT_EMPTY_OBJECT = "accept/empty-object";
    ACCEPT_OMITTED = "accept/omitted";
    ACCEPT_NULL = "accept/null";
    ACCEPT_EMPTY_COLLECTION = "accept/empty-collection";
    ACCEPT_ITEMS = "accept/items";
    ACCEPT_VALUE = "accept/value";
    ACCEPT_STRING_CONTENT = "accept/string-content";
    ACCEPT_ENUM_MEMBER = "accept/enum-member";
    ACCEPT_DERIVED_TYPE = "accept/derived-type";
    ACCEPT_DECLARED_TYPE = "accept/declared-type";
    ACCEPT_TYPE_WITHOUT_HASH = "accept/type-without-hash";
    ACCEPT_ROOT_TYPE = "accept/root-type";
    ACCEPT_SERVER_SET = "accept/server-set";
    ACCEPT_ANNOTATION = "accept/annotation";
    ACCEPT_MEMBER_ORDER = "accept/member-order";
    ACCEPT_WHITE_SPACE = "accept/white-space";
    ACCEPT_ESCAPES = "accept/escapes";
    ACCEPT_CHUNKED = "accept/chunked";
    ACCEPT_CONTENT_TYPE = "accept/content-type";
    ACCEPT_SCHEME_CASE = "accept/scheme-case";
    ACCEPT_CUSTOM_QUERY = "accept/custom-query";
    ACCEPT_EQUAL_INSTANT = "accept/equal-instant";
    ACCEPT_EQUAL_DURATION = "accept/equal-duration";
    ACCEPT_READ = "accept/read";
    ACCEPT_LIST = "accept/list";
    ACCEPT_DELETE = "accept/delete";

    // JSON itself.
    SYNTAX = "body/json/syntax";
    UTF8 = "body/json/utf-8";
    EMPTY = "body/json/empty";
    ROOT = "body/json/root-object";
    DEPTH = "body/json/depth";
    DUPLICATE_NAME = "body/json/duplicate-name";
    LONE_SURROGATE = "body/json/lone-surrogate";
    BYTE_ORDER_MARK = "body/json/byte-order-mark";

    // Values.
    JSON_TYPE = "body/value/json-type";
    QUOTED = "body/value/quoted";
    INT32_FRACTION = "body/value/int32-fraction";
    INT32_RANGE = "body/value/int32-range";
    INT32_FORM = "body/value/int32-form";
    ENUM_MEMBER = "body/value/enum-member";
    ENUM_CASE = "body/value/enum-case";
    ENUM_NUMBER = "body/value/enum-number";
    ENUM_ORDINAL = "body/value/enum-ordinal";
    ENUM_JSON_TYPE = "body/value/enum-json-type";
    ENUM_SENTINEL = "body/value/enum-sentinel";
    ENUM_NEWER = "body/value/enum-newer";
    DURATION = "body/value/duration";
    DURATION_UNITS = "body/value/duration-units";
    DURATION_FORM = "body/value/duration-form";
    DURATION_RANGE = "body/value/duration-range";
    DATE_TIME = "body/value/date-time";
    DATE_TIME_OFFSET = "body/value/date-time-offset";
    DATE_TIME_FORM = "body/value/date-time-form";
    DATE = "body/value/date";
    DATE_TIME_IN_DATE = "body/value/date-with-time";
    DATE_FORM = "body/value/date-form";
    IMPOSSIBLE_DATE = "body/value/impossible-date";
    STRING_CONTROL = "body/value/string-control";
    STRING_LENGTH = "body/value/string-length";
    STRING_FORMAT = "body/value/string-format";
    STRING_EMPTY = "body/value/string-empty";
    RANGE = "body/value/range";

    // Structure.
    UNDECLARED = "body/property/undeclared";
    PROPERTY_CASE = "body/property/case";
    PROPERTY_OPEN = "body/property/open";
    REFERENCE_MEMBER = "body/property/reference-member";
    REFERENCE_NO_ID = "body/reference/no-id";
    REFERENCE_UNKNOWN = "body/reference/unknown";
    REPLACE_PARTIAL = "body/replace/partial";
    ITEM_COUNT = "body/property/item-count";
    NULL = "body/null/non-nullable";
    NULL_COLLECTION = "body/null/collection";
    NULL_ITEM = "body/null/item";
    NULL_KEY = "body/null/key";
    CONTROL_INFORMATION = "body/annotation/control-information";
    REFERENCE_ONLY = "body/annotation/reference-only";

    // `@odata.type`.
    TYPE_MISSING = "body/type/missing";
    TYPE_ABSTRACT = "body/type/abstract";
    TYPE_UNKNOWN = "body/type/unknown";
    TYPE_UNRELATED = "body/type/unrelated";
    TYPE_NOT_STRING = "body/type/not-string";
    TYPE_NEWER = "body/type/newer";
    TYPE_FORM = "body/type/form";

    // The exchange.
    METHOD = "http/method";
    METHOD_OPEN = "http/method-open";
    READ_UNSET = "http/read-unset";
    ASSIGNMENT_UNKNOWN = "http/path/unknown-id";
    ASSIGNMENT_NO_GUID = "http/path/no-guid";
    QUERY_OPTION = "http/query/unknown-option";
    AUTHORIZATION_MISSING = "http/authorization/missing";
    AUTHORIZATION_SCHEME = "http/authorization/scheme";
    AUTHORIZATION_EMPTY = "http/authorization/empty-token";
    AUTHORIZATION_INVALID = "http/authorization/invalid-token";
    PERMISSION = "http/permission";
    CONTENT_TYPE_MISSING = "http/content-type/missing";
    CONTENT_TYPE_OTHER = "http/content-type/other";
    ODATA_VERSION = "http/odata-version";
    ACCEPT = "http/accept";
    MESSAGE_LENGTH = "http/message/content-length";
    MESSAGE_TRANSFER = "http/message/transfer-encoding";
    MESSAGE_HOST = "http/message/host";
    MESSAGE_HEADER = "http/message/header-name";
    MESSAGE_CHUNK = "http/message/chunk-size";

    // What is stored.
    STORED = "state/stored";
    REPLACED = "state/replaced";
    SERVER_SET = "state/server-set";
    UNCHANGED = "state/unchanged";
    FOUND = "state/found";
    LISTED = "state/listed";
    NOTHING_LEFT = "state/nothing-left";
    SAME_ID = "state/same-id";
    IDEMPOTENT = "state/idempotent";
    AS_READ = "state/as-read";
    CREATES_NOTHING = "state/creates-nothing";
    DELETED = "state/deleted";
    DELETED_ONCE = "state/deleted-once";

    // Every answer.
    ANSWER_ALWAYS = "answer/always";
    ANSWER_NEXT = "answer/next-connection";
    ANSWER_HTTP = "answer/http";
    ANSWER_SERVER_ERROR = "answer/server-error";
    ANSWER_REDIRECT = "answer/redirect";
    ANSWER_NO_CONTENT = "answer/no-content";
    ANSWER_CONTENT = "answer/content";
    ANSWER_ERROR_OBJECT = "answer/error-object";
    ANSWER_ERROR_TYPE = "answer/error-content-type";
    ANSWER_LEAK = "answer/leak";
    ANSWER_WWW_AUTHENTICATE = "answer/www-authenticate";
    ANSWER_ALLOW = "answer/allow";
    ANSWER_LOCATION = "answer/location";
    ANSWER_TYPES = "answer/types";
    ERROR_TEXT = "answer/error-text";

    // Behind the others, so that they keep their places.
    NULL_PRIMITIVE_ITEM = "body/null/primitive-item";

    // What a person is told of a request, and no target is judged by.
    UPDATE_RESETS = "update/resets";
    UPDATE_REFERENCE = "update/reference";
    REQUEST_ROUTE = "request/route";

    // What a client does with a body, and no target is judged by.
    CLIENT_ANSWERS = "client/answers";
    CLIENT_ACCEPTS = "client/accepts";
    CLIENT_KEPT = "client/kept";
    CLIENT_NULL_KEPT = "client/null-kept";
    CLIENT_UNKNOWN_KEPT = "client/unknown-kept";
    CLIENT_NOTHING_ADDED = "client/nothing-added";
}
