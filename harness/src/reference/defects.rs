//! The planted defects: each a server that is wrong in one way, and the rule
//! that a run against it must name. A new one is a row of the table.

use super::effect::{Effect, Flaw, Symptom};
use crate::contract::Family;

use Effect::{Accepts, AcceptsBelow, Answers, Errors, Omits};
use Family::{Answer, Http, Structure, Syntax, Type, Valid, Value};
use Symptom::{Content, NoContent, NotHttp, Nothing, Redirect, ServerError, ServerErrorPage, Status, TrailingContent};

/// One way of being wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Stable name, as the command line takes it.
    pub id: &'static str,
    /// Family of the rule.
    pub family: Family,
    /// The rule that a run must name.
    pub rule: &'static str,
    /// What the server does, in a sentence.
    pub about: &'static str,
    /// What makes it do so.
    pub effect: Effect,
}

/// The defect of this name.
///
/// ```
/// use policy_harness::reference::defect;
/// assert_eq!(defect("any-token").unwrap().rule, "http/authorization/invalid-token");
/// assert!(defect("no-such-defect").is_none());
/// ```
pub fn defect(id: &str) -> Option<&'static Defect> {
    DEFECTS.iter().find(|defect| defect.id == id)
}

/// A defect of its own rule: what it is about is what it does not keep.
const fn at(family: Family, id: &'static str, rule: &'static str, about: &'static str) -> Defect {
    Defect { id, family, rule, about, effect: Accepts(rule) }
}

/// A valid request that shows an acceptance rule is refused.
const fn refuses(id: &'static str, rule: &'static str, status: u16, about: &'static str) -> Defect {
    Defect { id, family: Valid, rule, about, effect: Answers(rule, Status(status)) }
}

/// Any other.
const fn other(family: Family, id: &'static str, rule: &'static str, effect: Effect, about: &'static str) -> Defect {
    Defect { id, family, rule, about, effect }
}

