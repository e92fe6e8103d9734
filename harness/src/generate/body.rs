//! The generator: what it is told, what it keeps while it makes one body, and
//! what it says of the body it made.

use super::class::Class;
use super::draft::Drafts;
use super::place::{PlaceId, PlaceStep, Places};
use super::style::Style;
use super::tape::Tape;
use crate::contract::{Contract, Level, RuleId};
use crate::generate::lexeme::Lexeme;
use crate::json::{NodeId, Tree};

/// What a body may be like.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// About how many values it may hold. From [`Options::LARGE`] on collections
    /// are full and strings long, up to 44 bytes a value: 1,500 is 64 KiB.
    pub size: usize,
    /// Whether it may touch points that the contract leaves open. An annotation
    /// `@odata.id` that is left alone in a body makes it open all the same.
    pub open: bool,
    /// Whether its white space, escapes, member order and annotations are free;
    /// otherwise it is compact and in the order of the contract.
    pub styled: bool,
    /// Whether it has every member that a policy has to have which replaces another.
    pub complete: bool,
}

impl Options {
    /// The size from which bodies are large.
    pub const LARGE: usize = 1_000;

    fn is_large(&self) -> bool {
        self.size >= Self::LARGE
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { size: 80, open: false, styled: true, complete: false }
    }
}

/// What must be at a place.
#[derive(Clone, Copy, Debug)]
pub struct Goal<'r> {
    /// The place.
    pub place: PlaceId,
    /// What is there.
    pub choice: Choice<'r>,
}

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'r> {
    /// A value, whatever it is.
    Any,
    /// Nothing: the member is left out.
    Absent,
    /// null.
    Null,
    /// This member of the enumeration.
    Member(usize),
    /// This boundary value.
    Lexeme(Lexeme),
    /// A collection of this many items.
    Items(usize),
    /// An object that names its type: with `#` or without, first or last.
    Typed {
        /// The name begins with `#`.
        hash: bool,
        /// The name stands behind the other members.
        last: bool,
    },
    /// An object with this annotation.
    Annotated(&'static str),
    /// An object that breaks this condition.
    Broken(RuleId),
    /// An object whose properties are of these classes, by index of property.
    Row(&'r [Class]),
}

/// A body that was made.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The node at the goal's place; the object that would hold it where the
    /// goal is [`Choice::Absent`].
    pub at: Option<NodeId>,
    /// The open points that the body touches, sorted; empty means valid.
    pub open: Vec<RuleId>,
    /// The conditions above unspecified that it breaks: none, unless told to.
    pub broken: Vec<RuleId>,
}

/// Makes bodies of a contract, one after the other, in buffers that are used again.
#[derive(Debug)]
pub struct Generator<'c> {
    /// What the next bodies may be like.
    pub options: Options,
    pub(super) contract: &'c Contract,
    pub(super) places: &'c Places,
    /// Properties of objects in the making.
    pub(super) drafts: Drafts,
    /// Members of an object that is put together.
    pub(super) members: Vec<NodeId>,
}

/// One body in the making.
pub(super) struct Making<'g, 'c, 'u, 'b> {
    pub(super) generator: &'g mut Generator<'c>,
    pub(super) tape: &'g mut Tape<'u, 'b>,
    pub(super) tree: &'g mut Tree,
    pub(super) body: Body,
    pub(super) choice: Choice<'g>,
    pub(super) budget: usize,
    /// Of 8, how many properties are there.
    pub(super) density: usize,
    /// Of 8, how many values are null where they may be.
    pub(super) nulls: usize,
    /// Of 8, how many objects carry annotations.
    pub(super) annotations: usize,
    pub(super) style: Style,
}

impl<'c> Generator<'c> {
    /// A generator for this contract and its places.
    pub fn new(contract: &'c Contract, places: &'c Places, options: Options) -> Self {
        Self { options, contract, places, drafts: Drafts::default(), members: Vec::new() }
    }

    /// Makes a body in `tree` (which is cleared first), with the goal reached if
    /// there is one. Every choice comes from the tape.
    pub fn body<'g>(&'g mut self, tape: &'g mut Tape<'_, '_>, goal: Option<Goal<'g>>, tree: &'g mut Tree) -> Body {
        tree.clear();
        let contract = self.contract;
        let path = goal.map(|goal| self.places.path(goal.place));
        // A tape that ran out makes small bodies: index 0 is the sparsest.
        let density = if self.options.is_large() { 8 } else { [1, 2, 4, 7][tape.below(4)] };
        let nulls = [0, 1, 0, 3][tape.below(4)];
        let styled = self.options.styled;
        let annotations = if styled { [0, 0, 0, 3][tape.below(4)] } else { 0 };
        let style = if styled { Style::draw(tape) } else { Style::default() };
        let budget = if density > 4 { self.options.size } else { self.options.size * (1 + tape.below(8)) / 8 };
        let choice = goal.map_or(Choice::Any, |goal| goal.choice);
        let body = Body::default();
        let mut making =
            Making { generator: self, tape, tree, body, choice, budget, density, nulls, annotations, style };
        let root = making.root(path);
        making.tree.set_root(root);
        style.apply(making.tape, making.tree);
        let mut body = making.body;
        // A point is open as long as the rule that leaves it open says so.
        let is_open = |rule: &RuleId| contract.rule(*rule).level == Level::Unspecified;
        body.broken.extend(body.open.iter().filter(|rule| !is_open(rule)));
        body.open.retain(is_open);
        body.broken.sort_unstable();
        body.broken.dedup();
        body.open.sort_unstable();
        body.open.dedup();
        body
    }
}

impl<'c> Making<'_, 'c, '_, '_> {
    fn root(&mut self, path: Option<&[PlaceStep]>) -> NodeId {
        self.object(self.generator.contract.body, path, true)
    }

    /// Says that the body breaks a rule, or leaves one open.
    pub(super) fn claim(&mut self, rule: RuleId) {
        match self.contract().rule(rule).level {
            Level::Unspecified => self.body.open.push(rule),
            Level::Should | Level::Must => self.body.broken.push(rule),
        }
    }

    /// Whether the body is to be large and still has room.
    pub(super) fn is_large(&self) -> bool {
        self.generator.options.is_large()
    }

    /// Takes a value from what the body may hold.
    pub(super) fn spend(&mut self) {
        const BYTES_A_VALUE: usize = 44;
        let is_full = self.is_large() && self.tree.text_len() > self.generator.options.size * BYTES_A_VALUE;
        self.budget = if is_full { 0 } else { self.budget.saturating_sub(1) };
    }

    /// The contract.
    pub(super) fn contract(&self) -> &'c Contract {
        self.generator.contract
    }
}
