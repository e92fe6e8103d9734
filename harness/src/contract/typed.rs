//! A body read with its types in hand: which type each object has, and which
//! property each member is. It looks where a body is right and passes over what
//! is not; the validator is who says what is wrong.

use super::load::Contract;
use super::schema::{Kind, Property, TypeId};
use crate::json::{NodeId, Tree, ValueKind};

/// The name under which an object says its type (OData JSON Format 4.01, 4.5.3).
pub const TYPE: &str = "@odata.type";

impl Contract {
    /// The concrete type of an object where `declared` is declared: the one that
    /// it names, with `#` or without, or the declared one. None where it names no
    /// type that fits, or none although it must.
    pub fn type_of(&self, tree: &Tree, object: NodeId, declared: TypeId) -> Option<TypeId> {
        match tree.member(object, TYPE) {
            Some(node) => self.type_by_name(Some(&tree.string(node)), declared),
            None => self.type_by_name(None, declared),
        }
    }

    /// The same for an object that names this type, or none.
    pub fn type_by_name(&self, name: Option<&str>, declared: TypeId) -> Option<TypeId> {
        let types = &self.schema.types;
        let structured = types.get(usize::from(declared.0))?;
        let Some(text) = name else {
            return (!structured.is_abstract).then_some(declared);
        };
        let name = text.rsplit_once('#').map_or(text, |(_, name)| name);
        if declared == self.body && self.root_aliases.iter().any(|alias| **alias == *name) {
            return Some(declared);
        }
        structured.concrete.iter().copied().find(|id| *types[usize::from(id.0)].name == *name)
    }

    /// The property that a member of an object of this type is, by index.
    pub fn property_of(&self, tree: &Tree, member: NodeId, actual: TypeId) -> Option<(usize, &Property)> {
        let structured = self.schema.types.get(usize::from(actual.0))?;
        let index = structured.position(tree, member)?;
        Some((index, structured.properties.get(index)?))
    }

    /// The name of a type as a sentence has it: `Edm.Duration`, `expirationPattern`.
    pub fn kind_name(&self, kind: Kind) -> String {
        kind.name(&self.schema)
    }

    /// Whether a body has something that only some callers may send.
    pub fn needs_role(&self, tree: &Tree) -> bool {
        let properties = self.schema.types.get(usize::from(self.body.0)).map(|body| &*body.properties);
        let is_there = |name: &str| {
            let member = tree.root().and_then(|root| tree.member(root, name));
            member.is_some_and(|member| tree.kind(member) != ValueKind::Null)
        };
        properties.unwrap_or_default().iter().any(|property| property.needs_role && is_there(&property.name))
    }

    /// Every object of a body whose type can be told, the root first. What only
    /// refers to something is none of them.
    pub fn objects(&self, tree: &Tree) -> Vec<(NodeId, TypeId)> {
        let mut objects = Vec::new();
        let add = |objects: &mut Vec<_>, node: NodeId, declared: TypeId| {
            if tree.kind(node) == ValueKind::Object
                && let Some(actual) = self.type_of(tree, node, declared)
            {
                objects.push((node, actual));
            }
        };
        if let Some(root) = tree.root() {
            add(&mut objects, root, self.body);
        }
        let mut next = 0;
        while let Some(&(object, actual)) = objects.get(next) {
            next += 1;
            for member in tree.children(object) {
                let Some((_, property)) = self.property_of(tree, member, actual) else { continue };
                match property.kind {
                    Kind::Structured(declared) if !property.is_reference => {
                        add(&mut objects, member, declared);
                        if tree.kind(member) == ValueKind::Array {
                            tree.children(member).for_each(|item| add(&mut objects, item, declared));
                        }
                    }
                    _ => {}
                }
            }
        }
        objects
    }

    /// Every scalar value of a body with the property that it is a value, or an
    /// item, of.
    pub fn values<'c>(&'c self, tree: &Tree) -> Vec<(NodeId, &'c Property)> {
        let mut values = Vec::new();
        for (object, actual) in self.objects(tree) {
            for member in tree.children(object) {
                let Some((_, property)) = self.property_of(tree, member, actual) else { continue };
                match tree.kind(member) {
                    ValueKind::Array => values.extend(tree.children(member).map(|item| (item, property))),
                    _ => values.push((member, property)),
                }
            }
        }
        values.retain(|&(node, _)| !matches!(tree.kind(node), ValueKind::Array | ValueKind::Object));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn objects_and_values_are_found_by_their_types() {
        let contract = Contract::named("seed").unwrap();
        let tree = json::read(
            br##"{"displayName":"a","specificAllowedTargets":[{"@odata.type":"microsoft.graph.singleUser","userId":"b"},
            {"userId":"c"},{"@odata.type":"#microsoft.graph.expirationPattern"}],"accessPackage":{"id":"d"},"none":{}}"##,
        )
        .unwrap();
        let names: Vec<&str> = contract
            .objects(&tree)
            .iter()
            .map(|(_, id)| contract.schema.types[usize::from(id.0)].name.rsplit('.').next().unwrap())
            .collect();
        assert_eq!(names, ["accessPackageAssignmentPolicy", "singleUser"]);
        let values: Vec<String> =
            contract.values(&tree).iter().map(|(node, _)| tree.string(*node).into_owned()).collect();
        assert_eq!(values, ["a", "b"]);
    }
}
