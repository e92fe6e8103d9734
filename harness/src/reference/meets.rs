//! Defects that need two or three things to meet in one object, told by the
//! classes of its properties.

use crate::contract::{Contract, TypeId};
use crate::generate::{Class, classes_of};
use crate::json::Tree;

/// Any type, or any property.
pub const ANY: &str = "*";

/// Properties of an object of one type, each of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Name of the type without its namespace, or [`ANY`].
    pub on: &'static str,
    /// Property (or [`ANY`]) and class, as [`Class::name`] writes it.
    pub classes: &'static [(&'static str, &'static str)],
}

impl Meeting {
    /// Whether an object of the body is like that.
    pub(super) fn is_in(&self, contract: &Contract, tree: &Tree) -> bool {
        contract.objects(tree).into_iter().any(|(object, actual)| {
            if self.on != ANY && short_name(contract, actual) != self.on {
                return false;
            }
            let mut met = vec![false; self.classes.len()];
            classes_of(contract, tree, object, actual, &mut |property, class| {
                self.mark(contract, actual, property, class, &mut met);
            });
            met.iter().all(|met| *met)
        })
    }

    fn mark(&self, contract: &Contract, actual: TypeId, property: usize, class: Class, met: &mut [bool]) {
        let property = &contract.schema.types[usize::from(actual.0)].properties[property];
        for ((wanted, name), met) in self.classes.iter().zip(met) {
            let is_wanted = *wanted == ANY || *wanted == &*property.name;
            *met |= is_wanted && class.name(contract, property) == *name;
        }
    }
}

/// The name of a type without its namespace.
pub(super) fn short_name(contract: &Contract, id: TypeId) -> &str {
    let name = &contract.schema.types[usize::from(id.0)].name;
    name.rsplit('.').next().unwrap_or(name)
}
