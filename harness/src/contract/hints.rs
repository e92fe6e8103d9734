//! What is known beyond the rules: what another version of the API calls a thing,
//! and what services were seen to do. A hint changes no verdict; `check` tells it
//! to whoever wonders what to write instead.

use std::collections::HashSet;

use toml::Spanned;

use super::document::HintFile;
use super::error::{ContractError, Place};
use super::load::Contract;
use super::rules::{Rule, RuleId};
use super::schema::{Schema, TypeId};

/// The hints of a contract.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Properties that another version has.
    pub elsewhere: Vec<Elsewhere>,
    /// What else is known of breaches.
    pub notes: Vec<Note>,
    /// Properties whose values are a person's own: those that are sure to be accepted
    /// are examples of them, so that another value is nothing to speak of.
    pub free: Vec<(TypeId, Box<str>)>,
}

/// A property that a type does not declare here, and declares in another version.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The type; those derived from it are meant too.
    pub of: TypeId,
    /// The name that is not declared.
    pub property: Box<str>,
    /// The version that has it.
    pub version: Box<str>,
    /// The rest of a sentence: what to write here.
    pub instead: Box<str>,
}

/// What is known of a breach.
#[derive(Clone, Debug)]
pub struct Note {
    /// The rule that is broken.
    pub rule: RuleId,
    /// The type in which it is broken; none for any. Derived types are meant too.
    pub of: Option<TypeId>,
    /// The member; none for any.
    pub property: Option<Box<str>>,
    /// A sentence.
    pub text: Box<str>,
}

impl Contract {
    /// What another version calls a member, if it has one of this name there.
    pub fn elsewhere(&self, owner: TypeId, name: &str) -> Option<&Elsewhere> {
        let fits = |one: &&Elsewhere| one.property.eq_ignore_ascii_case(name) && self.schema.derives(owner, one.of);
        self.hints.elsewhere.iter().find(fits)
    }

    /// What is known of a breach at a member of an object.
    pub fn note(&self, rule: RuleId, owner: Option<TypeId>, name: &str) -> Option<&str> {
        let is_there = |note: &Note| match note.of {
            None => true,
            Some(of) => owner.is_some_and(|owner| self.schema.derives(owner, of)),
        };
        let is_named = |note: &Note| note.property.as_deref().is_none_or(|property| property == name);
        let found = self.hints.notes.iter().find(|note| note.rule == rule && is_there(note) && is_named(note));
        found.map(|note| &*note.text)
    }
}

impl Hints {
    /// Whether the values of a property are a person's own.
    pub fn is_free(&self, schema: &Schema, owner: TypeId, name: &str) -> bool {
        self.free.iter().any(|(of, property)| **property == *name && schema.derives(owner, *of))
    }

    /// Adds the rows of a file, each held against the types and rules.
    pub(super) fn read(
        &mut self,
        file: &str,
        text: &str,
        rows: HintFile,
        schema: &Schema,
        rules: &[Rule],
    ) -> Result<(), ContractError> {
        let fault = |subject: &Spanned<String>, what: &str| {
            Place::at_offset(file, text, subject.span().start).fault(format!("{} {what}", subject.get_ref()))
        };
        let type_of = |name: &Spanned<String>| {
            let unknown = || fault(name, "is no structured type of this contract; correct the name");
            schema.type_named(name.get_ref()).ok_or_else(unknown)
        };
        let mut seen = HashSet::new();
        for row in rows.elsewhere {
            let of = type_of(&row.on)?;
            let name = row.property.get_ref().as_str();
            let declared = schema.types.get(usize::from(of.0)).map(|declared| &*declared.properties);
            if declared.unwrap_or_default().iter().any(|property| *property.name == *name) {
                return Err(fault(&row.property, "is declared by that type, so nothing is elsewhere; remove the row"));
            }
            if !seen.insert((of, name.to_owned())) {
                return Err(fault(&row.property, "has a second row for that type; keep one"));
            }
            let property = name.into();
            self.elsewhere.push(Elsewhere { of, property, version: row.version.into(), instead: row.instead.into() });
        }
        for row in rows.free {
            let of = type_of(&row.on)?;
            let name = row.property.get_ref().as_str();
            let declared = schema.types.get(usize::from(of.0)).map(|declared| &*declared.properties);
            if !declared.unwrap_or_default().iter().any(|property| *property.name == *name) {
                return Err(fault(&row.property, "is no property of that type; correct the name"));
            }
            self.free.push((of, name.into()));
        }
        for row in rows.note {
            let found = (0u16..).zip(rules).find(|(_, rule)| *rule.id == **row.rule.get_ref());
            let rule = found.map(|(index, _)| RuleId(index));
            let rule = rule.ok_or_else(|| fault(&row.rule, "is no rule; correct the id"))?;
            let of = row.on.as_ref().map(type_of).transpose()?;
            self.notes.push(Note { rule, of, property: row.property.map(Into::into), text: row.text.into() });
        }
        Ok(())
    }
}
