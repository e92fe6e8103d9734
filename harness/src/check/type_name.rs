//! `@odata.type` that is missing, or names what cannot stand there: which types can,
//! and which of them the members fit.

use super::context::{Context, Explanation};
use super::words;
use crate::contract::{StructuredType, TypeId, rule};
use crate::json::NodeId;
use crate::near::nearest;

pub(super) fn explain(context: &Context<'_>) -> Option<Explanation> {
    let declared = context.type_of(context.declared_type())?;
    let kind = words::short(&declared.name);
    let offered = offered(context, declared);
    let shown = context.value();
    let fitting = fitting(context, declared);
    Some(match context.violation.rule {
        rule::TYPE_MISSING => Explanation::new(format!("`@odata.type` is missing: {kind} is abstract"))
            .expected(format!("`@odata.type` with one of {offered}"))
            .found(context.value())
            .suggest(misspelt(context).or(fitting)),
        rule::TYPE_ABSTRACT => Explanation::new(format!("{shown} is abstract: no value has this type"))
            .expected(offered)
            .found(shown)
            .suggest(fitting),
        rule::TYPE_UNKNOWN => Explanation::new(format!("{shown} is no type of this API"))
            .expected(offered)
            .suggest(named(context, declared).or(fitting))
            .found(shown),
        rule::TYPE_UNRELATED => Explanation::new(format!("{shown} cannot stand where {kind} is declared"))
            .expected(offered)
            .found(shown)
            .suggest(fitting),
        rule::TYPE_NOT_STRING => {
            Explanation::new("`@odata.type` takes a string").expected(offered).found(shown).suggest(fitting)
        }
        rule::TYPE_FORM => Explanation::new(format!("whether a type may be named {shown} is left open"))
            .expected("\"#namespace.name\"")
            .suggest(named(context, declared))
            .found(shown),
        rule::TYPE_NEWER => Explanation::new(format!("{shown} is newer than the page of this contract")).found(shown),
        _ => return None,
    })
}

/// The types that can stand there.
fn offered(context: &Context<'_>, declared: &StructuredType) -> String {
    let names = declared.concrete.iter().filter_map(|&id| context.type_of(id)).map(|one| words::short(&one.name));
    words::any_of(names)
}

fn write(declared: &StructuredType) -> String {
    format!("write \"@odata.type\": \"#{}\"", declared.name)
}

/// The types whose members are those of the object, of which there may be several.
fn fitting(context: &Context<'_>, declared: &StructuredType) -> Option<String> {
    let object = object(context)?;
    let members = context.member_names(object);
    if members.is_empty() {
        return None;
    }
    let has = |one: &StructuredType, name: &String| {
        one.properties.iter().any(|property| property.name.eq_ignore_ascii_case(name))
    };
    let types = || declared.concrete.iter().filter_map(|&id: &TypeId| context.type_of(id));
    let fits = |one: &&StructuredType| members.iter().all(|name| has(one, name));
    match types().filter(fits).collect::<Vec<_>>().as_slice() {
        [] => {
            // None has all of them: the one that has most.
            let count = |one: &StructuredType| members.iter().filter(|name| has(one, name)).count();
            let best = types().max_by_key(|one| count(one)).filter(|one| count(one) > 0)?;
            Some(format!("{}, if that is what is meant", write(best)))
        }
        [one] if !declared.is_abstract => Some(write(one)),
        [one] => Some(format!("{}, which has `{}`", write(one), words::clip(&members[0]))),
        several => {
            let names = words::any_of(several.iter().map(|one| words::short(&one.name)));
            Some(format!("its members fit {names}"))
        }
    }
}

/// A member that was probably meant to name the type.
fn misspelt(context: &Context<'_>) -> Option<String> {
    let object = context.violation.node?;
    let letters =
        |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let names = context.tree.children(object).map(|member| context.tree.name(member).into_owned());
    let mut names = names.filter(|name| {
        letters(name) == "odatatype" || matches!(name.as_str(), "@type" | "$type" | "odata.type" | "type")
    });
    names.next().map(|name| format!("write `@odata.type` where `{}` is", words::clip(&name)))
}

/// The object whose type is in question.
fn object(context: &Context<'_>) -> Option<NodeId> {
    match context.violation.rule {
        rule::TYPE_MISSING => context.violation.node,
        _ => context.object(),
    }
}

/// The type that a name means, written as it should be.
fn named(context: &Context<'_>, declared: &StructuredType) -> Option<String> {
    let text = context.text()?;
    let name = words::short(&text).trim_start_matches('#').to_owned();
    let types = || declared.concrete.iter().filter_map(|&id| context.type_of(id));
    let near = nearest(&name, types().map(|one| words::short(&one.name)))?;
    types().find(|one| words::short(&one.name) == near).map(write)
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::contract::{Contract, OperationKind};

    #[test]
    fn the_type_that_was_meant_is_told() {
        let contract = Contract::named("seed").unwrap();
        for (object, suggestion) in [
            (r#"{"userId":"x"}"#, Some("write \"@odata.type\": \"#microsoft.graph.singleUser\", which has `userId`")),
            (r#"{"managerLevel":1}"#, Some("its members fit requestorManager or targetManager")),
            (r#"{}"#, None),
            (
                r##"{"@odata.type":"#microsoft.graph.singelUser"}"##,
                Some("write \"@odata.type\": \"#microsoft.graph.singleUser\""),
            ),
            (
                r##"{"@odata.type":"#Microsoft.IGAELM.EC.FrontEnd.ExternalModel.singleUser"}"##,
                Some("write \"@odata.type\": \"#microsoft.graph.singleUser\""),
            ),
            (
                r##"{"@odata.type":"#microsoft.graph.subjectSet","groupId":"x"}"##,
                Some("write \"@odata.type\": \"#microsoft.graph.groupMembers\", which has `groupId`"),
            ),
        ] {
            let body = format!("{{\"specificAllowedTargets\":[{object}]}}");
            let violations = check(body.as_bytes(), &contract, OperationKind::Add);
            let fault = violations.iter().find(|one| one.rule.starts_with("body/type/")).expect(&body);
            assert_eq!(fault.suggestion.as_deref(), suggestion, "{body}");
        }
    }
}
