//! The planted defects: each a server that is wrong in one way, and the rule
//! that a run against it must name. A new one is a row of the table.

use super::effect::{Deed, Effect, Flaw, Symptom};
use super::keep::StoreFlaw;
use super::life::LifeFlaw;
use super::meets::{ANY, Meeting};
use super::wire::Mend;
use crate::contract::Family;

use Effect::{
    Accepts, AcceptsBelow, AcceptsIn, AcceptsReads, Answers, DropsNext, Errors, Lives, Meets, Mends, Omits, OnRefusal,
    Stores,
};
use Family::{Answer, Http, State, Structure, Syntax, Type, Valid, Value};
use Symptom::{
    Content, Cut, ErrorUnder200, NoContent, NotHttp, Nothing, Redirect, ServerError, ServerErrorPage, Status,
    TrailingContent,
};

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
    /// The contract whose operations show it.
    pub contract: &'static str,
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

/// The contract of a policy at an assignment.
const SEED: &str = "seed";
/// The contract of policies that are created, replaced and deleted.
const V1: &str = "v1.0";

/// A defect of its own rule: what it is about is what it does not keep.
const fn at(family: Family, id: &'static str, rule: &'static str, about: &'static str) -> Defect {
    Defect { id, family, rule, about, contract: SEED, effect: Accepts(rule) }
}

/// A valid request that shows an acceptance rule is refused.
const fn refuses(id: &'static str, rule: &'static str, status: u16, about: &'static str) -> Defect {
    Defect { id, family: Valid, rule, about, contract: SEED, effect: Answers(rule, Status(status)) }
}

/// Any other.
const fn other(family: Family, id: &'static str, rule: &'static str, effect: Effect, about: &'static str) -> Defect {
    Defect { id, family, rule, about, contract: SEED, effect }
}

/// What is accepted is stored in another way.
const fn stores(id: &'static str, rule: &'static str, flaw: StoreFlaw, about: &'static str) -> Defect {
    Defect { id, family: State, rule, about, contract: SEED, effect: Stores(flaw) }
}

/// A refusal for a rule whose id begins like this does something.
const fn leaves(id: &'static str, rules: &'static str, deed: Deed, about: &'static str) -> Defect {
    Defect { id, family: State, rule: "state/unchanged", about, contract: SEED, effect: OnRefusal(rules, deed) }
}

/// The life of a policy goes wrong.
const fn lives(id: &'static str, rule: &'static str, flaw: LifeFlaw, about: &'static str) -> Defect {
    Defect { id, family: State, rule, about, contract: V1, effect: Lives(flaw) }
}

/// The same, seen in one answer.
const fn answers(id: &'static str, rule: &'static str, effect: Effect, about: &'static str) -> Defect {
    Defect { id, family: Answer, rule, about, contract: V1, effect }
}

/// What only this contract asks of bodies and operations.
const fn of_v1(family: Family, id: &'static str, rule: &'static str, effect: Effect, about: &'static str) -> Defect {
    Defect { id, family, rule, about, contract: V1, effect }
}

/// A refused create or replace does something.
const fn does(id: &'static str, rule: &'static str, rules: &'static str, deed: Deed, about: &'static str) -> Defect {
    Defect { id, family: State, rule, about, contract: V1, effect: OnRefusal(rules, deed) }
}

/// Where properties of one object meet, the server fails.
const fn fails_on(
    id: &'static str,
    on: &'static str,
    classes: &'static [(&'static str, &'static str)],
    about: &'static str,
) -> Defect {
    let effect = Meets(Meeting { on, classes }, ServerError);
    Defect { id, family: Answer, rule: "answer/server-error", about, contract: SEED, effect }
}

