//! Malformations: operators that make a valid body, or a valid request, break
//! exactly one rule at one place. The tables also hold the operators that break
//! nothing although they look as if they did, and the rewritings, which say the
//! same in another way.

mod edit;
mod exchange;
mod operator;
mod rewriting;
mod site;
mod structure;
mod syntax;
mod type_name;
mod value;
mod words;

pub use edit::Edit;
pub use exchange::{Change, EXCHANGES, Exchange};
pub use operator::{Operator, operators};
pub use rewriting::{How, REWRITINGS, Rewriting};
pub use site::Site;
pub use words::word;
