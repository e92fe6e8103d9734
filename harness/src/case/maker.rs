//! Makes cases: from a seed and an index, in buffers that are used again, each
//! body labelled by the validator from its final bytes.

use arbitrary::Unstructured;

use super::made::{Case, Mislabelled, Scene};
use super::mark::{Fixed, mark};
use super::obligation::{Action, Obligation};
use super::plan::Plan;
use super::request;
use crate::contract::{Contract, Family, Level, OperationKind, RuleId, rule};
use crate::generate::{Body, Choice, Generator, Goal, Options, PlaceId, Places, Tape, tape_for};
use crate::json::{Pointer, Tree};
use crate::malform::{Edit, Operator, Site};
use crate::pairs::PairKind;
use crate::target::BLANK;
use crate::validate::{Label, Validator};

/// Bytes of a tape; a large body takes most.
const TAPE: usize = 16 * 1024;
/// Bytes of its start that are made first: a body of the usual size takes a few
/// hundred.
const START: usize = 1024;
/// Bodies tried before an obligation counts as one that cannot be exercised.
const TRIES: u64 = 256;
/// Values in a body while the obligations are walked: few, so that a failure is
/// easy to read.
const SMALL: usize = 16;
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
    pub(super) contract: &'c Contract,
    pub(super) plan: &'c Plan,
    ids: &'c [String],
    pub(super) validator: Validator<'c>,
    generator: Generator<'c>,
    seed: u64,
    /// What the names of policies begin with that are created.
    run: String,
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
    /// A sequence of requests.
    Live,
}

/// What a request is made for, and what its body is like.
#[derive(Clone, Copy)]
pub(super) struct Spec {
    /// The place in the run.
    pub(super) index: u64,
    /// The operation, by index in the contract.
    pub(super) operation: usize,
    pub(super) options: Options,
}

impl<'c> Maker<'c> {
    /// A maker of the cases that `seed` decides, on the objects `ids`. A contract
    /// that creates its objects needs none.
    pub fn new(contract: &'c Contract, plan: &'c Plan, ids: &'c [String], seed: u64) -> Self {
        let generator = Generator::new(contract, &plan.places, Options::default());
        Self { contract, plan, ids, validator: Validator::new(contract), generator, seed, run: String::new() }
    }

    /// The same maker, of policies whose names say which run they belong to.
    #[must_use]
    pub fn for_run(self, run: &str) -> Self {
        Self { run: run.to_owned(), ..self }
    }

    /// The case of this index: the obligations in order, then random ones. None
    /// where an obligation found no occasion in any body that was tried.
    pub fn make(&mut self, index: u64) -> Option<Case> {
        (0..TRIES).find_map(|attempt| {
            let seed = self.seed.wrapping_add(attempt.wrapping_mul(0x5851_F42D_4C95_7F2D));
            let (case, is_enough) = self.attempt::<START>(seed, index);
            if is_enough { case } else { self.attempt::<TAPE>(seed, index).0 }
        })
    }

    /// The case that a tape of this length makes, and whether a longer one would make
    /// the same.
    fn attempt<const LENGTH: usize>(&mut self, seed: u64, index: u64) -> (Option<Case>, bool) {
        let mut bytes = [0; LENGTH];
        tape_for(seed, index, &mut bytes);
        let mut bytes = Unstructured::new(&bytes);
        let mut tape = Tape::new(&mut bytes);
        let task = self.task(index, &mut tape);
        let case = self.perform(index, task, &mut tape);
        (case, !bytes.is_empty())
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
        let spec = Spec { index, operation: 0, options };
        let case = match work {
            Work::Free => self.free(spec, tape),
            Work::Row(row) => self.row(spec, row, tape),
            Work::Live => self.live(spec, tape),
            Work::Exercise(number, obligation) => {
                let spec = Spec { operation: obligation.operation, ..spec };
                let mut case = self.exercise(spec, obligation, tape)?;
                case.obligation = Some(number);
                case.operator = obligation.name;
                Some(case)
            }
        };
        // What is expected of the answer to a mixed body could not be said.
        case.filter(|case| match case.mislabelled {
            Some(_) => !self.is_raised(&case.label),
            None => !matches!(case.label, Label::Mixed(_)),
        })
    }

