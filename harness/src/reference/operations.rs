//! What each operation does, once the head of its request is as it should be.

use std::sync::Arc;

use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;

use super::app::{App, Success};
use super::body::BodyFault;
use super::effect::Symptom;
use super::habit;
use super::life::LifeFlaw;
use super::place::{BASE, Place};
use super::policy::{Policy, Shown};
use super::refusal::{Refusal, member};
use super::reply::{JSON, Reply};
use super::slot::Slot;
use super::symptom::server_error;
use super::variants::Habit;
use super::{checks, clock, life};
use crate::contract::{Format, Level, Operation, OperationKind, RuleId, rule};
use crate::json::{self, Step, Tree};
use crate::validate::{RuleSet, Validator, Violation};

/// A request whose head is as it should be.
pub(super) struct Ask<'a> {
    pub(super) head: &'a Parts,
    pub(super) operation: &'a Operation,
    pub(super) place: &'a Place<'a>,
}

/// A body that was accepted.
struct Accepted<'a> {
    validator: Validator<'a>,
    shown: RuleSet,
    met: Option<Symptom>,
    /// Whether what was asked for is done, whatever is answered.
    is_done: bool,
}

impl Accepted<'_> {
    fn tree(&self) -> &Tree {
        self.validator.tree()
    }

    fn success(self, reply: Reply) -> Success {
        Success { reply, shown: self.shown, met: self.met }
    }
}

impl App {
    /// Does what a request asks for.
    pub(super) fn carry_out(&self, ask: &Ask<'_>, body: Result<Bytes, BodyFault>) -> Result<Success, Refusal> {
        let kind = ask.operation.kind;
        let slot = if kind.is_on_object() { self.slot(ask)? } else { None };
        let slot = slot.as_deref();
        match kind {
            OperationKind::Add => self.add(ask, slot, body),
            OperationKind::Create => self.create(ask, body),
            OperationKind::List => Ok(self.list(ask)),
            OperationKind::Read => self.read(ask, slot),
            OperationKind::Replace => self.replace(ask, slot, body),
            OperationKind::Delete => self.delete(ask, slot),
        }
    }

    /// The slot of a path; none where a defect lets an unknown id pass.
    fn slot(&self, ask: &Ask<'_>) -> Result<Option<Arc<Slot>>, Refusal> {
        let id = &*ask.place.id;
        let slot = self.store.slot(id);
        if slot.as_ref().is_some_and(|slot| self.is_there(slot, ask.operation.kind)) {
            return Ok(slot);
        }
        let is_deleted = slot.is_some_and(|slot| slot.is_deleted());
        if is_deleted && self.behaviour.has(Habit::ForbidsDeleted) && self.contract.creates() {
            return Err(Refusal { status: StatusCode::FORBIDDEN, ..Refusal::by(rule::ASSIGNMENT_UNKNOWN) });
        }
        let broken = if Format::Guid.is_form_of(id) { rule::ASSIGNMENT_UNKNOWN } else { rule::ASSIGNMENT_NO_GUID };
        let is_created = broken == rule::ASSIGNMENT_UNKNOWN
            && !is_deleted
            && ask.operation.kind == OperationKind::Replace
            && self.behaviour.lives(LifeFlaw::ReplaceCreates);
        if !is_created {
            self.pass(Err(broken))?;
        }
        Ok(None)
    }

    /// Whether there is something in a slot to do this to.
    fn is_there(&self, slot: &Slot, kind: OperationKind) -> bool {
        let lives = |flaw| self.behaviour.lives(flaw);
        let is_gone_well = slot.is_deleted()
            && match kind {
                OperationKind::Replace => lives(LifeFlaw::ReplaceRevives),
                OperationKind::Delete => lives(LifeFlaw::DeletesAgain) || lives(LifeFlaw::FailsOnDeleted),
                _ => false,
            };
        match kind {
            _ if !self.contract.creates() || is_gone_well => true,
            OperationKind::Read => self.store.read(slot).is_some(),
            _ => slot.policy().is_some(),
        }
    }

    fn add(&self, ask: &Ask<'_>, slot: Option<&Slot>, body: Result<Bytes, BodyFault>) -> Result<Success, Refusal> {
        let accepted = self.accepted(ask, None, body)?;
        if let Some(slot) = slot.filter(|_| accepted.is_done) {
            self.store.add(&self.contract, slot, accepted.tree());
        }
        Ok(accepted.success(ask.reply()))
    }

