//! From a request to its answer: the checks in their order, then the operation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use super::body::{self, BodyFault};
use super::effect::Behaviour;
use super::options::Options;
use super::place::Place;
use super::refusal::{Refusal, Teller};
use super::reply::{JSON, Reply};
use super::store::{Slot, Store};
use super::{checks, clock};
use crate::contract::{Contract, Format, Level, OperationKind, RuleId, rule};
use crate::validate::{RuleSet, Validator};

/// A server, apart from its connections.
#[derive(Debug)]
pub(super) struct App {
    contract: Arc<Contract>,
    store: Store,
    behaviour: Behaviour,
    token: String,
    requests: AtomicU64,
    /// Whether answers go through a connection of this server.
    on_wire: bool,
}

/// A request that did what it asked for, or would have.
struct Success {
    reply: Reply,
    /// The acceptance rules that it shows.
    shown: RuleSet,
}

impl App {
    pub(super) fn new(contract: Arc<Contract>, options: &Options, base_url: &str, on_wire: bool) -> Self {
        Self {
            store: Store::new(&contract, &options.assignments, base_url),
            behaviour: Behaviour::of(&contract, &options.defects),
            token: options.token.clone(),
            requests: AtomicU64::new(0),
            contract,
            on_wire,
        }
    }

    /// Whether an answer is one that an HTTP library would not write.
    pub(super) fn goes_past_http(&self) -> bool {
        self.behaviour.goes_past_http()
    }

    /// Answers any request.
    pub(super) async fn handle(State(app): State<Arc<Self>>, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = body::read(&head.headers, body).await;
        app.reply(&head, body).into_response()
    }

    fn reply(&self, head: &Parts, body: Result<Bytes, BodyFault>) -> Reply {
        let request_id = clock::request_id(self.requests.fetch_add(1, Ordering::Relaxed) + 1);
        let teller = Teller {
            contract: &self.contract,
            flaws: &self.behaviour.flaws,
            request_id: &request_id,
            token: &self.token,
            credentials: head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default(),
        };
        let (reply, symptom) = match self.outcome(head, body) {
            Ok(Success { reply, shown }) => (reply, self.behaviour.on_shown(shown)),
            Err(refusal) => {
                let symptom = refusal.rule.and_then(|rule| Some((rule, self.behaviour.on_broken(rule)?)));
                (refusal.reply(&teller), symptom)
            }
        };
        let mut reply = reply;
        self.dress(&mut reply, &request_id);
        if let Some((rule, symptom)) = symptom {
            reply = symptom.apply(reply, rule, &teller, self.on_wire);
            self.dress(&mut reply, &request_id);
        }
        reply
    }

    /// Puts on what every answer carries, and takes off what this server forgets.
    fn dress(&self, reply: &mut Reply, request_id: &str) {
        const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
        const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
        reply.headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
        if let Ok(request_id) = HeaderValue::from_str(request_id) {
            reply.headers.insert(REQUEST_ID, request_id);
        }
        for header in &self.behaviour.omits {
            reply.headers.remove(*header);
        }
    }

    fn outcome(&self, head: &Parts, body: Result<Bytes, BodyFault>) -> Result<Success, Refusal> {
        let headers = &head.headers;
        self.pass(checks::host(headers))?;
        self.pass(checks::credentials(headers, &self.token))?;
        let place = Place::find(&self.contract, head.uri.path()).ok_or_else(nowhere)?;
        if head.method == Method::OPTIONS {
            let mut reply = Reply::new(StatusCode::NO_CONTENT);
            reply.headers.extend(place.allow().map(|allow| (ALLOW, allow)));
            return Ok(Success { reply, shown: RuleSet::default() });
        }
        let operation = match place.operation(&head.method) {
            None if self.behaviour.accepts(rule::METHOD, 0) => place.first(),
            operation => operation,
        };
        let operation = operation.ok_or_else(|| Refusal { allow: place.allow(), ..Refusal::by(rule::METHOD) })?;
        self.pass(checks::query(head.uri.query(), operation.kind))?;
        self.pass(checks::odata_version(headers))?;
        if operation.kind == OperationKind::Read {
            self.pass(checks::accept(headers))?;
        }
        let slot = self.slot(&place.id)?;
        let status = StatusCode::from_u16(operation.success).unwrap_or(StatusCode::OK);
        match operation.kind {
            OperationKind::Add => self.add(head, slot, body, Reply::new(status)),
            OperationKind::Read => self.read(head, slot, Reply::new(status)),
        }
    }

