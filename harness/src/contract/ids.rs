//! Ids of things that exist in a user's own directory: users, groups and what else
//! policies name. Which kinds there are the contract's types say
//! (`policyHarness.V1.IdKind`); which things exist nobody knows but the user.

use super::error::ContractError;
use super::schema::{Format, Kind};
use super::{Contract, Property};
use crate::json::{NodeId, Tree, ValueKind};

impl Contract {
    /// The kinds of ids that a user can give, in the order of the types.
    pub fn id_kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        let properties = self.schema.types.iter().flat_map(|structured| &structured.properties);
        for kind in properties.filter_map(|property| property.id_kind.as_deref()) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The contract where a thing of this kind exists: bodies that are valid name
    /// such things and no others of the kind.
    ///
    /// # Errors
    /// There is no such kind, or the id is no GUID.
    pub fn with_id(mut self, kind: &str, id: &str) -> Result<Self, ContractError> {
        let kinds = self.id_kinds();
        if !kinds.contains(&kind) {
            let what = format!("is no kind of id; there is {}", kinds.join(", "));
            return Err(ContractError::in_file(kind, what));
        }
        if !Format::Guid.is_form_of(id) {
            let what = format!("`{id}` is no GUID; give one like 0a4e1c58-2f62-4f6d-9d0b-6f2f0c9a7b11");
            return Err(ContractError::in_file(kind, what));
        }
        let known = self.ids.entry(kind.into()).or_default();
        if !known.iter().any(|other| other.eq_ignore_ascii_case(id)) {
            known.push(id.into());
        }
        Ok(self)
    }

    /// The ids that a property may have; empty where any will do.
    pub fn ids_of(&self, property: &Property) -> &[Box<str>] {
        let kind = property.id_kind.as_ref();
        kind.and_then(|kind| self.ids.get(kind)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every id of a kind that a body has, with the property that it stands in.
    pub fn ids_in<'c>(&'c self, tree: &Tree) -> Vec<(NodeId, &'c Property)> {
        let mut ids = Vec::new();
        for (object, actual) in self.objects(tree) {
            for member in tree.children(object) {
                let Some((_, property)) = self.property_of(tree, member, actual) else { continue };
                if property.id_kind.is_none() {
                    continue;
                }
                let id = match property.kind {
                    Kind::Structured(declared) => {
                        let key = self.schema.types.get(usize::from(declared.0)).and_then(|declared| declared.key());
                        key.filter(|_| tree.kind(member) == ValueKind::Object)
                            .and_then(|key| tree.member(member, &key.name))
                    }
                    Kind::Primitive(_) | Kind::Enum(_) => Some(member),
                };
                ids.extend(id.filter(|id| tree.kind(*id) == ValueKind::String).map(|id| (id, property)));
            }
        }
        ids
    }

    /// Whether a body names a thing that does not exist, as far as anybody said.
    pub fn names_unknown(&self, tree: &Tree) -> bool {
        self.ids_in(tree).into_iter().any(|(id, property)| {
            let (known, id) = (self.ids_of(property), tree.string(id));
            !known.is_empty() && !known.iter().any(|other| other.eq_ignore_ascii_case(&id))
        })
    }
}
