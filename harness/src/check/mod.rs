//! What is wrong with somebody's body: every rule that it breaks, each with its
//! place in the text, in words, with what was expected, what is there, and what to
//! write instead. The verdict comes from [`validate`](crate::validate) alone; here
//! it is put so that a person can act on it.
//!
//! ```
//! use policy_harness::check::{Severity, check};
//! use policy_harness::contract::{Contract, OperationKind};
//!
//! let contract = Contract::named("seed")?;
//! let body = br#"{
//!   "displayName": "Sales",
//!   "expiration": {"type": "duration", "duration": "P30D"}
//! }"#;
//! let violations = check(body, &contract, OperationKind::Add);
//! let [fault] = violations.as_slice() else { panic!("one fault") };
//! assert_eq!((&*fault.rule, fault.severity()), ("body/value/enum-member", Severity::Error));
//! assert_eq!((fault.span.line, fault.span.column), (3, 26));
//! assert_eq!(fault.suggestion.as_deref(), Some("write \"afterDuration\", because `duration` is given on line 3"));
//! # Ok::<(), policy_harness::contract::ContractError>(())
//! ```

mod checker;
mod condition;
mod context;
mod detect;
mod explain;
mod property;
mod span;
mod syntax;
#[cfg(test)]
mod tests;
mod type_name;
mod update;
mod value;
mod violation;
mod words;

pub use checker::{Checked, Checker, check};
pub use detect::Detected;
pub use span::SourceSpan;
pub use violation::{Severity, Violation};
