//! What an update loses: PUT replaces a policy, so that whatever the body leaves out
//! is reset, and a reference that a read does not return is easily forgotten.

use super::context::{Context, Explanation};
use crate::contract::{Contract, Kind, Property};
use crate::json::{NodeId, Pointer, Step, Tree};

/// The properties that a body which replaces a policy leaves out, and a service
/// would reset.
pub(super) fn resets<'c>(contract: &'c Contract, tree: &Tree, root: NodeId) -> Vec<&'c Property> {
    let properties = contract.schema.types.get(usize::from(contract.body.0)).map(|body| &*body.properties);
    let is_reset = |property: &&Property| {
        property.is_replaced()
            && !property.read_only
            && !property.is_reference
            && property.id_kind.is_none()
            && !property.must_exist
            && tree.member(root, &property.name).is_none()
    };
    properties.unwrap_or_default().iter().filter(is_reset).collect()
}

/// What is said of a property that is left out.
pub(super) fn explain(property: &Property) -> Explanation {
    let name = &property.name;
    let none = if property.is_collection { "[]" } else { "null" };
    let read = if property.is_navigation {
        format!("read the policy with $expand={name}, and send `{name}` back")
    } else {
        format!("read the policy first, and send `{name}` back; send {none} where it is to be reset")
    };
    let kind = match property.kind {
        Kind::Structured(_) => "settings",
        _ => "value",
    };
    Explanation::new(format!("a PUT replaces the policy: `{name}` is absent, and the service would reset it"))
        .expected(format!("`{name}`, with the {kind} that shall stay"))
        .found("nothing")
        .suggest(Some(read))
}

/// Where the reference stands that an update has to name.
pub(super) fn place(context: &Context<'_>) -> Pointer {
    match reference_of(context) {
        // A condition is on the object as a whole.
        Some(property) if context.violation.declared.property.is_none() => {
            let name = Step::Name(property.name.clone());
            context.violation.at.steps().iter().cloned().chain([name]).collect()
        }
        _ => context.violation.at.clone(),
    }
}

/// What is said of an update that does not name what a new policy has to name.
pub(super) fn reference(context: &Context<'_>) -> Explanation {
    let (name, is_reference) =
        reference_of(context).map_or(("", false), |property| (&*property.name, property.is_reference));
    let value = if is_reference { format!("\"{name}\": {{\"id\": \"…\"}}") } else { format!("\"{name}\": \"…\"") };
    let expand =
        if is_reference { format!("; a plain GET leaves it out: read with $expand={name}") } else { String::new() };
    Explanation::new(format!("this PUT does not name the `{name}` that the policy belongs to"))
        .expected(format!("`{name}` with an id"))
        .found(context.value())
        .suggest(Some(format!("write {value}{expand}")))
}

fn reference_of<'a>(context: &Context<'a>) -> Option<&'a Property> {
    let broken = context.contract.rule(context.violation.rule);
    let asked = broken.condition.as_ref().map(|(_, condition)| condition.then.property);
    asked.and_then(|index| context.owner()?.properties.get(index)).or_else(|| context.property())
}