    /// What a check found, unless a defect lets it pass.
    fn pass(&self, checked: Result<(), RuleId>) -> Result<(), Refusal> {
        match checked {
            Err(rule) if !self.behaviour.accepts(rule, 0) => Err(Refusal::by(rule)),
            _ => Ok(()),
        }
    }

    /// The assignment of this id; none where a defect lets an unknown id pass.
    fn slot(&self, id: &str) -> Result<Option<&Slot>, Refusal> {
        let slot = self.store.slot(id);
        if slot.is_none() {
            let broken = if Format::Guid.is_form_of(id) { rule::ASSIGNMENT_UNKNOWN } else { rule::ASSIGNMENT_NO_GUID };
            self.pass(Err(broken))?;
        }
        Ok(slot)
    }

    fn add(
        &self,
        head: &Parts,
        slot: Option<&Slot>,
        body: Result<Bytes, BodyFault>,
        reply: Reply,
    ) -> Result<Success, Refusal> {
        self.pass(checks::content_type(&head.headers))?;
        let body = body.map_err(|fault| match fault {
            BodyFault::TooLarge => too_large(),
            BodyFault::Broken => Refusal::by(rule::MESSAGE_LENGTH),
        })?;
        let mut validator = Validator::new(&self.contract);
        self.judge(&mut validator, &body)?;
        let mut shown = RuleSet::default();
        if self.behaviour.has_symptoms() {
            shown = validator.shown();
            shown.insert(rule::ACCEPT_BODY);
            checks::shown(head, &mut shown);
        }
        if let Some(slot) = slot
            && self.behaviour.on_shown(shown).is_none_or(|(_, symptom)| symptom.succeeds())
        {
            self.store.add(slot, validator.tree());
        }
        Ok(Success { reply, shown })
    }

    /// Refuses a body for the first thing that is wrong with it.
    fn judge(&self, validator: &mut Validator<'_>, body: &[u8]) -> Result<(), Refusal> {
        let violations = validator.validate(body);
        if self.behaviour.has_symptoms()
            && let Some(upsetting) = violations.iter().find(|one| self.behaviour.on_broken(one.rule).is_some())
        {
            return Err(Refusal::at(upsetting.rule, upsetting.at.clone()));
        }
        let counts = |rule| self.contract.rule(rule).level != Level::Unspecified;
        let passes = |rule, depth| self.behaviour.accepts(rule, depth);
        let refused = violations.iter().find(|one| counts(one.rule) && !passes(one.rule, one.at.steps().len()));
        refused.map_or(Ok(()), |violation| Err(Refusal::at(violation.rule, violation.at.clone())))
    }

    fn read(&self, head: &Parts, slot: Option<&Slot>, mut reply: Reply) -> Result<Success, Refusal> {
        let policy = slot.and_then(|slot| self.store.read(slot)).ok_or_else(no_policy)?;
        reply.headers.insert(CONTENT_TYPE, JSON);
        reply.body = policy.into();
        let mut shown = RuleSet::default();
        if self.behaviour.has_symptoms() {
            shown.insert(rule::ACCEPT_READ);
            checks::shown(head, &mut shown);
        }
        Ok(Success { reply, shown })
    }
}

fn nowhere() -> Refusal {
    Refusal::other(StatusCode::NOT_FOUND, "ResourceNotFound", "There is no resource at this path.")
}

fn no_policy() -> Refusal {
    Refusal::other(StatusCode::NOT_FOUND, "ResourceNotFound", "The assignment has no policy.")
}

fn too_large() -> Refusal {
    Refusal::other(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "The body is larger than 1 MiB.")
}
