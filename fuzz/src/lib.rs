//! The bodies of the fuzz targets, as plain functions: they panic where a
//! property does not hold, and return otherwise. `cargo test` runs each of them
//! on seeded inputs and on the files of `corpora/`.
//!
//! With [cargo-fuzz](https://rust-fuzz.github.io/book/cargo-fuzz.html) installed,
//! on stable Rust:
//!
//! ```text
//! mkdir -p target/fuzz-corpus/validate
//! cargo fuzz run -s none validate target/fuzz-corpus/validate corpora/seeds/validate
//! ```
//!
//! libFuzzer writes what it finds interesting into the first folder, so name one
//! under `target/` first. A crash replays without any tool:
//!
//! ```text
//! cargo run -p policy-harness-fuzz --bin validate -- fuzz/artifacts/validate/crash-…
//! ```
//!
//! `docs/fuzzing.md` has the rest.

mod change;
mod csdl;
mod dictionary;
mod differential;
mod generated_malformed;
mod generated_valid;
mod json_reader;
mod judge;
mod model_roundtrip;
mod mutate;
mod planted;
mod replay;
mod schema;
mod server;
mod subject;
mod targets;
mod validate;
mod words;

#[cfg(test)]
mod tests;

pub use csdl::csdl;
pub use dictionary::dictionary;
pub use differential::{KNOWN, Known, Model, differential};
pub use generated_malformed::generated_malformed;
pub use generated_valid::generated_valid;
pub use json_reader::json_reader;
pub use judge::judge;
pub use model_roundtrip::model_roundtrip;
pub use mutate::{cross, mutate};
pub use replay::replay;
pub use targets::{TARGETS, Target};
pub use validate::validate;
