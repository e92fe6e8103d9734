//! Values of primitive and enumeration types: what is promised of each, and what
//! the contract leaves open.

use super::definitions::{Definition, Definitions, any_of};
use super::json::Json;
use super::pattern;
use crate::contract::{EnumId, EnumType, Facets, Kind, Member, Primitive, Property, RuleId, rule};

impl Definitions<'_> {
    /// The schemas that a single value of the property, or an item, may fit;
    /// null aside.
    pub(super) fn alternatives(&mut self, property: &Property) -> Vec<Json> {
        match property.kind {
            Kind::Primitive(primitive) => self.primitive(primitive),
            Kind::Enum(id) => {
                let mut schemas = vec![self.reference(Definition::Enum(id))];
                if !self.open_member_forms(id).is_empty() {
                    schemas.push(self.reference(Definition::OpenEnum(id)));
                }
                schemas
            }
            Kind::Structured(id) if property.is_reference => {
                let schema = self.reference(Definition::Reference(id));
                let key = self.structured(id).key().filter(|_| property.must_exist);
                // Without an id nothing is named that could exist.
                let key = key.map(|key| Json::strings([&key.name]));
                vec![schema.with_some("required", key)]
            }
            Kind::Structured(id) => self.objects(id),
        }
    }

    fn primitive(&mut self, primitive: Primitive) -> Vec<Json> {
        if is_plain(primitive) {
            let quoted = primitive != Primitive::String && self.is_open(rule::QUOTED);
            let text = quoted.then(|| Json::object([("type", "string".into())]));
            return [promised(primitive)].into_iter().chain(text).collect();
        }
        let mut schemas = vec![self.reference(Definition::Primitive(primitive))];
        if open_patterns(primitive).iter().any(|&(rule, _)| self.is_open(rule)) {
            schemas.push(self.reference(Definition::OpenPrimitive(primitive)));
        }
        schemas
    }

    /// The forms of a primitive type that the contract leaves open.
    pub(super) fn open_forms(&self, primitive: Primitive) -> Json {
        let open = open_patterns(primitive).iter().filter(|&&(rule, _)| self.is_open(rule));
        any_of(open.map(|&(rule, pattern)| self.commented(rule, matching(pattern))).collect())
    }

    pub(super) fn enumeration(&self, id: EnumId) -> &EnumType {
        &self.contract.schema.enums[usize::from(id.0)]
    }

    /// The members that every target takes.
    pub(super) fn members(&self, id: EnumId) -> Json {
        let promised = self.enumeration(id).members.iter().filter(|member| member.rule.is_none());
        one_of(promised.map(|member| &member.name))
    }

    /// What else may stand for a member.
    pub(super) fn open_members(&self, id: EnumId) -> Json {
        any_of(self.open_member_forms(id).into_iter().map(|(rule, form)| self.commented(rule, form)).collect())
    }

    /// Forms that the contract leaves open, each with the rule that speaks of it.
    fn open_member_forms(&self, id: EnumId) -> Vec<(RuleId, Json)> {
        let members = &self.enumeration(id).members;
        let of_type = |names: &[&str]| Json::object([("type", Json::strings(names))]);
        let numbers = members.iter().map(|member| member.value.to_string());
        let mut rules: Vec<RuleId> = members.iter().filter_map(|member| member.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let under = |rule| members.iter().filter(move |member| member.rule == Some(rule)).map(|member| &member.name);
        let mut forms: Vec<_> = rules.into_iter().map(|rule| (rule, one_of(under(rule)))).collect();
        forms.extend([
            (rule::ENUM_CASE, self.members_in_any_case(members)),
            (rule::ENUM_ORDINAL, one_of(numbers)),
            (rule::ENUM_NUMBER, of_type(&["number"])),
            (rule::ENUM_JSON_TYPE, of_type(&["boolean", "array", "object"])),
        ]);
        forms.retain(|(rule, _)| self.is_open(*rule));
        forms
    }

    /// Members in any letter case; one that is forbidden only in another than its own.
    fn members_in_any_case(&self, members: &[Member]) -> Json {
        let any_case: Vec<String> = members.iter().map(|member| pattern::any_case(&member.name)).collect();
        let forbidden: Vec<&str> =
            members.iter().filter(|member| !self.allows(member.rule)).map(|member| &*member.name).collect();
        matching(&format!("^({})$", any_case.join("|")))
            .with_some("not", (!forbidden.is_empty()).then(|| one_of(forbidden)))
    }

    /// What is promised of the property's value, null aside; none where using it at
    /// all is left open.
    pub(super) fn promise(&mut self, property: &Property) -> Option<Json> {
        if property.open.is_some() {
            return None;
        }
        let of_type = |name: &str| Json::object([("type", name.into())]);
        let of_value = match property.kind {
            Kind::Structured(_) => of_type("object"),
            Kind::Enum(id) => self.reference(Definition::Enum(id)),
            Kind::Primitive(Primitive::Int32) => within(property.facets.range.unwrap_or((i32::MIN, i32::MAX))),
            Kind::Primitive(primitive) if is_plain(primitive) => promised(primitive),
            Kind::Primitive(primitive) => self.reference(Definition::Primitive(primitive)),
        };
        Some(if property.is_collection { of_type("array").with("items", of_value) } else { of_value })
    }
}

