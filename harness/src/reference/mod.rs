//! The embedded reference server: an endpoint that keeps one contract or more to the
//! letter, and that can be given planted defects, one by one, to show that a
//! run finds them, or be a variant that keeps the contract in another way, to
//! show that a run finds nothing. It knows nothing of how a request was made: what it says
//! comes from the contract and from the bytes that arrived.
//!
//! ```
//! use std::sync::Arc;
//! use policy_harness::{contract::Contract, reference::{Options, start}};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let contract = Arc::new(Contract::named("seed").unwrap());
//! let running = start(vec![contract], Options::default()).await.unwrap();
//! assert!(running.base_url().starts_with("http://127.0.0.1:"));
//! running.stop().await;
//! # });
//! ```

mod app;
mod body;
mod checks;
mod clock;
mod defects;
mod effect;
mod habit;
mod keep;
mod life;
mod meets;
mod operations;
mod options;
mod place;
mod policy;
mod refusal;
mod reply;
mod server;
mod slot;
mod store;
mod symptom;
mod throttle;
mod variants;
mod wire;

#[cfg(test)]
mod tests;

pub use defects::{DEFECTS, Defect, defect};
pub use effect::{Deed, Effect, Flaw, Symptom};
pub use keep::StoreFlaw;
pub use life::LifeFlaw;
pub use meets::{ANY, Meeting};
pub use options::Options;
pub use server::{Running, router, start};
pub use variants::{Habit, VARIANTS, Variant, Word, variant};
pub use wire::Mend;
