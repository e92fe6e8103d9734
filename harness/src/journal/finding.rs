//! A finding as a file: for a person to read, for a baseline to name, and with
//! all that is needed to send the same bytes again.

use serde::{Deserialize, Serialize};

use super::form::{CaseForm, FaultForm, FormError};
use crate::campaign::Finding;
use crate::case::Case;
use crate::contract::{Contract, Level};
use crate::judge::Fault;

/// Version of the form.
const SCHEMA: &str = "policy-harness/finding/1";

/// A finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindingFile {
    schema: String,
    /// Stable across runs and versions.
    pub fingerprint: String,
    /// Name of the contract.
    pub contract: String,
    /// Id of the rule that is broken.
    pub rule: String,
    /// What breaking it means.
    pub level: Level,
    /// The rule in a sentence.
    pub statement: String,
    /// Document and section.
    pub citations: Vec<String>,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
    /// How it shows, in a few stable words.
    pub symptom: String,
    /// The place in the smallest body that shows it.
    pub place: String,
    /// All places that showed it.
    pub places: Vec<String>,
    /// Obligations and cases that failed with it, and the first of these.
    pub obligations: usize,
    /// Cases that failed with it.
    pub cases: u64,
    /// Index of the first of them.
    pub first_case: u64,
    /// How often the smallest case showed it when it was sent again.
    pub confirmed: u32,
    /// How often it was sent again.
    pub attempts: u32,
    /// It did not show each time.
    pub flaky: bool,
    /// The base URL that was tested; none for the embedded reference server.
    pub target: Option<String>,
    /// What the names of the run's policies begin with.
    pub run: String,
    /// Decides every case of the run.
    pub seed: u64,
    /// The smallest case as lines for a shell.
    pub curl: String,
    fault: FaultForm,
    case: CaseForm,
}

impl FindingFile {
    /// The file of a finding.
    pub fn of(contract: &Contract, finding: &Finding, target: Option<&str>, run: &str, seed: u64) -> Self {
        let rule = contract.rule(finding.rule);
        let (confirmed, attempts) = finding.confirmed;
        Self {
            schema: SCHEMA.to_owned(),
            fingerprint: finding.fingerprint.clone(),
            contract: contract.name.to_string(),
            rule: rule.id.to_string(),
            level: finding.level,
            statement: rule.statement.to_string(),
            citations: rule.citations.iter().map(ToString::to_string).collect(),
            expected: finding.expected.clone(),
            got: finding.got.clone(),
            symptom: finding.symptom.clone(),
            place: finding.place.clone(),
            places: finding.places.iter().cloned().collect(),
            obligations: finding.obligations.len(),
            cases: finding.cases,
            first_case: finding.first,
            confirmed,
            attempts,
            flaky: confirmed < attempts,
            target: target.map(str::to_owned),
            run: run.to_owned(),
            seed,
            curl: finding.curl.clone(),
            fault: FaultForm::of(contract, &finding.fault),
            case: CaseForm::of(contract, &finding.case),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no finding, or one of another form; in words.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        let file: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if file.schema != SCHEMA {
            return Err(format!("it is of the form {}, not {SCHEMA}", file.schema));
        }
        Ok(file)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// None that is known; serde could have one.
    pub fn write(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The case that shows it, and the fault that it shows.
    ///
    /// # Errors
    /// A name that this version does not know.
    pub fn case(&self, contract: &Contract) -> Result<(Case, Fault), FormError> {
        Ok((self.case.case(contract)?, self.fault.fault(contract)?))
    }
}
