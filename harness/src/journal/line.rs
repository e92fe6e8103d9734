//! The lines of a journal: JSON objects, each with a sum over its text at the
//! end. A format that is read by the same version only, because another one makes
//! other cases of the same seed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::form::{BytesForm, CaseForm, FaultForm, FormError, name, rule};
use crate::campaign::{CaseRecord, Exchange, GroupKey, Mileage, Phase, Reduction, Told};
use crate::contract::Contract;
use crate::hash::Fnv;
use crate::judge::{Observed, Verdict};
use crate::target::{Answer, Redactor};

/// Version of the format.
pub const VERSION: u32 = 1;
/// Bytes of an answer's body that are kept; behind them only their number is.
const LONGEST_BODY: usize = 64 << 10;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// The first: which run it is.
    Run(RunLine),
    /// The cases of a contract begin.
    Campaign(CampaignLine),
    /// A case that was settled.
    Case(Box<CaseLine>),
    /// A group of failures that was reduced.
    Reduced(Box<ReducedLine>),
    /// The campaign of that contract came to its end.
    Finished {},
}

/// Which run it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLine {
    /// Version of the format.
    pub journal: u32,
    /// Version of the program.
    pub version: String,
    /// What the names of the run's policies begin with.
    pub run: String,
    /// Decides every case.
    pub seed: u64,
    /// What the run was asked for, without credentials.
    pub arguments: Vec<String>,
    /// The rules that were other than in the contract, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// The part of a run that is about one contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignLine {
    /// Its name.
    pub contract: String,
    /// The part of the cases.
    pub shard: String,
    /// Ids of the objects that the operations' paths name.
    pub ids: Vec<String>,
    /// Ids of access packages.
    pub packages: Vec<String>,
    /// The target, as a person would call it.
    pub target: String,
    /// Random cases after the obligations.
    pub cases: u64,
}

