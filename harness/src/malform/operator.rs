//! The operators as one table.

use super::edit::Edit;
use super::site::Site;
use super::{structure, syntax, type_name, value};
use crate::contract::{Contract, RuleId};

/// One way to break one rule.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// Short name, unique.
    pub name: &'static str,
    /// The rule that it breaks or leaves open; an acceptance rule where it
    /// breaks nothing.
    pub rule: RuleId,
    /// Where it applies.
    pub applies: fn(&Contract, Site<'_>) -> bool,
    /// Makes the change. None where this body gives no occasion for it.
    pub edit: fn(&mut Edit<'_, '_, '_, '_>) -> Option<()>,
}

/// An operator that puts one of a few texts in the place of the value.
macro_rules! texts {
    ($name:literal, $rule:expr, $applies:expr, $($text:literal),+) => {
        Operator {
            name: $name,
            rule: $rule,
            applies: $applies,
            edit: |edit| {
                let text = edit.tape.pick(&[$($text),+]).copied()?;
                edit.put(text);
                Some(())
            },
        }
    };
}

pub(super) use texts;

/// All operators on bodies.
pub fn operators() -> impl Iterator<Item = &'static Operator> {
    [syntax::OPERATORS, value::OPERATORS, structure::OPERATORS, type_name::OPERATORS].into_iter().flatten()
}
