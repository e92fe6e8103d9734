//! Makes what stands around the request of a case: what is stored first, the same
//! written plainly, reads before and after it, and whole sequences.

use memchr::memmem;

use super::made::{Case, Mislabelled, Scene, Step};
use super::maker::{Draft, Maker, Spec, agrees, draft, small};
use super::mark::{Fixed, marked};
use super::obligation::{Action, Base, Store, Wrong};
use super::request;
use super::script::{Act, Script, drawn};
use crate::contract::{Level, OperationKind, RuleId, rule};
use crate::generate::{Choice, Goal, Options, PlaceId, Places, Tape, lexemes};
use crate::malform::{Change, Exchange, How, Rewriting, Site};
use crate::target::{Framing, Request, UNKNOWN, Wire};
use crate::validate::Label;

/// Values in a body that is to be kept while others are refused.
const KEPT: usize = 40;
/// Bodies that are tried for a step of a sequence.
const TRIES: usize = 16;

impl<'c> Maker<'c> {
    /// A valid body, sent in another way.
    pub(super) fn exchanged(
        &mut self,
        spec: Spec,
        rule: RuleId,
        exchange: &'static Exchange,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let (tree, body) = self.body(spec, None, tape);
        // Beside an open point in the body, nothing could be said of the request.
        if !body.open.is_empty() {
            return None;
        }
        let mut case = self.finish(draft(spec, rule, tree, &body));
        let is_elsewhere = matches!(exchange.change, Change::Id(_)) && self.contract.creates();
        if rule != rule::READ_UNSET && !is_elsewhere {
            self.prepare(&mut case, tape)?;
        }
        if let Change::Framing(framing) = exchange.change
            && framing != Framing::Whole
        {
            let good = Request { wire: Wire::Raw(Framing::Whole), ..case.request.clone() };
            case.scene = Scene::Next { good: Box::new(good) };
        }
        let change = match exchange.change {
            // What a wrong replace created once is no longer unknown.
            Change::Id(_) if is_elsewhere && rule == rule::ASSIGNMENT_UNKNOWN => Change::Id(UNKNOWN),
            change => change,
        };
        request::change(&mut case.request, &self.contract.operations[spec.operation], change);
        Some(case)
    }

    /// A body, sent plainly and rewritten.
    pub(super) fn rewritten(
        &mut self,
        spec: Spec,
        place: PlaceId,
        rewriting: &'static Rewriting,
        base: Base,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        // What a style would do is what is tried here.
        let options = Options { styled: false, open: base == Base::Open, ..spec.options };
        let spec = Spec { options, ..spec };
        let mut case = self.plain(spec, place, rewriting, base, tape)?;
        let is_base = match case.label {
            Label::Valid => base == Base::Valid,
            Label::Unspecified(_) => base == Base::Open,
            Label::Malformed(..) => base == Base::Malformed,
            Label::Mixed(_) => false,
        };
        if !is_base && case.mislabelled.is_none() {
            return None;
        }
        self.prepare(&mut case, tape)?;
        case.rule = rewriting.rule;
        case.scene = Scene::Alike { plain: Box::new(case.request.clone()), rewriting };
        if let How::Request(change) = rewriting.how {
            request::change(&mut case.request, &self.contract.operations[spec.operation], change);
            return Some(case);
        }
        let tree = case.tree.clone();
        let mut case = case.with_tree(self.contract, &tree)?;
        let found = self.label(spec, case.body());
        if !agrees(&case.label, &found) {
            case.mislabelled = Some(Mislabelled { claimed: case.label.clone(), found });
        }
        Some(case)
    }

    /// What is rewritten.
    fn plain(
        &mut self,
        spec: Spec,
        place: PlaceId,
        rewriting: &'static Rewriting,
        base: Base,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        if base == Base::Malformed {
            let number = *tape.pick(&self.plan.malformed)?;
            let obligation = self.plan.obligations.get(number)?;
            let Action::Change(operator) = obligation.action else { return None };
            return self.changed(spec, obligation.place, operator, tape);
        }
        let choice = match rewriting.how {
            // The plainest value of all, so that its other form is the only odd one.
            How::Values(primitive, _) => lexemes(primitive).first().map_or(Choice::Any, |&one| Choice::Lexeme(one)),
            How::Body(_) | How::Request(_) => Choice::Any,
        };
        let goal = Goal { place, choice };
        let (tree, body) = self.body(spec, Some(goal), tape);
        let mut draft = Draft { fixed: Fixed::by(&self.plan.places, goal), ..draft(spec, rewriting.rule, tree, &body) };
        draft.claim = draft.claim.filter(|_| base == Base::Valid);
        Some(self.finish(draft))
    }

