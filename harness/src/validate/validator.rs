//! The validator: its buffers, the reading of the text, and what holds for
//! every JSON text whatever its types.

use super::shown::RuleSet;
use super::violation::Violation;
use crate::contract::{Contract, OperationKind, RuleId, rule};
use crate::json::{self, Fault, Layout, NodeId, Pointer, SyntaxError, Tree, ValueKind};

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
    /// Bytes before the text that was read (a byte order mark).
    offset: usize,
    /// The body replaces a policy that was created.
    pub(super) replaces: bool,
    /// Values by property, for the objects that are being looked at.
    pub(super) values: Vec<Option<NodeId>>,
}

impl<'c> Validator<'c> {
    /// A validator for this contract.
    pub fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            tree: Tree::new(),
            violations: Vec::new(),
            shown: RuleSet::default(),
            offset: 0,
            replaces: false,
            values: Vec::new(),
        }
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
        self.violations.clear();
        self.shown = RuleSet::default();
        self.offset = 0;
        let mut tree = std::mem::take(&mut self.tree);
        let mut result = json::read_into(body, &mut tree, Layout::Drop, self.contract.max_depth);
        if let Err(SyntaxError { fault: Fault::ByteOrderMark, .. }) = result {
            self.push_at(rule::BYTE_ORDER_MARK, 0..3);
            self.offset = 3;
            result = json::read_into(&body[3..], &mut tree, Layout::Drop, self.contract.max_depth);
        }
        self.tree = tree;
        match result {
            Ok(()) => self.document(),
            Err(error) => self.syntax(error, body.len()),
        }
    }

    /// The tree of the body last validated, white space left out.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The acceptance rules that the body last validated shows.
    pub fn shown(&self) -> RuleSet {
        self.shown
    }

    fn syntax(&mut self, error: SyntaxError, length: usize) {
        let rule = match error.fault {
            Fault::Empty => rule::EMPTY,
            Fault::Utf8 => rule::UTF8,
            Fault::Depth => rule::DEPTH,
            _ => rule::SYNTAX,
        };
        let start = error.offset + self.offset;
        self.push_at(rule, start..(start + 1).min(length).max(start));
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
        let tree = &self.tree;
        let mut found = Vec::new();
        if tree.children(object).nth(FEW).is_none() {
            let mut members = tree.children(object);
            while let Some(member) = members.next() {
                let same = |other: &NodeId| tree.same_name(member, *other);
                found.extend(members.clone().find(same));
            }
        } else {
            let mut names = std::collections::HashSet::new();
            found.extend(tree.children(object).filter(|&member| !names.insert(tree.name(member))));
        }
        for member in found {
            let span = self.shift(self.tree.name_span(member));
            let at = self.tree.pointer(member);
            self.violations.push(Violation { rule: rule::DUPLICATE_NAME, at, span });
        }
    }

    /// A violation by the value at `node`.
    pub(super) fn push(&mut self, rule: RuleId, node: NodeId) {
        let is_open = self.replaces && self.contract.rule(rule).creates;
        let rule = if is_open { rule::REPLACE_PARTIAL } else { rule };
        let span = self.shift(self.tree.value_span(node));
        let at = self.tree.pointer(node);
        self.violations.push(Violation { rule, at, span });
    }

    /// A violation by the name of the member at `node`.
    pub(super) fn push_name(&mut self, rule: RuleId, node: NodeId) {
        let span = self.shift(self.tree.name_span(node));
        let at = self.tree.pointer(node);
        self.violations.push(Violation { rule, at, span });
    }

    fn push_at(&mut self, rule: RuleId, span: std::ops::Range<usize>) {
        self.violations.push(Violation { rule, at: Pointer::default(), span });
    }

    fn shift(&self, span: json::Span) -> std::ops::Range<usize> {
        span.start as usize + self.offset..span.end as usize + self.offset
    }
}
