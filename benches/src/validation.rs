//! Making valid bodies, and saying what a body is.

use std::hint::black_box;

use arbitrary::Unstructured;
use policy_harness::check::Checker;
use policy_harness::contract::OperationKind;
use policy_harness::export::json_schema;
use policy_harness::generate::{Generator, Tape};
use policy_harness::json::Tree;
use policy_harness::validate::{Label, Validator};
use serde_json::Value;

use crate::class::Set;
use crate::ground::Ground;
use crate::serialization::on_payload;
use crate::stage::Stage;

/// Bodies from the tapes of a set, in buffers that are used again. Large and hostile
/// ones are made as they are before their class makes more of them.
pub fn generators<'s>(ground: &'s Ground, set: &'s Set) -> Vec<Stage<'s>> {
    let generator = || Generator::new(&ground.contract, &ground.plan.places, set.class.options);
    let goal = set.class.goal(ground);
    let body = move |generator: &mut Generator<'_>, tape: &[u8], tree: &mut Tree| {
        generator.body(&mut Tape::new(&mut Unstructured::new(tape)), goal, tree);
    };
    let (mut only, mut only_tree) = (generator(), Tree::new());
    let (mut labelled, mut tree, mut bytes) = (generator(), Tree::new(), Vec::new());
    let mut validator = Validator::new(&ground.contract);
    vec![
        Stage::new("generate", set.made.len(), move |index| {
            body(&mut only, &set.made[index].tape, &mut only_tree);
            black_box(&only_tree);
        }),
        Stage::new("generate, write, label", set.made.len(), move |index| {
            body(&mut labelled, &set.made[index].tape, &mut tree);
            bytes.clear();
            tree.write_into(&mut bytes);
            black_box(Label::of(&ground.contract, validator.validate(&bytes)));
        }),
    ]
}

/// Everything that says what a payload is, from its bytes.
///
/// # Panics
/// When the exported schema is none.
pub fn validators<'s>(ground: &'s Ground, set: &'s Set) -> Vec<Stage<'s>> {
    let schema = serde_json::from_str(&json_schema(&ground.contract)).expect("the export is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the export is a schema");
    let mut alone = Validator::new(&ground.contract);
    let mut labelling = Validator::new(&ground.contract);
    let mut checker = Checker::new(&ground.contract);
    vec![
        on_payload("validate", set, move |body| {
            black_box(alone.validate(body).len());
        }),
        on_payload("validate, label", set, move |body| {
            black_box(Label::of(&ground.contract, labelling.validate(body)));
        }),
        on_payload("check", set, move |body| {
            black_box(checker.check(body, OperationKind::Create));
        }),
        on_payload("Value, jsonschema", set, move |body| {
            let value = serde_json::from_slice::<Value>(body);
            black_box(value.is_ok_and(|value| schema.is_valid(&value)));
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::sets;

    /// Else it would be compared how quickly something is refused.
    #[test]
    fn the_exported_schema_takes_the_payloads() {
        let ground = Ground::of("seed");
        let schema = serde_json::from_str(&json_schema(&ground.contract)).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        for set in sets(ground) {
            for made in &set.made {
                let value: Value = serde_json::from_slice(&made.payload).unwrap();
                assert!(schema.is_valid(&value), "{}: {value}", set.class.name);
            }
        }
    }
}