    /// A request of which the traces are looked at.
    pub(super) fn stored(&mut self, spec: Spec, place: PlaceId, store: Store, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let before = match store {
            Store::Value(_) | Store::NothingLeft(_) => None,
            Store::Replaced(_) => Some(self.kept(spec, Some(Goal { place, choice: Choice::Any }), tape)?),
            Store::Unchanged(_) => Some(self.kept(spec, None, tape)?),
        };
        let mut case = match store {
            Store::Value(choice) => self.valid(spec, Some(Goal { place, choice }), tape)?,
            Store::Replaced(choice) => self.replacing(spec, Goal { place, choice }, tape)?,
            Store::Unchanged(wrong) | Store::NothingLeft(wrong) => self.wrong(spec, place, wrong, tape)?,
        };
        case.before = before.map(Box::new);
        case.scene = match store {
            Store::Value(_) | Store::Replaced(_) => Scene::Stored { read: Box::new(self.read(spec.index)?) },
            Store::Unchanged(_) => Scene::Unchanged { read: Box::new(self.read(spec.index)?) },
            Store::NothingLeft(_) => {
                let mark = self.mark_of(spec);
                let mark = marked(self.contract, &mark, case.body())?.to_owned();
                Scene::NothingLeft { list: Box::new(self.list()?), mark }
            }
        };
        Some(case)
    }

    /// A case that is refused.
    fn wrong(&mut self, spec: Spec, place: PlaceId, wrong: Wrong, tape: &mut Tape<'_, '_>) -> Option<Case> {
        match wrong {
            Wrong::Body(operator) => self.changed(spec, place, operator, tape),
            Wrong::Condition(rule) => Some(self.chosen(spec, rule, Goal { place, choice: Choice::Broken(rule) }, tape)),
            Wrong::Request(exchange) => {
                let mut case = self.exchanged(spec, exchange.rule, exchange, tape)?;
                case.scene = Scene::Alone;
                Some(case)
            }
        }
    }

    /// An object has to be there for a request that names one.
    pub(super) fn prepare(&mut self, case: &mut Case, tape: &mut Tape<'_, '_>) -> Option<()> {
        let operation = &self.contract.operations[case.operation];
        let is_needed = match self.contract.creates() {
            true => operation.kind.is_on_object(),
            false => operation.kind == OperationKind::Read,
        };
        if is_needed {
            let spec = Spec { index: case.index, operation: case.operation, options: small() };
            case.before = Some(Box::new(self.kept(spec, None, tape)?));
        }
        Some(())
    }

    /// A case with a body that must be accepted.
    pub(super) fn valid(&mut self, spec: Spec, goal: Option<Goal<'_>>, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let goal = goal.unwrap_or(Goal { place: Places::ROOT, choice: Choice::Any });
        let case = self.chosen(spec, rule::ACCEPT_BODY, goal, tape);
        (case.label == Label::Valid || case.mislabelled.is_some()).then_some(case)
    }

    /// The same for one that replaces a policy, and may leave something out.
    fn replacing(&mut self, spec: Spec, goal: Goal<'_>, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let case = self.chosen(spec, rule::ACCEPT_BODY, goal, tape);
        let is_partial = matches!(&case.label, Label::Unspecified(rules) if **rules == [rule::REPLACE_PARTIAL]);
        (case.label == Label::Valid || is_partial || case.mislabelled.is_some()).then_some(case)
    }

    /// A good request whose policy is there to be kept, or replaced.
    fn kept(&mut self, spec: Spec, goal: Option<Goal<'_>>, tape: &mut Tape<'_, '_>) -> Option<Request> {
        let options = Options { size: KEPT, styled: false, ..Options::default() };
        let case = self.valid(Spec { operation: 0, options, ..spec }, goal, tape)?;
        // With nothing in it nothing could be lost.
        (case.mislabelled.is_none() && case.body() != b"{}").then_some(case.request)
    }

