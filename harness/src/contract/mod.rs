//! The contract as data: types from CSDL, operations and rules from TOML.
//! Everything else in this crate reads a [`Contract`] and knows no property by
//! name.

mod annotate;
mod change;
mod clause;
mod condition;
mod csdl;
mod document;
mod error;
mod evaluate;
mod hints;
mod ids;
mod load;
mod operation;
mod resolve;
mod rows;
mod rules;
mod schema;
mod statuses;
#[cfg(test)]
mod tests;
mod typed;
mod xml;

pub use change::{Changed, RuleChange};
pub use condition::{Clause, Condition, Test};
pub use error::ContractError;
pub use evaluate::Values;
pub use hints::{Elsewhere, Hints, Note};
pub use load::{Contract, ContractSources};
pub use operation::{Operation, OperationKind};
pub use rules::{Family, Level, Rule, RuleId, rule};
pub use schema::{EnumId, EnumType, Facets, Format, Kind, Member, Primitive, Property, Schema, StructuredType, TypeId};
pub use statuses::Statuses;
pub use typed::TYPE;
