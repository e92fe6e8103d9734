//! The bodies of the fuzz targets, as plain functions: they panic where a
//! property does not hold, and return otherwise. `cargo test` runs each of them
//! on seeded inputs and on the files of `corpora/seeds/`.
//!
//! With [cargo-fuzz](https://rust-fuzz.github.io/book/cargo-fuzz.html) installed,
//! on stable Rust:
//!
//! ```text
//! mkdir -p target/fuzz-corpus/generated
//! cargo fuzz run -s none generated target/fuzz-corpus/generated corpora/seeds/generated
//! ```
//!
//! libFuzzer writes what it finds interesting into the first folder, so name one
//! under `target/` first. A crash replays without any tool:
//!
//! ```text
//! cargo run -p policy-harness-fuzz --bin generated -- fuzz/artifacts/generated/crash-…
//! ```

mod generated;
mod json_reader;
mod model_roundtrip;
mod replay;
mod validate;

#[cfg(test)]
mod tests;

pub use generated::generated;
pub use json_reader::json_reader;
pub use model_roundtrip::model_roundtrip;
pub use replay::replay;
pub use validate::validate;

use std::sync::OnceLock;

use policy_harness::case::Plan;
use policy_harness::contract::Contract;

/// The seed contract and its plan, read once in a process.
fn seed() -> &'static (Contract, Plan) {
    static SEED: OnceLock<(Contract, Plan)> = OnceLock::new();
    SEED.get_or_init(|| {
        let contract = Contract::named("seed").expect("the contract is built in");
        let plan = Plan::of(&contract);
        (contract, plan)
    })
}
