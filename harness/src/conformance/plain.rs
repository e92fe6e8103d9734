//! The whole contract in one test: a report, or a panic with it.

use std::fmt;

use super::error::ConformanceError;
use super::target::Target;
use super::tested::{Setting, failing};
use crate::campaign::Finding;
use crate::report::Outcome;

/// What came of testing a target. Its `Display` form is the report for a person.
#[derive(Clone, Debug)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// What was found, known findings among it.
    pub findings: Vec<Finding>,
    /// How many of them fail a test.
    pub failing: usize,
    text: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Tests a target: every obligation of the contract, then random cases.
///
/// # Errors
/// The target could not be tested.
pub async fn check(target: Target) -> Result<Report, ConformanceError> {
    let tested = Setting::of(&target)?.test(target.selection.clone(), target.cases).await?;
    let failing = failing(&tested.findings, &target);
    Ok(Report { outcome: tested.outcome, findings: tested.findings, failing, text: tested.text })
}

/// Tests a target, as one test.
///
/// # Panics
/// It does not conform, or could not be tested: with the report. That is how a test
/// fails.
pub async fn assert(target: Target) {
    match check(target).await {
        Ok(Report { outcome: Outcome::Conforms, .. }) => {}
        Ok(report) => panic!("{report}"),
        Err(error) => panic!("the target could not be tested: {error}"),
    }
}
