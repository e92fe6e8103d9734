//! The words of the contracts: names of members, and values that mean something there.
//! The mutator writes them into bodies, and the dictionary lists them for libFuzzer.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use policy_harness::contract::{Contract, Kind, Primitive, Schema, TYPE};
use policy_harness::generate::lexemes;
use policy_harness::json::ValueKind;

use crate::subject::named;

/// Bytes of a word at most: libFuzzer takes no longer ones into its dictionary.
const LONGEST: usize = 64;

/// Words, sorted, each once.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Names of members, as they stand between quotes.
    pub(crate) names: Vec<String>,
    /// Values, as JSON texts.
    pub(crate) values: Vec<String>,
}

/// The words of all contracts.
pub(crate) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let schemas: Vec<Schema> = Contract::names().map(|name| named(name).schema).collect();
        Words { names: sorted(names(&schemas)), values: sorted(values(&schemas)) }
    })
}

fn sorted(words: impl Iterator<Item = String>) -> Vec<String> {
    let words: BTreeSet<String> = words.filter(|word| word.len() <= LONGEST).collect();
    words.into_iter().collect()
}

fn names(schemas: &[Schema]) -> impl Iterator<Item = String> {
    let properties = schemas.iter().flat_map(|schema| &schema.types).flat_map(|declared| &declared.properties);
    let annotations = [TYPE, "@odata.id", "@odata.context", "@contoso.note"];
    properties.map(|property| property.name.to_string()).chain(annotations.map(str::to_owned))
}

fn values(schemas: &[Schema]) -> impl Iterator<Item = String> {
    let types = schemas.iter().flat_map(|schema| &schema.types).map(|declared| format!("\"#{}\"", declared.name));
    let members = schemas.iter().flat_map(|schema| &schema.enums).flat_map(|declared| &declared.members);
    let members = members.map(|member| format!("\"{}\"", member.name));
    let kinds = schemas.iter().flat_map(|schema| &schema.types).flat_map(|declared| &declared.properties);
    let primitives: Vec<Primitive> = kinds
        .filter_map(|property| match property.kind {
            Kind::Primitive(primitive) => Some(primitive),
            Kind::Enum(_) | Kind::Structured(_) => None,
        })
        .collect();
    let samples = primitives.into_iter().flat_map(lexemes).map(|lexeme| match lexeme.kind {
        ValueKind::String => format!("\"{}\"", lexeme.text()),
        _ => lexeme.text().into_owned(),
    });
    let tokens = ["null", "true", "false", "{}", "[]", "\"\""].map(str::to_owned);
    types.chain(members).chain(samples).chain(tokens)
}
