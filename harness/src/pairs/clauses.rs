//! Whether conditions between properties hold where only the classes of the
//! properties are known. A class stands for its representative.

use crate::contract::{Clause, Condition, Contract, Kind, Level, Primitive, RuleId, StructuredType, Test, TypeId};
use crate::generate::Class;

/// The class of each property of an object; none where it is not decided.
pub(super) type Assignment = [Option<Class>];

/// The conditions that hold on a type.
pub(super) struct Conditions<'c> {
    contract: &'c Contract,
    on: &'c StructuredType,
    rules: Vec<(RuleId, &'c Condition)>,
    /// The properties that a condition speaks of.
    pub(super) involved: Vec<usize>,
}

/// What may be broken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mercy {
    /// Nothing.
    None,
    /// Conditions that the contract leaves open.
    Open,
}

impl<'c> Conditions<'c> {
    pub(super) fn on(contract: &'c Contract, id: TypeId) -> Self {
        let index = usize::from(id.0);
        let rules: Vec<_> = contract.conditions[index]
            .iter()
            .filter_map(|&rule| Some((rule, &contract.rule(rule).condition.as_ref()?.1)))
            .collect();
        let mut involved: Vec<usize> = rules.iter().flat_map(|(_, condition)| condition.properties()).collect();
        involved.sort_unstable();
        involved.dedup();
        Self { contract, on: &contract.schema.types[index], rules, involved }
    }

    /// Whether no condition is broken for sure, as far as classes are assigned.
    pub(super) fn allow(&self, assignment: &Assignment, mercy: Mercy) -> bool {
        self.rules.iter().all(|(rule, condition)| {
            let is_open = self.contract.rule(*rule).level == Level::Unspecified;
            is_open && mercy == Mercy::Open || !self.is_broken(condition, assignment)
        })
    }

    /// Whether the classes that are not assigned yet can be chosen so that the
    /// conditions hold.
    pub(super) fn can_complete(&self, assignment: &mut Assignment, mercy: Mercy, choices: &[Vec<Class>]) -> bool {
        if !self.allow(assignment, mercy) {
            return false;
        }
        let Some(&free) = self.involved.iter().find(|&&property| assignment[property].is_none()) else {
            return true;
        };
        let found = choices[free].iter().any(|&class| {
            assignment[free] = Some(class);
            self.can_complete(assignment, mercy, choices)
        });
        assignment[free] = None;
        found
    }

    /// Whether all that is spoken of is known, and the condition is broken.
    fn is_broken(&self, condition: &Condition, assignment: &Assignment) -> bool {
        condition.when.iter().all(|clause| self.holds(clause, assignment) == Some(true))
            && self.holds(&condition.then, assignment) == Some(false)
    }

    fn holds(&self, clause: &Clause, assignment: &Assignment) -> Option<bool> {
        let class = assignment[clause.property]?;
        let is_there = !matches!(class, Class::Absent | Class::Null);
        Some(match &clause.test {
            Test::Present => is_there,
            Test::Absent => !is_there,
            Test::Is(names) => self.is_one_of(clause.property, class, names),
            Test::IsNot(names) => !self.is_one_of(clause.property, class, names),
            Test::HasItems => class.has_items(),
            Test::IsEmpty => !class.has_items(),
            Test::Within(low, high) => {
                let text = self.text(clause.property, class);
                text.and_then(|text| text.parse().ok()).is_some_and(|number| (*low..=*high).contains(&number))
            }
            Test::NotBefore(other) => {
                let other = self.text(*other, assignment[*other]?);
                self.text(clause.property, class).zip(other).is_none_or(|(one, other)| one >= other)
            }
        })
    }

    fn text(&self, property: usize, class: Class) -> Option<String> {
        class.representative(&self.on.properties[property]).map(|lexeme| lexeme.content())
    }

    fn is_one_of(&self, property: usize, class: Class, names: &[Box<str>]) -> bool {
        let property = &self.on.properties[property];
        let is_named = matches!(property.kind, Kind::Enum(_) | Kind::Primitive(Primitive::Boolean));
        is_named && names.iter().any(|name| **name == *class.name(self.contract, property))
    }
}
