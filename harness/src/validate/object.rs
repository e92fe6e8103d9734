//! Objects: which type one has, which members it may have, what null and arrays
//! mean, and the conditions between properties.

use super::validator::Validator;
use super::violation::Declared;
use crate::contract::{Kind, Property, StructuredType, TYPE, TypeId, rule};
use crate::json::{NodeId, ValueKind};

/// Where an object stands; a few rules differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Root,
    Nested,
}

impl<'c> Validator<'c> {
    pub(super) fn root(&mut self, root: NodeId) {
        let is_reference = self.tree.children(root).next().is_some_and(|_| self.is_reference_only(root));
        self.object(root, self.contract.body, Slot::Root);
        if is_reference {
            // It is no policy, so that nothing is asked of it as of a new one.
            let contract = self.contract;
            self.violations.retain(|violation| !contract.rule(violation.rule).creates);
            self.push(rule::REFERENCE_ONLY, root);
        }
        if self.replaces && self.is_partial(root) {
            self.push(rule::REPLACE_PARTIAL, root);
        }
    }

    /// Whether a policy leaves out something that it has to say to replace another.
    fn is_partial(&self, root: NodeId) -> bool {
        let mut properties = self.structured(self.contract.body).properties.iter();
        properties.any(|property| property.is_replaced() && self.tree.member(root, &property.name).is_none())
    }

    /// An entity reference and nothing else: control information with
    /// `@odata.id` among it.
    fn is_reference_only(&mut self, root: NodeId) -> bool {
        let Self { tree, text, .. } = self;
        let is_annotation = |member| tree.name_in(member, text).starts_with('@');
        tree.children(root).all(is_annotation) && tree.member(root, "@odata.id").is_some()
    }

