//! Conditions between the properties of one object, as `if` and `then`. The
//! contract asks for them only where it promises every value that they speak of:
//! what a value that it leaves open means cannot be told, nor whether a condition
//! on it holds. (What is left open inside a string or an object is not looked for:
//! a condition that is judged speaks of neither.)

use super::definitions::Definitions;
use super::json::Json;
use super::value::within;
use crate::contract::{Clause, Condition, Kind, Level, Primitive, Property, Test, TypeId};

impl Definitions<'_> {
    /// The conditions of level must or should on a type, those left out that
    /// JSON Schema cannot say.
    pub(super) fn conditions(&mut self, id: TypeId) -> Vec<Json> {
        let contract = self.contract;
        let properties = &self.structured(id).properties;
        let rules = contract.conditions[usize::from(id.0)].iter();
        let judged = rules.filter(|&&rule| contract.rule(rule).level != Level::Unspecified);
        let condition = |&rule| {
            let (_, condition) = contract.rule(rule).condition.as_ref()?;
            let schema = Json::object([("$comment", self.comment(rule))]);
            Some(
                schema
                    .with("if", self.premise(condition, properties)?)
                    .with("then", conclusion(&condition.then, properties)?),
            )
        };
        judged.filter_map(condition).collect()
    }

    /// All of `when` holds, and every value is promised.
    fn premise(&mut self, condition: &Condition, properties: &[Property]) -> Option<Json> {
        let mut subjects: Vec<usize> = condition.properties().collect();
        subjects.sort_unstable();
        subjects.dedup();
        let mut required = Vec::new();
        let mut members = Vec::new();
        for subject in subjects {
            let property = properties.get(subject)?;
            let promise = self.promise(property);
            let mut schemas = Vec::new();
            for clause in condition.when.iter().filter(|clause| clause.property == subject) {
                if needs_value(&clause.test) && !required.contains(&&*property.name) {
                    required.push(&*property.name);
                }
                schemas.push(fitting(clause, property, promise.clone())?);
            }
            if schemas.is_empty() {
                schemas.push(promised_or_null(property, promise));
            }
            members.push((&*property.name, all_of(schemas)));
        }
        let premise = (!required.is_empty()).then(|| Json::strings(required));
        Some(Json::object([]).with_some("required", premise).with("properties", Json::object(members)))
    }
}

/// Whether a clause holds only where its property is there.
fn needs_value(test: &Test) -> bool {
    matches!(test, Test::Present | Test::Is(_) | Test::HasItems | Test::Within(..))
}

/// Promised values for which the clause holds.
fn fitting(clause: &Clause, property: &Property, promise: Option<Json>) -> Option<Json> {
    Some(match &clause.test {
        Test::Present => promise.unwrap_or(Json::Bool(false)),
        Test::IsNot(_) => all_of(vec![promised_or_null(property, promise), said(clause, property)?]),
        Test::HasItems | Test::Within(..) => {
            all_of(vec![promise.unwrap_or(Json::Bool(false)), said(clause, property)?])
        }
        Test::Absent | Test::Is(_) | Test::IsEmpty => said(clause, property)?,
        Test::NotBefore(_) => return None,
    })
}

/// What is promised of the property, null among it where it is nullable. A
/// promise of nothing leaves absence.
fn promised_or_null(property: &Property, promise: Option<Json>) -> Json {
    match promise {
        None => Json::Bool(false),
        Some(promise) if property.nullable && property.null_open.is_none() => {
            Json::object([("anyOf", vec![promise, null()].into())])
        }
        Some(promise) => promise,
    }
}

/// The clause that then holds.
fn conclusion(then: &Clause, properties: &[Property]) -> Option<Json> {
    let property = properties.get(then.property)?;
    let required = needs_value(&then.test).then(|| Json::strings([&property.name]));
    let members = Json::object([(&*property.name, said(then, property)?)]);
    Some(Json::object([]).with_some("required", required).with("properties", members))
}

/// Values for which the clause holds; none where JSON Schema cannot say which.
fn said(clause: &Clause, property: &Property) -> Option<Json> {
    let not = |schema: Json| Json::object([("not", schema)]);
    Some(match &clause.test {
        Test::Present => not(null()),
        Test::Absent => null(),
        Test::Is(names) => one_of(names, property),
        Test::IsNot(names) => not(one_of(names, property)),
        Test::HasItems => Json::object([("minItems", 1.into())]),
        Test::IsEmpty => Json::object([("maxItems", 0.into())]),
        Test::Within(low, high) => within((*low, *high)),
        Test::NotBefore(_) => return None,
    })
}

fn one_of(names: &[Box<str>], property: &Property) -> Json {
    let is_boolean = property.kind == Kind::Primitive(Primitive::Boolean);
    let value = |name: &str| if is_boolean { (name == "true").into() } else { name.into() };
    Json::object([("enum", names.iter().map(|name| value(name)).collect::<Vec<Json>>().into())])
}

fn null() -> Json {
    Json::object([("type", "null".into())])
}

fn all_of(mut schemas: Vec<Json>) -> Json {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => Json::object([("allOf", schemas.into())]),
    }
}