    fn create(&self, ask: &Ask<'_>, body: Result<Bytes, BodyFault>) -> Result<Success, Refusal> {
        let accepted = self.accepted(ask, None, body)?;
        if !accepted.is_done {
            return Ok(accepted.success(ask.reply()));
        }
        let slot = self.store.make(None).ok_or_else(habit::too_many)?;
        let mut policy = Policy::clone(&self.store.add(&self.contract, &slot, accepted.tree()));
        let lives = |flaw| self.behaviour.lives(flaw);
        if lives(LifeFlaw::ForgetsCreated) {
            self.store.forget(&slot);
        }
        let stray = clock::stray_id(slot.number);
        if lives(LifeFlaw::AnswersAnotherId) {
            policy.id.clone_from(&stray);
        }
        let mut reply = self.with_policy(ask.reply(), &policy, Shown::Created);
        let id = if lives(LifeFlaw::LocatesAnother) { &stray } else { &policy.id };
        reply.headers.extend(self.location(&ask.operation.path, id).map(|location| (LOCATION, location)));
        Ok(accepted.success(reply))
    }

    /// Where a policy that was created is.
    fn location(&self, path: &str, id: &str) -> Option<HeaderValue> {
        let base_url = &self.base_url;
        let location = match self.behaviour.has(Habit::RelativeLocation) {
            _ if self.behaviour.lives(LifeFlaw::LocatesCollection) => format!("{base_url}{path}"),
            true => format!("{BASE}{path}('{id}')"),
            false => format!("{base_url}{path}/{id}"),
        };
        HeaderValue::from_str(&location).ok()
    }

    fn list(&self, ask: &Ask<'_>) -> Success {
        let path = &ask.operation.path;
        let mut listed = self.store.list(ask.head.uri.query().map_or(0, skipped));
        self.leave_out(&mut listed);
        let mut next = None;
        if let Some(Habit::Pages(size)) = self.behaviour.habit
            && listed.len() > size
        {
            listed.truncate(size);
            next = listed.last().map(|(number, _)| format!("{}{path}?$skiptoken={number}", self.base_url));
        }
        let mut head = "{".to_owned();
        member(&mut head, "@odata.context", &format!("{}/$metadata#{}", self.base_url, path.trim_start_matches('/')));
        if let Some(next) = next {
            head.push(',');
            member(&mut head, "@odata.nextLink", &next);
        }
        let items = listed.iter().map(|(_, policy)| self.store.scribe.write(policy, Shown::Listed));
        let items = items.collect::<Vec<_>>().join(&b","[..]);
        let body = [head.as_bytes(), b",\"value\":[", &items, b"]}"].concat();
        self.shows(ask, rule::ACCEPT_LIST, with_json(ask.reply(), body))
    }

    /// Takes out of a list what this server does not list.
    fn leave_out(&self, listed: &mut Vec<(u64, Arc<Policy>)>) {
        for flaw in &self.behaviour.lives {
            match flaw {
                LifeFlaw::ListsReplacedOnly => listed.retain(|(_, policy)| policy.modified > policy.created),
                LifeFlaw::ListsUnreplacedOnly => listed.retain(|(_, policy)| policy.modified == policy.created),
                LifeFlaw::CutsLists(most) => listed.truncate(*most),
                _ => {}
            }
        }
    }

    fn read(&self, ask: &Ask<'_>, slot: Option<&Slot>) -> Result<Success, Refusal> {
        let policy = match slot.and_then(|slot| self.store.read(slot)) {
            Some(policy) => policy,
            None if self.behaviour.has(Habit::EmptyRead) => return Ok(Reply::new(StatusCode::NO_CONTENT).into()),
            None => return Err(no_policy()),
        };
        Ok(self.shows(ask, rule::ACCEPT_READ, self.with_policy(ask.reply(), &policy, Shown::Alone)))
    }

    fn replace(&self, ask: &Ask<'_>, slot: Option<&Slot>, body: Result<Bytes, BodyFault>) -> Result<Success, Refusal> {
        let accepted = self.accepted(ask, slot, body)?;
        self.find_fault(&accepted)?;
        if !accepted.is_done {
            return Ok(accepted.success(ask.reply()));
        }
        let policy = match slot {
            Some(slot) => self.replaced(slot, accepted.tree())?,
            None if self.behaviour.lives(LifeFlaw::ReplaceCreates) => {
                let slot = self.store.make(Some(&*ask.place.id)).ok_or_else(habit::too_many)?;
                self.store.add(&self.contract, &slot, accepted.tree())
            }
            None => self.store.draft(&self.contract, &ask.place.id, accepted.tree(), None).into(),
        };
        let reply = self.with_policy(ask.reply(), &policy, Shown::Alone);
        Ok(accepted.success(reply))
    }