/// A string that matches.
pub(super) fn matching(pattern: &str) -> Json {
    Json::object([("type", "string".into()), ("pattern", pattern.into())])
}

/// One of these strings.
pub(super) fn one_of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Json {
    Json::object([("enum", Json::strings(texts))])
}

/// Whether a schema of the type is so short that it stands where it is used.
fn is_plain(primitive: Primitive) -> bool {
    matches!(primitive, Primitive::Boolean | Primitive::Int32 | Primitive::String)
}

/// What is promised of a primitive type.
pub(super) fn promised(primitive: Primitive) -> Json {
    match primitive {
        Primitive::Boolean => Json::object([("type", "boolean".into())]),
        Primitive::Int32 => within((i32::MIN, i32::MAX)),
        Primitive::String => Json::object([("type", "string".into())]),
        Primitive::Date => matching(pattern::DATE),
        Primitive::DateTimeOffset => matching(pattern::DATE_TIME),
        Primitive::Duration => matching(pattern::DURATION),
    }
}

/// An Int32 in this range.
pub(super) fn within((low, high): (i32, i32)) -> Json {
    Json::object([("type", "integer".into()), ("minimum", i64::from(low).into()), ("maximum", i64::from(high).into())])
}

/// Wider forms, each with the rule that speaks of it.
fn open_patterns(primitive: Primitive) -> &'static [(RuleId, &'static str)] {
    match primitive {
        Primitive::Boolean | Primitive::Int32 | Primitive::String => &[],
        Primitive::Date => &[(rule::DATE_FORM, pattern::DATE_ANY_FORM)],
        Primitive::DateTimeOffset => &[(rule::DATE_TIME_FORM, pattern::DATE_TIME_ANY_FORM)],
        Primitive::Duration => {
            &[(rule::DURATION_FORM, pattern::DURATION_ANY_FORM), (rule::DURATION_RANGE, pattern::DURATION_ANY_RANGE)]
        }
    }
}

/// What is promised about values beyond their type, in words: a value outside
/// is left open, so no schema says it.
pub(super) fn promise_in_words(facets: &Facets) -> Option<String> {
    let range = facets.range.map(|(low, high)| format!("{low} to {high}"));
    let items = facets.max_items.map(|most| format!("up to {most} items"));
    let format = facets.format.map(|format| format!("the form {format:?}").to_lowercase());
    let words: Vec<String> = [range, items, format].into_iter().flatten().collect();
    (!words.is_empty()).then(|| format!("Promised: {}.", words.join(", ")))
}