    /// A good read of the object that a case is about.
    pub(super) fn read(&self, index: u64) -> Option<Request> {
        let operation = self.contract.operation(OperationKind::Read)?;
        Some(request::good(self.contract, operation, self.id(index), Vec::new()))
    }

    /// A good list.
    fn list(&self) -> Option<Request> {
        let operation = self.contract.operation(OperationKind::List)?;
        Some(request::good(self.contract, operation, "", Vec::new()))
    }

    /// A sequence that the tape draws.
    pub(super) fn live(&mut self, spec: Spec, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let acts = drawn(tape);
        // Something is in the policies, or little could go wrong with them.
        let parts = &self.plan.scripts;
        let place = tape.pick(parts).and_then(|&number| self.plan.obligations.get(number)).map(|one| one.place);
        let goal = self.goal_of(place.unwrap_or(Places::ROOT));
        let mut case = self.sequence(spec, rule::STORED, &acts, goal, tape)?;
        case.operator = "sequence";
        Some(case)
    }

    /// A sequence that a script says.
    /// Policies that replace others in it have something at the place.
    pub(super) fn followed(
        &mut self,
        spec: Spec,
        place: PlaceId,
        script: &Script,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        self.sequence(spec, script.rule, script.acts, self.goal_of(place), tape)
    }

    /// What policies have at a place that a sequence is about. Of nothing there is
    /// nothing to come back twice.
    fn goal_of(&self, place: PlaceId) -> Option<Goal<'static>> {
        let choice = match Site::of(self.contract, &self.plan.places, place) {
            Site::Collection(_) => Choice::Items(2),
            _ => Choice::Any,
        };
        (place != Places::ROOT).then_some(Goal { place, choice })
    }

    fn sequence(
        &mut self,
        spec: Spec,
        rule: RuleId,
        acts: &[Act],
        goal: Option<Goal<'_>>,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let mut case = None;
        let mut steps = Vec::with_capacity(acts.len());
        for (number, &act) in acts.iter().enumerate() {
            let made = self.step(spec, number, act, goal, tape)?;
            if made.mislabelled.is_some() {
                return Some(made);
            }
            let own = [self.mark_of(spec), format!("s{number}")].join("-");
            steps.push(Step {
                act,
                operation: made.operation,
                request: made.request.clone(),
                mark: marked(self.contract, &own, made.body()).map(str::to_owned),
                label: made.label.clone(),
                rule: made.rule,
            });
            case.get_or_insert(made);
        }
        let case = case?;
        Some(Case { rule, scene: Scene::Sequence { steps }, ..case })
    }

    /// The request of one act, as a case of its own.
    fn step(
        &mut self,
        spec: Spec,
        number: usize,
        act: Act,
        goal: Option<Goal<'_>>,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let operation = self.contract.operation(act.kind())?;
        let spec = Spec { operation, options: Options { styled: false, ..small() }, ..spec };
        let mut case = (0..TRIES).find_map(|_| match act {
            Act::Refused(_) | Act::ReplaceRefused(_) => {
                let obligation = self.plan.obligations.get(*tape.pick(&self.plan.malformed)?)?;
                let Action::Change(operator) = obligation.action else { return None };
                let case = self.changed(spec, obligation.place, operator, tape)?;
                // What should be refused may be accepted, and then it is there.
                let is_must = self.contract.rule(case.rule).level == Level::Must;
                let is_refused = is_must && matches!(case.label, Label::Malformed(..));
                (is_refused || case.mislabelled.is_some()).then_some(case)
            }
            Act::Replace(_) => self.valid(spec, goal, tape),
            _ => self.valid(spec, None, tape),
        })?;
        self.rename(spec, number, &mut case);
        Some(case)
    }

    /// Every policy of a sequence has a name of its own.
    fn rename(&self, spec: Spec, number: usize, case: &mut Case) {
        let mark = self.mark_of(spec);
        let Some(body) = &mut case.request.body else { return };
        if let Some(mark) = marked(self.contract, &mark, body) {
            let own = format!("{mark}-s{number}");
            let at = memmem::find(body, mark.as_bytes()).unwrap_or(0);
            body.splice(at..at + mark.len(), own.into_bytes());
        }
    }
}