    pub(super) fn structured(&self, id: TypeId) -> &'c StructuredType {
        &self.contract.schema.types[usize::from(id.0)]
    }

    fn object(&mut self, object: NodeId, declared: TypeId, slot: Slot) {
        let mut actual = self.actual_type(object, declared, slot);
        if actual.is_none() && self.is_thorough {
            actual = self.meant_type(object, declared);
        }
        let Some(actual) = actual else { return };
        let outside = self.declared;
        self.members(object, actual);
        self.declared = outside;
    }

    fn members(&mut self, object: NodeId, actual: TypeId) {
        let structured = self.structured(actual);
        let base = self.values.len();
        self.values.resize(base + structured.properties.len(), None);
        // Properties whose value is at fault or left open: what it means, and so
        // whether a condition holds, cannot be told.
        let mut faulty = 0u64;
        let mut next = self.tree.first(object);
        for index in 0.. {
            let Some(member) = next else { break };
            next = self.tree.next(member);
            self.declared = Declared { owner: Some(actual), property: None };
            // No property has an `@` in its name, and most members are properties.
            let exact = structured.position(&self.tree, member);
            if exact.is_none() && self.is_annotation(member) {
                self.annotation(object, member, structured, index);
                continue;
            }
            let Some(property) = exact.or_else(|| self.near_property(member, structured)) else {
                continue;
            };
            let before = self.found();
            self.declared.property = Some(property);
            self.member(member, &structured.properties[property]);
            if self.found() > before {
                faulty |= 1 << (property % 64);
            }
            self.values[base + property] = Some(member);
        }
        self.declared = Declared { owner: Some(actual), property: None };
        self.conditions(object, actual, base, faulty);
        self.values.truncate(base);
    }

    /// Whether the name of a member has an `@`, escaped or not.
    fn is_annotation(&mut self, member: NodeId) -> bool {
        self.tree.raw_name(member).contains(&b'@')
            || self.tree.has_escapes(member) && self.tree.name_in(member, &mut self.text).contains('@')
    }

    /// The property that a member names in another letter case, which is a fault as
    /// well as a name that is no property's.
    fn near_property(&mut self, member: NodeId, structured: &StructuredType) -> Option<usize> {
        let name = self.tree.name_in(member, &mut self.text);
        let near = structured.properties.iter().position(|property| property.name.eq_ignore_ascii_case(name));
        self.push_name(if near.is_some() { rule::PROPERTY_CASE } else { rule::UNDECLARED }, member);
        near
    }

    fn member(&mut self, member: NodeId, property: &'c Property) {
        if let Some(open) = property.open {
            self.push_name(open, member);
        }
        if self.tree.kind(member) == ValueKind::Null {
            return self.null(member, property);
        }
        if property.computed {
            self.shown.insert(rule::ACCEPT_SERVER_SET);
        }
        if property.is_collection {
            self.collection(member, property);
        } else {
            self.value(member, property);
        }
    }

    fn null(&mut self, member: NodeId, property: &Property) {
        if property.is_collection {
            self.push(rule::NULL_COLLECTION, member);
        } else if let Some(open) = property.null_open {
            self.push(open, member);
        } else if property.nullable {
            self.shown.insert(rule::ACCEPT_NULL);
        } else {
            self.push(rule::NULL, member);
        }
    }

    fn collection(&mut self, member: NodeId, property: &'c Property) {
        if self.tree.kind(member) != ValueKind::Array {
            return self.push(rule::JSON_TYPE, member);
        }
        let count = self.tree.children(member).count();
        match count {
            0 => self.shown.insert(rule::ACCEPT_EMPTY_COLLECTION),
            1 => {}
            _ => self.shown.insert(rule::ACCEPT_ITEMS),
        }
        let most = property.facets.max_items.unwrap_or(self.contract.max_items).min(self.contract.max_items);
        if count > most {
            self.push(rule::ITEM_COUNT, member);
        }
        let mut next = self.tree.first(member);
        while let Some(item) = next {
            next = self.tree.next(item);
            match (self.tree.kind(item), property.kind) {
                (ValueKind::Null, Kind::Primitive(_)) => self.push(rule::NULL_PRIMITIVE_ITEM, item),
                (ValueKind::Null, _) => self.push(rule::NULL_ITEM, item),
                _ => self.value(item, property),
            }
        }
    }

    fn value(&mut self, node: NodeId, property: &'c Property) {
        match property.kind {
            Kind::Primitive(primitive) => self.primitive(node, primitive, property),
            Kind::Enum(id) => self.enumeration(node, &self.contract.schema.enums[usize::from(id.0)]),
            Kind::Structured(_) if self.tree.kind(node) != ValueKind::Object => self.push(rule::JSON_TYPE, node),
            Kind::Structured(declared) if property.is_reference => self.reference(node, declared, property.must_exist),
            Kind::Structured(declared) => self.object(node, declared, Slot::Nested),
        }
    }

    /// An object of which only its id is sent; what else it holds is left open.
    fn reference(&mut self, object: NodeId, declared: TypeId, must_exist: bool) {
        if self.tree.member(object, TYPE).is_some() {
            self.actual_type(object, declared, Slot::Nested);
        } else if self.structured(declared).is_abstract {
            self.push(rule::REFERENCE_MEMBER, object);
        }
        let outside = self.declared;
        let structured = self.structured(declared);
        let mut is_named = false;
        self.declared = Declared { owner: Some(declared), property: None };
        let mut next = self.tree.first(object);
        for index in 0.. {
            let Some(member) = next else { break };
            next = self.tree.next(member);
            self.declared.property = None;
            if self.is_annotation(member) {
                self.annotation(object, member, structured, index);
                continue;
            }
            match structured.key() {
                Some(key) if self.tree.has_name(member, &key.name) => {
                    is_named = true;
                    self.declared.property =
                        structured.properties.iter().position(|property| property.name == key.name);
                    let before = self.found();
                    self.member(member, key);
                    if must_exist && self.found() == before && !self.is_known(member) {
                        self.push(rule::REFERENCE_UNKNOWN, member);
                    }
                }
                _ => self.push_name(rule::REFERENCE_MEMBER, member),
            }
        }
        self.declared = outside;
        if must_exist && !is_named {
            self.push(rule::REFERENCE_NO_ID, object);
        }
    }

    /// Whether something of this id exists, as far as anybody said.
    pub(super) fn is_known(&self, id: NodeId) -> bool {
        let known = &self.contract.known;
        known.is_empty() || {
            let id = self.tree.string(id);
            known.iter().any(|other| other.eq_ignore_ascii_case(&id))
        }
    }

    fn conditions(&mut self, object: NodeId, actual: TypeId, base: usize, faulty: u64) {
        let contract = self.contract;
        for &id in &contract.conditions[usize::from(actual.0)] {
            let Some((_, condition)) = &contract.rule(id).condition else {
                continue;
            };
            let is_clean = condition.properties().all(|property| faulty & 1 << (property % 64) == 0);
            if is_clean && condition.is_broken(&self.tree, &self.values[base..]) {
                self.push(id, object);
            }
        }
    }
}