/// What came of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseLine {
    index: u64,
    digest: String,
    #[serde(default, skip_serializing_if = "is_false")]
    opening: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    plain: bool,
    /// For a reader; the case itself says it too.
    rule: String,
    verdict: Verdict,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    observed: Option<(String, u16)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Only those that no line before has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exercised: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    microseconds: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    steps: usize,
    requests: u64,
    milliseconds: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    exchanges: Vec<ExchangeLine>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct ExchangeLine {
    request: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_answer: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct AnswerLine {
    status: u16,
    headers: Vec<(String, BytesForm)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<BytesForm>,
    /// Bytes of the whole body, where it is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
}

/// A group that was reduced.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReducedLine {
    group: (String, String, Option<String>),
    from: u64,
    rule: String,
    fault: FaultForm,
    case: CaseForm,
    confirmed: (u32, u32),
    curl: String,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

impl CaseLine {
    /// The line of a record. `is_new` says which rules on answers no line has yet.
    pub(super) fn of(
        contract: &Contract,
        record: &CaseRecord,
        redactor: &Redactor,
        mut is_new: impl FnMut(crate::contract::RuleId) -> bool,
    ) -> Self {
        Self {
            index: record.index,
            digest: format!("{:016x}", record.digest),
            opening: record.phase == Phase::Opening,
            plain: record.scene == "alone",
            rule: name(contract, record.rule),
            verdict: record.verdict,
            faults: record.faults.iter().map(|fault| FaultForm::of(contract, fault)).collect(),
            observed: record.observed.map(|seen| (name(contract, seen.rule), seen.status)),
            reason: record.reason.clone(),
            status: record.status,
            exercised: record.exercised.iter().filter(|rule| is_new(**rule)).map(|&id| name(contract, id)).collect(),
            error_code: record.error_code.clone(),
            microseconds: u64::try_from(record.elapsed.as_micros()).unwrap_or(u64::MAX),
            steps: record.steps,
            requests: record.mileage.requests,
            milliseconds: u64::try_from(record.mileage.elapsed.as_millis()).unwrap_or(u64::MAX),
            exchanges: record.exchanges.iter().map(|exchange| ExchangeLine::of(exchange, redactor)).collect(),
        }
    }

    /// What the line tells.
    ///
    /// # Errors
    /// A rule that this version does not know.
    pub fn told(self, contract: &Contract) -> Result<Told, FormError> {
        let digest = u64::from_str_radix(&self.digest, 16);
        Ok(Told {
            index: self.index,
            digest: digest.map_err(|_| FormError::Unknown { what: "the digest", name: self.digest })?,
            is_opening: self.opening,
            is_plain: self.plain,
            verdict: self.verdict,
            faults: self.faults.iter().map(|fault| fault.fault(contract)).collect::<Result<_, _>>()?,
            observed: self
                .observed
                .map(|(id, status)| Ok(Observed { rule: rule(contract, &id)?, status }))
                .transpose()?,
            reason: self.reason,
            status: self.status,
            exercised: self.exercised.iter().map(|id| rule(contract, id)).collect::<Result<_, _>>()?,
            error_code: self.error_code,
            elapsed: Duration::from_micros(self.microseconds),
            steps: self.steps,
            exchanges: Vec::new(),
            mileage: Mileage { requests: self.requests, elapsed: Duration::from_millis(self.milliseconds) },
        })
    }
}

impl ExchangeLine {
    fn of(exchange: &Exchange, redactor: &Redactor) -> Self {
        let request = exchange.request.clone();
        match &exchange.outcome {
            Ok(answer) => Self { request, answer: Some(AnswerLine::of(answer, redactor)), no_answer: None },
            Err(why) => {
                let why = redactor.text(&why.to_string()).into_owned();
                Self { request, answer: None, no_answer: Some(why) }
            }
        }
    }
}

impl AnswerLine {
    fn of(answer: &Answer, redactor: &Redactor) -> Self {
        // Behind the cut a secret would not be known any more.
        let body = redactor.bytes(&answer.body);
        let kept = &body[..body.len().min(LONGEST_BODY)];
        let clean = |bytes: &[u8]| BytesForm::of(&redactor.bytes(bytes));
        Self {
            status: answer.status,
            headers: answer.headers.iter().map(|(name, value)| (name.clone(), clean(value))).collect(),
            body: (!kept.is_empty()).then(|| BytesForm::of(kept)),
            length: (kept.len() < body.len()).then_some(answer.body.len()),
        }
    }
}

impl ReducedLine {
    pub(super) fn of(contract: &Contract, reduction: &Reduction) -> Self {
        let GroupKey { rule, symptom, about } = &reduction.key;
        Self {
            group: (name(contract, *rule), symptom.clone(), about.map(|id| name(contract, id))),
            from: reduction.from,
            rule: name(contract, reduction.rule),
            fault: FaultForm::of(contract, &reduction.fault),
            case: CaseForm::of(contract, &reduction.case),
            confirmed: reduction.confirmed,
            curl: reduction.curl.clone(),
        }
    }

    /// What the line tells.
    ///
    /// # Errors
    /// A name that this version does not know.
    pub fn reduction(&self, contract: &Contract) -> Result<Reduction, FormError> {
        let (id, symptom, about) = &self.group;
        Ok(Reduction {
            key: GroupKey {
                rule: rule(contract, id)?,
                symptom: symptom.clone(),
                about: about.as_deref().map(|id| rule(contract, id)).transpose()?,
            },
            from: self.from,
            rule: rule(contract, &self.rule)?,
            fault: self.fault.fault(contract)?,
            case: self.case.case(contract)?,
            confirmed: self.confirmed,
            curl: self.curl.clone(),
        })
    }
}

/// The text of a line with its sum, without the line end.
pub(super) fn write(line: &Line, text: &mut Vec<u8>) -> serde_json::Result<()> {
    let start = text.len();
    serde_json::to_writer(&mut *text, line)?;
    // The object's own brace comes behind the sum.
    text.pop();
    let sum = sum(&text[start..]);
    text.extend_from_slice(SUM);
    text.extend_from_slice(format!("{sum:016x}").as_bytes());
    text.extend_from_slice(END);
    Ok(())
}

const SUM: &[u8] = b",\"sum\":\"";
const END: &[u8] = b"\"}";

fn sum(text: &[u8]) -> u64 {
    Fnv::default().part(text).get()
}

/// The line of a text.
pub(super) fn read(text: &[u8]) -> Result<Line, String> {
    let damaged = || "it was changed or damaged: its sum is not that of its text".to_owned();
    let rest = text.strip_suffix(END).ok_or_else(damaged)?;
    let (rest, sum_text) = rest.split_at_checked(rest.len().wrapping_sub(16)).ok_or_else(damaged)?;
    let body = rest.strip_suffix(SUM).ok_or_else(damaged)?;
    if sum_text != format!("{:016x}", sum(body)).as_bytes() {
        return Err(damaged());
    }
    serde_json::from_slice(&[body, b"}"].concat()).map_err(|error| format!("it is no line of a journal: {error}"))
}
