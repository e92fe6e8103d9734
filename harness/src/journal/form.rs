//! A case as it is written down: with rules, operations and rewritings by their
//! names, so that it can be read, sent again, and told to others. It holds no
//! credentials, only where they go.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::case::{Act, Case, Scene, Step};
use crate::contract::{Contract, RuleId};
use crate::json::{self, Pointer, Tree};
use crate::judge::{Fault, Symptom};
use crate::malform::{self, REWRITINGS};
use crate::target::{Alteration, Credentials, Request, Wire};
use crate::validate::Label;

/// What a case that was read back is called, in the place of what made it.
const READ: &str = "read-from-file";

/// Why a case cannot be read from its form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A name that means nothing here.
    #[error("{what} `{name}` is unknown to this version")]
    Unknown {
        /// What it names.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Bytes that are no base64.
    #[error("a body is no base64: {0}")]
    Base64(String),
}

fn unknown(what: &'static str, name: &str) -> FormError {
    FormError::Unknown { what, name: name.to_owned() }
}

/// A case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseForm {
    index: u64,
    operator: String,
    rule: String,
    at: Pointer,
    label: LabelForm,
    operation: String,
    object: usize,
    request: RequestForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<RequestForm>,
    scene: SceneForm,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultForm {
    rule: String,
    level: crate::contract::Level,
    symptom: Symptom,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LabelForm {
    Valid,
    Unspecified(Vec<String>),
    Malformed(String, Pointer),
    Mixed(Vec<String>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct RequestForm {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    credentials: CredentialsForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<BytesForm>,
    wire: Wire,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CredentialsForm {
    /// The token under this scheme.
    Token(String),
    Altered(Alteration),
    /// The token of a caller that lacks the permission.
    Unprivileged,
    Absent,
    Verbatim(String),
}

/// Bytes, as text where they are UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum BytesForm {
    Text(String),
    Base64(String),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SceneForm {
    Alone,
    Alike { plain: RequestForm, rewriting: String },
    Stored { read: RequestForm },
    Unchanged { read: RequestForm },
    NothingLeft { list: RequestForm, mark: String },
    Sequence { steps: Vec<StepForm> },
    Next { good: RequestForm },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StepForm {
    act: Act,
    operation: String,
    request: RequestForm,
    label: LabelForm,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

impl CaseForm {
    /// The form of a case.
    pub fn of(contract: &Contract, case: &Case) -> Self {
        Self {
            index: case.index,
            operator: case.operator.to_owned(),
            rule: name(contract, case.rule),
            at: case.at.clone(),
            label: LabelForm::of(contract, &case.label),
            operation: contract.operations[case.operation].id.to_string(),
            object: case.object,
            request: RequestForm::of(&case.request),
            before: case.before.as_deref().map(RequestForm::of),
            scene: SceneForm::of(contract, &case.scene),
        }
    }

    /// The case, as far as it can be sent: the obligation and what made it are known
    /// to those who made it alone.
    ///
    /// # Errors
    /// A name that this version does not know.
    pub fn case(&self, contract: &Contract) -> Result<Case, FormError> {
        let scene = self.scene.scene(contract)?;
        let request = self.request.request()?;
        let written = match &scene {
            Scene::Alike { plain, .. } => plain.body.as_deref(),
            _ => request.body.as_deref(),
        };
        Ok(Case {
            index: self.index,
            obligation: None,
            operator: READ,
            rule: rule(contract, &self.rule)?,
            at: self.at.clone(),
            label: self.label.label(contract)?,
            operation: operation(contract, &self.operation)?,
            object: self.object,
            tree: written.and_then(|body| json::read(body).ok()).unwrap_or_else(Tree::new),
            request,
            before: self.before.as_ref().map(RequestForm::request).transpose()?.map(Box::new),
            scene,
            mislabelled: None,
        })
    }
}

impl FaultForm {
    /// The form of a fault.
    pub fn of(contract: &Contract, fault: &Fault) -> Self {
        Self { rule: name(contract, fault.rule), level: fault.level, symptom: fault.symptom.clone() }
    }

    /// The fault.
    ///
    /// # Errors
    /// A rule that this version does not know.
    pub fn fault(&self, contract: &Contract) -> Result<Fault, FormError> {
        Ok(Fault { rule: rule(contract, &self.rule)?, level: self.level, symptom: self.symptom.clone() })
    }
}

pub(super) fn name(contract: &Contract, id: RuleId) -> String {
    contract.rule(id).id.to_string()
}

pub(super) fn rule(contract: &Contract, name: &str) -> Result<RuleId, FormError> {
    contract.rule_named(name).ok_or_else(|| unknown("the rule", name))
}

fn operation(contract: &Contract, name: &str) -> Result<usize, FormError> {
    let found = contract.operations.iter().position(|operation| &*operation.id == name);
    found.ok_or_else(|| unknown("the operation", name))
}

impl LabelForm {
    fn of(contract: &Contract, label: &Label) -> Self {
        let names = |rules: &[RuleId]| rules.iter().map(|&id| name(contract, id)).collect();
        match label {
            Label::Valid => Self::Valid,
            Label::Unspecified(rules) => Self::Unspecified(names(rules)),
            Label::Malformed(id, at) => Self::Malformed(name(contract, *id), at.clone()),
            Label::Mixed(rules) => Self::Mixed(names(rules)),
        }
    }

    fn label(&self, contract: &Contract) -> Result<Label, FormError> {
        let rules = |names: &[String]| names.iter().map(|name| rule(contract, name)).collect::<Result<_, _>>();
        Ok(match self {
            Self::Valid => Label::Valid,
            Self::Unspecified(names) => Label::Unspecified(rules(names)?),
            Self::Malformed(id, at) => Label::Malformed(rule(contract, id)?, at.clone()),
            Self::Mixed(names) => Label::Mixed(rules(names)?),
        })
    }
}

impl RequestForm {
    fn of(request: &Request) -> Self {
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            method: request.method.to_string(),
            path: request.path.clone(),
            headers: headers.collect(),
            credentials: match request.credentials {
                Credentials::Token(scheme) => CredentialsForm::Token(scheme.to_owned()),
                Credentials::Altered(alteration) => CredentialsForm::Altered(alteration),
                Credentials::Unprivileged => CredentialsForm::Unprivileged,
                Credentials::Absent => CredentialsForm::Absent,
                Credentials::Verbatim(value) => CredentialsForm::Verbatim(value.to_owned()),
            },
            body: request.body.as_deref().map(BytesForm::of),
            wire: request.wire,
        }
    }

    fn request(&self) -> Result<Request, FormError> {
        let word = |what, text: &str| malform::word(text).ok_or_else(|| unknown(what, text));
        let header = |(name, value): &(String, String)| Ok((word("the header", name)?, value.clone()));
        Ok(Request {
            method: self.method.as_str().into(),
            path: self.path.clone(),
            headers: self.headers.iter().map(header).collect::<Result<_, _>>()?,
            credentials: match &self.credentials {
                CredentialsForm::Token(scheme) => Credentials::Token(word("the scheme", scheme)?),
                CredentialsForm::Altered(alteration) => Credentials::Altered(*alteration),
                CredentialsForm::Unprivileged => Credentials::Unprivileged,
                CredentialsForm::Absent => Credentials::Absent,
                CredentialsForm::Verbatim(value) => Credentials::Verbatim(word("the credentials", value)?),
            },
            body: self.body.as_ref().map(BytesForm::bytes).transpose()?,
            wire: self.wire,
        })
    }
}

impl BytesForm {
    pub(super) fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(STANDARD.encode(bytes)),
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, FormError> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Base64(text) => STANDARD.decode(text).map_err(|error| FormError::Base64(error.to_string())),
        }
    }
}

impl SceneForm {
    fn of(contract: &Contract, scene: &Scene) -> Self {
        match scene {
            Scene::Alone => Self::Alone,
            Scene::Alike { plain, rewriting } => {
                Self::Alike { plain: RequestForm::of(plain), rewriting: rewriting.name.to_owned() }
            }
            Scene::Stored { read } => Self::Stored { read: RequestForm::of(read) },
            Scene::Unchanged { read } => Self::Unchanged { read: RequestForm::of(read) },
            Scene::NothingLeft { list, mark } => Self::NothingLeft { list: RequestForm::of(list), mark: mark.clone() },
            Scene::Sequence { steps } => {
                Self::Sequence { steps: steps.iter().map(|step| StepForm::of(contract, step)).collect() }
            }
            Scene::Next { good } => Self::Next { good: RequestForm::of(good) },
        }
    }

    fn scene(&self, contract: &Contract) -> Result<Scene, FormError> {
        Ok(match self {
            Self::Alone => Scene::Alone,
            Self::Alike { plain, rewriting } => {
                let known = REWRITINGS.iter().find(|other| other.name == rewriting);
                let rewriting = known.ok_or_else(|| unknown("the rewriting", rewriting))?;
                Scene::Alike { plain: Box::new(plain.request()?), rewriting }
            }
            Self::Stored { read } => Scene::Stored { read: Box::new(read.request()?) },
            Self::Unchanged { read } => Scene::Unchanged { read: Box::new(read.request()?) },
            Self::NothingLeft { list, mark } => {
                Scene::NothingLeft { list: Box::new(list.request()?), mark: mark.clone() }
            }
            Self::Sequence { steps } => {
                Scene::Sequence { steps: steps.iter().map(|step| step.step(contract)).collect::<Result<_, _>>()? }
            }
            Self::Next { good } => Scene::Next { good: Box::new(good.request()?) },
        })
    }
}

impl StepForm {
    fn of(contract: &Contract, step: &Step) -> Self {
        Self {
            act: step.act,
            operation: contract.operations[step.operation].id.to_string(),
            request: RequestForm::of(&step.request),
            label: LabelForm::of(contract, &step.label),
            rule: name(contract, step.rule),
            mark: step.mark.clone(),
        }
    }

    fn step(&self, contract: &Contract) -> Result<Step, FormError> {
        Ok(Step {
            act: self.act,
            operation: operation(contract, &self.operation)?,
            request: self.request.request()?,
            label: self.label.label(contract)?,
            rule: rule(contract, &self.rule)?,
            mark: self.mark.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Maker, Plan};

    /// All that a target is sent of a case, and all that its answer is judged by.
    fn sent(case: &Case) -> String {
        let Case { index, rule, at, label, operation, object, request, before, scene, .. } = case;
        let rewriting = match scene {
            Scene::Alike { rewriting, .. } => rewriting.name,
            _ => "",
        };
        let scene = format!("{scene:?}");
        // How a rewriting works is a pointer, and no part of what is sent.
        let scene = scene.split("rewriting").next().unwrap_or_default();
        format!("{index} {rule:?} {at:?} {label:?} {operation} {object} {request:?} {before:?} {scene} {rewriting}")
    }

    #[test]
    fn every_case_comes_back_from_its_text() {
        for name in ["seed", "v1.0"] {
            let contract = Contract::named(name).unwrap();
            let plan = Plan::of(&contract);
            let ids = ["a".to_owned(), "b".to_owned()];
            let mut maker = Maker::new(&contract, &plan, &ids, 3).for_run("ph-1");
            let walked = plan.obligations.len() as u64;
            for index in (0..walked + 2_000).filter(|index| index % 3 == 0) {
                let Some(case) = maker.make(index) else { continue };
                let text = serde_json::to_string(&CaseForm::of(&contract, &case)).unwrap();
                let form: CaseForm = serde_json::from_str(&text).unwrap();
                let again = form.case(&contract).unwrap();
                assert_eq!(sent(&again), sent(&case), "{name} {index}");
                assert_eq!(again.digest(), case.digest());
            }
        }
    }

    #[test]
    fn what_no_request_says_is_not_sent() {
        let contract = Contract::named("seed").unwrap();
        let plan = Plan::of(&contract);
        let ids = [String::new()];
        let mut maker = Maker::new(&contract, &plan, &ids, 1);
        let is_plain =
            |case: &Case| case.body().len() > 2 && case.before.is_none() && matches!(case.scene, Scene::Alone);
        let case = (0..).filter_map(|index| maker.make(index)).find(is_plain).unwrap();
        let text = serde_json::to_string(&CaseForm::of(&contract, &case)).unwrap();
        for (from, to, what) in [
            ("\"content-type\"", "\"x-api-key\"", "the header `x-api-key`"),
            ("\"Bearer\"", "\"Basic\"", "the scheme `Basic`"),
            ("\"operation\":\"add\"", "\"operation\":\"burn\"", "the operation `burn`"),
        ] {
            assert!(text.contains(from), "{text}");
            let form: CaseForm = serde_json::from_str(&text.replace(from, to)).unwrap();
            assert!(form.case(&contract).unwrap_err().to_string().contains(what));
        }
    }
}
