//! Members that do not belong, null where it is no value, and containers of the
//! wrong kind.

use super::edit::{Edit, scalar};
use super::operator::{Operator, texts};
use super::site::Site;
use super::value::capitalized;
use crate::contract::{Contract, Kind, Property, TYPE, TypeId, rule};
use crate::json::NodeId;

pub(super) const OPERATORS: &[Operator] = &[
    Operator { name: "undeclared-property", rule: rule::UNDECLARED, applies: is_object, edit: undeclared },
    Operator { name: "property-of-another-type", rule: rule::UNDECLARED, applies: is_object, edit: foreign },
    Operator { name: "property-in-other-case", rule: rule::PROPERTY_CASE, applies: is_member, edit: other_case },
    Operator { name: "member-twice", rule: rule::DUPLICATE_NAME, applies: is_member, edit: twice },
    Operator { name: "annotation-twice", rule: rule::DUPLICATE_NAME, applies: is_object, edit: annotation_twice },
    texts!("null-for-value", rule::NULL, is_non_nullable, "null"),
    texts!("null-for-key", rule::NULL_KEY, is_open_null, "null"),
    texts!("null-for-collection", rule::NULL_COLLECTION, is_collection, "null"),
    texts!("null-in-collection", rule::NULL_ITEM, is_item, "null"),
    texts!("null-among-primitives", rule::NULL_PRIMITIVE_ITEM, is_primitive_item, "null"),
    texts!("string-for-object", rule::JSON_TYPE, is_structured, "\"text\"", "\"{}\"", "\"\""),
    texts!("number-for-object", rule::JSON_TYPE, is_structured, "1", "true"),
    texts!("array-for-object", rule::JSON_TYPE, is_structured, "[]"),
    Operator { name: "object-in-array", rule: rule::JSON_TYPE, applies: is_single_structured, edit: wrap },
    texts!("object-for-collection", rule::JSON_TYPE, is_collection, "{}"),
    texts!("string-for-collection", rule::JSON_TYPE, is_collection, "\"text\"", "\"[]\"", "\"\""),
    texts!("number-for-collection", rule::JSON_TYPE, is_collection, "0", "false"),
    Operator { name: "item-for-collection", rule: rule::JSON_TYPE, applies: is_collection, edit: unwrap },
    Operator { name: "collection-in-collection", rule: rule::JSON_TYPE, applies: is_structured_collection, edit: wrap },
    Operator { name: "member-of-reference", rule: rule::REFERENCE_MEMBER, applies: is_reference, edit: beside_key },
    Operator { name: "reference-without-id", rule: rule::REFERENCE_NO_ID, applies: refers, edit: without_key },
    Operator { name: "reference-to-nothing", rule: rule::REFERENCE_UNKNOWN, applies: is_known, edit: other_key },
    Operator { name: "too-many-items", rule: rule::ITEM_COUNT, applies: is_collection, edit: many },
    Operator {
        name: "annotation-of-property",
        rule: rule::ACCEPT_ANNOTATION,
        applies: is_member,
        edit: |edit| beside(edit, "@contoso.note"),
    },
    Operator {
        name: "control-information-of-property",
        rule: rule::CONTROL_INFORMATION,
        applies: is_member,
        edit: |edit| beside(edit, TYPE),
    },
];

fn is_object(_: &Contract, site: Site<'_>) -> bool {
    site.object().is_some()
}

fn is_member(_: &Contract, site: Site<'_>) -> bool {
    site.member().is_some()
}

fn is_collection(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Collection(_))
}

fn is_structured_collection(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Collection(property) if matches!(property.kind, Kind::Structured(_)))
}

fn is_non_nullable(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Single(property) if !property.nullable && property.null_open.is_none())
}

fn is_open_null(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Single(property) if property.null_open.is_some())
}

fn is_item(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Item(property) if !matches!(property.kind, Kind::Primitive(_)))
}

fn is_primitive_item(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Item(property) if matches!(property.kind, Kind::Primitive(_)))
}

fn is_structured(_: &Contract, site: Site<'_>) -> bool {
    site.value().is_some_and(|property| matches!(property.kind, Kind::Structured(_)))
}

fn is_single_structured(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Single(property) if matches!(property.kind, Kind::Structured(_)))
}

fn is_reference(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Single(property) if property.is_reference)
}

/// Whether it is a reference to something that has to exist.
fn refers(_: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Single(property) if property.must_exist && property.is_reference)
}

/// Whether it is known what exists.
fn is_known(contract: &Contract, site: Site<'_>) -> bool {
    matches!(site, Site::Single(property) if property.must_exist) && !contract.known.is_empty()
}

