//! Names of types that an object may not have, or that are none.

use super::edit::Edit;
use super::operator::Operator;
use super::site::Site;
use crate::contract::{Contract, StructuredType, TYPE, TypeId, rule};

pub(super) const OPERATORS: &[Operator] = &[
    Operator { name: "type-missing", rule: rule::TYPE_MISSING, applies: is_of_abstract, edit: missing },
    Operator { name: "type-abstract", rule: rule::TYPE_ABSTRACT, applies: has_abstract_base, edit: abstract_type },
    Operator {
        name: "type-unknown",
        rule: rule::TYPE_UNKNOWN,
        applies: is_object,
        edit: |edit| {
            let name = edit.tape.pick(&[
                "\"#microsoft.graph.noSuchType\"",
                "\"#contoso.policy.subjectSet\"",
                "\"microsoft.graph.noSuchType\"",
                "\"#\"",
                "\"\"",
            ]);
            edit.name_type(name?);
            Some(())
        },
    },
    Operator { name: "type-of-the-inside", rule: rule::TYPE_UNKNOWN, applies: has_inner_name, edit: inner_type },
    Operator { name: "type-unrelated", rule: rule::TYPE_UNRELATED, applies: is_object, edit: unrelated },
    Operator {
        name: "type-not-string",
        rule: rule::TYPE_NOT_STRING,
        applies: is_object,
        edit: |edit| {
            let value = edit.tape.pick(&["1", "true", "null", "{}", "[]"]);
            edit.name_type(value?);
            Some(())
        },
    },
    Operator {
        name: "type-with-metadata-url",
        rule: rule::TYPE_FORM,
        applies: is_object,
        edit: |edit| {
            let (_, actual) = edit.site.object()?;
            let name = &edit.contract.schema.types[usize::from(actual.0)].name;
            edit.name_type(&format!("\"https://graph.example.test/v1.0/$metadata#{name}\""));
            Some(())
        },
    },
];

fn is_object(_: &Contract, site: Site<'_>) -> bool {
    site.object().is_some()
}

/// A further name of the root is one of the root only, and so is its namespace.
fn has_inner_name(contract: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Object { .. }) && !contract.root_aliases.is_empty()
}

fn inner_type(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let (_, actual) = edit.site.object()?;
    let name = &edit.contract.schema.types[usize::from(actual.0)].name;
    let (namespace, _) = edit.contract.root_aliases.first()?.rsplit_once('.')?;
    let (_, own) = name.rsplit_once('.')?;
    edit.name_type(&format!("\"#{namespace}.{own}\""));
    Some(())
}

fn declared<'c>(contract: &'c Contract, site: Site<'_>) -> Option<&'c StructuredType> {
    let (declared, _) = site.object()?;
    contract.schema.types.get(usize::from(declared.0))
}

fn is_of_abstract(contract: &Contract, site: Site<'_>) -> bool {
    declared(contract, site).is_some_and(|declared| declared.is_abstract)
}

/// The declared type itself, or one that it is derived from.
fn abstract_base(contract: &Contract, site: Site<'_>) -> Option<TypeId> {
    let (declared, _) = site.object()?;
    let types = &contract.schema.types;
    std::iter::successors(Some(declared), |id| types[usize::from(id.0)].base)
        .find(|id| types[usize::from(id.0)].is_abstract)
}

fn has_abstract_base(contract: &Contract, site: Site<'_>) -> bool {
    abstract_base(contract, site).is_some()
}

fn missing(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let member = edit.tree.member(edit.at, TYPE)?;
    edit.tree.detach(edit.at, member);
    Some(())
}

fn abstract_type(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let id = abstract_base(edit.contract, edit.site)?;
    let name = &edit.contract.schema.types[usize::from(id.0)].name;
    edit.name_type(&format!("\"#{name}\""));
    Some(())
}

/// A type of the contract that is neither the declared one nor derived from it,
/// nor one that it is derived from.
fn unrelated(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let (declared, _) = edit.site.object()?;
    let types = &edit.contract.schema.types;
    let fits = &types[usize::from(declared.0)].concrete;
    let others: Vec<&str> = (0u16..)
        .map(TypeId)
        .zip(types)
        .filter(|(id, structured)| !structured.is_abstract && !fits.contains(id))
        .map(|(_, structured)| &*structured.name)
        .collect();
    let name = *edit.tape.pick(&others)?;
    edit.name_type(&format!("\"#{name}\""));
    Some(())
}
