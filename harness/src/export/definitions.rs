//! The definitions of an export: which there are, what they are called, and how
//! they are referred to. A definition is written once something refers to it, in
//! the order of the first references, so that a document reads from the top down.

use super::json::Json;
use crate::contract::{Contract, EnumId, Level, Primitive, RuleId, StructuredType, TypeId};

/// What a definition is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Definition {
    /// The body, where it names no type or its own.
    Body,
    /// A body of a type that only the target may know.
    OpenBody,
    /// An object of exactly this type; for an abstract one, of one derived from it.
    Type(TypeId),
    /// A nested object of a type that only the target may know.
    OpenType,
    /// An object that refers to one of this type.
    Reference(TypeId),
    /// What is promised of an enumeration.
    Enum(EnumId),
    /// What is left open of it.
    OpenEnum(EnumId),
    /// What is promised of a primitive type.
    Primitive(Primitive),
    /// What is left open of it.
    OpenPrimitive(Primitive),
}

/// The definitions of one document.
#[derive(Debug)]
pub(super) struct Definitions<'c> {
    pub(super) contract: &'c Contract,
    /// Where the document keeps them: `#/$defs/`.
    place: &'static str,
    /// Those that something refers to.
    used: Vec<Definition>,
}

impl<'c> Definitions<'c> {
    pub(super) fn new(contract: &'c Contract, place: &'static str) -> Self {
        Self { contract, place, used: Vec::new() }
    }

    /// A schema that refers to the definition.
    pub(super) fn reference(&mut self, to: Definition) -> Json {
        if !self.used.contains(&to) {
            self.used.push(to);
        }
        Json::object([("$ref", format!("{}{}", self.place, self.name(to)).into())])
    }

    /// All definitions that are referred to, by name.
    pub(super) fn written(mut self) -> Json {
        let mut members = Vec::new();
        // Writing one may refer to another.
        while let Some(&next) = self.used.get(members.len()) {
            let schema = self.schema(next);
            members.push((self.name(next), schema));
        }
        Json::Object(members)
    }

    fn schema(&mut self, definition: Definition) -> Json {
        match definition {
            Definition::Body => self.object(self.contract.body, true),
            Definition::OpenBody => self.open_type(true),
            Definition::Type(id) if self.structured(id).is_abstract => self.derived(id),
            Definition::Type(id) => self.object(id, false),
            Definition::OpenType => self.open_type(false),
            Definition::Reference(id) => self.referring(id),
            Definition::Enum(id) => self.members(id),
            Definition::OpenEnum(id) => self.open_members(id),
            Definition::Primitive(primitive) => super::value::promised(primitive),
            Definition::OpenPrimitive(primitive) => self.open_forms(primitive),
        }
    }

    fn name(&self, definition: Definition) -> String {
        match definition {
            Definition::Body => format!("{}.body", self.structured(self.contract.body).name),
            Definition::OpenBody => "body.open".to_owned(),
            Definition::Type(id) => self.structured(id).name.to_string(),
            Definition::OpenType => "type.open".to_owned(),
            Definition::Reference(id) => format!("{}.reference", self.structured(id).name),
            Definition::Enum(id) => self.enumeration(id).name.to_string(),
            Definition::OpenEnum(id) => format!("{}.open", self.enumeration(id).name),
            Definition::Primitive(primitive) => format!("Edm.{primitive:?}"),
            Definition::OpenPrimitive(primitive) => format!("Edm.{primitive:?}.open"),
        }
    }

    pub(super) fn structured(&self, id: TypeId) -> &'c StructuredType {
        &self.contract.schema.types[usize::from(id.0)]
    }

    /// Whether the contract leaves open what a target makes of a breach.
    pub(super) fn is_open(&self, rule: RuleId) -> bool {
        self.contract.rule(rule).level == Level::Unspecified
    }

    /// Whether nothing forbids what this rule speaks of.
    pub(super) fn allows(&self, rule: Option<RuleId>) -> bool {
        rule.is_none_or(|rule| self.is_open(rule))
    }

    /// The schema with its rule in a comment before it.
    pub(super) fn commented(&self, rule: RuleId, schema: Json) -> Json {
        match schema {
            Json::Object(members) => {
                let comment = ("$comment".to_owned(), self.comment(rule));
                Json::Object([comment].into_iter().chain(members).collect())
            }
            other => other,
        }
    }

    /// The rule in a comment.
    pub(super) fn comment(&self, rule: RuleId) -> Json {
        let rule = self.contract.rule(rule);
        let verb = if rule.level == Level::Unspecified { "Left open by " } else { "" };
        format!("{verb}{}: {}", rule.id, rule.statement).into()
    }
}

/// Any of these schemas: itself where there is one, nothing where there is none.
pub(super) fn any_of(mut schemas: Vec<Json>) -> Json {
    match schemas.len() {
        0 => Json::Bool(false),
        1 => schemas.remove(0),
        _ => Json::object([("anyOf", schemas.into())]),
    }
}