/// The key of the reference that is edited.
fn key(edit: &Edit<'_, '_, '_, '_>) -> Option<NodeId> {
    let Kind::Structured(declared) = edit.site.member()?.kind else { return None };
    let key = edit.contract.schema.types[usize::from(declared.0)].key()?;
    edit.tree.member(edit.at, &key.name)
}

fn without_key(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let key = key(edit)?;
    edit.tree.detach(edit.at, key);
    Some(())
}

/// In a reference its key, or the id that stands alone.
fn other_key(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let key = if edit.site.member()?.is_reference { key(edit)? } else { edit.at };
    let value = scalar(edit.tree, "\"00000000-0000-4000-8000-00000000dead\"");
    edit.tree.replace(key, value);
    Some(())
}

/// What the object that is referred to may have, and a reference need not say.
fn beside_key(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let value = scalar(edit.tree, "\"text\"");
    edit.insert(edit.at, "contosoName", value);
    Some(())
}

fn undeclared(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let name = *edit.tape.pick(&["contosoUnknown", "x", "odata.type", "$ref", "", "näme"])?;
    let value = *edit.tape.pick(&["1", "\"text\"", "null", "{}", "[]", "false"])?;
    let value = scalar(edit.tree, value);
    edit.insert(edit.at, name, value);
    Some(())
}

/// A property that some other type of the contract has.
fn foreign(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let (_, actual) = edit.site.object()?;
    let types = &edit.contract.schema.types;
    let own = &types[usize::from(actual.0)].properties;
    let is_foreign = |property: &&Property| own.iter().all(|own| !own.name.eq_ignore_ascii_case(&property.name));
    // Its nearest relatives first: that is where real bodies go wrong.
    let siblings = siblings(edit.contract, actual);
    let near: Vec<&Property> =
        siblings.iter().flat_map(|id| &types[usize::from(id.0)].properties).filter(is_foreign).collect();
    let far: Vec<&Property> = types.iter().flat_map(|structured| &structured.properties).filter(is_foreign).collect();
    let pool = if near.is_empty() || edit.tape.chance(1, 4) { &far } else { &near };
    let property = *edit.tape.pick(pool)?;
    let value = scalar(edit.tree, "\"9f1b3e62-7a4d-4c5e-8b60-3d2a1c0f9e87\"");
    edit.insert(edit.at, &property.name, value);
    Some(())
}

fn siblings(contract: &Contract, actual: TypeId) -> Vec<TypeId> {
    let types = &contract.schema.types;
    let base = types[usize::from(actual.0)].base;
    let has_base =
        |(_, structured): &(TypeId, &crate::contract::StructuredType)| structured.base == base && base.is_some();
    (0u16..).map(TypeId).zip(types).filter(has_base).map(|(id, _)| id).collect()
}

fn other_case(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let name = &edit.site.member()?.name;
    let text = match edit.tape.below(3) {
        0 => capitalized(name),
        1 => name.to_ascii_uppercase(),
        _ => name.to_ascii_lowercase(),
    };
    let text = if *text == **name { capitalized(name) } else { text };
    edit.tree.set_raw_name(edit.at, text.as_bytes());
    Some(())
}

fn twice(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let parent = edit.parent()?;
    let copy = edit.tree.duplicate(edit.at);
    let name = edit.site.member()?.name.clone();
    edit.insert(parent, &name, copy);
    Some(())
}

fn annotation_twice(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    for text in ["1", "2"] {
        let value = scalar(edit.tree, text);
        edit.insert(edit.at, "@contoso.twice", value);
    }
    Some(())
}

fn wrap(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let inner = edit.tree.duplicate(edit.at);
    let array = edit.tree.array();
    edit.tree.append(array, inner);
    edit.tree.replace(edit.at, array);
    Some(())
}

fn unwrap(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let first = edit.tree.children(edit.at).next()?;
    let item = edit.tree.duplicate(first);
    edit.tree.replace(edit.at, item);
    Some(())
}

/// More items than a target must take, each of them valid.
fn many(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let property = edit.site.member()?;
    let most = property.facets.max_items.unwrap_or(edit.contract.max_items);
    let first = edit.tree.children(edit.at).next()?;
    let mut items = edit.tree.children_vec(edit.at);
    while items.len() <= most {
        items.push(edit.tree.duplicate(first));
    }
    edit.tree.set_children(edit.at, &items);
    Some(())
}

fn beside(edit: &mut Edit<'_, '_, '_, '_>, term: &str) -> Option<()> {
    let parent = edit.parent()?;
    let name = [&*edit.site.member()?.name, term].concat();
    let value = scalar(edit.tree, "\"#Edm.String\"");
    edit.insert(parent, &name, value);
    Some(())
}
