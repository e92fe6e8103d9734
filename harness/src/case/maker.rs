//! Makes cases: from a seed and an index, in buffers that are used again, each
//! body labelled by the validator from its final bytes.

use arbitrary::Unstructured;

use super::made::{Case, Mislabelled, Scene};
use super::obligation::{Action, Base, Obligation, Store};
use super::plan::Plan;
use super::request;
use crate::contract::{Contract, Level, OperationKind, RuleId, rule};
use crate::generate::{Body, Choice, Generator, Goal, Options, PlaceId, Tape, lexemes, tape_for};
use crate::json::{Pointer, Tree};
use crate::malform::{Change, Edit, Exchange, How, Operator, Rewriting, Site};
use crate::pairs::PairKind;
use crate::target::{Framing, Request, Wire};
use crate::validate::{Label, Validator};

/// Bytes of a tape. A body of the usual size takes a few hundred, a large one most.
const TAPE: usize = 16 * 1024;
/// Bodies tried before an obligation counts as one that cannot be exercised.
const TRIES: u64 = 64;
/// Values in a body while the obligations are walked: few, so that a failure is
/// easy to read.
const SMALL: usize = 16;
/// Values in a body that is to be kept while others are refused.
const KEPT: usize = 40;
/// Of this many random cases one is large and a few are of middling size.
const RANDOM: usize = 32;
/// Random cases take turns: of each eight the first six are objects in which
/// pairs meet, so that all rows have had their turn after 5,000 cases; one is a
/// free body, and one exercises an obligation.
const TURNS: u64 = 8;
const ROWS: u64 = 6;
const FREE: u64 = ROWS;
/// Who brings a tape of their own finds as many free bodies, fewer rows, and
/// obligations for the rest.
const TAPE_ROWS: u64 = 2;

/// Makes the cases of one contract.
#[derive(Debug)]
pub struct Maker<'c> {
    contract: &'c Contract,
    plan: &'c Plan,
    ids: &'c [String],
    validator: Validator<'c>,
    seed: u64,
}

/// What is to be made.
#[derive(Clone, Copy)]
struct Task<'p> {
    work: Work<'p>,
    options: Options,
}

#[derive(Clone, Copy)]
enum Work<'p> {
    /// A body of which nothing is asked.
    Free,
    /// An object in which certain pairs of classes meet.
    Row(usize),
    /// An obligation, with its index.
    Exercise(usize, &'p Obligation),
}

impl<'c> Maker<'c> {
    /// A maker of the cases that `seed` decides, on the objects `ids`.
    pub fn new(contract: &'c Contract, plan: &'c Plan, ids: &'c [String], seed: u64) -> Self {
        Self { contract, plan, ids, validator: Validator::new(contract), seed }
    }

    /// The case of this index: the obligations in order, then random ones. None
    /// where an obligation found no occasion in any body that was tried.
    pub fn make(&mut self, index: u64) -> Option<Case> {
        (0..TRIES).find_map(|attempt| {
            let mut bytes = [0; TAPE];
            tape_for(self.seed.wrapping_add(attempt.wrapping_mul(0x5851_F42D_4C95_7F2D)), index, &mut bytes);
            let mut bytes = Unstructured::new(&bytes);
            let mut tape = Tape::new(&mut bytes);
            let task = self.task(index, &mut tape);
            self.perform(index, task, &mut tape)
        })
    }

    /// The case that a tape decides, whoever made it.
    pub fn from_bytes(&mut self, bytes: &[u8]) -> Option<Case> {
        let mut bytes = Unstructured::new(bytes);
        let mut tape = Tape::new(&mut bytes);
        let turn = match tape.below(TURNS as usize) as u64 {
            turn @ 1..=TAPE_ROWS => turn,
            turn if turn == TAPE_ROWS + 1 => FREE,
            _ => TURNS - 1,
        };
        let row = tape.below(self.plan.rows.len()) as u64;
        let task = self.random_task(turn, row, &mut tape);
        self.perform(u64::MAX, task, &mut tape)
    }

