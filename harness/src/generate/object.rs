//! Objects: their type, which of their properties are there, and the order of
//! their members.

use super::body::{Choice, Making};
use super::class::Class;
use super::draft::{Draft, Drafts};
use super::place::PlaceStep;
use crate::contract::{Kind, Property, StructuredType, TYPE, TypeId, rule};
use crate::json::{NodeId, Tree, ValueKind};

impl<'c> Making<'_, 'c, '_, '_> {
    /// An object of a declared type. `path` is what is left of the way to the
    /// goal; empty where this object is the goal.
    pub(super) fn object(&mut self, declared: TypeId, path: Option<&[PlaceStep]>, is_root: bool) -> NodeId {
        let (actual, path) = match path {
            Some([PlaceStep::As(actual), rest @ ..]) => (*actual, Some(rest)),
            other => (self.concrete(declared), other),
        };
        self.object_of(declared, actual, path, is_root)
    }

    /// An object of this concrete type.
    fn object_of(&mut self, declared: TypeId, actual: TypeId, path: Option<&[PlaceStep]>, is_root: bool) -> NodeId {
        let contract = self.generator.contract;
        let structured = &contract.schema.types[usize::from(actual.0)];
        if let Some(open) = structured.open {
            self.body.open.push(open);
        }
        let count = structured.properties.len();
        let draft = self.drafts().begin(actual, count);
        let object = self.tree.object();
        self.budget = self.budget.saturating_sub(1);
        let is_goal = path.is_some_and(<[_]>::is_empty);
        if is_goal {
            self.body.at = Some(object);
        }
        let row = match self.choice {
            Choice::Row(row) if is_goal => Some(row),
            _ => None,
        };
        // Each property has its turn to come first when the budget is small.
        let first = self.tape.below(count);
        for turn in 0..count {
            let index = (first + turn) % count;
            let property = &structured.properties[index];
            let claims = self.claims();
            let value = match (row, path) {
                (Some(row), _) => {
                    self.drafts().pin(draft, index);
                    row.get(index).and_then(|&class| self.classed(property, class))
                }
                (None, Some([PlaceStep::Property(_, goal), rest @ ..])) if *goal == index => {
                    self.drafts().pin(draft, index);
                    self.goal_member(object, property, rest)
                }
                _ => self.member(property),
            };
            let is_unclear = self.claims() > claims;
            self.drafts().set(draft, index, value);
            self.drafts().set_unclear(draft, index, is_unclear);
        }
        if is_goal && let Choice::Broken(rule) = self.choice {
            self.break_condition(draft, rule);
        }
        self.repair(draft);
        if is_root && self.generator.options.complete {
            self.complete(draft, structured);
        }
        self.assemble(object, declared, draft, is_root, is_goal);
        self.drafts().end(draft);
        object
    }

    /// Adds what a policy has to have that replaces another; what the goal leaves
    /// out stays out.
    fn complete(&mut self, draft: Draft, structured: &'c StructuredType) {
        for (index, property) in structured.properties.iter().enumerate() {
            if self.drafts().value(draft, index).is_some() || !property.is_replaced() {
                continue;
            }
            if self.drafts().is_pinned(draft, index) {
                self.body.open.push(rule::REPLACE_PARTIAL);
                continue;
            }
            let value = match property.is_collection {
                true => self.tree.array(),
                false if property.nullable => self.tree.scalar(ValueKind::Null, b"null"),
                false => self.value(property, None),
            };
            self.drafts().set(draft, index, Some(value));
        }
    }

    pub(super) fn drafts(&mut self) -> &mut Drafts {
        &mut self.generator.drafts
    }

    /// How many claims were made of the body so far.
    pub(super) fn claims(&self) -> usize {
        self.body.open.len() + self.body.broken.len()
    }

    /// One of the concrete types, open ones only where they are wanted.
    fn concrete(&mut self, declared: TypeId) -> TypeId {
        let contract = self.generator.contract;
        let types = &contract.schema.types;
        let concrete = &types[usize::from(declared.0)].concrete;
        let is_wanted = |id: &&TypeId| self.generator.options.open || types[usize::from(id.0)].open.is_none();
        self.tape.pick_of(concrete.iter().filter(is_wanted)).copied().unwrap_or(declared)
    }

    /// A member of a given class.
    fn classed(&mut self, property: &'c Property, class: Class) -> Option<NodeId> {
        if class == Class::Absent {
            return None;
        }
        self.body.open.extend(property.open);
        let node = match (class, property.kind) {
            (Class::Null, _) => {
                self.body.open.extend(property.null_open);
                self.tree.scalar(ValueKind::Null, b"null")
            }
            (Class::Unlikely, _) => self.unlikely(),
            (Class::Lexical(_), _) => match class.representative(property) {
                Some(&lexeme) => self.lexeme(lexeme, property),
                None => self.value(property, None),
            },
            (Class::Member(index), Kind::Enum(id)) => self.member_of(id, usize::from(index)),
            (Class::Object(actual), Kind::Structured(declared)) => self.object_of(declared, actual, None, false),
            _ if property.is_collection => self.classed_collection(property, class),
            _ => self.item(property, None),
        };
        Some(node)
    }

    fn classed_collection(&mut self, property: &'c Property, class: Class) -> NodeId {
        let array = self.tree.array();
        let most = property.facets.max_items.unwrap_or(self.contract().max_items);
        let count = match class {
            Class::Empty => 0,
            Class::Several => (2 + self.tape.below(2)).min(most),
            // Many items, each as small as it can be.
            Class::Over => {
                self.budget = 0;
                most + 1
            }
            _ => 1,
        };
        let marked = match (class, property.kind) {
            (Class::ItemOf(actual), Kind::Structured(declared)) => Some(self.object_of(declared, actual, None, false)),
            (Class::ItemMember(index), Kind::Enum(id)) => Some(self.member_of(id, usize::from(index))),
            _ => None,
        };
        // The item that is asked for has others beside it now and then.
        let count = if marked.is_some() { self.tape.below(2) } else { count };
        for _ in 0..count {
            let item = self.item(property, None);
            self.tree.append(array, item);
        }
        if let Some(marked) = marked {
            self.tree.append(array, marked);
        } else if class == Class::Over {
            self.body.open.push(rule::ITEM_COUNT);
        } else if class == Class::Twice
            && let Some(first) = self.tree.children(array).next()
        {
            let twin = self.tree.duplicate(first);
            self.tree.append(array, twin);
        }
        array
    }

    /// The member on the way to the goal.
    fn goal_member(&mut self, object: NodeId, property: &'c Property, rest: &[PlaceStep]) -> Option<NodeId> {
        if let Some(open) = property.open {
            self.body.open.push(open);
        }
        if !rest.is_empty() {
            return Some(self.on_the_way(property, rest));
        }
        let node = match self.choice {
            Choice::Absent => None,
            Choice::Null => Some(self.tree.scalar(ValueKind::Null, b"null")),
            _ => Some(self.value(property, Some(rest))),
        };
        self.body.at = node.or(Some(object));
        node
    }

    fn on_the_way(&mut self, property: &'c Property, rest: &[PlaceStep]) -> NodeId {
        if let [PlaceStep::Item, rest @ ..] = rest {
            let array = self.tree.array();
            // Behind others now and then, as far back as a collection may reach.
            let most = property.facets.max_items.unwrap_or(self.contract().max_items);
            let position = [0, 1, 0, 2, 4, 7][self.tape.below(6)].min(most.saturating_sub(1));
            for _ in 0..position {
                let other = self.item(property, None);
                self.tree.append(array, other);
            }
            let item = self.item(property, Some(rest));
            if rest.is_empty() {
                self.body.at = Some(item);
            }
            self.tree.append(array, item);
            array
        } else {
            self.value(property, Some(rest))
        }
    }

    /// A member that no goal speaks of.
    fn member(&mut self, property: &'c Property) -> Option<NodeId> {
        let is_open = property.open.is_some();
        if is_open && !self.generator.options.open || !self.tape.chance(self.density, 8) || self.budget == 0 {
            return None;
        }
        if let Some(open) = property.open {
            self.body.open.push(open);
        }
        let is_nullable = property.nullable && !property.is_collection && property.null_open.is_none();
        if is_nullable && self.tape.chance(self.nulls, 8) {
            self.budget = self.budget.saturating_sub(1);
            return Some(self.tree.scalar(ValueKind::Null, b"null"));
        }
        Some(self.value(property, None))
    }

    /// A value of a property that is not null. `goal` is there where the value is
    /// the goal or leads to it.
    pub(super) fn value(&mut self, property: &'c Property, goal: Option<&[PlaceStep]>) -> NodeId {
        if !property.is_collection {
            return self.item(property, goal);
        }
        let array = self.tree.array();
        self.budget = self.budget.saturating_sub(1);
        let most = property.facets.max_items.unwrap_or(self.contract().max_items);
        let count = match (self.choice, goal) {
            (Choice::Items(count), Some(_)) => count,
            _ if self.is_large() => [most, most, most / 2, 3][self.tape.below(4)],
            _ => [0, 1, 1, 2, 3, most][self.tape.below(6)],
        };
        let is_goal = goal.is_some();
        for _ in 0..count.min(most) {
            if self.budget == 0 && !is_goal {
                break;
            }
            let item = self.item(property, None);
            self.tree.append(array, item);
        }
        array
    }

    /// A single value, or an item of a collection.
    pub(super) fn item(&mut self, property: &'c Property, goal: Option<&[PlaceStep]>) -> NodeId {
        self.spend();
        match property.kind {
            Kind::Structured(declared) if property.is_reference => self.reference(declared, property),
            Kind::Structured(declared) => self.object(declared, goal, false),
            Kind::Enum(id) => self.enumeration(id, goal.is_some()),
            Kind::Primitive(primitive) => self.primitive(primitive, property, goal.is_some()),
        }
    }

    /// An object of which only its id is sent.
    fn reference(&mut self, declared: TypeId, property: &Property) -> NodeId {
        let contract = self.generator.contract;
        let actual = self.concrete(declared);
        let structured = &contract.schema.types[usize::from(actual.0)];
        let object = self.tree.object();
        if actual != declared {
            let name = self.type_name(&structured.name, true);
            self.tree.append_member(object, TYPE, name);
        }
        if let Some(key) = structured.key() {
            let known = self.known(property).or_else(|| self.given(property));
            let id = known.unwrap_or_else(|| self.item(key, None));
            self.tree.append_member(object, &key.name, id);
        }
        object
    }

    /// Puts the members together: type, annotations and properties, in the order
    /// of the style.
    fn assemble(&mut self, object: NodeId, declared: TypeId, draft: Draft, is_root: bool, is_goal: bool) {
        let contract = self.generator.contract;
        let properties = &contract.schema.types[usize::from(draft.actual.0)].properties;
        let mut members = std::mem::take(&mut self.generator.members);
        members.clear();
        for (property, value) in properties.iter().zip(self.generator.drafts.values(draft)) {
            if let &Some(value) = value {
                self.tree.set_name(value, &property.name);
                members.push(value);
            }
        }
        let name = match self.choice {
            Choice::Annotated(name) if is_goal => Some(name),
            _ if self.tape.chance(self.annotations, 8) => self.tape.pick(ANNOTATIONS).copied(),
            _ => None,
        };
        // Alone it makes the body an entity reference, which is no policy and so breaks
        // nothing that is asked of one.
        let refers = is_root && members.is_empty() && name == Some("@odata.id");
        if let Some(name) = name.filter(|_| !refers || self.body.broken.is_empty()) {
            if refers {
                self.body.open.push(rule::REFERENCE_ONLY);
            }
            members.push(annotation(self.tree, name));
        }
        self.style.order(self.tape, &mut members);
        self.name_type(&mut members, declared, draft.actual, is_root, is_goal);
        self.tree.set_children(object, &members);
        self.generator.members = members;
    }

    fn name_type(&mut self, members: &mut Vec<NodeId>, declared: TypeId, actual: TypeId, is_root: bool, is_goal: bool) {
        let contract = self.generator.contract;
        let name = &contract.schema.types[usize::from(actual.0)].name;
        let (mut hash, mut last, mut is_named) = (true, self.style.type_last, actual != declared);
        if is_goal && let Choice::Typed { hash: h, last: l } = self.choice {
            (hash, last, is_named) = (h, l, true);
        } else if self.generator.options.styled {
            is_named |= self.tape.chance(1, 6);
            hash = is_root || !contract.hash_optional || !self.tape.chance(1, 4);
        }
        if !is_named {
            return;
        }
        // The goal without `#` at the root is the further name of the root type.
        let (hash, name) = match contract.root_aliases.first() {
            Some(alias) if is_root && !hash => (true, alias),
            _ => (hash, name),
        };
        let node = self.type_name(name, hash);
        self.tree.set_name(node, TYPE);
        let at = if last { members.len() } else { 0 };
        members.insert(at, node);
    }

    fn type_name(&mut self, name: &str, hash: bool) -> NodeId {
        self.tree.scalar_by(ValueKind::String, |text| {
            text.extend_from_slice(if hash { b"#" } else { b"" });
            text.extend_from_slice(name.as_bytes());
        })
    }
}

/// Annotations that must not matter, beside properties that every object may lack.
const ANNOTATIONS: &[&str] = &["@odata.id", "@odata.context", "@contoso.note", "@Org.Example.reviewed"];

fn annotation(tree: &mut Tree, name: &str) -> NodeId {
    let value = match name {
        "@odata.id" => tree.string_of("https://graph.example.test/v1.0/objects('1')"),
        "@odata.context" => tree.string_of("https://graph.example.test/v1.0/$metadata#objects/$entity"),
        "@contoso.note" => {
            let object = tree.object();
            let text = tree.string_of("kept by the client");
            tree.append_member(object, "text", text);
            object
        }
        _ => tree.scalar(ValueKind::Boolean, b"true"),
    };
    tree.set_name(value, name);
    value
}
