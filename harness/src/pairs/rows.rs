//! Covering arrays: for each type a few assignments of classes to all of its
//! properties in which every possible pair occurs, made greedily (the approach
//! of AETG: D. M. Cohen et al., IEEE TSE 23(7), 1997).

use super::clauses::{Conditions, Mercy};
use super::table::{PairKind, Pairs, TypePairs};
use crate::contract::Contract;
use crate::generate::{Class, PlaceId};

/// An object in which each property is of a given class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where the object stands.
    pub place: PlaceId,
    /// The class of each property.
    pub classes: Vec<Class>,
    /// What the body with the object is.
    pub kind: PairKind,
}

/// Rows in which all pairs of all types occur: those for bodies that must be
/// accepted first, and of each type in turn.
pub fn rows(contract: &Contract, pairs: &Pairs) -> Vec<Row> {
    [PairKind::Valid, PairKind::Open]
        .into_iter()
        .flat_map(|kind| {
            let lists = pairs.types.iter().map(|one| Array::of(contract, one, kind).rows()).collect();
            interleaved(lists)
        })
        .collect()
}

/// The first of each list, the second of each, and so on.
fn interleaved(lists: Vec<Vec<Row>>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    while !lists.is_empty() {
        lists.retain_mut(|list| list.next().map(|row| rows.push(row)).is_some());
    }
    rows
}

/// The array of one type in the making.
struct Array<'p> {
    pairs: &'p TypePairs,
    kind: PairKind,
    conditions: Conditions<'p>,
    mercy: Mercy,
    /// The numbers of classes that each property may be of.
    numbers: Vec<Vec<usize>>,
    /// The same as classes.
    choices: Vec<Vec<Class>>,
    /// By index of pair.
    missing: Vec<bool>,
}

impl<'p> Array<'p> {
    fn of(contract: &'p Contract, pairs: &'p TypePairs, kind: PairKind) -> Self {
        let properties = &contract.schema.types[usize::from(pairs.id.0)].properties;
        let mercy = if kind == PairKind::Valid { Mercy::None } else { Mercy::Open };
        let mut numbers = vec![Vec::new(); properties.len()];
        for (number, &(property, class)) in pairs.classes.iter().enumerate() {
            // What is open has no place in a body that must be accepted.
            if kind == PairKind::Open || !class.is_open(contract, &properties[property]) {
                numbers[property].push(number);
            }
        }
        let class = |&number: &usize| pairs.classes[number].1;
        let choices = numbers.iter().map(|of_property| of_property.iter().map(class).collect()).collect();
        let mut missing = vec![false; pairs.len()];
        for (one, other, found) in pairs.pairs() {
            missing[pairs.index(one, other)] = found == kind;
        }
        Self { pairs, kind, conditions: Conditions::on(contract, pairs.id), mercy, numbers, choices, missing }
    }

    fn rows(mut self) -> Vec<Row> {
        let mut rows = Vec::new();
        let pairs = self.pairs;
        for (one, other, _) in pairs.pairs() {
            if self.missing[pairs.index(one, other)] {
                rows.extend(self.row(one, other));
            }
        }
        rows
    }

    /// A row with these two classes, and as many missing pairs besides as a
    /// greedy choice finds.
    fn row(&mut self, one: usize, other: usize) -> Option<Row> {
        let count = self.numbers.len();
        let mut chosen: Vec<Option<usize>> = vec![None; count];
        let mut assignment: Vec<Option<Class>> = vec![None; count];
        for number in [one, other] {
            let (property, class) = self.pairs.classes[number];
            (chosen[property], assignment[property]) = (Some(number), Some(class));
        }
        for property in 0..count {
            if chosen[property].is_none() {
                let number = self.best(property, &chosen, &mut assignment)?;
                (chosen[property], assignment[property]) = (Some(number), Some(self.pairs.classes[number].1));
            }
        }
        let row: Vec<usize> = chosen.into_iter().flatten().collect();
        for (at, &one) in row.iter().enumerate() {
            for &other in &row[..at] {
                self.missing[self.pairs.index(one, other)] = false;
            }
        }
        let classes = row.iter().map(|&number| self.pairs.classes[number].1).collect();
        Some(Row { place: self.pairs.place, classes, kind: self.kind })
    }

    /// The class of a property that meets most of the missing pairs.
    fn best(&self, property: usize, chosen: &[Option<usize>], assignment: &mut [Option<Class>]) -> Option<usize> {
        let gain = |number: usize| {
            let others = chosen.iter().flatten();
            others.filter(|&&other| self.missing[self.pairs.index(number, other)]).count()
        };
        let mut candidates: Vec<(usize, usize)> =
            self.numbers[property].iter().map(|&number| (gain(number), number)).collect();
        candidates.sort_by_key(|&(gain, number)| (std::cmp::Reverse(gain), number));
        let is_involved = self.conditions.involved.contains(&property);
        let found = candidates.into_iter().find(|&(_, number)| {
            assignment[property] = Some(self.pairs.classes[number].1);
            !is_involved || self.conditions.can_complete(assignment, self.mercy, &self.choices)
        });
        assignment[property] = None;
        found.map(|(_, number)| number)
    }
}
