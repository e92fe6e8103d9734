//! Places: every value that a body of the contract can hold, by the path of
//! types that leads to it. Obligations are counted over places; a place is also
//! a goal that the generator can be told to reach.

use crate::contract::{Contract, Kind, Property, TypeId};

/// Index of a place in [`Places`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// One step on the way to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceStep {
    /// The body itself.
    Root,
    /// A property (by index) of a concrete type.
    Property(TypeId, usize),
    /// An item of a collection.
    Item,
    /// The value as one of the concrete types that it may have.
    As(TypeId),
}

/// A value that a body can hold.
#[derive(Clone, Debug)]
pub struct Place {
    /// The place that holds it.
    pub parent: Option<PlaceId>,
    /// The step from there.
    pub step: PlaceStep,
    /// It stands in, or is, something that the contract leaves open: nothing
    /// here can be judged.
    pub is_open: bool,
    /// The steps from the root, the root left out.
    path: Box<[PlaceStep]>,
}

/// All places of a contract, parents before children.
#[derive(Clone, Debug)]
pub struct Places {
    all: Vec<Place>,
}

impl Places {
    /// The root.
    pub const ROOT: PlaceId = PlaceId(0);

    /// Walks the types from the body's on. A type that is on the path already is
    /// not entered again, and neither is a reference.
    pub fn of(contract: &Contract) -> Self {
        let mut places = Self { all: Vec::new() };
        let root = places.push(None, PlaceStep::Root, false);
        places.members(contract, root, contract.body, &mut vec![contract.body]);
        places
    }

    /// The place of this id.
    pub fn get(&self, id: PlaceId) -> &Place {
        &self.all[id.0 as usize]
    }

    /// All places.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        (0u32..).map(PlaceId).zip(&self.all)
    }

    /// The steps from the root to a place, the root left out.
    pub fn path(&self, id: PlaceId) -> &[PlaceStep] {
        &self.get(id).path
    }

    /// The property that a place is a value of, or an item of.
    pub fn property<'c>(&self, contract: &'c Contract, id: PlaceId) -> Option<&'c Property> {
        let place = self.get(id);
        match place.step {
            PlaceStep::Property(owner, index) => contract.schema.types[usize::from(owner.0)].properties.get(index),
            PlaceStep::Item | PlaceStep::As(_) => self.property(contract, place.parent?),
            PlaceStep::Root => None,
        }
    }

    /// The place in words: a JSON Pointer with `*` for any index and the type in
    /// parentheses where it decides what follows.
    pub fn describe(&self, contract: &Contract, id: PlaceId) -> String {
        let mut text = String::new();
        for &step in self.path(id) {
            match step {
                PlaceStep::Root => {}
                PlaceStep::Property(owner, index) => {
                    text.push('/');
                    text.push_str(&contract.schema.types[usize::from(owner.0)].properties[index].name);
                }
                PlaceStep::Item => text.push_str("/*"),
                PlaceStep::As(id) => {
                    let name = &contract.schema.types[usize::from(id.0)].name;
                    text.push('(');
                    text.push_str(name.rsplit('.').next().unwrap_or(name));
                    text.push(')');
                }
            }
        }
        text
    }

    fn push(&mut self, parent: Option<PlaceId>, step: PlaceStep, is_open: bool) -> PlaceId {
        let id = PlaceId(self.all.len() as u32);
        let path = parent.map(|parent| [self.path(parent), &[step]].concat());
        self.all.push(Place { parent, step, is_open, path: path.unwrap_or_default().into() });
        id
    }

    fn members(&mut self, contract: &Contract, parent: PlaceId, owner: TypeId, entered: &mut Vec<TypeId>) {
        let structured = &contract.schema.types[usize::from(owner.0)];
        for (index, property) in structured.properties.iter().enumerate() {
            let is_open = self.get(parent).is_open || property.open.is_some();
            let mut place = self.push(Some(parent), PlaceStep::Property(owner, index), is_open);
            if property.is_collection {
                place = self.push(Some(place), PlaceStep::Item, is_open);
            }
            if let Kind::Structured(declared) = property.kind
                && !property.is_reference
            {
                self.types(contract, place, declared, entered);
            }
        }
    }

    fn types(&mut self, contract: &Contract, parent: PlaceId, declared: TypeId, entered: &mut Vec<TypeId>) {
        let types = &contract.schema.types;
        for &concrete in &types[usize::from(declared.0)].concrete {
            if entered.contains(&concrete) {
                continue;
            }
            let is_open = self.get(parent).is_open || types[usize::from(concrete.0)].open.is_some();
            let place = self.push(Some(parent), PlaceStep::As(concrete), is_open);
            entered.push(concrete);
            self.members(contract, place, concrete, entered);
            entered.pop();
        }
    }
}
