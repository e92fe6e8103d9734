//! From a request to its answer, for one contract: the checks in their order, then
//! the operation.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ALLOW, AUTHORIZATION, CONNECTION};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use bytes::Bytes;

use super::body::BodyFault;
use super::effect::{Behaviour, Deed, Symptom};
use super::habit;
use super::operations::Ask;
use super::options::Options;
use super::place::Place;
use super::refusal::{Refusal, Teller};
use super::reply::{Delivery, Reply};
use super::slot::Slot;
use super::store::Store;
use super::throttle::Throttle;
use super::variants::Habit;
use super::wire::Tricks;
use super::{checks, clock};
use crate::contract::{Contract, OperationKind, RuleId, rule};
use crate::json::{self, Layout, Tree, ValueKind};
use crate::validate::RuleSet;

/// What a server has for one contract, apart from its connections.
#[derive(Debug)]
pub(super) struct App {
    pub(super) contract: Arc<Contract>,
    pub(super) store: Store,
    pub(super) behaviour: Behaviour,
    pub(super) base_url: String,
    token: String,
    unprivileged_token: String,
    /// Whether answers go through a connection of this server.
    on_wire: bool,
    throttle: Throttle,
}

/// A request that did what it asked for, or would have.
pub(super) struct Success {
    pub(super) reply: Reply,
    /// The acceptance rules that it shows.
    pub(super) shown: RuleSet,
    /// What happens to it because of what meets in its body.
    pub(super) met: Option<Symptom>,
}

impl From<Reply> for Success {
    fn from(reply: Reply) -> Self {
        Self { reply, shown: RuleSet::default(), met: None }
    }
}

impl App {
    pub(super) fn new(contract: Arc<Contract>, options: &Options, base_url: &str, on_wire: bool) -> Self {
        let contract = match contract.creates() {
            true => Arc::new(Contract::clone(&contract).with_known(&options.packages)),
            false => contract,
        };
        let contract = match options.variant.map(|variant| variant.habit) {
            Some(Habit::Directory) => Arc::new(Options::with_directory(Contract::clone(&contract))),
            _ => contract,
        };
        let behaviour = Behaviour::of(&contract, &options.defects, options.variant);
        Self {
            store: Store::new(&contract, &options.assignments, base_url, &behaviour),
            behaviour,
            base_url: base_url.to_owned(),
            token: options.token.clone(),
            unprivileged_token: options.unprivileged_token.clone(),
            contract,
            on_wire,
            throttle: Throttle::default(),
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

    /// Whether the contract has something at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.place(path).is_some()
    }

    /// How long an answer is held back.
    pub(super) fn delay(&self) -> Duration {
        match self.behaviour.habit {
            Some(Habit::Slow(time)) => time,
            _ => Duration::ZERO,
        }
    }

    /// The place that a path names. Who writes a key in parentheses reads it as well.
    fn place(&self, path: &str) -> Option<Place<'_>> {
        let keyed = || {
            let (collection, key) = path.strip_suffix("')")?.split_once("('")?;
            Place::find(&self.contract, &[collection, "/", key].concat())
        };
        let is_keyed = self.behaviour.has(Habit::RelativeLocation) && self.contract.creates();
        Place::find(&self.contract, path).or_else(|| keyed().filter(|_| is_keyed))
    }

    /// Answers any request; `number` is its place among all.
    pub(super) fn reply(&self, number: u64, head: &Parts, body: Result<Bytes, BodyFault>) -> Reply {
        let request_id = clock::request_id(number);
        let sent = body.clone().unwrap_or_default();
        let teller = Teller {
            contract: &self.contract,
            flaws: &self.behaviour.flaws,
            habit: self.behaviour.habit,
            request_id: &request_id,
            tokens: [&self.token, &self.unprivileged_token],
            credentials: head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default(),
            path: head.uri.path(),
            body: &sent,
        };
        let busy = self.behaviour.habit.and_then(|habit| match habit {
            Habit::Throttles(word) => self.throttle.refusal(word, number),
            habit => habit::busy(habit, number),
        });
        let outcome = match busy {
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
        let Some(place) = self.place(head.uri.path()) else { return };
        let kind = place.operation(&head.method).map(|operation| operation.kind);
        let slot = self.store.slot(&place.id);
        match (deed, slot, kind) {
            (Deed::Stores | Deed::Creates, None, Some(OperationKind::Create)) => self.create_refused(body),
            (Deed::Stores, Some(slot), _) | (Deed::Replaces, Some(slot), Some(OperationKind::Replace)) => {
                self.store_refused(&slot, body);
            }
            (Deed::Clears, Some(slot), _) if !self.contract.creates() => self.store.clear(&slot),
            (Deed::Clears, Some(slot), _) | (Deed::Deletes, Some(slot), Some(OperationKind::Replace)) => {
                self.store.delete(&slot);
            }
            _ => {}
        }
    }

    /// Makes a policy of a body that is refused. What could not be read leaves nothing.
    fn create_refused(&self, body: &[u8]) {
        let mut tree = Tree::new();
        let read = json::read_into(body, &mut tree, Layout::Drop, self.contract.max_depth);
        let is_policy = tree.root().is_some_and(|root| tree.kind(root) == ValueKind::Object);
        if read.is_ok()
            && is_policy
            && let Some(slot) = self.store.make(None)
        {
            self.store.add(&self.contract, &slot, &tree);
        }
    }

    /// Stores a body that is refused in the place of what is there.
    fn store_refused(&self, slot: &Slot, body: &[u8]) {
        let Ok(tree) = json::read(body) else { return };
        match self.contract.creates() {
            true => drop(self.store.replace(&self.contract, slot, |_| tree)),
            false => drop(self.store.add(&self.contract, slot, &tree)),
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
            self.let_in(head)?;
        }
        let place = self.place(head.uri.path()).ok_or_else(nowhere)?;
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
        if operation.kind.is_safe() {
            self.pass(checks::accept(headers))?;
        }
        if other_order {
            self.let_in(head)?;
        }
        self.carry_out(&Ask { head, operation, place: &place }, body)
    }

    /// Whether the caller may do what is asked for.
    fn let_in(&self, head: &Parts) -> Result<(), Refusal> {
        let checked = checks::credentials(&head.headers, &self.token, &self.unprivileged_token);
        let is_read = head.method == Method::GET;
        match checked {
            Err(rule) if is_read && self.behaviour.accepts_reads(rule) => Ok(()),
            checked => self.pass(checked),
        }
    }

    /// What a check found, unless a defect lets it pass, or a habit where it may.
    pub(super) fn pass(&self, checked: Result<(), RuleId>) -> Result<(), Refusal> {
        match checked {
            Err(rule) if !self.behaviour.accepts(rule) && self.counts(rule) => Err(Refusal::by(rule)),
            _ => Ok(()),
        }
    }
}

fn nowhere() -> Refusal {
    Refusal::other(StatusCode::NOT_FOUND, "ResourceNotFound", "There is no resource at this path.")
}
