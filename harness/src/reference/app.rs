//! From a request to its answer: the checks in their order, then the operation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, CONNECTION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use super::body::{self, BodyFault};
use super::effect::{Behaviour, Deed, Symptom};
use super::habit;
use super::options::Options;
use super::place::Place;
use super::refusal::{Refusal, Teller};
use super::reply::{Delivery, JSON, Reply};
use super::store::{Slot, Store};
use super::variants::Habit;
use super::wire::Tricks;
use super::{checks, clock};
use crate::contract::{Contract, Format, Level, OperationKind, RuleId, rule};
use crate::json;
use crate::validate::{RuleSet, Validator, Violation};

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
    /// What happens to it because of what meets in its body.
    met: Option<Symptom>,
}

impl From<Reply> for Success {
    fn from(reply: Reply) -> Self {
        Self { reply, shown: RuleSet::default(), met: None }
    }
}

impl App {
    pub(super) fn new(contract: Arc<Contract>, options: &Options, base_url: &str, on_wire: bool) -> Self {
        let mut behaviour = Behaviour::of(&contract, &options.defects, options.variant);
        let flaws = std::mem::take(&mut behaviour.stores);
        let form = behaviour.habit.and_then(habit::form);
        Self {
            store: Store::new(&contract, &options.assignments, base_url, flaws, form),
            behaviour,
            token: options.token.clone(),
            requests: AtomicU64::new(0),
            contract,
            on_wire,
        }
    }

    /// What the server does below HTTP.
    pub(super) fn tricks(&self) -> Tricks {
        Tricks {
            past_http: self.behaviour.goes_past_http(),
            mend: self.behaviour.mend,
            drops_next: self.behaviour.drops_next,
            hangs_up: self.behaviour.has(Habit::HangsUp),
        }
    }

    /// Answers any request.
    pub(super) async fn handle(State(app): State<Arc<Self>>, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = body::read(&head.headers, body).await;
        if let Some(Habit::Slow(time)) = app.behaviour.habit {
            tokio::time::sleep(time).await;
        }
        app.reply(&head, body).into_response()
    }

    fn reply(&self, head: &Parts, body: Result<Bytes, BodyFault>) -> Reply {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let request_id = clock::request_id(number);
        let sent = body.clone().unwrap_or_default();
        let teller = Teller {
            contract: &self.contract,
            flaws: &self.behaviour.flaws,
            habit: self.behaviour.habit,
            request_id: &request_id,
            token: &self.token,
            credentials: head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default(),
            path: head.uri.path(),
            body: &sent,
        };
        let outcome = match self.behaviour.habit.and_then(|habit| habit::busy(habit, number)) {
            Some(refusal) => Err(refusal),
            None => self.outcome(head, body),
        };
        let (mut reply, symptom) = match outcome {
            Ok(Success { reply, shown, met }) => {
                let met = met.map(|symptom| (rule::ACCEPT_BODY, symptom));
                (reply, met.or_else(|| self.behaviour.on_shown(shown)))
            }
            Err(refusal) => {
                let symptom = refusal.rule.and_then(|rule| Some((rule, self.behaviour.on_broken(rule)?)));
                self.leave_behind(head, &refusal, &sent);
                (self.refused(refusal).reply(&teller), symptom)
            }
        };
        self.dress(&mut reply, &request_id);
        if let Some((rule, symptom)) = symptom {
            // What goes past HTTP is written with the dress on; what replaces the
            // answer is dressed anew.
            reply = symptom.apply(reply, rule, &teller, self.on_wire);
            self.dress(&mut reply, &request_id);
        }
        reply
    }

    /// A refusal as this server words it.
    fn refused(&self, refusal: Refusal) -> Refusal {
        match self.behaviour.habit {
            Some(habit) => habit::refusal(habit, refusal, &self.contract),
            None => refusal,
        }
    }

