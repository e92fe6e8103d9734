//! Whether an answer is what the contract expects: an expectation and an answer
//! in, a verdict with its faults out. Nothing here knows how a case was made or
//! how it was sent, and nothing is asked of the request but what it said.

mod answer;
mod decide;
mod error_object;
mod expectation;
mod judgement;
mod leak;
mod list;
mod patterns;
mod representation;
mod scene;
mod symptom;
#[cfg(test)]
mod tests;

pub use answer::{error_code, error_message, exercised};
pub use decide::{fault, judge, no_answer_fault};
pub use expectation::{Expectation, Facts};
pub use judgement::{Doubt, Fault, Judgement, Observed, Verdict};
pub use list::{Listed, next_link};
pub use representation::created_id;
pub use scene::{is_exactly, next_fault, nothing_left, other_id, stored, unchanged};
pub use symptom::{Defect, Leak, Symptom};