/// All of them, by family.
// A row stays a line, so that the table can be read as one.
#[rustfmt::skip]
pub const DEFECTS: &[Defect] = &[
    refuses("refuses-annotations", "accept/annotation", 400, "Takes an annotation for a property that does not exist."),
    refuses("refuses-chunked", "accept/chunked", 411, "Wants the length of a body in advance."),
    refuses("refuses-content-type-parameters", "accept/content-type", 415, "Compares Content-Type as a whole text."),
    refuses("refuses-custom-query", "accept/custom-query", 400, "Refuses every query option that it does not know."),
    refuses("refuses-declared-type", "accept/declared-type", 400, "Refuses a type name where it says what was known."),
    refuses("refuses-derived-type", "accept/derived-type", 400, "Resolves no type name but the declared one."),
    refuses("refuses-empty-collection", "accept/empty-collection", 400, "Takes an empty collection for a missing one."),
    refuses("refuses-empty-object", "accept/empty-object", 422, "Wants properties that are optional."),
    refuses("refuses-escapes", "accept/escapes", 400, "Reads JSON without the escapes of its strings."),
    refuses("refuses-member-order", "accept/member-order", 400, "Wants @odata.type before all other members."),
    refuses("refuses-null", "accept/null", 400, "Refuses null for a nullable property."),
    refuses("refuses-root-type", "accept/root-type", 400, "Refuses a type name at the root."),
    refuses("refuses-scheme-case", "accept/scheme-case", 401, "Compares the authentication scheme by letter case."),
    refuses("refuses-server-set", "accept/server-set", 400, "Refuses properties that it should ignore."),
    refuses("refuses-string-content", "accept/string-content", 400, "Takes plain text only, and no other script."),
    refuses("refuses-type-without-hash", "accept/type-without-hash", 400, "Wants # before every type name."),
    refuses("refuses-white-space", "accept/white-space", 400, "Reads JSON on one line only."),
    other(Valid, "success-200", "accept/body", Answers("accept/body", Status(200)), "Answers 200 where the contract says 204."),
    other(Valid, "success-201", "accept/body", Answers("accept/body", Status(201)), "Answers as if it had created something."),
    other(Valid, "success-202", "accept/body", Answers("accept/body", Status(202)), "Only promises to do what was asked for."),
    other(Valid, "read-403", "accept/read", Answers("accept/read", Status(403)), "Lets nobody read back what is stored."),

    at(Syntax, "accepts-broken-json", "body/json/syntax", "Lets what is no JSON pass."),
    at(Syntax, "accepts-deep-nesting", "body/json/depth", "Follows containers however deep they are."),
    at(Syntax, "accepts-duplicate-names", "body/json/duplicate-name", "Takes the last of two members with one name."),
    at(Syntax, "accepts-empty-body", "body/json/empty", "Takes no body for an empty object."),
    at(Syntax, "accepts-lone-surrogates", "body/json/lone-surrogate", "Takes escapes that are no character."),
    at(Syntax, "accepts-other-root", "body/json/root-object", "Takes an array, a string or null for a policy."),
    at(Syntax, "accepts-other-encoding", "body/json/utf-8", "Takes bytes that are not UTF-8."),

    at(Value, "accepts-any-date", "body/value/date", "Takes any string for a date."),
    at(Value, "accepts-any-date-time", "body/value/date-time", "Takes any string for an instant."),
    at(Value, "accepts-any-duration", "body/value/duration", "Takes any string for a duration."),
    at(Value, "accepts-any-json-type", "body/value/json-type", "Does not look at the JSON type of a value."),
    at(Value, "accepts-any-member", "body/value/enum-member", "Takes any string for a member of an enumeration."),
    at(Value, "accepts-date-with-time", "body/value/date-with-time", "Cuts the time off a date."),
    at(Value, "accepts-duration-units", "body/value/duration-units", "Takes durations with years, months and weeks."),
    at(Value, "accepts-fraction", "body/value/int32-fraction", "Cuts the fraction off a number."),
    at(Value, "accepts-impossible-date", "body/value/impossible-date", "Takes the thirtieth of February."),
    at(Value, "accepts-local-time", "body/value/date-time-offset", "Takes instants without an offset."),
    at(Value, "accepts-member-case", "body/value/enum-case", "Ignores letter case in members of enumerations."),
    at(Value, "accepts-member-number", "body/value/enum-number", "Takes the number of a member for the member."),
    at(Value, "accepts-overflow", "body/value/int32-range", "Lets numbers wrap around."),
    at(Value, "accepts-quoted-values", "body/value/quoted", "Takes \"true\" for true and \"1\" for 1."),
    other(Value, "accepts-any-member-inside", "body/value/enum-member", AcceptsBelow("body/value/enum-member", 2), "Checks enumerations of the policy itself, and none inside its values."),
    other(Value, "accepts-any-json-type-inside", "body/value/json-type", AcceptsBelow("body/value/json-type", 3), "Checks JSON types two levels deep, and no further."),

    at(Structure, "accepts-both-ends", "body/expiration/both-values", "Takes two answers to when a policy ends."),
    at(Structure, "accepts-duration-of-other-type", "body/expiration/duration-type", "Takes a duration with any type of expiration."),
    at(Structure, "accepts-end-of-other-type", "body/expiration/end-type", "Takes an end with any type of expiration."),
    at(Structure, "accepts-missing-duration", "body/expiration/duration-missing", "Takes afterDuration without the duration."),
    at(Structure, "accepts-missing-end", "body/expiration/end-missing", "Takes afterDateTime without the instant."),
    at(Structure, "accepts-null", "body/null/non-nullable", "Takes null for what is not nullable."),
    at(Structure, "accepts-null-collection", "body/null/collection", "Takes null for a collection."),
    at(Structure, "accepts-null-item", "body/null/item", "Takes null inside a collection."),
    at(Structure, "accepts-property-case", "body/property/case", "Ignores letter case in property names."),
    at(Structure, "accepts-undeclared", "body/property/undeclared", "Ignores properties that it does not know."),
    other(Structure, "accepts-undeclared-inside", "body/property/undeclared", AcceptsBelow("body/property/undeclared", 2), "Ignores unknown properties but those of the policy itself."),
    other(Structure, "accepts-null-inside", "body/null/non-nullable", AcceptsBelow("body/null/non-nullable", 5), "Takes null for anything that lies deep enough."),

    at(Type, "accepts-abstract-type", "body/type/abstract", "Makes values of an abstract type."),
    at(Type, "accepts-missing-type", "body/type/missing", "Guesses the type of a value that does not say it."),
    at(Type, "accepts-type-of-other-json-type", "body/type/not-string", "Skips a type name that is no string."),
    at(Type, "accepts-unknown-type", "body/type/unknown", "Skips values of a type that it does not know."),
    at(Type, "accepts-unrelated-type", "body/type/unrelated", "Makes a value of whatever type is named."),

    at(Http, "any-accept", "http/accept", "Answers JSON to who wants none."),
    at(Http, "any-content-type", "http/content-type/other", "Reads every body as JSON."),
    at(Http, "any-id", "http/path/no-guid", "Takes any text for the id of an assignment."),
    at(Http, "any-method", "http/method", "Does what its path stands for whatever the method."),
    at(Http, "any-odata-version", "http/odata-version", "Does not look at OData-Version."),
    at(Http, "any-query-option", "http/query/unknown-option", "Ignores system query options that it does not know."),
    at(Http, "any-scheme", "http/authorization/scheme", "Lets every authentication scheme in."),
    at(Http, "any-token", "http/authorization/invalid-token", "Lets every token in."),
    at(Http, "empty-token", "http/authorization/empty-token", "Lets a scheme without a token in."),
    at(Http, "no-content-type", "http/content-type/missing", "Takes a body that does not say what it is."),
    at(Http, "no-credentials", "http/authorization/missing", "Lets in who says nothing."),
    at(Http, "no-host", "http/message/host", "Takes HTTP/1.1 without a Host."),
    at(Http, "unknown-id", "http/path/unknown-id", "Answers as if every assignment existed."),
    other(Http, "authorization-400", "http/authorization/missing", Answers("http/authorization/missing", Status(400)), "Answers 400 to who says nothing."),
    other(Http, "authorization-403", "http/authorization/invalid-token", Answers("http/authorization/invalid-token", Status(403)), "Answers 403 to a token that is not valid."),
    other(Http, "content-type-400", "http/content-type/other", Answers("http/content-type/other", Status(400)), "Answers 400 to another media type than JSON."),
    other(Http, "method-404", "http/method", Answers("http/method", Status(404)), "Answers 404 to a method that it does not have."),

    other(Answer, "empty-read", "answer/content", Answers("accept/read", NoContent), "Answers a read without the policy."),
    other(Answer, "content-in-204", "answer/no-content", Answers("accept/body", Content), "Announces the length of a body in a 204."),
    other(Answer, "content-behind-204", "answer/no-content", Answers("accept/body", TrailingContent), "Sends a body behind a 204."),
    other(Answer, "error-html", "answer/error-object", Errors(Flaw::Html), "Answers errors with a page for people."),
    other(Answer, "error-no-code", "answer/error-object", Errors(Flaw::NoCode), "Leaves error.code out."),
    other(Answer, "error-no-message", "answer/error-object", Errors(Flaw::NoMessage), "Leaves error.message out."),
    other(Answer, "error-empty-code", "answer/error-object", Errors(Flaw::EmptyCode), "Says nothing in error.code."),
    other(Answer, "error-empty-message", "answer/error-object", Errors(Flaw::EmptyMessage), "Says nothing in error.message."),
    other(Answer, "error-number-code", "answer/error-object", Errors(Flaw::CodeNumber), "Has the status as a number in error.code."),
    other(Answer, "error-no-wrapper", "answer/error-object", Errors(Flaw::NoWrapper), "Has code and message without an error around them."),
    other(Answer, "error-not-json", "answer/error-object", Errors(Flaw::NotJson), "Calls a sentence application/json."),
    other(Answer, "error-text-content-type", "answer/error-content-type", Errors(Flaw::TextContentType), "Calls its error objects text/plain."),
    other(Answer, "error-no-content-type", "answer/error-content-type", Errors(Flaw::NoContentType), "Does not say what its errors are."),
    other(Answer, "leaks-credentials", "answer/leak", Errors(Flaw::Credentials), "Repeats in errors what it was sent in Authorization."),
    other(Answer, "leaks-file-path", "answer/leak", Errors(Flaw::FilePath), "Names one of its files in errors."),
    other(Answer, "leaks-stack-trace", "answer/leak", Errors(Flaw::StackTrace), "Shows a stack trace in errors."),
    other(Answer, "leaks-type-name", "answer/leak", Errors(Flaw::TypeName), "Names one of its classes in errors."),
    other(Answer, "no-allow", "answer/allow", Omits("allow"), "Answers 405 without Allow."),
    other(Answer, "no-www-authenticate", "answer/www-authenticate", Omits("www-authenticate"), "Answers 401 without WWW-Authenticate."),
    other(Answer, "no-answer-to-duplicate-names", "answer/always", Answers("body/json/duplicate-name", Nothing), "Closes the connection on two members with one name."),
    other(Answer, "no-answer-to-wrong-json-type", "answer/always", Answers("body/value/json-type", Nothing), "Closes the connection on a value of another JSON type."),
    other(Answer, "no-answer-to-string-content", "answer/always", Answers("accept/string-content", Nothing), "Closes the connection on text that is not plain."),
    other(Answer, "not-http-on-broken-json", "answer/http", Answers("body/json/syntax", NotHttp), "Answers what is no JSON in another protocol."),
    other(Answer, "redirects-without-credentials", "answer/redirect", Answers("http/authorization/missing", Redirect), "Sends who says nothing to a page to sign in."),
    other(Answer, "redirects-reads", "answer/redirect", Answers("accept/read", Redirect), "Sends readers elsewhere."),
    other(Answer, "server-error-on-depth", "answer/server-error", Answers("body/json/depth", ServerError), "Runs out of stack on deep nesting."),
    other(Answer, "server-error-on-empty-body", "answer/server-error", Answers("body/json/empty", ServerErrorPage), "Fails on an empty body, with a page that shows its stack."),
    other(Answer, "server-error-on-id", "answer/server-error", Answers("http/path/no-guid", ServerError), "Fails on an id that is no GUID."),
    other(Answer, "server-error-on-lone-surrogates", "answer/server-error", Answers("body/json/lone-surrogate", ServerError), "Fails on escapes that are no character."),
    other(Answer, "server-error-on-null-collection", "answer/server-error", Answers("body/null/collection", ServerErrorPage), "Fails where a collection is null, with a page that shows its stack."),
    other(Answer, "server-error-on-null-item", "answer/server-error", Answers("body/null/item", ServerError), "Fails on null inside a collection."),
    other(Answer, "server-error-on-overflow", "answer/server-error", Answers("body/value/int32-range", ServerError), "Fails on numbers that do not fit."),
    other(Answer, "server-error-on-sentinel", "answer/server-error", Answers("body/value/enum-sentinel", ServerError), "Fails on unknownFutureValue."),
    other(Answer, "server-error-on-string-control", "answer/server-error", Answers("body/value/string-control", ServerError), "Fails on control characters in a string."),
    other(Answer, "server-error-on-string-content", "answer/server-error", Answers("accept/string-content", ServerError), "Fails on text that is not plain."),
    other(Answer, "server-error-on-unknown-type", "answer/server-error", Answers("body/type/unknown", ServerError), "Fails on a type that it does not know."),
];
