//! Rules between the properties of one object, which exist as data alone: what one
//! of them says, and what it says of a value that is at fault.

use super::context::{Context, Explanation};
use super::words;
use crate::contract::{Clause, Condition, Rule, StructuredType, Test};
use crate::json::{NodeId, ValueKind};

/// What is said of an object that breaks a condition.
pub(super) fn explain(context: &Context<'_>, rule: &Rule, condition: &Condition) -> Explanation {
    let explanation = Explanation::new(words::sentence(&rule.statement));
    let (Some(owner), Some(object)) = (context.owner(), context.object()) else { return explanation };
    let name = |index: usize| owner.properties.get(index).map_or("", |property| &*property.name);
    let asked = name(condition.then.property);
    let shown = condition.properties().filter_map(|index| {
        let value = context.tree.member(object, name(index))?;
        Some(format!("`{}`: {}", name(index), words::found(context.tree, value)))
    });
    let mut shown: Vec<String> = shown.collect();
    shown.dedup();
    let shown = if shown.is_empty() { "none of them".to_owned() } else { shown.join(", ") };
    let (expected, suggestion) = match &condition.then.test {
        Test::Present => {
            let is_null = context.tree.member(object, asked).is_some();
            let advice = if is_null { format!("give `{asked}` a value") } else { format!("add `{asked}`") };
            (format!("`{asked}`"), Some(advice))
        }
        Test::Absent => {
            let other = condition.when.iter().find(|clause| is_present(clause)).map(|clause| name(clause.property));
            let either = other.map(|other| format!(", or `{other}`, whichever is not meant")).unwrap_or_default();
            (format!("no `{asked}`"), Some(format!("leave `{asked}` out{either}")))
        }
        Test::Is(values) => {
            let values = words::any_of(values.iter().map(|value| &**value));
            (format!("`{asked}`: {values}"), Some(format!("set `{asked}` to {values}")))
        }
        Test::IsNot(values) => {
            (format!("another `{asked}` than {}", words::any_of(values.iter().map(|value| &**value))), None)
        }
        Test::HasItems => (format!("items in `{asked}`"), Some(format!("add an item to `{asked}`"))),
        Test::IsEmpty => (format!("no items in `{asked}`"), Some(format!("leave `{asked}` empty"))),
        Test::Within(least, most) => (format!("`{asked}` from {least} to {most}"), None),
        Test::NotBefore(other) => (format!("`{asked}` on or after `{}`", name(*other)), None),
    };
    explanation.expected(expected).found(shown).suggest(suggestion)
}

/// The one value that the other properties of an object ask for in place of a value
/// that is at fault, and why.
pub(super) fn implied(context: &Context<'_>) -> Option<(String, String)> {
    let (owner, property) = (context.owner()?, context.violation.declared.property?);
    let id = context.violation.declared.owner?;
    let object = context.object()?;
    let conditions = context.contract.conditions.get(usize::from(id.0))?;
    conditions.iter().find_map(|&rule| {
        let (_, condition) = context.contract.rule(rule).condition.as_ref()?;
        let Test::Is(values) = &condition.then.test else { return None };
        let [value] = values.as_slice() else { return None };
        if condition.then.property != property || !condition.when.iter().any(is_present) {
            return None;
        }
        let member = |clause: &Clause| member(context, owner, object, clause.property);
        let holds = condition.when.iter().all(|clause| match clause.test {
            Test::Present => member(clause).is_some(),
            Test::Absent => member(clause).is_none(),
            _ => false,
        });
        let given = condition.when.iter().find(|clause| is_present(clause)).filter(|_| holds)?;
        let name = &owner.properties.get(given.property)?.name;
        let line = context.line_of(member(given)?);
        Some((value.to_string(), format!("`{name}` is given on line {line}")))
    })
}

fn is_present(clause: &Clause) -> bool {
    matches!(clause.test, Test::Present)
}

/// The member that a property of an object is, where it is there and not null.
fn member(context: &Context<'_>, owner: &StructuredType, object: NodeId, property: usize) -> Option<NodeId> {
    let member = context.tree.member(object, &owner.properties.get(property)?.name)?;
    (context.tree.kind(member) != ValueKind::Null).then_some(member)
}
