//! The payloads that the benchmarks take: a fixed set for each class of size,
//! the same in every run, so that two runs measure the same work.

use policy_harness::case::Plan;
use policy_harness::contract::Contract;
use policy_harness::generate::{Generator, Options, Tape, tape_for};
use policy_harness::json::{Tree, ValueKind};
use policy_harness::validate::Validator;

/// A class of payloads.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its name in the output.
    pub name: &'static str,
    /// What the generator is told of the size.
    pub options: Options,
    /// Lengths in bytes that belong to the class.
    pub lengths: (usize, usize),
    /// Payloads in the set.
    pub count: usize,
    /// Every collection gets as many items as stay valid.
    pub filled: bool,
}

const PLAIN: Options = Options { size: 80, open: false, styled: false, complete: false };

/// The classes, the smallest first.
pub const CLASSES: &[Class] = &[
    Class { name: "tiny", options: Options { size: 4, ..PLAIN }, lengths: (2, 200), count: 64, filled: false },
    Class { name: "typical", options: PLAIN, lengths: (1_000, 2_200), count: 64, filled: false },
    Class {
        name: "large",
        options: Options { size: 1_500, ..PLAIN },
        lengths: (52 << 10, 76 << 10),
        count: 4,
        filled: true,
    },
];

/// A payload, and the tape that it was generated from.
#[derive(Clone, Debug)]
pub struct Made {
    /// What the generator read.
    pub tape: Vec<u8>,
    /// The payload; of a filled class, after its collections were filled.
    pub payload: Vec<u8>,
}

impl Class {
    /// The payloads of the class: valid, compact, and of a length that belongs to it.
    pub fn set(&self, contract: &Contract, plan: &Plan) -> Vec<Made> {
        let generator = Generator::new(contract, &plan.places, self.options);
        let mut validator = Validator::new(contract);
        let mut tree = Tree::new();
        (0..20_000)
            .map(|index| {
                let mut tape = vec![0; 4096];
                tape_for(1, index, &mut tape);
                let mut bytes = arbitrary::Unstructured::new(&tape);
                generator.body(&mut Tape::new(&mut bytes), None, &mut tree);
                let mut payload = tree.to_bytes();
                if self.filled && payload.len() > WORTH_FILLING {
                    fill(contract.max_items, &mut validator, &mut tree);
                    payload = tree.to_bytes();
                }
                Made { tape, payload }
            })
            .filter(|made| (self.lengths.0..=self.lengths.1).contains(&made.payload.len()))
            .take(self.count)
            .collect()
    }
}

/// Smaller bodies do not become large ones.
const WORTH_FILLING: usize = 8_000;

/// Repeats the items of every collection, inner ones first, as far as the body
/// stays valid.
fn fill(most: usize, validator: &mut Validator<'_>, tree: &mut Tree) {
    let arrays: Vec<_> = tree.nodes().filter(|&node| tree.kind(node) == ValueKind::Array).collect();
    for array in arrays.into_iter().rev() {
        let items = tree.children_vec(array);
        for count in [most, 3] {
            let copies = count.saturating_sub(items.len());
            let mut more = items.clone();
            more.extend(items.iter().cycle().take(copies).map(|&item| tree.duplicate(item)));
            tree.set_children(array, &more);
            if validator.validate(&tree.to_bytes()).is_empty() {
                break;
            }
            tree.set_children(array, &items);
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_harness::roundtrip::{RoundTrip, round_trip};

    use super::*;

    #[test]
    fn the_sets_are_full_and_valid() {
        let contract = Contract::named("seed").unwrap();
        let plan = Plan::of(&contract);
        let mut validator = Validator::new(&contract);
        for class in CLASSES {
            let set = class.set(&contract, &plan);
            assert_eq!(set.len(), class.count, "{}", class.name);
            for Made { payload, .. } in set {
                assert!(validator.validate(&payload).is_empty());
                assert!(matches!(round_trip(&payload), RoundTrip::Same));
            }
        }
    }
}
