//! The contract's operations as an OpenAPI document.

use super::definitions::Definitions;
use super::json::Json;
use super::pattern::GUID;
use super::schema::{DIALECT, SCOPE};
use crate::contract::{Contract, Operation, OperationKind, Rule, RuleId, rule};

/// The contract's operations as OpenAPI 3.1, for a service at `server` (a URL,
/// or a path relative to where the document is).
///
/// The bodies are those of [`json_schema`](super::json_schema). An answer that
/// refuses is documented by its class, because the contract rarely asks for one
/// status. What the contract says beyond a status, a body and the headers that
/// come with it (other methods, media types, broken messages) has no place in
/// such a document.
///
/// ```
/// use policy_harness::{contract::Contract, export::openapi};
/// let contract = Contract::named("seed").unwrap();
/// let document: serde_json::Value = serde_json::from_str(&openapi(&contract, "/v1.0")).unwrap();
/// assert_eq!(document["openapi"], "3.1.0");
/// assert_eq!(document["servers"][0]["url"], "/v1.0");
/// ```
pub fn openapi(contract: &Contract, server: &str) -> String {
    let mut definitions = Definitions::new(contract, "#/components/schemas/");
    let paths = paths(contract, &mut definitions);
    let components = Json::object([
        ("securitySchemes", Json::object([("bearer", bearer())])),
        ("responses", responses(contract)),
        ("schemas", definitions.written().with("error", error(contract))),
    ]);
    let info = Json::object([
        ("title", contract.title.as_ref().into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("description", format!("The contract {}. {SCOPE}", contract.name).into()),
    ]);
    Json::object([
        ("openapi", "3.1.0".into()),
        ("info", info),
        ("jsonSchemaDialect", DIALECT.into()),
        ("servers", vec![Json::object([("url", server.into())])].into()),
        ("security", vec![Json::object([("bearer", Vec::new().into())])].into()),
        ("paths", paths),
        ("components", components),
    ])
    .to_string()
}

/// Operations by path, each path once.
fn paths(contract: &Contract, definitions: &mut Definitions<'_>) -> Json {
    let mut items: Vec<(&str, Json)> = Vec::new();
    for first in &contract.operations {
        if items.iter().any(|(path, _)| *path == &*first.path) {
            continue;
        }
        let parameters: Vec<Json> = parameter(contract, first).into_iter().collect();
        let mut item = Json::object([("parameters", parameters.into())]);
        for operation in contract.operations.iter().filter(|operation| operation.path == first.path) {
            item = item.with(&operation.method.to_ascii_lowercase(), describe(contract, operation, definitions));
        }
        items.push((&first.path, item));
    }
    Json::object(items)
}

/// The parameter in braces.
fn parameter(contract: &Contract, operation: &Operation) -> Option<Json> {
    let (_, rest) = operation.path.split_once('{')?;
    let (name, _) = rest.split_once('}')?;
    let schema = Json::object([("type", "string".into())]);
    let schema = match contract.rule(rule::ASSIGNMENT_NO_GUID).statuses.is_empty() {
        true => schema,
        false => schema.with("format", "uuid").with("pattern", GUID),
    };
    Some(Json::object([("name", name.into()), ("in", "path".into()), ("required", true.into()), ("schema", schema)]))
}

fn describe(contract: &Contract, operation: &Operation, definitions: &mut Definitions<'_>) -> Json {
    let documented = |rule| Json::object([("description", statement(contract, rule))]);
    let success = match operation.kind {
        OperationKind::Add => documented(rule::ACCEPT_BODY),
        OperationKind::Create => {
            let location = Json::object([
                ("description", statement(contract, rule::ANSWER_LOCATION)),
                ("required", true.into()),
                ("schema", Json::object([("type", "string".into())])),
            ]);
            documented(rule::ACCEPT_BODY)
                .with("headers", Json::object([("Location", location)]))
                .with("content", content(read(contract, definitions)))
        }
        OperationKind::Replace => documented(rule::ACCEPT_BODY).with("content", content(read(contract, definitions))),
        OperationKind::Read => documented(rule::ACCEPT_READ).with("content", content(read(contract, definitions))),
        OperationKind::List => {
            let value = Json::object([("type", "array".into()), ("items", read(contract, definitions))]);
            let list = Json::object([
                ("type", "object".into()),
                ("required", Json::strings(["value"])),
                ("properties", Json::object([("value", value)])),
            ]);
            documented(rule::ACCEPT_LIST).with("content", content(list))
        }
        OperationKind::Delete => documented(rule::ACCEPT_DELETE),
    };
    let refusals = ["401", "4XX", "501"]
        .map(|status| (status, Json::object([("$ref", format!("#/components/responses/{status}").into())])));
    let status = operation.success.to_string();
    let answers = Json::object([(&*status, success)].into_iter().chain(refusals));
    let sent = operation.kind.sends_policy().then(|| {
        let body = definitions.body();
        Json::object([("required", true.into()), ("content", content(body))])
    });
    Json::object([("operationId", operation.id.as_ref().into())])
        .with_some("requestBody", sent)
        .with("responses", answers)
}

/// What is read is what was stored. After a body that the contract leaves open
/// nothing is promised of it but what the server sets, so that a policy is only one
/// of the possibilities.
fn read(contract: &Contract, definitions: &mut Definitions<'_>) -> Json {
    let properties = contract.schema.types.get(usize::from(contract.body.0)).map(|body| &*body.properties);
    let set =
        properties.unwrap_or_default().iter().filter(|property| property.computed).map(|property| &*property.name);
    let other = Json::object([
        ("$comment", "After a body that the contract leaves open.".into()),
        ("type", "object".into()),
        ("required", Json::strings(set.collect::<Vec<_>>())),
    ]);
    Json::object([("anyOf", vec![definitions.body(), other].into())])
}

fn content(schema: Json) -> Json {
    Json::object([("application/json", Json::object([("schema", schema)]))])
}

/// How requests are refused.
fn responses(contract: &Contract) -> Json {
    let error = || content(Json::object([("$ref", "#/components/schemas/error".into())]));
    let challenge = Json::object([
        ("description", statement(contract, rule::ANSWER_WWW_AUTHENTICATE)),
        ("required", true.into()),
        ("schema", Json::object([("type", "string".into())])),
    ]);
    let refused = |description: Json| Json::object([("description", description)]);
    Json::object([
        (
            "401",
            refused(statement(contract, rule::AUTHORIZATION_MISSING))
                .with("headers", Json::object([("WWW-Authenticate", challenge)]))
                .with("content", error()),
        ),
        ("4XX", refused("The request breaks a rule.".into()).with("content", error())),
        ("501", refused(statement(contract, rule::ANSWER_SERVER_ERROR))),
    ])
}

/// The error object (OData JSON Format 4.01, 21.1).
fn error(contract: &Contract) -> Json {
    let text = || Json::object([("type", "string".into()), ("minLength", 1.into())]);
    let inner = Json::object([
        ("type", "object".into()),
        ("required", Json::strings(["code", "message"])),
        ("properties", Json::object([("code", text()), ("message", text())])),
    ]);
    Json::object([
        ("description", statement(contract, rule::ANSWER_ERROR_OBJECT)),
        ("type", "object".into()),
        ("required", Json::strings(["error"])),
        ("properties", Json::object([("error", inner)])),
    ])
}

fn bearer() -> Json {
    Json::object([("type", "http".into()), ("scheme", "bearer".into())])
}

fn statement(contract: &Contract, id: RuleId) -> Json {
    let Rule { id, statement, .. } = contract.rule(id);
    format!("{statement} ({id})").into()
}
