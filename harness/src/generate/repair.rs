//! Conditions between properties: a draft that breaks one is changed until it
//! does not, and a draft that is to break one is changed until it does.

use super::body::Making;
use super::draft::Draft;
use super::primitive::push_number;
use crate::contract::{Clause, Kind, Level, Primitive, RuleId, Test};
use crate::json::{NodeId, ValueKind};

/// Changes to one draft before what is still broken is left so. Conditions are
/// few and each change settles one of them.
const ROUNDS: usize = 12;

impl<'c> Making<'_, 'c, '_, '_> {
    /// Makes the draft break a condition; the properties it speaks of are then settled.
    pub(super) fn break_condition(&mut self, draft: Draft, rule: RuleId) {
        let contract = self.generator.contract;
        let Some((_, condition)) = &contract.rule(rule).condition else {
            return;
        };
        for clause in &condition.when {
            self.enforce(draft, clause, true);
        }
        self.enforce(draft, &condition.then, false);
        // What has to be there always is missing, or null.
        let is_judged = contract.rule(rule).level != Level::Unspecified;
        if is_judged
            && condition.when.is_empty()
            && matches!(condition.then.test, Test::Present)
            && self.tape.chance(1, 2)
        {
            let null = self.tree.scalar(ValueKind::Null, b"null");
            self.drafts().set(draft, condition.then.property, Some(null));
        }
        for property in condition.properties() {
            self.drafts().pin(draft, property);
        }
    }

    /// Changes what is not pinned until no condition is broken, and records those
    /// that cannot be mended.
    pub(super) fn repair(&mut self, draft: Draft) {
        let contract = self.generator.contract;
        let conditions = &contract.conditions[usize::from(draft.actual.0)];
        // A body that may touch open points leaves some conditions as they fell.
        let keeps_open = self.generator.options.open && self.tape.chance(1, 2);
        for _ in 0..ROUNDS {
            let broken = conditions.iter().copied().find(|&rule| {
                !(keeps_open && contract.rule(rule).level == Level::Unspecified)
                    && self.is_broken(draft, rule)
                    && self.can_mend(draft, rule)
            });
            let Some(rule) = broken else { break };
            self.mend(draft, rule);
        }
        for &rule in conditions {
            if self.is_broken(draft, rule) {
                self.claim(rule);
            }
        }
    }

    fn is_broken(&self, draft: Draft, rule: RuleId) -> bool {
        let condition = &self.generator.contract.rule(rule).condition;
        condition.as_ref().is_some_and(|(_, condition)| {
            condition.is_broken(self.tree, self.generator.drafts.values(draft))
                && condition.properties().all(|property| !self.generator.drafts.is_unclear(draft, property))
        })
    }

    fn can_mend(&self, draft: Draft, rule: RuleId) -> bool {
        let condition = &self.generator.contract.rule(rule).condition;
        condition.as_ref().is_some_and(|(_, condition)| {
            condition.properties().any(|property| !self.generator.drafts.is_pinned(draft, property))
        })
    }

    fn mend(&mut self, draft: Draft, rule: RuleId) {
        let contract = self.generator.contract;
        let Some((_, condition)) = &contract.rule(rule).condition else {
            return;
        };
        let then = &condition.then;
        if !self.generator.drafts.is_pinned(draft, then.property) {
            return self.enforce(draft, then, true);
        }
        if let Test::NotBefore(other) = then.test
            && !self.generator.drafts.is_pinned(draft, other)
        {
            self.drafts().set(draft, other, None);
            return;
        }
        if let Some(clause) =
            condition.when.iter().find(|clause| !self.generator.drafts.is_pinned(draft, clause.property))
        {
            self.enforce(draft, clause, false);
        }
    }

    /// Makes a clause hold, or not hold.
    fn enforce(&mut self, draft: Draft, clause: &'c Clause, holds: bool) {
        if clause.holds(self.tree, self.generator.drafts.values(draft)) == holds {
            return;
        }
        let contract = self.generator.contract;
        let property = &contract.schema.types[usize::from(draft.actual.0)].properties[clause.property];
        let claims = self.claims();
        let value = match (&clause.test, holds) {
            (Test::Present, true) | (Test::Absent, false) => Some(self.value(property, None)),
            (Test::Present, false) | (Test::Absent, true) | (Test::Within(..), false) | (Test::IsEmpty, true) => None,
            (Test::HasItems, false) => None,
            (Test::Is(names), true) | (Test::IsNot(names), false) => {
                let name = self.tape.pick(names).map_or("", |name| name);
                Some(self.named(property.kind, name))
            }
            (Test::Is(names), false) | (Test::IsNot(names), true) => self.other_than(property.kind, names),
            (Test::HasItems, true) | (Test::IsEmpty, false) => {
                let array = self.tree.array();
                let item = self.item(property, None);
                self.tree.append(array, item);
                Some(array)
            }
            (&Test::Within(low, high), true) => {
                let value = self.tape.within(i64::from(low), i64::from(high));
                Some(self.tree.scalar_by(ValueKind::Number, |out| push_number(out, value)))
            }
            (&Test::NotBefore(other), _) => {
                if !holds {
                    let later = self.tree.scalar(ValueKind::String, b"2030-01-02");
                    self.drafts().set(draft, other, Some(later));
                }
                Some(self.tree.scalar(ValueKind::String, if holds { b"9999-12-31" } else { b"2030-01-01" }))
            }
        };
        let is_unclear = self.claims() > claims;
        self.drafts().set(draft, clause.property, value);
        self.drafts().set_unclear(draft, clause.property, is_unclear);
    }

    /// A boolean or a member by its name.
    fn named(&mut self, kind: Kind, name: &str) -> NodeId {
        let is_boolean = kind == Kind::Primitive(Primitive::Boolean);
        let kind = if is_boolean { ValueKind::Boolean } else { ValueKind::String };
        self.tree.scalar(kind, name.as_bytes())
    }

    /// A value that none of the names names, or no value.
    fn other_than(&mut self, kind: Kind, names: &[Box<str>]) -> Option<NodeId> {
        let contract = self.generator.contract;
        let is_other = |other: &&str| names.iter().all(|name| **name != **other);
        let name = match kind {
            Kind::Enum(id) => {
                let members = contract.schema.enums[usize::from(id.0)].members.iter();
                let plain = members.filter(|member| member.rule.is_none()).map(|member| &*member.name);
                self.tape.pick_of(plain.filter(is_other))
            }
            Kind::Primitive(Primitive::Boolean) => self.tape.pick_of(["true", "false"].into_iter().filter(is_other)),
            _ => None,
        }?;
        Some(self.named(kind, name))
    }
}
