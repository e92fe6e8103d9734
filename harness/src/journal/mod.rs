//! What a run writes down of itself, so that it can be gone on with, put together
//! with others, and looked at later.

mod form;

pub use form::{CaseForm, FaultForm, FormError};
