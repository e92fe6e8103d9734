//! The pairs: for each type two classes of two of its properties, and whether
//! they can meet in a body that must be accepted, only in one that touches an
//! open point, or not at all.

use super::clauses::{Conditions, Mercy};
use crate::contract::{Contract, TypeId};
use crate::generate::{Class, PlaceId, PlaceStep, Places};

/// What a pair can be part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairKind {
    /// A body that must be accepted.
    Valid,
    /// A body that touches a point the contract leaves open.
    Open,
    /// No body that is not malformed.
    Impossible,
}

/// The pairs of one type.
#[derive(Clone, Debug)]
pub struct TypePairs {
    /// The type.
    pub id: TypeId,
    /// A place where objects of the type stand, one that is not open if there is one.
    pub place: PlaceId,
    /// Property and class, numbered for [`TypePairs::kind`].
    pub classes: Vec<(usize, Class)>,
    /// By property: the number of its first class.
    firsts: Vec<usize>,
    kinds: Vec<PairKind>,
}

/// All pairs of a contract.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// Types with two properties or more, in the order of their places.
    pub types: Vec<TypePairs>,
}

impl Pairs {
    /// The pairs of the types that bodies of this contract reach.
    pub fn of(contract: &Contract, places: &Places) -> Self {
        let mut types: Vec<TypePairs> = Vec::new();
        for (id, actual, is_open) in objects(contract, places) {
            match types.iter_mut().find(|known| known.id == actual) {
                Some(known) if places.get(known.place).is_open && !is_open => {
                    *known = TypePairs::of(contract, actual, id, is_open);
                }
                Some(_) => {}
                None => types.push(TypePairs::of(contract, actual, id, is_open)),
            }
        }
        types.retain(|one| one.pairs().next().is_some());
        Self { types }
    }

    /// Pairs of a kind.
    pub fn count(&self, kind: PairKind) -> usize {
        self.types.iter().map(|one| one.pairs().filter(|&(_, _, other)| other == kind).count()).sum()
    }
}

/// The places of objects, with their type.
fn objects(contract: &Contract, places: &Places) -> Vec<(PlaceId, TypeId, bool)> {
    let of_place = |step: PlaceStep| match step {
        PlaceStep::Root => Some(contract.body),
        PlaceStep::As(actual) => Some(actual),
        PlaceStep::Property(..) | PlaceStep::Item => None,
    };
    places.iter().filter_map(|(id, place)| Some((id, of_place(place.step)?, place.is_open))).collect()
}

impl TypePairs {
    fn of(contract: &Contract, id: TypeId, place: PlaceId, is_open: bool) -> Self {
        let properties = &contract.schema.types[usize::from(id.0)].properties;
        let of_property: Vec<Vec<Class>> = properties.iter().map(|property| Class::of(contract, property)).collect();
        let valid: Vec<Vec<Class>> = properties
            .iter()
            .zip(&of_property)
            .map(|(property, classes)| {
                classes.iter().copied().filter(|class| !is_open && !class.is_open(contract, property)).collect()
            })
            .collect();
        let classes: Vec<(usize, Class)> = of_property
            .iter()
            .enumerate()
            .flat_map(|(index, all)| all.iter().map(move |&class| (index, class)))
            .collect();
        let firsts = of_property.iter().scan(0, |next, all| Some(std::mem::replace(next, *next + all.len()))).collect();
        let conditions = Conditions::on(contract, id);
        let kind = |one: (usize, Class), other: (usize, Class)| {
            if one.0 == other.0 {
                return PairKind::Impossible;
            }
            let mut assignment = vec![None; properties.len()];
            (assignment[one.0], assignment[other.0]) = (Some(one.1), Some(other.1));
            let is_valid = [one, other].iter().all(|&(property, class)| valid[property].contains(&class));
            if is_valid && conditions.can_complete(&mut assignment, Mercy::None, &valid) {
                PairKind::Valid
            } else if conditions.can_complete(&mut assignment, Mercy::Open, &of_property) {
                PairKind::Open
            } else {
                PairKind::Impossible
            }
        };
        let kinds = classes
            .iter()
            .enumerate()
            .flat_map(|(number, &one)| classes[..number].iter().map(move |&other| (one, other)))
            .map(|(one, other)| kind(one, other))
            .collect();
        Self { id, place, classes, firsts, kinds }
    }

    /// The number of a property's class.
    pub fn number(&self, property: usize, class: Class) -> Option<usize> {
        let first = *self.firsts.get(property)?;
        let of_property = self.classes[first..].iter().take_while(|(other, _)| *other == property);
        of_property.zip(first..).find(|((_, other), _)| *other == class).map(|(_, number)| number)
    }

    /// Where a pair of numbers stands in tables of pairs.
    pub fn index(&self, one: usize, other: usize) -> usize {
        let (low, high) = (one.min(other), one.max(other));
        high * high.saturating_sub(1) / 2 + low
    }

    /// What a pair can be part of.
    pub fn kind(&self, one: usize, other: usize) -> PairKind {
        self.kinds.get(self.index(one, other)).copied().unwrap_or(PairKind::Impossible)
    }

    /// All pairs that are possible: two numbers and the kind.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, PairKind)> + '_ {
        let all = (0..self.classes.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
        let kinds = all.zip(&self.kinds).map(|((one, other), &kind)| (one, other, kind));
        kinds.filter(|&(_, _, kind)| kind != PairKind::Impossible)
    }

    /// How many entries a table of pairs has.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}
