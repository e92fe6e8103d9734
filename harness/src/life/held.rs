//! The model: all policies of one sequence, what is expected of the next request,
//! and what an answer says of them.

use super::policy::{Deed, Policy, Stage};
use crate::case::{Act, Step};
use crate::contract::{Contract, RuleId, rule};
use crate::judge::{self, Doubt, Expectation, Fault, Symptom};
use crate::target::{Answer, Redactor};

/// What a target must hold.
#[derive(Clone, Debug)]
pub struct Held<'c> {
    contract: &'c Contract,
    /// An id that no target gave to anything.
    nobody: String,
    policies: Vec<Policy>,
    /// What policies were called that must not be there, and the rule that says so.
    gone: Vec<(String, RuleId)>,
    /// The policy that the last list lacked.
    missing: Option<usize>,
}

impl<'c> Held<'c> {
    /// A target that holds nothing of this sequence yet, and nothing of the id
    /// `nobody`.
    pub fn nothing(contract: &'c Contract, nobody: String) -> Self {
        Self { contract, nobody, policies: Vec::new(), gone: Vec::new(), missing: None }
    }

    /// Whether an act makes sense here: nothing is read that no read has shown, and
    /// nothing is created twice.
    pub fn allows(&self, act: Act) -> bool {
        let policy = act.policy().map(|number| self.policy(number));
        let is = |stage: Stage| policy.as_ref().is_some_and(|policy| policy.stage == stage);
        match act {
            Act::Create(_) | Act::Refused(_) => is(Stage::Unborn),
            Act::ReplaceRefused(_) => is(Stage::Live),
            // A create may leave out what a replace may not.
            Act::ReplaceAgain(_) => is(Stage::Live) && policy.is_some_and(|policy| policy.is_replaced),
            Act::ReplaceAsRead(_) => is(Stage::Live) && policy.is_some_and(|policy| policy.read.is_some()),
            Act::Read(_) | Act::List | Act::Replace(_) | Act::Delete(_) => true,
        }
    }

    /// The id that stands in the path of an act.
    pub fn id(&self, act: Act) -> &str {
        let policy = act.policy().and_then(|number| self.policies.get(number));
        policy.map_or(&self.nobody, |policy| policy.id(&self.nobody))
    }

    /// The body that an act repeats; none where it has one of its own.
    pub fn body(&self, act: Act) -> Option<&[u8]> {
        match act {
            Act::ReplaceAgain(number) => Some(&self.policies.get(number)?.sent),
            Act::ReplaceAsRead(number) => self.policies.get(number)?.read.as_deref(),
            _ => None,
        }
    }

    /// Whether the policy that an act is about must be there.
    pub fn is_live(&self, act: Act) -> bool {
        act.policy().is_some_and(|number| self.policy(number).stage == Stage::Live)
    }

    /// What is expected of the answer to a step.
    pub fn expectation(&self, step: &Step) -> Expectation {
        let operation = &self.contract.operations[step.operation];
        let accept =
            |rule| Expectation::Accept { rule, status: operation.success, content: operation.kind.answers_content() };
        let policy = step.act.policy().map(|number| self.policy(number)).unwrap_or_default();
        match (step.act, policy.stage) {
            (Act::Create(_), _) => accept(rule::ACCEPT_BODY),
            (Act::Refused(_) | Act::ReplaceRefused(_), _) => Expectation::Refuse { rule: step.rule },
            (Act::List, _) => accept(rule::ACCEPT_LIST),
            (Act::Read(_), Stage::Live) => accept(policy.found()),
            (Act::Read(_), Stage::Deleted) => Expectation::Gone { rule: rule::DELETED },
            (Act::ReplaceAsRead(_), Stage::Live) => accept(rule::AS_READ),
            (Act::Replace(_) | Act::ReplaceAgain(_), Stage::Live) => accept(rule::ACCEPT_BODY),
            (Act::Delete(_), Stage::Live) => accept(rule::ACCEPT_DELETE),
            (Act::Delete(_), Stage::Deleted) => Expectation::Gone { rule: rule::DELETED_ONCE },
            (Act::Delete(_), Stage::Unborn) => Expectation::Gone { rule: rule::ASSIGNMENT_UNKNOWN },
            (Act::Read(_) | Act::Replace(_) | Act::ReplaceAgain(_) | Act::ReplaceAsRead(_), _) => {
                Expectation::Gone { rule: rule::CREATES_NOTHING }
            }
        }
    }

    /// The id of the policy that a fault of an act is about.
    pub fn suspected(&self, act: Act) -> Option<&str> {
        self.policies.get(self.suspect(act)?).map(|policy| policy.id(&self.nobody))
    }

    fn suspect(&self, act: Act) -> Option<usize> {
        act.policy().or(self.missing)
    }