    /// What a refusal does that should do nothing.
    fn leave_behind(&self, head: &Parts, refusal: &Refusal, body: &[u8]) {
        let Some(deed) = refusal.rule.and_then(|rule| self.behaviour.on_refusal(&self.contract, rule)) else {
            return;
        };
        let place = Place::find(&self.contract, head.uri.path());
        let Some(slot) = place.and_then(|place| self.store.slot(&place.id)) else { return };
        match deed {
            Deed::Clears => self.store.clear(slot),
            Deed::Stores => {
                if let Ok(tree) = json::read(body) {
                    self.store.add(&self.contract, slot, &tree);
                }
            }
        }
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
        match self.behaviour.habit {
            Some(Habit::Closes) => {
                reply.headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Some(Habit::ExtraHeaders) => reply.headers.extend(habit::extra_headers()),
            Some(Habit::Chunks) if !reply.body.is_empty() && reply.delivery == Delivery::Whole => {
                reply.delivery = Delivery::Chunked;
            }
            _ => {}
        }
    }

    fn outcome(&self, head: &Parts, body: Result<Bytes, BodyFault>) -> Result<Success, Refusal> {
        let headers = &head.headers;
        let other_order = self.behaviour.has(Habit::OtherOrder);
        self.pass(checks::host(headers))?;
        if !other_order {
            self.pass(checks::credentials(headers, &self.token))?;
        }
        let place = Place::find(&self.contract, head.uri.path()).ok_or_else(nowhere)?;
        if let Some(habit) = self.behaviour.habit {
            habit::at(habit, &head.method, &place)?;
        }
        if head.method == Method::OPTIONS {
            let mut reply = Reply::new(StatusCode::NO_CONTENT);
            reply.headers.extend(place.allow().map(|allow| (ALLOW, allow)));
            return Ok(reply.into());
        }
        let operation = match place.operation(&head.method) {
            None if self.behaviour.accepts(rule::METHOD) => place.first(),
            operation => operation,
        };
        let operation = operation.ok_or_else(|| Refusal { allow: place.allow(), ..Refusal::by(rule::METHOD) })?;
        self.pass(checks::query(head.uri.query(), operation.kind))?;
        self.pass(checks::odata_version(headers))?;
        if operation.kind == OperationKind::Read {
            self.pass(checks::accept(headers))?;
        }
        if other_order {
            self.pass(checks::credentials(headers, &self.token))?;
        }
        let slot = self.slot(&place.id)?;
        let status = StatusCode::from_u16(operation.success).unwrap_or(StatusCode::OK);
        match operation.kind {
            OperationKind::Add => self.add(head, slot, body, Reply::new(status)),
            OperationKind::Read => self.read(head, slot, Reply::new(status)),
        }
    }

    /// What a check found, unless a defect lets it pass, or a habit where it may.
    fn pass(&self, checked: Result<(), RuleId>) -> Result<(), Refusal> {
        match checked {
            Err(rule) if !self.behaviour.accepts(rule) && self.counts(rule) => Err(Refusal::by(rule)),
            _ => Ok(()),
        }
    }

    /// Whether a request that breaks this rule is refused.
    fn counts(&self, rule: RuleId) -> bool {
        match self.contract.rule(rule).level {
            Level::Must => true,
            Level::Should => !self.behaviour.has(Habit::AcceptsShould),
            Level::Unspecified => self.behaviour.has(Habit::RefusesOpen),
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
        let met = self.behaviour.on_meeting(&self.contract, validator.tree());
        let symptom = met.or_else(|| self.behaviour.on_shown(shown).map(|(_, symptom)| symptom));
        if let Some(slot) = slot
            && symptom.is_none_or(Symptom::succeeds)
        {
            self.store.add(&self.contract, slot, validator.tree());
        }
        Ok(Success { reply, shown, met })
    }

    /// Refuses a body for the first thing that is wrong with it.
    fn judge(&self, validator: &mut Validator<'_>, body: &[u8]) -> Result<(), Refusal> {
        let violations = validator.validate(body).to_vec();
        if self.behaviour.has_symptoms()
            && let Some(upsetting) = violations.iter().find(|one| self.behaviour.on_broken(one.rule).is_some())
        {
            return Err(Refusal::at(upsetting.rule, upsetting.at.clone()));
        }
        let passes = |one: &Violation| self.behaviour.passes(&self.contract, validator.tree(), one);
        let refused = violations.iter().find(|one| self.counts(one.rule) && !passes(one));
        refused.map_or(Ok(()), |violation| Err(Refusal::at(violation.rule, violation.at.clone())))
    }

    fn read(&self, head: &Parts, slot: Option<&Slot>, mut reply: Reply) -> Result<Success, Refusal> {
        let policy = match slot.and_then(|slot| self.store.read(slot)) {
            Some(policy) => policy,
            None if self.behaviour.has(Habit::EmptyRead) => return Ok(Reply::new(StatusCode::NO_CONTENT).into()),
            None => return Err(no_policy()),
        };
        reply.headers.insert(CONTENT_TYPE, JSON);
        reply.body = policy.into();
        let mut shown = RuleSet::default();
        if self.behaviour.has_symptoms() {
            shown.insert(rule::ACCEPT_READ);
            checks::shown(head, &mut shown);
        }
        Ok(Success { reply, shown, met: None })
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