    /// Puts a policy in the place of another.
    fn replaced(&self, slot: &Slot, tree: &Tree) -> Result<Arc<Policy>, Refusal> {
        let contract = &self.contract;
        let lives = |flaw| self.behaviour.lives(flaw);
        if lives(LifeFlaw::IgnoresReplace)
            && let Some(before) = slot.policy()
        {
            return Ok(self.store.draft(contract, &before.id, tree, Some(&before)).into());
        }
        if lives(LifeFlaw::ReplaceRevives) && slot.is_deleted() {
            return Ok(self.store.revive(contract, slot, tree));
        }
        let policy = self.store.replace(contract, slot, |before| self.bent(before, tree));
        let policy = policy.ok_or_else(|| Refusal::by(rule::ASSIGNMENT_UNKNOWN))?;
        if lives(LifeFlaw::ReplaceCopies)
            && let Some(copy) = self.store.make(None)
        {
            self.store.add(contract, &copy, tree);
        }
        if lives(LifeFlaw::ReplacesAnother)
            && let Some(other) = self.store.newest_but(slot)
        {
            self.store.replace(contract, &other, |_| tree.clone());
        }
        Ok(match lives(LifeFlaw::ReplaceRenames) {
            true => self.store.set(slot, policy.with_id(clock::stray_id(policy.modified))),
            false => policy,
        })
    }

    /// What a replace makes of a body.
    fn bent(&self, before: &Policy, tree: &Tree) -> Tree {
        let scribe = &self.store.scribe;
        let mut bent = tree.clone();
        for &flaw in &self.behaviour.lives {
            let old = scribe.tree_of(before);
            let is_bent = flaw != LifeFlaw::RepeatsLastItem || {
                // What was read is sent with its context.
                let is_as_read = tree.root().is_some_and(|root| tree.member(root, "@odata.context").is_some());
                let sent = scribe.tree_of(&scribe.stored(&self.contract, tree, "", 0, None));
                before.modified > before.created && !is_as_read && life::is_same(&old, &sent)
            };
            if is_bent {
                flaw.bend(&old, &mut bent);
            }
        }
        bent
    }

    /// Refuses a replace for what is right.
    fn find_fault(&self, accepted: &Accepted<'_>) -> Result<(), Refusal> {
        let tree = accepted.tree();
        let has = |name: &str| tree.root().is_some_and(|root| tree.member(root, name).is_some());
        let finds = |flaw: &LifeFlaw| match flaw {
            LifeFlaw::RefusesComputed => self.store.scribe.has_computed(tree),
            LifeFlaw::RefusesContext => has("@odata.context"),
            LifeFlaw::RefusesWithoutRequired => {
                let mut validator = Validator::new(&self.contract);
                let violations = validator.validate_as(OperationKind::Create, &tree.to_bytes());
                violations.iter().any(|violation| self.contract.rule(violation.rule).creates)
            }
            _ => false,
        };
        match self.behaviour.lives.iter().any(finds) {
            true => Err(Refusal::other(StatusCode::BAD_REQUEST, "InvalidModel", "The model is invalid.")),
            false => Ok(()),
        }
    }

    fn delete(&self, ask: &Ask<'_>, slot: Option<&Slot>) -> Result<Success, Refusal> {
        let success = self.shows(ask, rule::ACCEPT_DELETE, ask.reply());
        let symptom = self.behaviour.on_shown(success.shown).map(|(_, symptom)| symptom);
        let lives = |flaw| self.behaviour.lives(flaw);
        if let Some(slot) = slot
            && symptom.is_none_or(Symptom::succeeds)
            && !lives(LifeFlaw::IgnoresDelete)
        {
            let was_there = self.store.delete(slot);
            if !was_there && lives(LifeFlaw::FailsOnDeleted) {
                return Err(server_error());
            }
            if !was_there && !lives(LifeFlaw::DeletesAgain) {
                return Err(Refusal::by(rule::ASSIGNMENT_UNKNOWN));
            }
            if lives(LifeFlaw::DeletesAnother)
                && let Some(other) = self.store.newest_but(slot)
            {
                self.store.delete(&other);
            }
        }
        Ok(success)
    }

