//! Members that their object's type does not declare: which property was probably
//! meant, which type has one of this name, what the other version of the API calls it.

use std::collections::VecDeque;

use super::context::{Context, Explanation};
use super::words;
use crate::contract::{Kind, Property, StructuredType, TypeId, rule};
use crate::json::ValueKind;
use crate::near::nearest;

/// Properties that are named one by one when a type has no more.
const FEW: usize = 6;
/// How deep inside an object a property is looked for.
const DEEP: usize = 4;

pub(super) fn explain(context: &Context<'_>) -> Explanation {
    let name = context.name();
    let owner = context.owner_name();
    let properties = context.owner().map(|owner| &*owner.properties).unwrap_or_default();
    if context.violation.rule == rule::PROPERTY_CASE {
        let declared = properties.iter().find(|property| property.name.eq_ignore_ascii_case(&name));
        let declared = declared.map_or("", |property| &*property.name);
        return Explanation::new(format!("`{name}` is written `{declared}`"))
            .expected(format!("`{declared}`"))
            .found(format!("`{name}`"))
            .suggest(Some(format!("write `{declared}`")));
    }
    if context.violation.rule == rule::REFERENCE_MEMBER {
        let key = context.owner().and_then(StructuredType::key).map(|key| &*key.name);
        if let Some(key) = key.filter(|key| key.eq_ignore_ascii_case(&name)) {
            return Explanation::new(format!("`{name}` is written `{key}`")).suggest(Some(format!("write `{key}`")));
        }
        return Explanation::new(format!("whether a reference may have more than its id is left open: `{name}`"))
            .suggest(Some("send the `id` alone".to_owned()));
    }
    Explanation::new(format!("`{name}` is no property of {owner}"))
        .expected(match properties {
            [] => "no property: this type has none".to_owned(),
            few if few.len() <= FEW => words::any_of(few.iter().map(|property| &*property.name)),
            _ => format!("a property of {owner}"),
        })
        .found(format!("`{name}`"))
        .suggest(suggestion(context, &name, properties))
}

/// What to write instead, the surest first.
fn suggestion(context: &Context<'_>, name: &str, properties: &[Property]) -> Option<String> {
    let owner = context.violation.declared.owner?;
    if let Some(elsewhere) = context.contract.elsewhere(owner, name) {
        return Some(format!("`{name}` is {}; {}", elsewhere.version, elsewhere.instead));
    }
    let siblings = siblings(context, owner, name);
    if !siblings.is_empty() {
        let named = words::any_of(siblings.iter().copied());
        return Some(format!("`{name}` belongs to {named}, and this value is a {}", context.owner_name()));
    }
    if is_wrapper(context) {
        return Some(format!("the policy is inside `{name}`: send that alone"));
    }
    if let Some(place) = place_of(context, owner, name) {
        return Some(format!("`{name}` belongs {place}"));
    }
    match nearest(name, properties.iter().map(|property| &*property.name)) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => properties.is_empty().then(|| "leave it out".to_owned()),
    }
}

/// The types that could stand in the place of the owner, and have a property of
/// this name.
fn siblings<'a>(context: &Context<'a>, owner: TypeId, name: &str) -> Vec<&'a str> {
    let base = context.type_of(owner).and_then(|declared| declared.base);
    let Some(base) = base.and_then(|base| context.type_of(base)).filter(|base| base.is_abstract) else {
        return Vec::new();
    };
    let has = |declared: &&StructuredType| declared.properties.iter().any(|property| *property.name == *name);
    // Every entity has the same base, and none can stand in another's place.
    let is_general = base.concrete.contains(&context.contract.body);
    let types = base.concrete.iter().filter_map(|&id| context.type_of(id)).filter(has);
    if is_general { Vec::new() } else { types.map(|declared| words::short(&declared.name)).collect() }
}