    /// What a step's fault comes down to, where it is that the policy is not there,
    /// or is still there: what a read of it is answered with says so.
    pub fn cause(&self, act: Act, fault: &Fault, read: u16) -> Option<Fault> {
        let policy = self.policy(self.suspect(act)?);
        let is_missing = matches!(fault.symptom, Symptom::Status(404) | Symptom::NotListed);
        let found = match policy.stage {
            Stage::Live if is_missing && read == 404 => (policy.found(), read),
            // A replace may have brought it back.
            Stage::Deleted if read == 200 && matches!(act, Act::Delete(_)) => (rule::DELETED, read),
            _ => return None,
        };
        Some(judge::fault(self.contract, found.0, Symptom::Status(found.1)))
    }

    /// What the answer to a read of a live policy says.
    ///
    /// # Errors
    /// Why it says nothing.
    pub fn read(&mut self, number: usize, answer: &Answer, secret: &Redactor) -> Result<Vec<Fault>, Doubt> {
        let contract = self.contract;
        let policy = self.policy(number);
        let mut faults = judge::stored(contract, policy.before.as_deref(), &policy.sent, answer, secret)?;
        if policy.is_as_read {
            faults.retain(|fault| fault.rule != rule::SERVER_SET);
        }
        for fault in &mut faults {
            fault.rule = policy.named(fault.rule);
        }
        faults.extend(judge::other_id(contract, policy.kept_id(), policy.id(&self.nobody), answer));
        if faults.is_empty() {
            let policy = self.policy_mut(number);
            policy.read = Some(answer.body.clone());
            policy.is_seen = true;
        }
        Ok(faults)
    }

    /// What the pages of a list say.
    pub fn list(&mut self, pages: &[Answer], secret: &Redactor) -> Vec<Fault> {
        let contract = self.contract;
        let listed = judge::Listed::of(contract, pages);
        let is_missing = |policy: &Policy| policy.stage == Stage::Live && !listed.has(policy.id(&self.nobody));
        self.missing = self.policies.iter().position(is_missing);
        let live = self.policies.iter().filter(|policy| policy.stage == Stage::Live);
        let missing = self.missing.and_then(|number| self.policies.get(number)).map(|policy| {
            // It may be there all the same, under an id that is none.
            let odd =
                policy.name.iter().chain(&policy.marks).find_map(|mark| listed.mistyped_called(contract, mark, secret));
            let rule = if policy.found() == rule::UNCHANGED { rule::UNCHANGED } else { rule::LISTED };
            odd.unwrap_or_else(|| judge::fault(contract, rule, Symptom::NotListed))
        });
        let there = live.filter(|policy| listed.has(policy.id(&self.nobody)));
        let twin = there.clone().find_map(|policy| {
            let name = policy.marks.iter().find_map(|mark| listed.called(mark, Some(policy.id(&self.nobody))))?;
            Some(judge::fault(contract, rule::CREATES_NOTHING, Symptom::Listed(name.into())))
        });
        let mistyped = there.clone().find_map(|policy| listed.mistyped(contract, policy.id(&self.nobody), secret));
        let gone = self.gone.iter().find_map(|(mark, rule)| {
            let name = listed.called(mark, None)?;
            Some(judge::fault(contract, *rule, Symptom::Listed(name.into())))
        });
        // One thing at a time: what is wrong first is why the rest is.
        missing.or(mistyped).or(twin).or(gone).into_iter().collect()
    }

    /// Notes what came of a write that was answered as it must be; `body` is what
    /// was sent.
    pub fn wrote(&mut self, step: &Step, body: &[u8], answer: &Answer) -> Vec<Fault> {
        let contract = self.contract;
        let Some(number) = step.act.policy() else { return Vec::new() };
        let is_live = self.policy(number).stage == Stage::Live;
        let policy = self.policy_mut(number);
        match step.act {
            Act::Create(_) => {
                policy.write(body);
                policy.id = judge::created_id(contract, answer);
                policy.name.clone_from(&step.mark);
            }
            Act::Refused(_) => self.gone.extend(step.mark.clone().map(|mark| (mark, rule::NOTHING_LEFT))),
            Act::Replace(_) | Act::ReplaceAgain(_) | Act::ReplaceAsRead(_) if is_live => {
                policy.write(body);
                policy.marks.extend(step.mark.clone().filter(|_| matches!(step.act, Act::Replace(_))));
                let id = policy.id.clone().unwrap_or_default();
                return judge::other_id(contract, rule::SAME_ID, &id, answer).into_iter().collect();
            }
            Act::Replace(_) => self.gone.extend(step.mark.clone().map(|mark| (mark, rule::CREATES_NOTHING))),
            Act::ReplaceRefused(_) => policy.deed = Deed::Refused,
            Act::Delete(_) if is_live => {
                policy.stage = Stage::Deleted;
                policy.read = None;
            }
            Act::ReplaceAgain(_) | Act::ReplaceAsRead(_) | Act::Delete(_) | Act::Read(_) | Act::List => {}
        }
        Vec::new()
    }

    fn policy(&self, number: usize) -> Policy {
        self.policies.get(number).cloned().unwrap_or_default()
    }

    fn policy_mut(&mut self, number: usize) -> &mut Policy {
        if self.policies.len() <= number {
            self.policies.resize_with(number + 1, Policy::default);
        }
        &mut self.policies[number]
    }
}
