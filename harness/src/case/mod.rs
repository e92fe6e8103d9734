//! Cases: one request each, and what is expected of the answer. The contract's
//! obligations are listed once; a seed and an index then decide a case and every
//! byte of it.

mod made;
mod maker;
mod obligation;
mod request;

pub use made::{Case, Mislabelled};
pub use maker::Maker;
pub use obligation::{Action, Obligation, Plan};
