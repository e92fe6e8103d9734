//! Cases: one request each, and what is expected of the answer. The contract's
//! obligations are listed once; a seed and an index then decide a case and every
//! byte of it.

mod list;
mod made;
mod maker;
mod obligation;
mod plan;
mod request;

pub use made::{Case, Mislabelled, Scene};
pub use maker::Maker;
pub use obligation::{Action, Base, Obligation, Store};
pub use plan::Plan;
