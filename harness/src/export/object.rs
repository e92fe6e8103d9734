//! Objects: the members that a type declares, what else may stand beside them,
//! and which types a value may have. A type is closed (OData CSDL XML 4.01, 6.3
//! and 9.3); annotations, which have an `@` in their name, are free.

use super::definitions::{Definition, Definitions, any_of};
use super::json::Json;
use super::value::promise_in_words;
use crate::contract::{Kind, Property, TYPE, TypeId, rule};

impl Definitions<'_> {
    /// The body.
    pub(super) fn body(&mut self) -> Json {
        let mut schemas = vec![self.reference(Definition::Body)];
        schemas.extend(self.derived_objects(self.contract.body));
        if self.has_open_types() || self.is_open(rule::TYPE_FORM) && !self.contract.root_aliases.is_empty() {
            schemas.push(self.reference(Definition::OpenBody));
        }
        any_of(schemas)
    }

    /// The schemas that a nested value of this declared type may fit.
    pub(super) fn objects(&mut self, declared: TypeId) -> Vec<Json> {
        let mut schemas = vec![self.reference(Definition::Type(declared))];
        if !self.structured(declared).is_abstract {
            schemas.extend(self.derived_objects(declared));
        }
        if self.has_open_types() {
            schemas.push(self.reference(Definition::OpenType));
        }
        schemas
    }

    /// A value of an abstract type: one of a type derived from it, which it names.
    pub(super) fn derived(&mut self, id: TypeId) -> Json {
        let types: Vec<Json> = self.types_of(id).into_iter().map(|id| self.reference(Definition::Type(id))).collect();
        let named = Json::object([
            ("$comment", self.comment(rule::TYPE_MISSING)),
            ("type", "object".into()),
            ("required", Json::strings([TYPE])),
        ]);
        if types.is_empty() { any_of(types) } else { named.with("anyOf", types) }
    }

    /// Values of the types derived from a concrete one.
    fn derived_objects(&mut self, declared: TypeId) -> Vec<Json> {
        let derived = self.types_of(declared).into_iter().filter(|&id| id != declared);
        derived.map(|id| self.reference(Definition::Type(id)).with("required", Json::strings([TYPE]))).collect()
    }

    /// The types that a value of the declared one may name.
    fn types_of(&self, declared: TypeId) -> Vec<TypeId> {
        let concrete = self.structured(declared).concrete.iter().copied();
        concrete.filter(|&id| self.allows(self.structured(id).open)).collect()
    }

    /// An object of exactly this type.
    pub(super) fn object(&mut self, id: TypeId, is_body: bool) -> Json {
        let structured = self.structured(id);
        let mut members = vec![(TYPE, self.type_name(id, is_body))];
        for property in &structured.properties {
            if self.allows(property.open) {
                members.push((&property.name, self.property(property)));
            }
        }
        let conditions = self.conditions(id);
        Json::object([])
            .with_some("$comment", structured.open.map(|open| self.comment(open)))
            .with("type", "object")
            .with("properties", Json::object(members))
            .with("patternProperties", Json::object([("@", true.into())]))
            .with("additionalProperties", false)
            .with_some("allOf", (!conditions.is_empty()).then_some(conditions))
    }

    fn property(&mut self, property: &Property) -> Json {
        let alternatives = self.alternatives(property);
        let schema = if property.is_collection {
            let takes_null = matches!(property.kind, Kind::Primitive(_)) && self.is_open(rule::NULL_PRIMITIVE_ITEM);
            let items = if takes_null { or_null(alternatives) } else { any_of(alternatives) };
            Json::object([("type", "array".into()), ("items", items)])
        } else {
            let takes_null = property.null_open.map_or(property.nullable, |open| self.is_open(open));
            if takes_null { or_null(alternatives) } else { any_of(alternatives) }
        };
        self.remarks(property, schema)
    }

    /// The schema with what it cannot say in words, and with good examples.
    fn remarks(&self, property: &Property, schema: Json) -> Json {
        let open = property.open.map(|rule| format!("Left open by {}.", self.contract.rule(rule).id));
        let computed = property.computed.then(|| "Set by the target: taken, and not stored.".to_owned());
        let words: Vec<String> = [open, computed, promise_in_words(&property.facets)].into_iter().flatten().collect();
        let allowed = &property.facets.allowed;
        schema
            .with_some("$comment", (!words.is_empty()).then(|| words.join(" ")))
            .with_some("examples", (!allowed.is_empty()).then(|| Json::strings(allowed)))
    }

    /// An object that only says to what it refers.
    pub(super) fn referring(&mut self, declared: TypeId) -> Json {
        let structured = self.structured(declared);
        let mut names: Vec<Json> = self.types_of(declared).into_iter().map(|id| self.type_name(id, false)).collect();
        if self.has_open_types() {
            names.push(self.open_type_name(false));
        }
        let key = structured.properties.iter().find(|property| property.null_open.is_some());
        let mut members = vec![(TYPE, any_of(names))];
        if let Some(key) = key {
            members.push((&key.name, self.property(key)));
        }
        let is_open = self.is_open(rule::REFERENCE_MEMBER);
        let schema = Json::object([("type", "object".into())])
            .with_some("required", (structured.is_abstract && !is_open).then(|| Json::strings([TYPE])))
            .with("properties", Json::object(members));
        if is_open {
            return schema.with("$comment", self.comment(rule::REFERENCE_MEMBER));
        }
        schema.with("patternProperties", Json::object([("@", true.into())])).with("additionalProperties", false)
    }
}

/// One of these, or null.
fn or_null(mut schemas: Vec<Json>) -> Json {
    if let [Json::Object(members)] = &mut *schemas
        && let Some((_, kind @ Json::String(_))) = members.iter_mut().find(|(name, _)| name == "type")
    {
        *kind = Json::Array(vec![kind.clone(), "null".into()]);
        return any_of(schemas);
    }
    schemas.push(Json::object([("type", "null".into())]));
    any_of(schemas)
}