    /// Whether a body breaks a rule that the user raised from a point left open: what
    /// makes bodies of open points cannot know, and the body is passed over.
    fn is_raised(&self, label: &Label) -> bool {
        let broken = match label {
            Label::Malformed(rule, _) => std::slice::from_ref(rule),
            Label::Mixed(rules) => rules,
            Label::Valid | Label::Unspecified(_) => &[],
        };
        let raised = self.contract.changes.iter().filter(|change| change.before == Level::Unspecified);
        raised.map(|change| change.rule).any(|rule| broken.contains(&rule))
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
        if turn == FREE && !self.plan.scripts.is_empty() && tape.chance(1, 2) {
            return Task { work: Work::Live, options: small() };
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
    fn free(&mut self, spec: Spec, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let open = spec.options.open;
        let (tree, body) = self.body(spec, None, tape);
        if is_judged(&body, open) {
            return None;
        }
        let rule = body.open.first().copied().unwrap_or(rule::ACCEPT_BODY);
        // Repairs may take back an open value, so open bodies claim only what the
        // validator can tell.
        let claim = if open { None } else { Some(claim(&body)) };
        let mut case = self.finish(Draft { rule, claim, at: None, fixed: Fixed::Nothing, tree, spec });
        case.operator = if open { "open-body" } else { "body" };
        self.read_back(&mut case, tape);
        Some(case)
    }

    /// A body with an object of which every property is of a given class.
    fn row(&mut self, spec: Spec, row: usize, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let row = &self.plan.rows[row];
        let is_open = row.kind == PairKind::Open || self.plan.places.get(row.place).is_open;
        let goal = Goal { place: row.place, choice: Choice::Row(&row.classes) };
        let (tree, body) = self.body(spec, Some(goal), tape);
        // On the way to the object something may be open all the same.
        if !is_open && !body.open.is_empty() || is_judged(&body, is_open) {
            return None;
        }
        let claim = if is_open { None } else { Some(claim(&body)) };
        let rule = body.open.first().copied().unwrap_or(rule::ACCEPT_BODY);
        let at = body.at.map(|at| tree.pointer(at));
        let fixed = Fixed::by(&self.plan.places, goal);
        let mut case = self.finish(Draft { rule, claim, at, fixed, tree, spec });
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

    fn exercise(&mut self, spec: Spec, obligation: &Obligation, tape: &mut Tape<'_, '_>) -> Option<Case> {
        let Obligation { rule, place, action, .. } = *obligation;
        match action {
            Action::Choose(choice) => {
                let mut case = self.chosen(spec, rule, Goal { place, choice }, tape);
                self.prepare(&mut case, tape)?;
                Some(case)
            }
            Action::Change(operator) => {
                let mut case = self.changed(spec, place, operator, tape)?;
                self.prepare(&mut case, tape)?;
                Some(case)
            }
            Action::Exchange(exchange) => self.exchanged(spec, rule, exchange, tape),
            Action::Rewrite(rewriting, base) => self.rewritten(spec, place, rewriting, base, tape),
            Action::Store(store) => self.stored(spec, place, store, tape),
            Action::Follow(script) => self.followed(spec, place, script, tape),
        }
    }

    /// A body with something at a place.
    pub(super) fn chosen(&mut self, spec: Spec, rule: RuleId, goal: Goal<'_>, tape: &mut Tape<'_, '_>) -> Case {
        let (tree, body) = self.body(spec, Some(goal), tape);
        let fixed = Fixed::by(&self.plan.places, goal);
        self.finish(Draft { fixed, ..draft(spec, rule, tree, &body) })
    }

    /// A valid body that an operator changed.
    pub(super) fn changed(
        &mut self,
        spec: Spec,
        place: PlaceId,
        operator: &'static Operator,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        // A member of the root under another name is one that is left out.
        let is_of_root = self.plan.places.get(place).parent == Some(Places::ROOT);
        if operator.rule == rule::PROPERTY_CASE && is_of_root && self.kind(spec) == OperationKind::Replace {
            return None;
        }
        let goal = Goal { place, choice: Choice::Any };
        let (mut tree, body) = self.body(spec, Some(goal), tape);
        // Only a clean body can end up with exactly one fault. A reference stands
        // where everything is open.
        let may_be_open = operator.rule == rule::REFERENCE_MEMBER;
        if !body.broken.is_empty() || !body.open.is_empty() && !may_be_open {
            return None;
        }
        let at = body.at?;
        let pointer = tree.pointer(at);
        let site = Site::of(self.contract, &self.plan.places, place);
        // Whatever is changed, it is changed in a policy that can be found again.
        let fixed = Fixed::by(&self.plan.places, goal);
        mark(self.contract, &self.mark_of(spec), fixed, &mut tree);
        let edit = &mut Edit { contract: self.contract, tree: &mut tree, at, site, tape };
        (operator.edit)(edit)?;
        let claim = Some(match self.claim_of(spec, operator.rule, pointer.clone()) {
            Label::Unspecified(rules) => Label::Unspecified(united(rules, &body.open)),
            other => other,
        });
        Some(self.finish(Draft { rule: operator.rule, claim, at: Some(pointer), fixed: Fixed::All, tree, spec }))
    }

    /// A body with the goal reached, and what the generator says of it.
    pub(super) fn body(&mut self, spec: Spec, goal: Option<Goal<'_>>, tape: &mut Tape<'_, '_>) -> (Tree, Body) {
        let mut tree = Tree::roomy();
        let complete = self.kind(spec) == OperationKind::Replace;
        self.generator.options = Options { complete, ..spec.options };
        let body = self.generator.body(tape, goal, &mut tree);
        (tree, body)
    }

    pub(super) fn kind(&self, spec: Spec) -> OperationKind {
        self.contract.operations[spec.operation].kind
    }

    /// The object that a case is about.
    fn object(&self, index: u64) -> usize {
        (index % self.ids.len().max(1) as u64) as usize
    }

    /// The id of that object; a blank where the run creates it.
    pub(super) fn id(&self, index: u64) -> &'c str {
        if self.contract.creates() {
            return BLANK;
        }
        self.ids.get(self.object(index)).map_or("", String::as_str)
    }

    /// What the name of a policy begins with; empty where there is no run.
    pub(super) fn mark_of(&self, spec: Spec) -> String {
        if self.run.is_empty() { String::new() } else { format!("{}-{}", self.run, spec.index) }
    }

    /// What an operator says of the body it changed.
    fn claim_of(&self, spec: Spec, rule: RuleId, at: Pointer) -> Label {
        let row = self.contract.rule(rule);
        match row.level {
            _ if row.id.starts_with("accept/") => Label::Valid,
            _ if row.creates && self.kind(spec) == OperationKind::Replace => {
                Label::Unspecified(vec![rule::REPLACE_PARTIAL])
            }
            Level::Unspecified => Label::Unspecified(vec![rule]),
            Level::Should | Level::Must => Label::Malformed(rule, at),
        }
    }

    /// The label of bytes, as the body of an operation.
    pub(super) fn label(&mut self, spec: Spec, bytes: &[u8]) -> Label {
        let kind = self.kind(spec);
        Label::of(self.contract, self.validator.validate_as(kind, bytes))
    }

    /// Labels the final bytes and compares them with the claim.
    pub(super) fn finish(&mut self, draft: Draft) -> Case {
        let Draft { rule, spec, claim, at, fixed, mut tree } = draft;
        mark(self.contract, &self.mark_of(spec), fixed, &mut tree);
        let bytes = tree.to_bytes();
        let found = self.label(spec, &bytes);
        let mislabelled = match claim {
            Some(claimed) if !agrees(&claimed, &found) => Some(Mislabelled { claimed, found: found.clone() }),
            None if matches!(found, Label::Malformed(..) | Label::Mixed(_)) => {
                Some(Mislabelled { claimed: Label::Unspecified(Vec::new()), found: found.clone() })
            }
            _ => None,
        };
        let at = match &found {
            Label::Malformed(_, at) => at.clone(),
            _ => at.unwrap_or_default(),
        };
        // What an open body is counted under is told from its bytes as well.
        let rule = match &found {
            Label::Unspecified(rules) if !rules.contains(&rule) => rules.first().copied().unwrap_or(rule),
            // What was to be accepted stands where something else is refused.
            Label::Malformed(broken, _) if self.contract.rule(rule).family == Family::Valid => *broken,
            _ => rule,
        };
        Case {
            index: spec.index,
            obligation: None,
            operator: "",
            rule,
            at,
            label: found,
            operation: spec.operation,
            object: self.object(spec.index),
            request: request::good(self.contract, spec.operation, self.id(spec.index), bytes),
            before: None,
            scene: Scene::Alone,
            tree,
            mislabelled,
        }
    }
}

/// What bodies are like while the obligations are walked.
pub(super) fn small() -> Options {
    Options { size: SMALL, styled: false, ..Options::default() }
}

/// A case before its bytes were looked at.
pub(super) struct Draft {
    pub(super) rule: RuleId,
    pub(super) spec: Spec,
    /// None for a body that may touch any open point.
    pub(super) claim: Option<Label>,
    pub(super) at: Option<Pointer>,
    /// What of the policy may not be touched any more.
    pub(super) fixed: Fixed,
    pub(super) tree: Tree,
}

/// A draft of the body as the generator made it.
pub(super) fn draft(spec: Spec, rule: RuleId, tree: Tree, body: &Body) -> Draft {
    let at = body.at.map(|at| tree.pointer(at));
    Draft { rule, spec, claim: Some(claim(body)), at, fixed: Fixed::Nothing, tree }
}

/// Rules of two lists, each once, in order.
fn united(mut rules: Vec<RuleId>, others: &[RuleId]) -> Vec<RuleId> {
    rules.extend(others);
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Whether a body that was to touch open points breaks a rule instead: one that is
/// left open in another contract, and judged in this one.
fn is_judged(body: &Body, open: bool) -> bool {
    open && !body.broken.is_empty()
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
pub(super) fn agrees(claimed: &Label, found: &Label) -> bool {
    match (claimed, found) {
        (Label::Malformed(claimed, _), Label::Malformed(found, _)) => claimed == found,
        _ => claimed == found,
    }
}
