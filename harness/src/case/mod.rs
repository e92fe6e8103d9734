//! Cases: one request each, and what is expected of the answer. The contract's
//! obligations are listed once; a seed and an index then decide a case and every
//! byte of it.

mod digest;
mod input;
mod list;
mod made;
mod maker;
mod mark;
mod obligation;
mod own;
mod plan;
mod request;
mod scene;
mod script;
mod state;

pub use made::{Case, Mislabelled, Scene, Step};
pub use maker::Maker;
pub use obligation::{Action, Base, Obligation, Store, Wrong};
pub use plan::Plan;
pub use script::{Act, SCRIPTS, Script};