    /// The body of a request, where it is as it should be. `slot` is where it goes
    /// if something is there.
    fn accepted(
        &self,
        ask: &Ask<'_>,
        slot: Option<&Slot>,
        body: Result<Bytes, BodyFault>,
    ) -> Result<Accepted<'_>, Refusal> {
        self.pass(checks::content_type(&ask.head.headers))?;
        let body = body.map_err(|fault| match fault {
            BodyFault::TooLarge => too_large(),
            BodyFault::Broken => Refusal::by(rule::MESSAGE_LENGTH),
        })?;
        let mut validator = Validator::new(&self.contract);
        self.judge(&mut validator, ask.operation.kind, slot, &body)?;
        let mut shown = RuleSet::default();
        if self.behaviour.has_symptoms() {
            shown = validator.shown();
            shown.insert(rule::ACCEPT_BODY);
            checks::shown(ask.head, &mut shown);
        }
        let met = self.behaviour.on_meeting(&self.contract, validator.tree());
        let symptom = met.or_else(|| self.behaviour.on_shown(shown).map(|(_, symptom)| symptom));
        Ok(Accepted { validator, shown, met, is_done: symptom.is_none_or(Symptom::succeeds) })
    }

    /// Refuses a body for the first thing that is wrong with it.
    fn judge(
        &self,
        validator: &mut Validator<'_>,
        kind: OperationKind,
        slot: Option<&Slot>,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let violations = validator.validate_as(kind, body).to_vec();
        if self.behaviour.has_symptoms()
            && let Some(upsetting) = violations.iter().find(|one| self.behaviour.on_broken(one.rule).is_some())
        {
            return Err(Refusal::at(upsetting.rule, upsetting.at.clone()));
        }
        let is_role = |tree: Tree| self.contract.needs_role(&tree);
        if self.behaviour.has(Habit::WantsRole) && json::read(body).is_ok_and(is_role) {
            return Err(Refusal::other(StatusCode::FORBIDDEN, "Forbidden", "This takes an administrator."));
        }
        let tree = validator.tree();
        let passes = |one: &Violation| {
            self.behaviour.passes(&self.contract, tree, one)
                || slot.is_some_and(|slot| self.is_as_read(slot, tree, one))
        };
        let refused = violations.iter().find(|one| self.counts(one.rule) && !passes(one));
        if let Some(violation) = refused {
            return Err(Refusal::at(violation.rule, violation.at.clone()));
        }
        match self.behaviour.has(Habit::Directory) && self.contract.names_unknown(tree) {
            true => Err(Refusal::other(StatusCode::NOT_FOUND, "SubjectNotFound", "The directory has no such thing.")),
            false => Ok(()),
        }
    }

    /// Whether a violation is no more than what a read answered: that is accepted.
    fn is_as_read(&self, slot: &Slot, tree: &Tree, violation: &Violation) -> bool {
        let scribe = &self.store.scribe;
        match (violation.rule, violation.at.steps()) {
            (rule::REPLACE_PARTIAL, _) => slot.policy().is_some_and(|policy| scribe.is_all_said(&policy, tree)),
            (_, [Step::Name(name)]) => scribe.is_added(name),
            _ => false,
        }
    }

    /// Whether a request that breaks this rule is refused.
    pub(super) fn counts(&self, rule: RuleId) -> bool {
        match self.contract.rule(rule).level {
            Level::Must => true,
            Level::Should => !self.behaviour.has(Habit::AcceptsShould),
            Level::Unspecified => self.behaviour.has(Habit::RefusesOpen),
        }
    }

    fn with_policy(&self, reply: Reply, policy: &Policy, shown: Shown) -> Reply {
        with_json(reply, self.store.scribe.write(policy, shown))
    }

    /// A success without a body in its request.
    fn shows(&self, ask: &Ask<'_>, rule: RuleId, reply: Reply) -> Success {
        let mut shown = RuleSet::default();
        if self.behaviour.has_symptoms() {
            shown.insert(rule);
            checks::shown(ask.head, &mut shown);
        }
        Success { reply, shown, met: None }
    }
}

impl Ask<'_> {
    /// The answer of success, with nothing in it.
    fn reply(&self) -> Reply {
        Reply::new(StatusCode::from_u16(self.operation.success).unwrap_or(StatusCode::OK))
    }
}

fn with_json(mut reply: Reply, body: Vec<u8>) -> Reply {
    reply.headers.insert(CONTENT_TYPE, JSON);
    reply.body = body.into();
    reply
}

/// The number behind which a list goes on.
fn skipped(query: &str) -> u64 {
    let token = |option: &str| {
        let (name, value) = option.split_once('=')?;
        (&*super::place::percent_decoded(name) == b"$skiptoken").then(|| value.parse().ok())?
    };
    query.split('&').find_map(token).unwrap_or(0)
}

fn no_policy() -> Refusal {
    Refusal::other(StatusCode::NOT_FOUND, "ResourceNotFound", "The assignment has no policy.")
}

fn too_large() -> Refusal {
    Refusal::other(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "The body is larger than 1 MiB.")
}
