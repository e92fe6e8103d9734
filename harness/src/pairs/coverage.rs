//! Which pairs were met. Workers share it; a pair once met stays so.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::table::{PairKind, Pairs, TypePairs};
use crate::contract::Contract;
use crate::generate::classes_of;
use crate::json::Tree;
use crate::validate::Label;

/// The pairs that bodies had so far.
#[derive(Debug)]
pub struct Coverage {
    met: Vec<Vec<AtomicBool>>,
    /// Pairs of a kind that are left, so that nobody looks for what is there already.
    left: [AtomicUsize; 2],
}

impl Coverage {
    /// None met yet.
    pub fn new(pairs: &Pairs) -> Self {
        let none = |one: &TypePairs| std::iter::repeat_with(AtomicBool::default).take(one.len()).collect();
        let left = [PairKind::Valid, PairKind::Open].map(|kind| AtomicUsize::new(pairs.count(kind)));
        Self { met: pairs.types.iter().map(none).collect(), left }
    }

    /// Takes in a body with its label. A pair counts where it shows what it can
    /// show: in a body that must be accepted, or one that touches an open point.
    pub fn add(&self, contract: &Contract, pairs: &Pairs, tree: &Tree, label: &Label) {
        let kind = match label {
            Label::Valid => PairKind::Valid,
            Label::Unspecified(_) => PairKind::Open,
            Label::Malformed(..) | Label::Mixed(_) => return,
        };
        let left = &self.left[usize::from(kind == PairKind::Open)];
        if left.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut numbers = Vec::new();
        for (object, actual) in contract.objects(tree) {
            let known = pairs.types.iter().zip(&self.met).find(|(one, _)| one.id == actual);
            let Some((one, met)) = known else { continue };
            numbers.clear();
            classes_of(contract, tree, object, actual, &mut |property, class| {
                numbers.extend(one.number(property, class));
            });
            for (at, &first) in numbers.iter().enumerate() {
                for &second in &numbers[..at] {
                    if one.kind(first, second) != kind {
                        continue;
                    }
                    // Nearly all were met before, and to look takes less than to write.
                    let met = &met[one.index(first, second)];
                    if !met.load(Ordering::Relaxed) && !met.swap(true, Ordering::Relaxed) {
                        left.fetch_sub(1, Ordering::Relaxed);
                    }
                }
            }
        }
    }

    /// How many pairs of a kind were met.
    pub fn count(&self, pairs: &Pairs, kind: PairKind) -> usize {
        let of_type = |(one, met): (&TypePairs, &Vec<AtomicBool>)| {
            let is_met = |&(first, second, found): &(usize, usize, PairKind)| {
                found == kind && met[one.index(first, second)].load(Ordering::Relaxed)
            };
            one.pairs().filter(is_met).count()
        };
        pairs.types.iter().zip(&self.met).map(of_type).sum()
    }

    /// The pairs of a kind that were not met, in words.
    pub fn missing(&self, contract: &Contract, pairs: &Pairs, kind: PairKind) -> Vec<String> {
        let mut missing = Vec::new();
        for (one, met) in pairs.types.iter().zip(&self.met) {
            let structured = &contract.schema.types[usize::from(one.id.0)];
            let name = |number: usize| {
                let (property, class) = one.classes[number];
                let property = &structured.properties[property];
                format!("{} {}", property.name, class.name(contract, property))
            };
            for (first, second, found) in one.pairs() {
                if found == kind && !met[one.index(first, second)].load(Ordering::Relaxed) {
                    missing.push(format!("{}: {}, {}", structured.name, name(second), name(first)));
                }
            }
        }
        missing
    }
}
