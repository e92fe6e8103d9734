//! The contract in the formats that other tools read: JSON Schema 2020-12 for
//! its bodies, OpenAPI 3.1 for its operations. Both are made from the same data
//! as the validator and share none of its code, so that an independent reader of
//! them is a witness against it.
//!
//! A schema says yes or no, and the contract has a third answer. Here it is
//! "yes": what breaks no rule of level must or should is accepted, also where the
//! contract leaves open what a target makes of it. A definition whose name ends
//! in `.open` holds such forms, apart from what is promised.
//!
//! What is left open is read from the levels of the rules that speak of values,
//! names of types, and properties that a page does not list. That a value has its
//! JSON type and a member is declared is taken for granted.
//!
//! What JSON Schema has no word for is missing here: names that occur twice, the
//! depth of nesting, how a number is written, one date before another.

mod condition;
mod definitions;
mod json;
mod object;
mod openapi;
mod pattern;
mod schema;
mod type_name;
mod value;

pub use openapi::openapi;
pub use schema::json_schema;
