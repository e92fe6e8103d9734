//! placeholder
#![forbid(unsafe_code)]
#[cfg(feature = "target")]
pub mod campaign;
pub mod case;
#[cfg(feature = "cli")]
pub mod cli;
pub mod contract;
pub mod edm;
pub mod generate;
pub mod json;
pub mod judge;
pub mod malform;
pub mod model;
#[cfg(feature = "reference")]
pub mod reference;
#[cfg(feature = "cli")]
pub mod report;
pub mod roundtrip;
pub mod shrink;
pub mod target;
pub mod validate;
