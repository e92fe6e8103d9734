//! The validator: its buffers, the reading of the text, and what holds for
//! every JSON text whatever its types.

use std::ops::Range;

use super::shown::RuleSet;
use super::violation::{Declared, Dropped, Violation};
use crate::contract::{Contract, OperationKind, RuleId, rule};
use crate::json::{self, Fault, Layout, Limits, Lineage, NodeId, Pointer, SyntaxError, Tree, ValueKind};

/// Validates bodies against a contract, one after the other, in buffers that
/// are used again.
///
/// ```
/// use policy_harness::{contract::{Contract, rule}, validate::Validator};
/// let contract = Contract::named("seed").unwrap();
/// let mut validator = Validator::new(&contract);
/// assert!(validator.validate(br#"{"displayName":"Sales"}"#).is_empty());
/// let violations = validator.validate(br#"{"displayNam":"Sales"}"#);
/// assert_eq!(violations[0].rule, rule::UNDECLARED);
/// assert_eq!(violations[0].at.to_string(), "/displayNam");
/// ```
#[derive(Debug)]
pub struct Validator<'c> {
    pub(super) contract: &'c Contract,
    pub(super) tree: Tree,
    pub(super) violations: Vec<Violation>,
    pub(super) shown: RuleSet,
    /// Look at objects whose type is at fault.
    pub(super) is_thorough: bool,
    /// Values of one body that are read.
    most_values: usize,
    /// What is declared where the validator is.
    pub(super) declared: Declared,
    /// Why the text is no JSON.
    syntax_error: Option<SyntaxError>,
    /// Violations of one body that are kept.
    most_violations: usize,
    dropped: Dropped,
    lineage: Lineage,
    /// Bytes before the text that was read (a byte order mark).
    offset: usize,
    /// The body replaces a policy that was created.
    pub(super) replaces: bool,
    /// Values by property, for the objects that are being looked at.
    pub(super) values: Vec<Option<NodeId>>,
    /// Members of one object, while it is looked for names that occur twice.
    members: Vec<NodeId>,
    /// What a string says that has escapes, while it is looked at.
    pub(super) text: String,
}

