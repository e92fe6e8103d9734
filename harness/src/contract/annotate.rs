//! What an annotation says about a property. The standard vocabularies say
//! most of it; the terms of this project's own vocabulary say the rest.

use super::csdl::{Annotation, Value};
use super::error::ContractError;
use super::rules::{RuleId, rule};
use super::schema::{Format, Kind, Primitive, Property};

/// The terms that are understood.
#[derive(Clone, Copy)]
pub(super) enum Term {
    Description,
    Computed,
    Permissions,
    Minimum,
    Maximum,
    MaxItems,
    AllowedValues,
    Format,
    Reference,
    Exists,
    IdKind,
    NeedsRole,
    Rule,
    NullRule,
    EmptyOpen,
}

impl Term {
    /// The term of an annotation.
    pub(super) fn of(annotation: &Annotation<'_>) -> Result<Self, ContractError> {
        Ok(match annotation.term.as_str() {
            "Org.OData.Core.V1.Description" => Self::Description,
            "Org.OData.Core.V1.Computed" => Self::Computed,
            "Org.OData.Core.V1.Permissions" => Self::Permissions,
            "Org.OData.Validation.V1.Minimum" => Self::Minimum,
            "Org.OData.Validation.V1.Maximum" => Self::Maximum,
            "Org.OData.Validation.V1.MaxItems" => Self::MaxItems,
            "Org.OData.Validation.V1.AllowedValues" => Self::AllowedValues,
            "policyHarness.V1.Format" => Self::Format,
            "policyHarness.V1.Reference" => Self::Reference,
            "policyHarness.V1.Exists" => Self::Exists,
            "policyHarness.V1.IdKind" => Self::IdKind,
            "policyHarness.V1.NeedsRole" => Self::NeedsRole,
            "policyHarness.V1.Rule" => Self::Rule,
            "policyHarness.V1.NullRule" => Self::NullRule,
            "policyHarness.V1.EmptyOpen" => Self::EmptyOpen,
            other => {
                let what = format!("the term {other} is not understood; remove it, or teach it to the loader");
                return Err(annotation.place.fault(what));
            }
        })
    }
}

/// Writes down what `annotation` says of `property`.
pub(super) fn apply(annotation: &Annotation<'_>, property: &mut Property) -> Result<(), ContractError> {
    let is_string = property.kind == Kind::Primitive(Primitive::String);
    let is_int32 = property.kind == Kind::Primitive(Primitive::Int32);
    match Term::of(annotation)? {
        Term::Description => {}
        Term::Computed => property.computed = flag(annotation)?,
        Term::Permissions => property.read_only = read_permission(annotation)?,
        Term::Reference if matches!(property.kind, Kind::Structured(_)) => property.is_reference = flag(annotation)?,
        Term::Exists if names_one(property) => property.must_exist = flag(annotation)?,
        Term::IdKind if is_string || matches!(property.kind, Kind::Structured(_)) => {
            property.id_kind = Some(id_kind(annotation)?);
        }
        Term::NeedsRole => property.needs_role = flag(annotation)?,
        Term::EmptyOpen if property.is_free_text() => property.empty_open = flag(annotation)?,
        Term::Minimum if is_int32 => {
            let (_, most) = property.facets.range.unwrap_or((i32::MIN, i32::MAX));
            property.facets.range = Some(range(annotation, int32(annotation)?, most)?);
        }
        Term::Maximum if is_int32 => {
            let (least, _) = property.facets.range.unwrap_or((i32::MIN, i32::MAX));
            property.facets.range = Some(range(annotation, least, int32(annotation)?)?);
        }
        Term::MaxItems if property.is_collection => property.facets.max_items = Some(count(annotation)?),
        Term::AllowedValues if is_string => property.facets.allowed = strings(annotation)?,
        Term::Format if is_string => property.facets.format = Some(format(annotation)?),
        Term::Rule => property.open = Some(engine_rule(annotation)?),
        Term::NullRule => property.null_open = Some(engine_rule(annotation)?),
        _ => {
            return Err(annotation.place.fault(format!(
                "{} does not fit the type of {}; remove it, or correct the type",
                annotation.term, property.name
            )));
        }
    }
    Ok(())
}

