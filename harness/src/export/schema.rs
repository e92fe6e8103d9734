//! The contract's bodies as one JSON Schema document.

use super::definitions::Definitions;
use super::json::Json;
use crate::contract::Contract;

/// The dialect of every schema that is exported.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The contract's bodies as JSON Schema 2020-12.
///
/// A body of which [`validate`](crate::validate) says that it is valid, or that
/// it only touches points left open, fits the schema; one that breaks a rule of
/// level must or should does not, as far as JSON Schema can say it. The text is
/// the same for the same contract, ends in a line feed, and has a definition for
/// each type, in the order of the first use. Where a schema says more than its
/// keywords do, `$comment` names the rule.
///
/// ```
/// use policy_harness::{contract::Contract, export::json_schema};
/// let contract = Contract::named("seed").unwrap();
/// let schema: serde_json::Value = serde_json::from_str(&json_schema(&contract)).unwrap();
/// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// let policy = &schema["$defs"]["microsoft.graph.accessPackageAssignmentPolicy.body"];
/// assert_eq!(policy["additionalProperties"], false);
/// ```
pub fn json_schema(contract: &Contract) -> String {
    let mut definitions = Definitions::new(contract, "#/$defs/");
    let body = definitions.body();
    let head = [
        ("$schema", DIALECT.into()),
        ("$id", format!("urn:policy-harness:contract:{}", contract.name).into()),
        ("title", contract.title.as_ref().into()),
        ("description", format!("The body of a request. {SCOPE}").into()),
    ];
    let Json::Object(keywords) = body else { return body.to_string() };
    let members = head.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(keywords);
    Json::Object(members.collect()).with("$defs", definitions.written()).to_string()
}

/// What a schema of an export says, and what it does not.
pub(super) const SCOPE: &str = "What fits breaks no rule of level must or should that JSON Schema can say; \
    definitions named `.open` are forms that a target may accept or refuse.";
