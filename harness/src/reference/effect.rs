//! What a planted defect does, as data, and the sum of a server's defects with
//! every rule looked up once.

use super::defects::Defect;
use super::keep::StoreFlaw;
use super::life::LifeFlaw;
use super::meets::{Meeting, short_name};
use super::variants::{Habit, Variant};
use super::wire::Mend;
use crate::contract::{Contract, RuleId};
use crate::json::Tree;
use crate::validate::{RuleSet, Violation};

/// What a defect changes. Rules are named by id; an effect on a rule that the
/// contract does not have never shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A request that breaks this rule passes as if it did not.
    Accepts(&'static str),
    /// The same where something is read.
    AcceptsReads(&'static str),
    /// The same for a rule on bodies, where the place is at least this many
    /// steps below the root.
    AcceptsBelow(&'static str, usize),
    /// The same where the place lies in an object of this type (its name without
    /// the namespace), and no deeper one.
    AcceptsIn(&'static str, &'static str),
    /// A request that breaks this rule, or that succeeds and shows this
    /// acceptance rule, is answered otherwise.
    Answers(&'static str, Symptom),
    /// Every error answer has a flaw.
    Errors(Flaw),
    /// No answer has this header (name in lower case).
    Omits(&'static str),
    /// A body in which certain things meet is answered otherwise.
    Meets(Meeting, Symptom),
    /// What is accepted is not what is stored.
    Stores(StoreFlaw),
    /// Something in the life of a policy goes wrong.
    Lives(LifeFlaw),
    /// A refusal for a rule whose id begins like this leaves something behind.
    OnRefusal(&'static str, Deed),
    /// A message that is no proper HTTP is taken for one that is.
    Mends(Mend),
    /// After a message with a header name that is none, the next connection is
    /// closed without an answer.
    DropsNext,
}

/// What a refusal leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The refused body is stored.
    Stores,
    /// What was stored is gone.
    Clears,
    /// The policy that was to be created is.
    Creates,
    /// The policy that was to be replaced is.
    Replaces,
    /// The policy that was to be replaced is deleted.
    Deletes,
}

/// Another answer than the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// The right answer but for a body that does not belong: a 204 announces
    /// its length, as far as an HTTP library lets it.
    Content,
    /// Success without its body.
    NoContent,
    /// Success, with bytes sent behind the answer.
    TrailingContent,
    /// An answer that ends before the length that it announces.
    Cut,
    /// 200 with the error object of a refusal.
    ErrorUnder200,
    /// Bytes that are no HTTP.
    NotHttp,
    /// The connection is closed without an answer.
    Nothing,
    /// 307 to another origin.
    Redirect,
    /// 500 with an error object.
    ServerError,
    /// 500 with a page that shows a stack trace.
    ServerErrorPage,
    /// This status: an error with its object, a success without a body where
    /// there was none.
    Status(u16),
}

/// What is wrong with an error answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `error.code` is a number.
    CodeNumber,
    /// The message repeats the `Authorization` header.
    Credentials,
    /// `error.code` is empty.
    EmptyCode,
    /// `error.message` is empty.
    EmptyMessage,
    /// The message names a file of the server.
    FilePath,
    /// An HTML page.
    Html,
    /// No Content-Type.
    NoContentType,
    /// No `error.code`.
    NoCode,
    /// No `error.message`.
    NoMessage,
    /// `code` and `message` without the `error` around them.
    NoWrapper,
    /// A sentence as application/json.
    NotJson,
    /// The message has a stack trace.
    StackTrace,
    /// The error object as text/plain.
    TextContentType,
    /// The message names a class of the implementation.
    TypeName,
}

/// Where a rule is not kept.
#[derive(Clone, Copy, Debug)]
enum Reach {
    /// From this many steps below the root on.
    Below(usize),
    /// In objects of this type.
    In(&'static str),
}

/// The sum of a server's defects, and what a variant does otherwise.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    /// Rules whose violations pass.
    accepts: Vec<(RuleId, Reach)>,
    /// Rules whose violations pass where something is read.
    accepts_reads: Vec<RuleId>,
    answers: Vec<(RuleId, Symptom)>,
    meets: Vec<(Meeting, Symptom)>,
    refusals: Vec<(&'static str, Deed)>,
    pub(super) stores: Vec<StoreFlaw>,
    pub(super) lives: Vec<LifeFlaw>,
    pub(super) flaws: Vec<Flaw>,
    pub(super) omits: Vec<&'static str>,
    pub(super) mend: Option<Mend>,
    pub(super) drops_next: bool,
    pub(super) habit: Option<Habit>,
}

impl Behaviour {
    pub(super) fn of(contract: &Contract, defects: &[&Defect], variant: Option<&Variant>) -> Self {
        // These are about the read that the seed's page does not have.
        let is_of_read = |habit: &Habit| matches!(habit, Habit::NoRead(_) | Habit::EmptyRead);
        let habit = variant.map(|variant| variant.habit).filter(|habit| !contract.creates() || !is_of_read(habit));
        let mut sum = Self { habit, ..Self::default() };
        for defect in defects {
            sum.add(contract, defect.effect);
        }
        sum
    }

    fn add(&mut self, contract: &Contract, effect: Effect) {
        let mut accepts = |rule: &str, reach| self.accepts.extend(contract.rule_named(rule).map(|rule| (rule, reach)));
        match effect {
            Effect::Accepts(rule) => accepts(rule, Reach::Below(0)),
            Effect::AcceptsReads(rule) => self.accepts_reads.extend(contract.rule_named(rule)),
            Effect::AcceptsBelow(rule, depth) => accepts(rule, Reach::Below(depth)),
            Effect::AcceptsIn(rule, on) => accepts(rule, Reach::In(on)),
            Effect::Answers(rule, symptom) => {
                self.answers.extend(contract.rule_named(rule).map(|rule| (rule, symptom)));
            }
            Effect::Errors(flaw) => self.flaws.push(flaw),
            Effect::Omits(header) => self.omits.push(header),
            Effect::Meets(meeting, symptom) => self.meets.push((meeting, symptom)),
            Effect::Stores(flaw) => self.stores.push(flaw),
            Effect::Lives(flaw) => self.lives.push(flaw),
            Effect::OnRefusal(rules, deed) => self.refusals.push((rules, deed)),
            Effect::Mends(mend) => self.mend = Some(mend),
            Effect::DropsNext => self.drops_next = true,
        }
    }

    /// Whether the server has this habit.
    pub(super) fn has(&self, habit: Habit) -> bool {
        self.habit == Some(habit)
    }

    /// Whether the life of a policy has this flaw.
    pub(super) fn lives(&self, flaw: LifeFlaw) -> bool {
        self.lives.contains(&flaw)
    }

    /// Whether what breaks `rule` outside of bodies passes.
    pub(super) fn accepts(&self, rule: RuleId) -> bool {
        self.accepts.iter().any(|&(accepted, reach)| accepted == rule && matches!(reach, Reach::Below(0)))
    }

    /// Whether what breaks `rule` passes in a request to read something.
    pub(super) fn accepts_reads(&self, rule: RuleId) -> bool {
        self.accepts_reads.contains(&rule)
    }

    /// Whether a violation in a body passes.
    pub(super) fn passes(&self, contract: &Contract, tree: &Tree, violation: &Violation) -> bool {
        self.accepts.iter().any(|&(rule, reach)| {
            rule == violation.rule
                && match reach {
                    Reach::Below(least) => violation.at.steps().len() >= least,
                    Reach::In(on) => is_in(contract, tree, violation, on),
                }
        })
    }

    /// Whether any answer differs by the rule that it is about.
    pub(super) fn has_symptoms(&self) -> bool {
        !self.answers.is_empty()
    }

    /// How a request that breaks `rule` is answered.
    pub(super) fn on_broken(&self, rule: RuleId) -> Option<Symptom> {
        self.answers.iter().find(|&&(other, _)| other == rule).map(|&(_, symptom)| symptom)
    }

    /// How a request that shows these acceptance rules is answered, and for which.
    pub(super) fn on_shown(&self, shown: RuleSet) -> Option<(RuleId, Symptom)> {
        self.answers.iter().copied().find(|&(rule, _)| shown.contains(rule))
    }

    /// How a body in which certain things meet is answered.
    pub(super) fn on_meeting(&self, contract: &Contract, tree: &Tree) -> Option<Symptom> {
        let met = self.meets.iter().find(|(meeting, _)| meeting.is_in(contract, tree));
        met.map(|&(_, symptom)| symptom)
    }

    /// What a refusal for this rule leaves behind.
    pub(super) fn on_refusal(&self, contract: &Contract, rule: RuleId) -> Option<Deed> {
        let id = &contract.rule(rule).id;
        self.refusals.iter().find(|(rules, _)| id.starts_with(rules)).map(|&(_, deed)| deed)
    }

    /// Whether an answer is one that an HTTP library would not write.
    pub(super) fn goes_past_http(&self) -> bool {
        let past = |symptom| matches!(symptom, Symptom::NotHttp | Symptom::TrailingContent);
        self.answers.iter().any(|&(_, symptom)| past(symptom))
    }
}

/// Whether the innermost object around a violation is of this type.
fn is_in(contract: &Contract, tree: &Tree, violation: &Violation, on: &str) -> bool {
    let steps = violation.at.steps();
    let objects = contract.objects(tree).into_iter().map(|(object, actual)| (tree.pointer(object), actual));
    let around = objects.filter(|(pointer, _)| steps.starts_with(pointer.steps()));
    let innermost = around.max_by_key(|(pointer, _)| pointer.steps().len());
    innermost.is_some_and(|(_, actual)| short_name(contract, actual) == on)
}

impl Symptom {
    /// Whether what was asked for is done all the same.
    pub(super) fn succeeds(self) -> bool {
        match self {
            Self::Content | Self::NoContent | Self::TrailingContent => true,
            Self::Status(status) => status < 300,
            Self::Cut
            | Self::ErrorUnder200
            | Self::NotHttp
            | Self::Nothing
            | Self::Redirect
            | Self::ServerError
            | Self::ServerErrorPage => false,
        }
    }
}