impl<'c> Validator<'c> {
    /// A validator for this contract.
    pub fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            tree: Tree::new(),
            violations: Vec::new(),
            shown: RuleSet::default(),
            is_thorough: false,
            most_values: usize::MAX,
            declared: Declared::default(),
            syntax_error: None,
            most_violations: usize::MAX,
            dropped: Dropped::default(),
            lineage: Lineage::default(),
            offset: 0,
            replaces: false,
            values: Vec::new(),
            members: Vec::new(),
            text: String::new(),
        }
    }

    /// Looks at the members of objects whose type is at fault too, as those of the type
    /// that was probably meant: for a person who wants to know all at once. The label
    /// of a body comes from a validator that guesses nothing.
    #[must_use]
    pub fn thorough(mut self) -> Self {
        self.is_thorough = true;
        self
    }

    /// Bounds the memory that a body takes: one with more values is not read to its
    /// end, and counts as no JSON; of one with more violations the rest is counted.
    /// The label of a body comes from a validator without bounds.
    #[must_use]
    pub fn bounded(mut self, values: usize, violations: usize) -> Self {
        (self.most_values, self.most_violations) = (values, violations);
        self
    }

    /// Every rule that `body` breaks and every open point that it touches, as the
    /// body of an operation of this kind. A body that replaces a policy may break
    /// what holds for new ones only, and leaves open what it leaves out.
    pub fn validate_as(&mut self, kind: OperationKind, body: &[u8]) -> &[Violation] {
        self.replaces = kind == OperationKind::Replace;
        self.read(body);
        &self.violations
    }

    /// The same for a body that stores a policy anew. Where the text is no JSON
    /// there is one violation, because nothing else can be told.
    pub fn validate(&mut self, body: &[u8]) -> &[Violation] {
        self.replaces = false;
        self.read(body);
        &self.violations
    }

    fn read(&mut self, body: &[u8]) {
        self.parse(body);
        self.judge();
    }

    /// Reads the text; what it says is judged apart from that, so that a body is
    /// read once although more than one contract may be meant for it.
    pub(crate) fn parse(&mut self, body: &[u8]) {
        self.violations.clear();
        self.syntax_error = None;
        self.dropped = Dropped::default();
        self.offset = 0;
        let mut tree = std::mem::take(&mut self.tree);
        let limits = Limits { depth: self.contract.max_depth, values: self.most_values };
        let mut result = json::read_within(body, &mut tree, Layout::Drop, limits);
        if let Err(SyntaxError { fault: Fault::ByteOrderMark, .. }) = result {
            self.push_at(rule::BYTE_ORDER_MARK, 0..3);
            self.offset = 3;
            result = json::read_within(&body[3..], &mut tree, Layout::Drop, limits);
        }
        self.tree = tree;
        if let Err(error) = result {
            self.syntax(error, body);
        }
    }

    /// Judges the text that was read last.
    pub(crate) fn judge(&mut self) {
        self.shown = RuleSet::default();
        if self.syntax_error.is_none() {
            self.document();
        }
    }

    /// Takes over what another validator has read, and gives it what this one had.
    pub(crate) fn exchange_text(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.tree, &mut other.tree);
        std::mem::swap(&mut self.violations, &mut other.violations);
        std::mem::swap(&mut self.syntax_error, &mut other.syntax_error);
        std::mem::swap(&mut self.dropped, &mut other.dropped);
        std::mem::swap(&mut self.offset, &mut other.offset);
    }

    /// The contract that it validates against.
    pub fn contract(&self) -> &'c Contract {
        self.contract
    }

    /// What was found in the body last validated.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Why the text last validated is no JSON, with the position in it.
    pub fn syntax_error(&self) -> Option<SyntaxError> {
        self.syntax_error
    }

    /// The violations of the body last validated that were not kept.
    pub fn dropped(&self) -> Dropped {
        self.dropped
    }

    /// Violations so far, those that were not kept among them.
    pub(super) fn found(&self) -> usize {
        self.violations.len() + self.dropped.count
    }

    /// The tree of the body last validated, white space left out.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The acceptance rules that the body last validated shows.
    pub fn shown(&self) -> RuleSet {
        self.shown
    }

    fn syntax(&mut self, error: SyntaxError, body: &[u8]) {
        let rule = match error.fault {
            Fault::Empty => rule::EMPTY,
            Fault::Utf8 => rule::UTF8,
            Fault::Depth => rule::DEPTH,
            _ => rule::SYNTAX,
        };
        let start = error.offset + self.offset;
        self.syntax_error = Some(SyntaxError { offset: start, ..error });
        // The whole character.
        let rest = body.get(start + 1..).unwrap_or_default();
        let more = rest.iter().take(3).take_while(|&&byte| byte & 0xC0 == 0x80).count();
        let more = if error.fault == Fault::Utf8 { 0 } else { more };
        self.push_at(rule, start..(start + 1 + more).min(body.len()).max(start));
    }

    fn document(&mut self) {
        let Some(root) = self.tree.root() else { return };
        self.every_node();
        if self.tree.kind(root) == ValueKind::Object {
            if self.tree.children(root).next().is_none() {
                self.shown.insert(rule::ACCEPT_EMPTY_OBJECT);
            }
            self.root(root);
        } else {
            self.push(rule::ROOT, root);
        }
        self.violations.sort_by_key(|violation| violation.span.start);
        self.locate();
    }

    /// Says where the violations are, once all are known: one walk over the tree
    /// serves them all.
    fn locate(&mut self) {
        if self.violations.iter().all(|violation| violation.node.is_none()) {
            return;
        }
        self.lineage.read(&self.tree);
        for violation in &mut self.violations {
            if let Some(node) = violation.node {
                violation.at = self.lineage.pointer(&self.tree, node);
            }
        }
    }

    /// What holds everywhere, in annotations too.
    fn every_node(&mut self) {
        if self.tree.is_spaced() {
            self.shown.insert(rule::ACCEPT_WHITE_SPACE);
        }
        for node in self.tree.nodes() {
            if self.tree.has_escapes(node) {
                self.shown.insert(rule::ACCEPT_ESCAPES);
                let is_string = self.tree.kind(node) == ValueKind::String;
                if is_string && json::has_lone_surrogate(self.tree.raw(node))
                    || json::has_lone_surrogate(self.tree.raw_name(node))
                {
                    self.push(rule::LONE_SURROGATE, node);
                }
            }
            if self.tree.kind(node) == ValueKind::Object {
                self.duplicate_names(node);
            }
        }
    }

    fn duplicate_names(&mut self, object: NodeId) {
        // Few members are compared in pairs; many, which only an attack or an
        // annotation has, through a set.
        const FEW: usize = 24;
        let mut members = std::mem::take(&mut self.members);
        members.clear();
        members.extend(self.tree.children(object));
        if members.len() <= FEW {
            for (index, &member) in members.iter().enumerate() {
                if members[..index].iter().any(|&earlier| self.tree.same_name(earlier, member)) {
                    self.push_name(rule::DUPLICATE_NAME, member);
                }
            }
        } else {
            let mut names = std::collections::HashSet::new();
            members.retain(|&member| !names.insert(self.tree.name(member)));
            for &member in &members {
                self.push_name(rule::DUPLICATE_NAME, member);
            }
        }
        self.members = members;
    }

    /// A violation by the value at `node`.
    pub(super) fn push(&mut self, rule: RuleId, node: NodeId) {
        let is_open = self.replaces && self.contract.rule(rule).creates;
        let rule = if is_open { rule::REPLACE_PARTIAL } else { rule };
        let span = self.shift(self.tree.value_span(node));
        self.keep(rule, span, Some(node));
    }

    /// A violation by the name of the member at `node`.
    pub(super) fn push_name(&mut self, rule: RuleId, node: NodeId) {
        let span = self.shift(self.tree.name_span(node));
        self.keep(rule, span, Some(node));
    }

    fn push_at(&mut self, rule: RuleId, span: Range<usize>) {
        self.keep(rule, span, None);
    }

    fn keep(&mut self, rule: RuleId, span: Range<usize>, node: Option<NodeId>) {
        if self.violations.len() < self.most_violations {
            self.violations.push(Violation { rule, at: Pointer::default(), span, node, declared: self.declared });
        } else {
            self.dropped.count += 1;
            self.dropped.worst = self.dropped.worst.max(Some(self.contract.rule(rule).level));
        }
    }

    /// A range of the tree's text as one of the body, which may begin with a byte
    /// order mark.
    pub(crate) fn shift(&self, span: json::Span) -> Range<usize> {
        span.start as usize + self.offset..span.end as usize + self.offset
    }
}