/// Whether one thing is named here, by a reference or by its id alone.
fn names_one(property: &Property) -> bool {
    let is_id = property.kind == Kind::Primitive(Primitive::String) && !property.is_collection;
    is_id || matches!(property.kind, Kind::Structured(_))
}

/// The rule that an annotation names.
pub(super) fn engine_rule(annotation: &Annotation<'_>) -> Result<RuleId, ContractError> {
    let Value::String(id) = &annotation.value else {
        return Err(wrong(annotation, "String=\"rule id\""));
    };
    let found = (0u16..).zip(rule::ENGINE).find(|(_, known)| *known == id);
    found.map(|(index, _)| RuleId(index)).ok_or_else(|| {
        annotation.place.fault(format!("no check is called {id}; correct the id, or add the check to the engine"))
    })
}

fn flag(annotation: &Annotation<'_>) -> Result<bool, ContractError> {
    match annotation.value {
        Value::Default => Ok(true),
        Value::Bool(flag) => Ok(flag),
        _ => Err(wrong(annotation, "Bool=\"true\" or nothing")),
    }
}

/// The one permission that says something here.
fn read_permission(annotation: &Annotation<'_>) -> Result<bool, ContractError> {
    match &annotation.value {
        Value::Enum(member) if member == "Org.OData.Core.V1.Permission/Read" => Ok(true),
        _ => Err(wrong(annotation, "EnumMember=\"Core.Permission/Read\"")),
    }
}

fn int32(annotation: &Annotation<'_>) -> Result<i32, ContractError> {
    match annotation.value {
        Value::Int(number) => i32::try_from(number).map_err(|_| wrong(annotation, "an Int that is an Int32")),
        _ => Err(wrong(annotation, "Int=\"…\"")),
    }
}

fn range(annotation: &Annotation<'_>, least: i32, most: i32) -> Result<(i32, i32), ContractError> {
    if least > most {
        let what = format!("the range {least}..{most} is empty; correct Validation.Minimum or Validation.Maximum");
        return Err(annotation.place.fault(what));
    }
    Ok((least, most))
}

fn count(annotation: &Annotation<'_>) -> Result<usize, ContractError> {
    match annotation.value {
        Value::Int(number) => usize::try_from(number).map_err(|_| wrong(annotation, "an Int that is not negative")),
        _ => Err(wrong(annotation, "Int=\"…\"")),
    }
}

fn strings(annotation: &Annotation<'_>) -> Result<Vec<Box<str>>, ContractError> {
    match &annotation.value {
        Value::Strings(strings) if !strings.is_empty() => Ok(strings.iter().map(|text| text.as_str().into()).collect()),
        _ => Err(wrong(annotation, "a <Collection> that is not empty")),
    }
}

fn id_kind(annotation: &Annotation<'_>) -> Result<Box<str>, ContractError> {
    match &annotation.value {
        // It stands before the `=` of a flag.
        Value::String(name) if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Ok(name.as_str().into())
        }
        _ => Err(wrong(annotation, "String=\"name\" in letters and digits")),
    }
}

fn format(annotation: &Annotation<'_>) -> Result<Format, ContractError> {
    match &annotation.value {
        Value::String(name) if name == "guid" => Ok(Format::Guid),
        Value::String(name) if name == "language" => Ok(Format::Language),
        _ => Err(wrong(annotation, "String=\"guid\" or String=\"language\"")),
    }
}

fn wrong(annotation: &Annotation<'_>, wanted: &str) -> ContractError {
    annotation.place.fault(format!("{} takes {wanted}; correct its value", annotation.term))
}
