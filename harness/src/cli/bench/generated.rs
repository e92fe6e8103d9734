//! Bodies of three sizes, for a first look without a file: valid, compact, and the same
//! in every run.

use std::ops::RangeInclusive;

use arbitrary::Unstructured;

use crate::case::Plan;
use crate::contract::Contract;
use crate::generate::{Generator, Options, Tape, tape_for};
use crate::json::Tree;

/// Decides the bodies.
const SEED: u64 = 1;
/// Bytes of a tape.
const TAPE: usize = 16 * 1024;
/// Tapes that are tried for the bodies of one class.
const PATIENCE: u64 = 5_000;

const PLAIN: Options = Options { size: 80, open: false, styled: false, complete: false };

/// A class of sizes.
struct Class {
    name: &'static str,
    options: Options,
    lengths: RangeInclusive<usize>,
    count: usize,
}

const CLASSES: [Class; 3] = [
    Class { name: "tiny", options: Options { size: 4, ..PLAIN }, lengths: 2..=200, count: 16 },
    Class { name: "typical", options: PLAIN, lengths: 1_000..=2_200, count: 16 },
    Class { name: "large", options: Options { size: 1_500, ..PLAIN }, lengths: 52 << 10..=76 << 10, count: 4 },
];

/// The bodies of each class.
pub(super) fn generated(contract: &Contract) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let plan = Plan::of(contract);
    CLASSES.iter().map(|class| (class.name, class.bodies(contract, &plan))).collect()
}

impl Class {
    fn bodies(&self, contract: &Contract, plan: &Plan) -> Vec<Vec<u8>> {
        let mut generator = Generator::new(contract, &plan.places, self.options);
        let mut tree = Tree::new();
        let made = (0..PATIENCE).filter_map(|index| {
            let mut tape = [0; TAPE];
            tape_for(SEED, index, &mut tape);
            let body = generator.body(&mut Tape::new(&mut Unstructured::new(&tape)), None, &mut tree);
            (body.open.is_empty() && body.broken.is_empty()).then(|| tree.to_bytes())
        });
        made.filter(|body| self.lengths.contains(&body.len())).take(self.count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Validator;

    #[test]
    fn each_class_is_full_and_valid_in_each_contract() {
        for name in Contract::names() {
            let contract = Contract::named(name).unwrap();
            let mut validator = Validator::new(&contract);
            for ((_, bodies), class) in generated(&contract).iter().zip(&CLASSES) {
                assert_eq!(bodies.len(), class.count, "{name}: {}", class.name);
                assert!(bodies.iter().all(|body| validator.validate(body).is_empty()), "{name}: {}", class.name);
            }
        }
    }
}
