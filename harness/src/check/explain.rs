//! A violation in words: each rule has its sentence, which names the member, the
//! type, what was expected and what stands there. A rule that only a contract's
//! data knows speaks with its own statement.

use super::context::{Context, Explanation};
use super::{condition, property, syntax, type_name, value, words};
use crate::contract::{Family, rule};

/// What is said of a violation.
pub(super) fn explain(context: &Context<'_>) -> Explanation {
    let row = context.contract.rule(context.violation.rule);
    if let Some((_, condition)) = &row.condition {
        return condition::explain(context, row, condition);
    }
    let explained = match row.family {
        Family::Syntax => syntax::explain(context),
        Family::Value => value::explain(context),
        Family::Type => type_name::explain(context),
        Family::Structure => structure(context),
        _ => None,
    };
    explained.unwrap_or_else(|| Explanation::new(words::sentence(&row.statement)).found(context.value()))
}

/// Rules on properties, null and annotations.
fn structure(context: &Context<'_>) -> Option<Explanation> {
    match context.violation.rule {
        rule::UNDECLARED | rule::PROPERTY_CASE | rule::REFERENCE_MEMBER => Some(property::explain(context)),
        rule::NULL | rule::NULL_COLLECTION | rule::NULL_ITEM => Some(value::null(context)),
        rule::ITEM_COUNT => Some(value::item_count(context)),
        rule::PROPERTY_OPEN => Some(Explanation::new(format!(
            "whether `{}` is accepted is left open: the page of this contract does not list it",
            context.name()
        ))),
        rule::NULL_KEY => Some(
            Explanation::new(format!("whether `{}` may be null is left open", context.name()))
                .found("null")
                .suggest(Some("leave it out".to_owned())),
        ),
        rule::REFERENCE_ONLY => Some(Explanation::new("the body is a reference and no policy: `@odata.id` alone")),
        rule::CONTROL_INFORMATION => Some(binding(context)),
        rule::REFERENCE_NO_ID => Some(no_id(context)),
        _ => None,
    }
}

/// A reference without an id, or with one that is written in another letter case.
fn no_id(context: &Context<'_>) -> Explanation {
    let members = context.violation.node.map(|object| context.member_names(object)).unwrap_or_default();
    let other = members.iter().find(|name| name.eq_ignore_ascii_case("id"));
    let suggestion = match other {
        Some(name) => format!("write `id` where `{name}` is"),
        None => "write {\"id\": \"…\"} with the id of what is there".to_owned(),
    };
    Explanation::new(format!("`{}` refers to nothing: it has no id", context.name()))
        .expected("an `id`")
        .found(context.value())
        .suggest(Some(suggestion))
}

/// Control information that changes what a body means.
fn binding(context: &Context<'_>) -> Explanation {
    let name = context.name();
    let bound = name.strip_suffix("@odata.bind");
    Explanation::new(format!("whether `{name}` is understood is left open"))
        .suggest(bound.map(|property| format!("write \"{property}\": {{\"id\": \"…\"}}, as the documentation does")))
}
