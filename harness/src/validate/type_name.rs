//! `@odata.type` (OData JSON Format 4.01, 4.5.3): which type an object says it
//! has, and whether it may have it there.

use super::object::Slot;
use super::validator::Validator;
use crate::contract::{TYPE, TypeId, rule};
use crate::json::{NodeId, ValueKind};

/// What a type name stands for.
enum Named {
    /// The type, named as it should be.
    Type(TypeId),
    /// The type, named in a way that is left open.
    Loosely(TypeId),
    /// Whatever the target makes of it: left open.
    Open,
    /// The type that is declared here, under a further name of it.
    Declared,
    /// No type.
    Unknown,
}

impl Validator<'_> {
    /// The type whose members the object has; none where that cannot be told,
    /// and then its members are not looked at.
    pub(super) fn actual_type(&mut self, object: NodeId, declared: TypeId, slot: Slot) -> Option<TypeId> {
        let Some(node) = self.tree.member(object, TYPE) else {
            if self.structured(declared).is_abstract {
                self.push(rule::TYPE_MISSING, object);
                return None;
            }
            return Some(declared);
        };
        if self.tree.kind(node) != ValueKind::String {
            self.push(rule::TYPE_NOT_STRING, node);
            return None;
        }
        if let Some(id) = self.usual_type(node, declared) {
            return self.fits(id, declared, slot, node);
        }
        let mut buffer = std::mem::take(&mut self.text);
        let text = self.tree.string_in(node, &mut buffer);
        let (is_bare, named) = (self.is_bare(text), self.named(text, slot));
        self.text = buffer;
        if is_bare {
            self.without_hash(slot, node);
        }
        match named {
            Named::Type(id) => self.fits(id, declared, slot, node),
            Named::Loosely(id) => {
                self.push(rule::TYPE_FORM, node);
                self.fits(id, declared, slot, node)
            }
            Named::Declared => {
                self.shown.insert(rule::ACCEPT_ROOT_TYPE);
                Some(declared)
            }
            Named::Open => {
                self.push(rule::TYPE_FORM, node);
                None
            }
            Named::Unknown => {
                self.push(rule::TYPE_UNKNOWN, node);
                None
            }
        }
    }

    /// Whether this is the name of a type without `#`.
    fn is_bare(&self, text: &str) -> bool {
        !text.contains('#') && self.is_type(text)
    }

    /// A name without `#` is a point of its own, where the name is known.
    fn without_hash(&mut self, slot: Slot, node: NodeId) {
        if slot == Slot::Nested && self.contract.hash_optional {
            self.shown.insert(rule::ACCEPT_TYPE_WITHOUT_HASH);
        } else {
            self.push(rule::TYPE_FORM, node);
        }
    }

    /// The type that an object names as nearly all do: `#`, and one that can stand
    /// there.
    fn usual_type(&self, node: NodeId, declared: TypeId) -> Option<TypeId> {
        let name = self.tree.raw(node).strip_prefix(b"#").filter(|_| !self.tree.is_escaped(node))?;
        let concrete = &self.structured(declared).concrete;
        concrete.iter().copied().find(|&id| self.structured(id).name.as_bytes() == name)
    }

    /// The type that was probably meant where an object names none that could stand
    /// there, so that its members are looked at all the same.
    pub(super) fn meant_type(&self, object: NodeId, declared: TypeId) -> Option<TypeId> {
        let structured = self.structured(declared);
        let text = self.tree.string(self.tree.member(object, TYPE)?);
        let last = |name: &str| name.rsplit(['.', '#', '/']).next().unwrap_or_default().to_ascii_lowercase();
        let name = last(&text);
        let same = structured.concrete.iter().copied().find(|&id| last(&self.structured(id).name) == name);
        // What is left open may have other members.
        let (_, after) = text.rsplit_once('#').unwrap_or(("", &text));
        let is_open = self.contract.open_namespaces_at(true).any(|namespace| after.starts_with(namespace));
        same.or_else(|| (!structured.is_abstract && !is_open).then_some(declared))
    }

    fn is_type(&self, name: &str) -> bool {
        self.contract.schema.types.iter().any(|structured| *structured.name == *name)
            || self.contract.root_aliases.iter().any(|alias| **alias == *name)
    }

    fn named(&self, text: &str, slot: Slot) -> Named {
        let (before, name) = text.rsplit_once('#').unwrap_or(("", text));
        let types = || (0u16..).map(TypeId).zip(&self.contract.schema.types);
        if let Some((id, _)) = types().find(|(_, structured)| *structured.name == *name) {
            // A metadata URL before the fragment.
            return if before.is_empty() { Named::Type(id) } else { Named::Loosely(id) };
        }
        if slot == Slot::Root && self.contract.root_aliases.iter().any(|alias| **alias == *name) {
            return if before.is_empty() { Named::Declared } else { Named::Open };
        }
        if let Some((id, _)) = types().find(|(_, structured)| structured.name.eq_ignore_ascii_case(name)) {
            return Named::Loosely(id);
        }
        if self.contract.open_namespaces_at(slot == Slot::Root).any(|namespace| name.starts_with(namespace)) {
            return Named::Open;
        }
        Named::Unknown
    }

    fn fits(&mut self, id: TypeId, declared: TypeId, slot: Slot, node: NodeId) -> Option<TypeId> {
        let structured = self.structured(id);
        if self.structured(declared).concrete.contains(&id) {
            if let Some(open) = structured.open {
                self.push(open, node);
            }
            self.shown.insert(match slot {
                Slot::Root => rule::ACCEPT_ROOT_TYPE,
                Slot::Nested if id == declared => rule::ACCEPT_DECLARED_TYPE,
                Slot::Nested => rule::ACCEPT_DERIVED_TYPE,
            });
            return Some(id);
        }
        let schema = &self.contract.schema;
        let is_related = schema.derives(declared, id) || schema.derives(id, declared);
        let rule = if structured.is_abstract && is_related { rule::TYPE_ABSTRACT } else { rule::TYPE_UNRELATED };
        self.push(rule, node);
        None
    }
}