/// Where properties of one object meet, a body that must be accepted is refused.
const fn refuses_where(
    id: &'static str,
    rule: &'static str,
    on: &'static str,
    classes: &'static [(&'static str, &'static str)],
    about: &'static str,
) -> Defect {
    Defect { id, family: Valid, rule, about, contract: SEED, effect: Meets(Meeting { on, classes }, Status(400)) }
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
    refuses("refuses-items", "accept/items", 400, "Takes one item for a collection, and no more."),
    refuses("refuses-members", "accept/enum-member", 400, "Knows no member of any enumeration."),
    refuses("refuses-values", "accept/value", 400, "Takes no plain value."),
    refuses_where("refuses-hours", "accept/value", ANY, &[(ANY, "time")], "Reads durations in days, and in nothing else."),
    refuses_where("refuses-seconds", "accept/equal-duration", ANY, &[(ANY, "time")], "Compares durations as text."),
    refuses_where("refuses-offsets", "accept/equal-instant", ANY, &[(ANY, "offset")], "Reads instants in UTC, and in nothing else."),
    refuses_where("wants-visibility", "accept/omitted", "accessPackageApprovalStage", &[("approverInformationVisibility", "absent")], "Wants a property that no published body has."),
    refuses_where("wants-fallback-reviewers", "accept/omitted", "accessPackageAssignmentReviewSettings", &[("fallbackReviewers", "absent")], "Wants a collection that may be left out."),
    refuses_where("refuses-self-review-with-a-reviewer", "accept/body", "accessPackageAssignmentReviewSettings", &[("isSelfReview", "true"), ("primaryReviewers", "one")], "Refuses a self review that has a reviewer."),
    refuses_where("refuses-scope-with-empty-name", "accept/body", "accessPackageAssignmentPolicy", &[("allowedTargetScope", "notSpecified"), ("displayName", "empty")], "Refuses one scope together with an empty name."),
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

    other(Syntax, "accepts-duplicate-names-inside", "body/json/duplicate-name", AcceptsBelow("body/json/duplicate-name", 4), "Looks for names that stand twice four levels deep, and no further."),

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
    other(Value, "accepts-any-member-deep-inside", "body/value/enum-member", AcceptsBelow("body/value/enum-member", 5), "Checks no member of an enumeration that lies deep enough."),
    other(Value, "accepts-impossible-date-inside", "body/value/impossible-date", AcceptsBelow("body/value/impossible-date", 5), "Takes the thirtieth of February where it lies deep enough."),
    other(Value, "accepts-duration-units-in-stages", "body/value/duration-units", AcceptsIn("body/value/duration-units", "accessPackageApprovalStage"), "Takes months for how long a stage waits."),
    other(Value, "accepts-fraction-for-target-managers", "body/value/int32-fraction", AcceptsIn("body/value/int32-fraction", "targetManager"), "Cuts the fraction off the level of one kind of manager."),
    other(Value, "accepts-any-json-type-for-users", "body/value/json-type", AcceptsIn("body/value/json-type", "singleUser"), "Takes a number or a boolean for the id of a user."),
    other(Value, "error-under-200", "body/value/json-type", Answers("body/value/json-type", ErrorUnder200), "Answers a value of another JSON type with 200, and an error in the body."),

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
    other(Structure, "accepts-undeclared-in-groups", "body/property/undeclared", AcceptsIn("body/property/undeclared", "groupMembers"), "Ignores unknown properties of one kind of subject set."),
    other(Structure, "accepts-property-case-in-organizations", "body/property/case", AcceptsIn("body/property/case", "connectedOrganizationMembers"), "Ignores letter case in the properties of one kind of subject set."),
    other(Structure, "accepts-null-in-patterns", "body/null/non-nullable", AcceptsIn("body/null/non-nullable", "recurrencePattern"), "Takes null for a number of a recurrence pattern."),
    other(Structure, "accepts-null-item-inside", "body/null/item", AcceptsBelow("body/null/item", 4), "Takes null in a collection that lies deep enough."),

    at(Type, "accepts-abstract-type", "body/type/abstract", "Makes values of an abstract type."),
    at(Type, "accepts-missing-type", "body/type/missing", "Guesses the type of a value that does not say it."),
    at(Type, "accepts-type-of-other-json-type", "body/type/not-string", "Skips a type name that is no string."),
    at(Type, "accepts-unknown-type", "body/type/unknown", "Skips values of a type that it does not know."),
    at(Type, "accepts-unrelated-type", "body/type/unrelated", "Makes a value of whatever type is named."),
    other(Type, "accepts-unknown-type-inside", "body/type/unknown", AcceptsBelow("body/type/unknown", 5), "Skips values of unknown types that lie deep enough."),

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
    at(Http, "any-caller", "http/permission", "Lets every caller in whose token is valid, whatever it may do."),
    other(Http, "any-reader", "http/permission", AcceptsReads("http/permission"), "Lets every caller read whose token is valid."),
    other(Http, "permission-401", "http/permission", Answers("http/permission", Status(401)), "Answers 401 to a token that is valid and lacks a permission."),
    other(Http, "authorization-400", "http/authorization/missing", Answers("http/authorization/missing", Status(400)), "Answers 400 to who says nothing."),
    other(Http, "authorization-403", "http/authorization/invalid-token", Answers("http/authorization/invalid-token", Status(403)), "Answers 403 to a token that is not valid."),
    other(Http, "content-type-400", "http/content-type/other", Answers("http/content-type/other", Status(400)), "Answers 400 to another media type than JSON."),
    other(Http, "method-404", "http/method", Answers("http/method", Status(404)), "Answers 404 to a method that it does not have."),
    other(Http, "any-length", "http/message/content-length", Mends(Mend::Length), "Takes what came, whatever its length was to be."),
    other(Http, "any-framing", "http/message/transfer-encoding", Mends(Mend::Transfer), "Takes a message with two framings."),
    other(Http, "any-header-name", "http/message/header-name", Mends(Mend::HeaderName), "Skips headers that it cannot read."),
    other(Http, "any-chunk-size", "http/message/chunk-size", Mends(Mend::ChunkSize), "Takes a chunk whatever its size is said to be."),

    stores("stores-200-characters", "state/stored", StoreFlaw::CutsStrings(200), "Cuts strings to the width of a column."),
    stores("stores-1000-characters", "state/stored", StoreFlaw::CutsStrings(1_000), "Cuts strings to the width of a wide column."),
    stores("stores-trimmed-strings", "state/stored", StoreFlaw::TrimsStrings, "Trims white space from strings."),
    stores("stores-no-astral-characters", "state/stored", StoreFlaw::LosesAstral, "Stores characters in two bytes."),
    stores("stores-one-item", "state/stored", StoreFlaw::CutsItems(1), "Keeps the first item of a collection."),
    stores("stores-19-items", "state/stored", StoreFlaw::CutsItems(19), "Keeps nineteen items of a collection."),
    stores("stores-items-reversed", "state/stored", StoreFlaw::ReversesItems, "Puts each new item before the others."),
    stores("stores-distinct-items", "state/stored", StoreFlaw::KeepsDistinct, "Stores a collection as a set."),
    stores("stores-no-description", "state/stored", StoreFlaw::Loses("description"), "Has no column for descriptions."),
    stores("stores-no-fallback-approvers", "state/stored", StoreFlaw::Loses("fallbackEscalationApprovers"), "Loses a collection deep inside."),
    stores("stores-no-start", "state/stored", StoreFlaw::Loses("startDateTime"), "Loses when a schedule starts."),
    stores("stores-approvers-swapped", "state/stored", StoreFlaw::Swaps("primaryApprovers", "escalationApprovers"), "Stores the first approvers as those to escalate to."),
    stores("stores-names-swapped", "state/stored", StoreFlaw::Swaps("displayName", "description"), "Stores the name as the description."),
    stores("stores-five-levels", "state/stored", StoreFlaw::EmptiesBelow(5), "Stores nothing that lies deep inside."),
    stores("stores-whole-days", "state/stored", StoreFlaw::RoundsDurations, "Stores durations as days."),
    stores("stores-local-time", "state/stored", StoreFlaw::DropsOffsets, "Loses the offset of instants."),
    stores("stores-whole-seconds", "state/stored", StoreFlaw::DropsFractions, "Loses fractions of seconds."),
    stores("stores-numbers-as-strings", "state/stored", StoreFlaw::QuotesNumbers, "Reads numbers back as strings."),
    stores("stores-members-as-numbers", "state/stored", StoreFlaw::NumbersMembers, "Reads members back as their numbers."),
    stores("stores-no-true", "state/stored", StoreFlaw::ForgetsTrue, "Stores every boolean as false."),
    stores("stores-one-type", "state/stored", StoreFlaw::FlattensTypes, "Stores every subject set as one of the first type."),
    stores("stores-what-the-server-sets", "state/server-set", StoreFlaw::KeepsServerSet, "Stores the id and the times that a client sends."),
    stores("merges", "state/replaced", StoreFlaw::Merges, "Keeps what a new policy leaves out."),
    stores("keeps-the-first", "state/stored", StoreFlaw::KeepsFirst, "Says that it stored a policy, and keeps the one it has."),
    leaves("stores-refused-bodies", "body/", Deed::Stores, "Stores a body before it looks at it."),
    leaves("stores-refused-types", "body/type/", Deed::Stores, "Stores a body whose types it refuses."),
    leaves("stores-refused-expirations", "body/expiration/", Deed::Stores, "Stores a body whose expiration it refuses."),
    leaves("stores-other-media-types", "http/content-type/", Deed::Stores, "Stores a body whose media type it refuses."),
    leaves("clears-on-refusal", "body/value/", Deed::Clears, "Clears what is there before it looks at what is new."),
    leaves("stores-without-permission", "http/permission", Deed::Stores, "Stores a policy before it looks at who asks."),
    leaves("clears-on-other-methods", "http/method", Deed::Clears, "Answers 405 to DELETE, and deletes."),

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
    other(Answer, "half-an-answer-to-null", "answer/always", Answers("body/null/non-nullable", Cut), "Dies in the middle of an answer to null."),
    other(Answer, "half-an-answer-to-dates", "answer/always", Answers("body/value/date-time-offset", Cut), "Dies in the middle of an answer to an instant without an offset."),
    other(Answer, "closes-the-next-connection", "answer/next-connection", DropsNext, "Closes the connection that comes after a broken message."),
    fails_on("server-error-on-self-review-with-reviewers", "accessPackageAssignmentReviewSettings", &[("isSelfReview", "true"), ("primaryReviewers", "several")], "Fails on a self review with reviewers."),
    fails_on("server-error-on-four-stages", "accessPackageAssignmentApprovalSettings", &[("stages", "over the limit")], "Fails on a fourth stage."),
    fails_on("server-error-on-relative-recurrence", "recurrencePattern", &[("type", "relativeMonthly")], "Fails on what recurs on the second Tuesday of a month."),
    fails_on("server-error-on-twins", "accessPackageAssignmentPolicy", &[("specificAllowedTargets", "twice")], "Fails on a target that stands there twice."),
    fails_on("server-error-on-long-strings", ANY, &[(ANY, "over 1024")], "Fails on strings of more than 1024 characters."),
    fails_on("server-error-on-astral-characters", ANY, &[(ANY, "astral")], "Fails on characters beyond the basic plane."),
    fails_on("server-error-on-negative-durations", ANY, &[(ANY, "negative")], "Fails on a number or a duration below zero."),
    fails_on("server-error-on-fractions", "expirationPattern", &[("duration", "fraction")], "Fails on a duration with a fraction."),
    fails_on("server-error-on-largest-number", ANY, &[(ANY, "maximum")], "Fails on the largest Int32."),
    fails_on("server-error-on-smallest-number", ANY, &[(ANY, "minimum")], "Fails on the smallest Int32."),
    fails_on("server-error-on-null-and-empty", "accessPackageApprovalStage", &[("durationBeforeEscalation", "null"), ("escalationApprovers", "empty")], "Fails where there is nobody to escalate to and no time to wait."),
    fails_on("server-error-on-three-settings", "accessPackageAssignmentRequestorSettings", &[("allowCustomAssignmentSchedule", "true"), ("enableTargetsToSelfAddAccess", "false"), ("onBehalfRequestors", "empty")], "Fails where three settings meet."),
    other(Answer, "server-error-on-depth", "answer/server-error", Answers("body/json/depth", ServerError), "Runs out of stack on deep nesting."),
    other(Answer, "server-error-on-empty-body", "answer/server-error", Answers("body/json/empty", ServerErrorPage), "Fails on an empty body, with a page that shows its stack."),
    other(Answer, "server-error-on-id", "answer/server-error", Answers("http/path/no-guid", ServerError), "Fails on an id that is no GUID."),
    other(Answer, "server-error-on-lone-surrogates", "answer/server-error", Answers("body/json/lone-surrogate", ServerError), "Fails on escapes that are no character."),
    other(Answer, "server-error-on-null-collection", "answer/server-error", Answers("body/null/collection", ServerErrorPage), "Fails where a collection is null, with a page that shows its stack."),
    other(Answer, "server-error-on-null-item", "answer/server-error", Answers("body/null/item", ServerError), "Fails on null inside a collection."),
    other(Answer, "server-error-on-overflow", "answer/server-error", Answers("body/value/int32-range", ServerError), "Fails on numbers that do not fit."),
    other(Answer, "server-error-on-permission", "answer/server-error", Answers("http/permission", ServerError), "Fails on a caller without permission."),
    other(Answer, "server-error-on-sentinel", "answer/server-error", Answers("body/value/enum-sentinel", ServerError), "Fails on unknownFutureValue."),
    other(Answer, "server-error-on-string-control", "answer/server-error", Answers("body/value/string-control", ServerError), "Fails on control characters in a string."),
    other(Answer, "server-error-on-string-content", "answer/server-error", Answers("accept/string-content", ServerError), "Fails on text that is not plain."),
    other(Answer, "server-error-on-unknown-type", "answer/server-error", Answers("body/type/unknown", ServerError), "Fails on a type that it does not know."),

    lives("create-stores-nothing", "state/found", LifeFlaw::ForgetsCreated, "Answers 201, and stores nothing."),
    lives("create-answers-another-id", "state/found", LifeFlaw::AnswersAnotherId, "Answers a create with an id under which there is nothing."),
    lives("lists-only-replaced", "state/listed", LifeFlaw::ListsReplacedOnly, "Puts a policy on the list when it is replaced first."),
    lives("lists-two", "state/listed", LifeFlaw::CutsLists(2), "Ends lists after two items, and does not say that there are more."),
    lives("lists-no-replaced", "state/listed", LifeFlaw::ListsUnreplacedOnly, "Loses a replaced policy from the list."),
    answers("no-location", "answer/location", Omits("location"), "Answers 201 without Location."),
    answers("location-of-another", "answer/location", Lives(LifeFlaw::LocatesAnother), "Says that a new policy is where another one would be."),
    answers("location-of-collection", "answer/location", Lives(LifeFlaw::LocatesCollection), "Says that a new policy is where all of them are."),
    does("refused-create-stays", "state/nothing-left", "body/", Deed::Creates, "Creates a policy before it looks at its body."),
    does("refused-create-of-types-stays", "state/nothing-left", "body/type/", Deed::Creates, "Creates a policy before it looks at its types."),
    does("create-without-permission-stays", "state/nothing-left", "http/permission", Deed::Creates, "Creates a policy before it looks at who asks."),
    lives("put-merges", "state/replaced", LifeFlaw::Merges, "Keeps what a replace leaves out or has as null."),
    lives("put-merges-inside", "state/replaced", LifeFlaw::MergesInside, "Keeps what the objects in a replace leave out or have as null."),
    lives("put-keeps-for-null", "state/replaced", LifeFlaw::KeepsNulls, "Keeps what a replace has as null."),
    lives("put-appends-items", "state/stored", LifeFlaw::AppendsItems, "Puts the items of a replace behind those that are there."),
    lives("put-does-nothing", "state/stored", LifeFlaw::IgnoresReplace, "Says that it replaced a policy, and keeps the one it has."),
    lives("put-again-doubles-items", "state/idempotent", LifeFlaw::RepeatsLastItem, "Doubles the last item of collections when a replace comes again."),
    lives("put-makes-a-second", "state/creates-nothing", LifeFlaw::ReplaceCopies, "Replaces a policy, and makes another like it."),
    lives("put-changes-id", "state/same-id", LifeFlaw::ReplaceRenames, "Gives a policy a new id when it is replaced."),
    lives("put-creates", "state/creates-nothing", LifeFlaw::ReplaceCreates, "Creates the policy that was to be replaced, and never was."),
    lives("put-brings-back", "state/creates-nothing", LifeFlaw::ReplaceRevives, "Brings back the policy that was to be replaced, and is deleted."),
    lives("put-refuses-server-set", "state/as-read", LifeFlaw::RefusesComputed, "Refuses a replace with what the server sets."),
    lives("put-refuses-context", "state/as-read", LifeFlaw::RefusesContext, "Refuses a replace with the context that its own answers have."),
    lives("put-wants-what-create-wants", "state/as-read", LifeFlaw::RefusesWithoutRequired, "Refuses a replace without what only a create needs."),
    lives("put-changes-another", "state/stored", LifeFlaw::ReplacesAnother, "Replaces the newest of the other policies as well."),
    does("refused-put-stores", "state/unchanged", "body/value/", Deed::Replaces, "Replaces a policy before it looks at the values of the new one."),
    does("refused-put-deletes", "state/unchanged", "body/", Deed::Deletes, "Deletes a policy before it looks at the one to put in its place."),
    does("put-without-permission-stores", "state/unchanged", "http/permission", Deed::Replaces, "Replaces a policy before it looks at who asks."),
    lives("delete-does-nothing", "state/deleted", LifeFlaw::IgnoresDelete, "Says that it deleted a policy, and keeps it."),
    lives("deleted-is-read", "state/deleted", LifeFlaw::ReadsDeleted, "Takes a deleted policy off the list, and still has it read."),
    lives("delete-takes-another", "state/found", LifeFlaw::DeletesAnother, "Deletes the newest of the other policies as well."),
    answers("server-error-on-second-delete", "answer/server-error", Lives(LifeFlaw::FailsOnDeleted), "Fails on deleting what is deleted."),
    lives("deletes-again", "state/deleted-once", LifeFlaw::DeletesAgain, "Deletes what is deleted."),
    answers("created-yesterday", "answer/types", Lives(LifeFlaw::CreatedYesterday), "Has a word for an instant in its answers."),
    answers("create-quotes-booleans", "answer/types", Lives(LifeFlaw::QuotesBooleans), "Answers a create with booleans as strings."),
    answers("lists-number-ids", "answer/types", Lives(LifeFlaw::NumbersIds), "Lists policies with numbers for ids."),

    of_v1(Valid, "list-403", "accept/list", Answers("accept/list", Status(403)), "Lets nobody list policies."),
    of_v1(Valid, "delete-200", "accept/delete", Answers("accept/delete", Status(200)), "Answers 200 to a delete."),
    of_v1(Value, "accepts-sentinel", "body/value/enum-sentinel", Accepts("body/value/enum-sentinel"), "Takes unknownFutureValue for a member like the others."),
    of_v1(Structure, "accepts-no-package", "body/access-package/missing", Accepts("body/access-package/missing"), "Creates policies that belong to no access package."),
    of_v1(Structure, "accepts-package-without-id", "body/reference/no-id", Accepts("body/reference/no-id"), "Takes an access package that is not named."),
    of_v1(Structure, "accepts-unknown-package", "body/reference/unknown", Accepts("body/reference/unknown"), "Takes an access package that does not exist."),
];
