//! Whether a condition holds for an object that was read: the one place where
//! clauses meet values.

use super::condition::{Clause, Condition, Test};
use crate::edm::{Int32Form, int32};
use crate::json::{NodeId, Tree, ValueKind};

/// The values of an object by index of property; none where the member is missing.
pub type Values = [Option<NodeId>];

impl Condition {
    /// Whether the object breaks the condition.
    pub fn is_broken(&self, tree: &Tree, values: &Values) -> bool {
        self.when.iter().all(|clause| clause.holds(tree, values)) && !self.then.holds(tree, values)
    }

    /// The properties that the condition speaks of.
    pub fn properties(&self) -> impl Iterator<Item = usize> {
        let other = match self.then.test {
            Test::NotBefore(other) => Some(other),
            _ => None,
        };
        self.when.iter().map(|clause| clause.property).chain([self.then.property]).chain(other)
    }
}

impl Clause {
    /// Whether the object's values are as the clause says.
    pub fn holds(&self, tree: &Tree, values: &Values) -> bool {
        let value = present(tree, values, self.property);
        match &self.test {
            Test::Present => value.is_some(),
            Test::Absent => value.is_none(),
            Test::Is(names) => value.is_some_and(|value| is_one_of(tree, value, names)),
            Test::IsNot(names) => !value.is_some_and(|value| is_one_of(tree, value, names)),
            Test::HasItems => value.is_some_and(|value| tree.children(value).next().is_some()),
            Test::IsEmpty => value.is_none_or(|value| tree.children(value).next().is_none()),
            Test::Within(low, high) => value.is_some_and(|value| {
                let lexeme = std::str::from_utf8(tree.raw(value)).unwrap_or_default();
                matches!(int32(lexeme), Int32Form::Value(number) if (*low..=*high).contains(&number))
            }),
            // Dates of four-digit years, which these are, sort as text.
            Test::NotBefore(other) => match (value, present(tree, values, *other)) {
                (Some(value), Some(other)) => tree.string(value) >= tree.string(other),
                _ => true,
            },
        }
    }
}

fn present(tree: &Tree, values: &Values, property: usize) -> Option<NodeId> {
    values.get(property).copied().flatten().filter(|&value| tree.kind(value) != ValueKind::Null)
}

fn is_one_of(tree: &Tree, value: NodeId, names: &[Box<str>]) -> bool {
    names.iter().any(|name| tree.has_text(value, name))
}
