//! Bytes → violations: reads a body and says every rule it breaks and every
//! point it touches that the contract leaves open, each with its place. This is
//! where a label comes from, and what the reference server asks.

mod annotation;
mod label;
mod object;
mod scalar;
mod shown;
mod type_name;
mod validator;
mod violation;

pub use label::Label;
pub use shown::{RuleSet, shown};
pub use validator::Validator;
pub use violation::{Declared, Dropped, Violation};