/// Whether the member is an object, or an array of objects, with members of a policy.
fn is_wrapper(context: &Context<'_>) -> bool {
    let (tree, body) = (context.tree, context.contract.body);
    let value = context.violation.node.filter(|_| context.violation.declared.owner == Some(body));
    let value = value.and_then(|node| match tree.kind(node) {
        ValueKind::Array => tree.first(node),
        _ => Some(node),
    });
    let object = value.filter(|&node| tree.kind(node) == ValueKind::Object);
    let is_of_policy = |name: &String| {
        context.type_of(body).is_some_and(|body| body.properties.iter().any(|property| *property.name == **name))
    };
    object.is_some_and(|object| context.member_names(object).iter().filter(|name| is_of_policy(name)).count() > 1)
}

/// Where a property of this name is: inside the object, in the policy itself, or in
/// one of its settings.
fn place_of(context: &Context<'_>, owner: TypeId, name: &str) -> Option<String> {
    let mut queue = VecDeque::from([(owner, String::new(), 0)]);
    while let Some((id, path, depth)) = queue.pop_front() {
        for property in &context.type_of(id)?.properties {
            if *property.name == *name {
                return Some(format!("inside `{path}`"));
            }
            if let Kind::Structured(inner) = property.kind
                && depth < DEEP
                && !property.is_reference
            {
                let dot = if path.is_empty() { "" } else { "." };
                queue.push_back((inner, format!("{path}{dot}{}", property.name), depth + 1));
            }
        }
    }
    let body = context.type_of(context.contract.body)?;
    if body.properties.iter().any(|property| *property.name == *name && !property.computed) {
        return Some("to the policy itself".to_owned());
    }
    let has = |property: &&Property| match property.kind {
        Kind::Structured(id) if !property.is_reference && !property.is_collection => {
            context.type_of(id).is_some_and(|inner| inner.properties.iter().any(|property| *property.name == *name))
        }
        _ => false,
    };
    body.properties.iter().find(has).map(|settings| format!("inside `{}`", settings.name))
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::contract::{Contract, OperationKind};

    #[test]
    fn the_property_that_was_meant_is_told() {
        let contract = Contract::named("v1.0").unwrap();
        let subject =
            |text: &str| format!(r##"{{"specificAllowedTargets":[{{"@odata.type":"#microsoft.graph.{text}}}]}}"##);
        for (body, suggestion) in [
            (r#"{"DisplayName":"a"}"#.to_owned(), "write `displayName`"),
            (r#"{"displayNam":"a"}"#.to_owned(), "did you mean `displayName`?"),
            (subject(r#"singleUser","UserId":"x""#), "write `userId`"),
            (
                subject(r#"singleUser","groupId":"x""#),
                "`groupId` belongs to groupMembers, and this value is a singleUser",
            ),
            (subject(r#"internalSponsors","id":"x""#), "leave it out"),
            (
                r#"{"requestorSettings":{"specificAllowedTargets":[]}}"#.to_owned(),
                "`specificAllowedTargets` belongs to the policy itself",
            ),
            (r#"{"duration":"P1D"}"#.to_owned(), "`duration` belongs inside `expiration`"),
            (
                r#"{"requestorSettings":{"isApprovalRequiredForAdd":true}}"#.to_owned(),
                "`isApprovalRequiredForAdd` belongs inside `requestApprovalSettings`",
            ),
            (
                r#"{"value":[{"displayName":"a","expiration":null}]}"#.to_owned(),
                "the policy is inside `value`: send that alone",
            ),
            (r#"{"stages":[]}"#.to_owned(), "`stages` belongs inside `requestApprovalSettings`"),
            (
                r#"{"accessPackageId":"x"}"#.to_owned(),
                "`accessPackageId` is beta; in v1.0 write `accessPackage: {\"id\": …}`",
            ),
            (
                r#"{"requestorSettings":{"scopeType":"x"}}"#.to_owned(),
                "`scopeType` is beta; v1.0 has `allowedTargetScope`, in the policy itself",
            ),
        ] {
            let violations = check(body.as_bytes(), &contract, OperationKind::Create);
            let fault = violations.iter().find(|one| one.rule.starts_with("body/property/")).expect(&body);
            assert_eq!(fault.suggestion.as_deref(), Some(suggestion), "{body}");
        }
    }
}
