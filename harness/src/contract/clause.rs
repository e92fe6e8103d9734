//! The clause language of conditions: `duration present`, `type is afterDuration`.
//! A clause is checked against the type that it speaks of, so that a word
//! which fits no value is found when the contract is read.

use super::condition::{Clause, Condition, Test};
use super::schema::{Kind, Primitive, Property, Schema, StructuredType, TypeId};

/// Reads a condition on values of type `on`.
///
/// # Errors
/// What is wrong with which clause, and what would be right.
pub(super) fn condition<'c>(
    schema: &Schema,
    on: TypeId,
    when: impl IntoIterator<Item = &'c str>,
    then: &str,
) -> Result<Condition, String> {
    let reader = ClauseReader { schema, on: schema.types.get(usize::from(on.0)).ok_or("no such type")? };
    let when = when.into_iter().map(|text| reader.clause(text)).collect::<Result<_, _>>()?;
    Ok(Condition { when, then: reader.clause(then)? })
}

struct ClauseReader<'s> {
    schema: &'s Schema,
    on: &'s StructuredType,
}

impl ClauseReader<'_> {
    fn clause(&self, text: &str) -> Result<Clause, String> {
        let (name, test) = text.split_once(' ').unwrap_or((text, ""));
        let (property, declared) = self.property(name)?;
        let test = self.test(declared, test).map_err(|why| format!("the clause `{text}` {why}"))?;
        Ok(Clause { property, test })
    }

    fn property(&self, name: &str) -> Result<(usize, &Property), String> {
        let found = self.on.properties.iter().enumerate().find(|(_, property)| &*property.name == name);
        found.ok_or_else(|| format!("{} has no property `{name}`; correct the name in the clause", self.on.name))
    }

    fn test(&self, property: &Property, text: &str) -> Result<Test, String> {
        // The longer words first: `is not a` also starts as `is a` does.
        Ok(match text {
            "present" => Test::Present,
            "absent" => Test::Absent,
            "has items" | "is empty" if !property.is_collection => {
                return Err(format!("needs a collection, and {} is a single value", property.name));
            }
            "has items" => Test::HasItems,
            "is empty" => Test::IsEmpty,
            _ => {
                if let Some(values) = text.strip_prefix("is not ") {
                    Test::IsNot(self.values(property, values)?)
                } else if let Some(values) = text.strip_prefix("is ") {
                    Test::Is(self.values(property, values)?)
                } else if let Some(bounds) = text.strip_prefix("within ") {
                    within(property, bounds)?
                } else if let Some(other) = text.strip_prefix("not before ") {
                    self.not_before(property, other)?
                } else {
                    return Err("is not understood; write present, absent, is a|b, is not a|b, has items, \
                                is empty, within 1..31 or not before <property>"
                        .to_owned());
                }
            }
        })
    }

    fn values(&self, property: &Property, text: &str) -> Result<Vec<Box<str>>, String> {
        let is_value = |value: &str| match property.kind {
            Kind::Primitive(Primitive::Boolean) => value == "true" || value == "false",
            Kind::Enum(id) => self
                .schema
                .enums
                .get(usize::from(id.0))
                .is_some_and(|declared| declared.members.iter().any(|member| &*member.name == value)),
            _ => false,
        };
        if property.is_collection {
            return Err(format!("needs a single value, and {} is a collection", property.name));
        }
        match text.split('|').find(|value| !is_value(value)) {
            None => Ok(text.split('|').map(Into::into).collect()),
            Some(wrong) => Err(format!(
                "speaks of `{wrong}`, which is no value of {}; write a member of its enumeration, or true or false",
                property.name
            )),
        }
    }

    fn not_before(&self, property: &Property, name: &str) -> Result<Test, String> {
        let (index, other) = self.property(name)?;
        let is_date = |one: &Property| !one.is_collection && one.kind == Kind::Primitive(Primitive::Date);
        match is_date(property) && is_date(other) {
            true => Ok(Test::NotBefore(index)),
            false => Err("compares what is not two Edm.Date values".to_owned()),
        }
    }
}

fn within(property: &Property, bounds: &str) -> Result<Test, String> {
    if property.is_collection || property.kind != Kind::Primitive(Primitive::Int32) {
        return Err(format!("needs an Edm.Int32, and {} is none", property.name));
    }
    let bound = |text: &str| text.parse::<i32>().ok();
    match bounds.split_once("..").map(|(least, most)| (bound(least), bound(most))) {
        Some((Some(least), Some(most))) if least <= most => Ok(Test::Within(least, most)),
        _ => Err("has no range; write two whole numbers, the smaller first: within 1..31".to_owned()),
    }
}