    /// The case of an obligation, by its number in the plan, that a tape decides.
    pub fn obligation_from_bytes(&mut self, number: usize, bytes: &[u8]) -> Option<Case> {
        let mut bytes = Unstructured::new(bytes);
        let mut tape = Tape::new(&mut bytes);
        let obligation = self.plan.obligations.get(number)?;
        let task = Task { work: Work::Exercise(number, obligation), options: small() };
        self.perform(number as u64, task, &mut tape)
    }

    fn perform(&mut self, index: u64, task: Task<'c>, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let Task { work, options } = task;
        let case = match work {
            Work::Free => Some(self.free(index, options, tape)),
            Work::Row(row) => self.row(index, row, options, tape),
            Work::Exercise(number, obligation) => {
                let mut case = self.exercise(index, obligation, options, tape)?;
                case.obligation = Some(number);
                case.operator = obligation.name;
                Some(case)
            }
        };
        // What is expected of the answer to a mixed body could not be said.
        case.filter(|case| case.mislabelled.is_some() || !matches!(case.label, Label::Mixed(_)))
    }

    fn task(&self, index: u64, tape: &mut Tape<'_, '_>) -> Task<'c> {
        let obligations = &self.plan.obligations;
        if let Some(number) = usize::try_from(index).ok().filter(|&number| number < obligations.len()) {
            return Task { work: Work::Exercise(number, &obligations[number]), options: small() };
        }
        // Behind the obligations the index says whose turn it is, so that every row
        // has its turn.
        let nth = index - obligations.len() as u64;
        let turn = nth % TURNS;
        self.random_task(turn, nth / TURNS * ROWS + turn, tape)
    }

    /// What is made at a turn; `row` counts the rows.
    fn random_task(&self, turn: u64, row: u64, tape: &mut Tape<'_, '_>) -> Task<'c> {
        let rows = self.plan.rows.len() as u64;
        if turn < ROWS && rows > 0 {
            return Task { work: Work::Row((row % rows) as usize), options: small() };
        }
        let mut options = Options::default();
        match tape.below(RANDOM) {
            0 => options.size = 1_500,
            1..=3 => options.size = 300,
            _ => {}
        }
        if turn == FREE {
            options.open = tape.chance(1, 2);
            return Task { work: Work::Free, options };
        }
        // Each kind of obligation has the same chance, however many places it has.
        let number = tape.pick(&self.plan.kinds).and_then(|kind| tape.pick(kind)).copied();
        match number.and_then(|number| Some((number, self.plan.obligations.get(number)?))) {
            Some((number, obligation)) => Task { work: Work::Exercise(number, obligation), options },
            None => Task { work: Work::Free, options },
        }
    }

    /// A body of which nothing is asked.
    fn free(&mut self, index: u64, options: Options, tape: &mut Tape<'_, '_>) -> Case {
        let (tree, body) = self.body(options, None, tape);
        let rule = body.open.first().copied().unwrap_or(rule::ACCEPT_BODY);
        // Repairs may take back an open value, so open bodies claim only what the
        // validator can tell.
        let claim = if options.open { None } else { Some(claim(&body)) };
        let mut case = self.finish(Draft { index, rule, operation: self.add(), claim, at: None, tree });
        case.operator = if options.open { "open-body" } else { "body" };
        self.read_back(&mut case, tape);
        case
    }

    /// A body with an object of which every property is of a given class.
    fn row(&mut self, index: u64, row: usize, options: Options, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let row = &self.plan.rows[row];
        let is_open = row.kind == PairKind::Open || self.plan.places.get(row.place).is_open;
        let goal = Goal { place: row.place, choice: Choice::Row(&row.classes) };
        let (tree, body) = self.body(options, Some(goal), tape);
        // On the way to the object something may be open all the same.
        if !is_open && !body.open.is_empty() {
            return None;
        }
        let claim = if is_open { None } else { Some(claim(&body)) };
        let rule = body.open.first().copied().unwrap_or(rule::ACCEPT_BODY);
        let at = body.at.map(|at| tree.pointer(at));
        let mut case = self.finish(Draft { index, rule, operation: self.add(), claim, at, tree });
        case.operator = if is_open { "open-pairs" } else { "pairs" };
        self.read_back(&mut case, tape);
        Some(case)
    }

    /// Has some of the bodies that must be accepted read back.
    fn read_back(&self, case: &mut Case, tape: &mut Tape<'_, '_>) {
        if case.label == Label::Valid
            && tape.chance(1, 4)
            && let Some(read) = self.read(case.index)
        {
            case.scene = Scene::Stored { read: Box::new(read) };
        }
    }

    fn exercise(
        &mut self,
        index: u64,
        obligation: &Obligation,
        options: Options,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let Obligation { rule, place, action, .. } = *obligation;
        match action {
            Action::Choose(choice) => {
                let (tree, body) = self.body(options, Some(Goal { place, choice }), tape);
                Some(self.finish(self.draft(index, rule, tree, &body)))
            }
            Action::Change(operator) => self.changed(index, place, operator, options, tape),
            Action::Exchange(exchange, operation) => self.exchanged(index, exchange, operation, options, tape),
            Action::Rewrite(rewriting, operation, base) => {
                self.rewritten(index, place, (rewriting, operation, base), options, tape)
            }
            Action::Store(store) => self.stored(index, obligation, store, options, tape),
        }
    }

    /// A valid body that an operator changed.
    fn changed(
        &mut self,
        index: u64,
        place: PlaceId,
        operator: &'static Operator,
        options: Options,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let (mut tree, body) = self.body(options, Some(Goal { place, choice: Choice::Any }), tape);
        // Only a clean body can end up with exactly one fault. A reference stands
        // where everything is open.
        let may_be_open = operator.rule == rule::REFERENCE_MEMBER;
        if !body.broken.is_empty() || !body.open.is_empty() && !may_be_open {
            return None;
        }
        let at = body.at?;
        let pointer = tree.pointer(at);
        let site = Site::of(self.contract, &self.plan.places, place);
        let edit = &mut Edit { contract: self.contract, tree: &mut tree, at, site, tape };
        (operator.edit)(edit)?;
        let claim = Some(match self.claim_of(operator.rule, pointer.clone()) {
            Label::Unspecified(rules) => Label::Unspecified(united(rules, &body.open)),
            other => other,
        });
        let rule = operator.rule;
        Some(self.finish(Draft { index, rule, operation: self.add(), claim, at: Some(pointer), tree }))
    }

    /// A valid body, sent in another way.
    fn exchanged(
        &mut self,
        index: u64,
        exchange: &'static Exchange,
        operation: usize,
        options: Options,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let (tree, body) = self.body(options, None, tape);
        // Beside an open point in the body, nothing could be said of the request.
        if !body.open.is_empty() {
            return None;
        }
        let mut draft = self.draft(index, exchange.rule, tree, &body);
        draft.operation = operation;
        let mut case = self.finish(draft);
        if exchange.rule != rule::READ_UNSET {
            self.prepare(&mut case, tape)?;
        }
        if let Change::Framing(framing) = exchange.change
            && framing != Framing::Whole
        {
            let good = Request { wire: Wire::Raw(Framing::Whole), ..case.request.clone() };
            case.scene = Scene::Next { good: Box::new(good) };
        }
        request::change(&mut case.request, &self.contract.operations[operation], exchange.change);
        Some(case)
    }

    /// A body, sent plainly and rewritten.
    fn rewritten(
        &mut self,
        index: u64,
        place: PlaceId,
        (rewriting, operation, base): (&'static Rewriting, usize, Base),
        options: Options,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        // What a style would do is what is tried here.
        let options = Options { styled: false, open: base == Base::Open, ..options };
        let mut case = match base {
            Base::Malformed => {
                let number = *tape.pick(&self.plan.malformed)?;
                let obligation = self.plan.obligations.get(number)?;
                let Action::Change(operator) = obligation.action else { return None };
                self.changed(index, obligation.place, operator, options, tape)?
            }
            Base::Valid | Base::Open => {
                let choice = match rewriting.how {
                    // The plainest value of all, so that its other form is the only odd one.
                    How::Values(primitive, _) => {
                        lexemes(primitive).first().map_or(Choice::Any, |&one| Choice::Lexeme(one))
                    }
                    How::Body(_) | How::Request(_) => Choice::Any,
                };
                let (tree, body) = self.body(options, Some(Goal { place, choice }), tape);
                let mut draft = self.draft(index, rewriting.rule, tree, &body);
                draft.claim = draft.claim.filter(|_| base == Base::Valid);
                draft.operation = operation;
                self.finish(draft)
            }
        };
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
            request::change(&mut case.request, &self.contract.operations[operation], change);
            return Some(case);
        }
        let tree = case.tree.clone();
        let mut case = case.with_tree(self.contract, &tree)?;
        let found = Label::of(self.contract, self.validator.validate(case.body()));
        if !agrees(&case.label, &found) {
            case.mislabelled = Some(Mislabelled { claimed: case.label.clone(), found });
        }
        Some(case)
    }

    /// A request of which the traces are looked at.
    fn stored(
        &mut self,
        index: u64,
        obligation: &Obligation,
        store: Store,
        options: Options,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let place = obligation.place;
        let read = Box::new(self.read(index)?);
        let before = match store {
            Store::Value(_) => None,
            Store::Replaced(_) => Some(self.kept(index, Some(Goal { place, choice: Choice::Any }), tape)?),
            Store::UnchangedBy(_) | Store::UnchangedWith(_) | Store::UnchangedAfter(_) => {
                Some(self.kept(index, None, tape)?)
            }
        };
        let mut case = match store {
            Store::Value(choice) | Store::Replaced(choice) => {
                self.valid(index, Some(Goal { place, choice }), options, tape)?
            }
            Store::UnchangedBy(operator) => self.changed(index, place, operator, options, tape)?,
            Store::UnchangedWith(rule) => {
                let (tree, body) = self.body(options, Some(Goal { place, choice: Choice::Broken(rule) }), tape);
                self.finish(self.draft(index, rule, tree, &body))
            }
            Store::UnchangedAfter(exchange) => self.exchanged(index, exchange, self.add(), options, tape)?,
        };
        case.before = before.map(Box::new);
        case.scene = match store {
            Store::Value(_) | Store::Replaced(_) => Scene::Stored { read },
            Store::UnchangedBy(_) | Store::UnchangedWith(_) | Store::UnchangedAfter(_) => Scene::Unchanged { read },
        };
        Some(case)
    }

    /// A read needs something that can be read.
    fn prepare(&mut self, case: &mut Case, tape: &mut Tape<'_, '_>) -> Option<()> {
        if self.contract.operations[case.operation].kind == OperationKind::Read {
            case.before = Some(Box::new(self.kept(case.index, None, tape)?));
        }
        Some(())
    }

    /// A case with a body that must be accepted.
    fn valid(&mut self, index: u64, goal: Option<Goal<'_>>, options: Options, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let (tree, body) = self.body(options, goal, tape);
        let case = self.finish(self.draft(index, rule::ACCEPT_BODY, tree, &body));
        (case.label == Label::Valid || case.mislabelled.is_some()).then_some(case)
    }

    /// A good request whose policy is there to be kept, or replaced.
    fn kept(&mut self, index: u64, goal: Option<Goal<'_>>, tape: &mut Tape<'_, '_>) -> Option<Request> {
        let options = Options { size: KEPT, styled: false, ..Options::default() };
        let case = self.valid(index, goal, options, tape)?;
        // With nothing in it nothing could be lost.
        (case.mislabelled.is_none() && case.body() != b"{}").then_some(case.request)
    }

    /// A body with the goal reached, and what the generator says of it.
    fn body(&self, options: Options, goal: Option<Goal<'_>>, tape: &mut Tape<'_, '_>) -> (Tree, Body) {
        let mut tree = Tree::new();
        let body = Generator::new(self.contract, &self.plan.places, options).body(tape, goal, &mut tree);
        (tree, body)
    }

    /// The operation that takes a body.
    fn add(&self) -> usize {
        self.operation(OperationKind::Add).unwrap_or(0)
    }

    fn operation(&self, kind: OperationKind) -> Option<usize> {
        self.contract.operations.iter().position(|operation| operation.kind == kind)
    }

    /// The object that a case is about.
    fn object(&self, index: u64) -> usize {
        (index % self.ids.len().max(1) as u64) as usize
    }

    fn id(&self, index: u64) -> &'c str {
        self.ids.get(self.object(index)).map_or("", String::as_str)
    }

    /// A good read of the object that a case is about.
    fn read(&self, index: u64) -> Option<Request> {
        let operation = self.operation(OperationKind::Read)?;
        Some(request::good(self.contract, operation, self.id(index), Vec::new()))
    }

    /// What an operator says of the body it changed.
    fn claim_of(&self, rule: RuleId, at: Pointer) -> Label {
        let row = self.contract.rule(rule);
        match row.level {
            _ if row.id.starts_with("accept/") => Label::Valid,
            Level::Unspecified => Label::Unspecified(vec![rule]),
            Level::Should | Level::Must => Label::Malformed(rule, at),
        }
    }

    /// A draft of the body as the generator made it.
    fn draft(&self, index: u64, rule: RuleId, tree: Tree, body: &Body) -> Draft {
        let at = body.at.map(|at| tree.pointer(at));
        Draft { index, rule, operation: self.add(), claim: Some(claim(body)), at, tree }
    }

    /// Labels the final bytes and compares them with the claim.
    fn finish(&mut self, draft: Draft) -> Case {
        let bytes = draft.tree.to_bytes();
        let found = Label::of(self.contract, self.validator.validate(&bytes));
        let mislabelled = match draft.claim {
            Some(claimed) if !agrees(&claimed, &found) => Some(Mislabelled { claimed, found: found.clone() }),
            None if matches!(found, Label::Malformed(..) | Label::Mixed(_)) => {
                Some(Mislabelled { claimed: Label::Unspecified(Vec::new()), found: found.clone() })
            }
            _ => None,
        };
        let at = match &found {
            Label::Malformed(_, at) => at.clone(),
            _ => draft.at.unwrap_or_default(),
        };
        // What an open body is counted under is told from its bytes as well.
        let rule = match &found {
            Label::Unspecified(rules) if !rules.contains(&draft.rule) => rules.first().copied().unwrap_or(draft.rule),
            _ => draft.rule,
        };
        Case {
            index: draft.index,
            obligation: None,
            operator: "",
            rule,
            at,
            label: found,
            operation: draft.operation,
            object: self.object(draft.index),
            request: request::good(self.contract, draft.operation, self.id(draft.index), bytes),
            before: None,
            scene: Scene::Alone,
            tree: draft.tree,
            mislabelled,
        }
    }
}

/// What bodies are like while the obligations are walked.
fn small() -> Options {
    Options { size: SMALL, styled: false, ..Options::default() }
}

/// A case before its bytes were looked at.
struct Draft {
    index: u64,
    rule: RuleId,
    operation: usize,
    /// None for a body that may touch any open point.
    claim: Option<Label>,
    at: Option<Pointer>,
    tree: Tree,
}

/// Rules of two lists, each once, in order.
fn united(mut rules: Vec<RuleId>, others: &[RuleId]) -> Vec<RuleId> {
    rules.extend(others);
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// What the generator says of its body.
fn claim(body: &Body) -> Label {
    match (&*body.broken, &*body.open) {
        ([], []) => Label::Valid,
        ([], open) => Label::Unspecified(open.to_vec()),
        ([rule], []) => Label::Malformed(*rule, Pointer::default()),
        (broken, open) => Label::Mixed([broken, open].concat()),
    }
}

/// Whether the validator found what was claimed. Where an operator strikes a
/// part of the value at its place, the validator names the part.
fn agrees(claimed: &Label, found: &Label) -> bool {
    match (claimed, found) {
        (Label::Malformed(claimed, _), Label::Malformed(found, _)) => claimed == found,
        _ => claimed == found,
    }
}
