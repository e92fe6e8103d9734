//! Names of files: rule, place and operator, as far as a file system takes them. A
//! name depends on its obligation alone, so that it stays when others come.

use crate::case::{Action, Obligation, Plan};
use crate::contract::Contract;
use crate::generate::{Choice, Class, PlaceStep};
use crate::hash::Fnv;

/// Characters of a place; of a longer one the last steps are told.
const PLACE: usize = 48;
/// Characters of a value.
const VALUE: usize = 20;

/// The name of the file of an obligation.
pub(super) fn name(contract: &Contract, plan: &Plan, obligation: &Obligation) -> String {
    let rule = word(&contract.rule(obligation.rule).id);
    let mut parts = vec![rule, place(contract, plan, obligation), word(obligation.name)];
    parts.extend(choice(contract, plan, obligation));
    parts.push("json".to_owned());
    parts.join(".")
}

/// The steps to the place, the last ones and a hash of all where they are many.
fn place(contract: &Contract, plan: &Plan, obligation: &Obligation) -> String {
    let types = &contract.schema.types;
    let path = plan.places.path(obligation.place);
    let step = |(at, step): (usize, &PlaceStep)| match *step {
        PlaceStep::Property(owner, index) => Some(word(&types[usize::from(owner.0)].properties[index].name)),
        PlaceStep::As(id) => Some(word(last(&types[usize::from(id.0)].name))),
        // Its type says that it is one.
        PlaceStep::Item => (at + 1 == path.len()).then(|| "item".to_owned()),
        PlaceStep::Root => None,
    };
    let steps: Vec<String> = path.iter().enumerate().filter_map(step).collect();
    let whole = steps.join("-");
    match whole.len() {
        0 => "root".to_owned(),
        1..=PLACE => whole,
        _ => shortened(&steps, hash(&whole)),
    }
}

/// As many of the last steps as there is room for.
fn shortened(steps: &[String], hash: String) -> String {
    let mut text = hash;
    for step in steps.iter().rev() {
        if text.len() + 1 + step.len() > PLACE {
            break;
        }
        text = [step, "-", &text].concat();
    }
    text
}

/// What is at the place, where an operator has more than one choice there.
fn choice(contract: &Contract, plan: &Plan, obligation: &Obligation) -> Option<String> {
    let Action::Choose(choice) = obligation.action else { return None };
    match choice {
        Choice::Member(index) => {
            let property = plan.places.property(contract, obligation.place)?;
            Some(word(&Class::Member(u16::try_from(index).ok()?).name(contract, property)))
        }
        Choice::Lexeme(lexeme) => Some(value(&lexeme.content())).filter(|word| !word.is_empty()),
        Choice::Items(count) => Some(count.to_string()),
        Choice::Any
        | Choice::Absent
        | Choice::Null
        | Choice::Typed { .. }
        | Choice::Annotated(_)
        | Choice::Broken(_)
        | Choice::Row(_) => None,
    }
}

/// A value in a word; with a hash where that does not tell all of it.
fn value(content: &str) -> String {
    let mut word = word(content);
    if word == content && word.len() <= VALUE {
        return word;
    }
    word.truncate(VALUE);
    [&word, "-", &hash(content)].concat().trim_start_matches('-').to_owned()
}

/// Letters and digits of ASCII; what stands between them is a hyphen.
fn word(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn hash(text: &str) -> String {
    format!("{:06x}", Fnv::default().bytes(text.as_bytes()).get() >> 40)
}
