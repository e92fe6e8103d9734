//! Makes cases: from a seed and an index, in buffers that are used again, each
//! body labelled by the validator from its final bytes.

use arbitrary::Unstructured;

use super::made::{Case, Mislabelled};
use super::obligation::{Action, Obligation, Plan};
use super::request;
use crate::contract::{Contract, Level, OperationKind, RuleId, rule};
use crate::generate::{Body, Choice, Generator, Goal, Options, Style, Tape, tape_for};
use crate::json::{Pointer, Tree};
use crate::malform::{Edit, Site};
use crate::validate::{Label, Validator};

/// Bytes of a tape. A body of the usual size takes a few hundred, a large one most.
const TAPE: usize = 16 * 1024;
/// Bodies tried before an obligation counts as one that cannot be exercised.
const TRIES: u64 = 64;
/// Values in a body while the obligations are walked: few, so that a failure is
/// easy to read.
const SMALL: usize = 16;
/// Of this many random cases one is large and a few are free bodies.
const RANDOM: usize = 32;

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
    obligation: Option<(usize, &'p Obligation)>,
    options: Options,
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
            self.from_bytes(index, &bytes)
        })
    }

    /// The case that a tape decides. Indexes below the number of obligations
    /// exercise that obligation, others what the tape says.
    pub fn from_bytes(&mut self, index: u64, bytes: &[u8]) -> Option<Case> {
        let mut bytes = Unstructured::new(bytes);
        let mut tape = Tape::new(&mut bytes);
        let task = self.task(index, &mut tape);
        let id = self.ids.get((index % self.ids.len().max(1) as u64) as usize).map_or("", String::as_str);
        match task.obligation {
            None => Some(self.free(index, id, task.options, &mut tape)),
            Some((number, obligation)) => self.exercise(index, number, obligation, id, task.options, &mut tape),
        }
    }

    fn task(&self, index: u64, tape: &mut Tape<'_, '_>) -> Task<'c> {
        let obligations = &self.plan.obligations;
        let walked = usize::try_from(index).ok().and_then(|index| Some((index, obligations.get(index)?)));
        if walked.is_some() {
            let options = Options { size: SMALL, styled: false, ..Options::default() };
            return Task { obligation: walked, options };
        }
        let mut options = Options::default();
        match tape.below(RANDOM) {
            0 => options.size = 1_500,
            1..=3 => options.size = 300,
            _ => {}
        }
        let obligation = match tape.below(8) {
            0 => None,
            1 => {
                options.open = true;
                None
            }
            _ => {
                let number = tape.below(obligations.len());
                obligations.get(number).map(|obligation| (number, obligation))
            }
        };
        Task { obligation, options }
    }

    /// A body of which nothing is asked.
    fn free(&mut self, index: u64, id: &str, options: Options, tape: &mut Tape<'_, '_>) -> Case {
        let mut tree = Tree::new();
        let body = Generator::new(self.contract, &self.plan.places, options).body(tape, None, &mut tree);
        let rule = body.open.first().copied().unwrap_or(rule::ACCEPT_BODY);
        let operator = if options.open { "open-body" } else { "body" };
        // Repairs may take back an open value, so open bodies claim only what the
        // validator can tell.
        let claim = if options.open { None } else { Some(self.claim(&body)) };
        self.finish(Draft { index, obligation: None, operator, rule, id, operation: self.add(), claim, at: None, tree })
    }

    fn exercise(
        &mut self,
        index: u64,
        number: usize,
        obligation: &Obligation,
        id: &str,
        options: Options,
        tape: &mut Tape<'_, '_>,
    ) -> Option<Case> {
        let mut tree = Tree::new();
        let styled = options.styled && !matches!(obligation.action, Action::Write(_));
        let generator = Generator::new(self.contract, &self.plan.places, Options { styled, ..options });
        let choice = match obligation.action {
            Action::Choose(choice) => choice,
            Action::Change(_) | Action::Write(_) | Action::Exchange(..) => Choice::Any,
        };
        let goal = Goal { place: obligation.place, choice };
        let body = generator.body(tape, Some(goal), &mut tree);
        let mut draft = Draft {
            index,
            obligation: Some(number),
            operator: "",
            rule: obligation.rule,
            id,
            operation: self.add(),
            claim: Some(self.claim(&body)),
            at: body.at.map(|at| tree.pointer(at)),
            tree,
        };
        match obligation.action {
            Action::Choose(choice) => {
                draft.operator = name(choice);
                Some(self.finish(draft))
            }
            Action::Write(style) => {
                style_up(style, tape, &mut draft.tree);
                draft.operator = "style";
                Some(self.finish(draft))
            }
            Action::Change(operator) => {
                // Only a clean body can end up with exactly one fault.
                if !body.open.is_empty() || !body.broken.is_empty() {
                    return None;
                }
                let site = Site::of(self.contract, &self.plan.places, obligation.place);
                let edit = &mut Edit { contract: self.contract, tree: &mut draft.tree, at: body.at?, site, tape };
                (operator.edit)(edit)?;
                draft.operator = operator.name;
                draft.claim = Some(self.claim_of(operator.rule, draft.at.clone().unwrap_or_default()));
                Some(self.finish(draft))
            }
            Action::Exchange(exchange, operation) => {
                draft.operator = exchange.name;
                draft.operation = operation;
                let mut case = self.finish(draft);
                request::change(&mut case.request, &self.contract.operations[operation], exchange.change);
                Some(case)
            }
        }
    }

    /// The operation that takes a body.
    fn add(&self) -> usize {
        let operations = &self.contract.operations;
        operations.iter().position(|operation| operation.kind == OperationKind::Add).unwrap_or(0)
    }

    /// What the generator says of its body.
    fn claim(&self, body: &Body) -> Label {
        match (&*body.broken, &*body.open) {
            ([], []) => Label::Valid,
            ([], open) => Label::Unspecified(open.to_vec()),
            ([rule], []) => Label::Malformed(*rule, Pointer::default()),
            (broken, open) => Label::Mixed([broken, open].concat()),
        }
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

    /// Labels the final bytes and compares them with the claim.
    fn finish(&mut self, draft: Draft<'_>) -> Case {
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
            obligation: draft.obligation,
            operator: draft.operator,
            rule,
            at,
            label: found,
            operation: draft.operation,
            request: request::good(self.contract, draft.operation, draft.id, bytes),
            tree: draft.tree,
            mislabelled,
        }
    }
}

