//! placeholder
#![forbid(unsafe_code)]
pub mod case;
pub mod contract;
pub mod edm;
pub mod generate;
pub mod json;
pub mod judge;
pub mod malform;
pub mod model;
pub mod shrink;
pub mod target;
pub mod validate;