/// A case before its bytes were looked at.
struct Draft<'i> {
    index: u64,
    obligation: Option<usize>,
    operator: &'static str,
    rule: RuleId,
    id: &'i str,
    operation: usize,
    /// None for a body that may touch any open point.
    claim: Option<Label>,
    at: Option<Pointer>,
    tree: Tree,
}

/// Whether the validator found what was claimed. Where an operator strikes a
/// part of the value at its place, the validator names the part.
fn agrees(claimed: &Label, found: &Label) -> bool {
    match (claimed, found) {
        (Label::Malformed(claimed, _), Label::Malformed(found, _)) => claimed == found,
        _ => claimed == found,
    }
}

fn style_up(style: Style, tape: &mut Tape<'_, '_>, tree: &mut Tree) {
    if (style.shuffled || style.type_last)
        && let Some(root) = tree.root()
    {
        let mut members = tree.children_vec(root);
        members.reverse();
        tree.set_children(root, &members);
    }
    style.apply(tape, tree);
}

/// A choice in a word.
fn name(choice: Choice) -> &'static str {
    match choice {
        Choice::Any => "value",
        Choice::Absent => "absent",
        Choice::Null => "null",
        Choice::Member(_) => "member",
        Choice::Lexeme(_) => "boundary-value",
        Choice::Items(0) => "empty-collection",
        Choice::Items(_) => "items",
        Choice::Typed { .. } => "type-named",
        Choice::Annotated(_) => "annotation",
        Choice::Broken(_) => "condition-broken",
    }
}
