//! What the sentences about a violation are made from: the contract, the body, and
//! what is declared at the place.

use std::ops::Range;

use super::words;
use crate::contract::{Contract, Kind, Property, StructuredType, TypeId};
use crate::json::{NodeId, Step, SyntaxError, Tree, ValueKind};
use crate::validate;

/// A violation, and all there is to say something about it.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) contract: &'a Contract,
    pub(super) tree: &'a Tree,
    pub(super) body: &'a [u8],
    pub(super) syntax_error: Option<SyntaxError>,
    pub(super) violation: &'a validate::Violation,
}

/// What is said of a violation.
#[derive(Clone, Debug, Default)]
pub(super) struct Explanation {
    pub(super) message: String,
    pub(super) expected: Option<String>,
    pub(super) found: Option<String>,
    pub(super) suggestion: Option<String>,
}

impl Explanation {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    pub(super) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(super) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(super) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion.or(self.suggestion);
        self
    }
}

impl<'a> Context<'a> {
    /// The property that is declared at the place.
    pub(super) fn property(&self) -> Option<&'a Property> {
        self.violation.declared.property(self.contract)
    }

    /// The type of the object that the place belongs to.
    pub(super) fn owner(&self) -> Option<&'a StructuredType> {
        self.violation.declared.owner(self.contract)
    }

    /// The type's name in a sentence.
    pub(super) fn owner_name(&self) -> &'a str {
        self.owner().map_or("the policy", |owner| words::short(&owner.name))
    }

    /// The name of the member that the place is, or is in.
    pub(super) fn name(&self) -> String {
        let steps = self.violation.at.steps().iter().rev();
        let name = steps.filter_map(|step| match step {
            Step::Name(name) => Some(name),
            Step::Index(_) => None,
        });
        match name.map(|name| words::clip(name)).next() {
            Some(empty) if empty.is_empty() => "\"\"".to_owned(),
            Some(name) => name,
            None => "the body".to_owned(),
        }
    }

    /// The text of the string at the place, escapes decoded.
    pub(super) fn text(&self) -> Option<String> {
        let node = self.violation.node?;
        (self.tree.kind(node) == ValueKind::String).then(|| self.tree.string(node).into_owned())
    }

    /// What stands at the place.
    pub(super) fn value(&self) -> String {
        self.violation.node.map_or_else(|| "nothing".to_owned(), |node| words::found(self.tree, node))
    }

    /// Whether the place is an item of a collection.
    pub(super) fn is_item(&self) -> bool {
        matches!(self.violation.at.steps().last(), Some(Step::Index(_)))
    }

    /// The object that the place is a member of, or, where an object as a whole is
    /// meant, that object.
    pub(super) fn object(&self) -> Option<NodeId> {
        let steps = self.violation.at.steps();
        let is_whole = self.violation.declared.property.is_none()
            && self.violation.node.is_some_and(|node| self.tree.kind(node) == ValueKind::Object)
            && self.contract.rule(self.violation.rule).condition.is_some();
        let depth = if is_whole { steps.len() } else { steps.len().saturating_sub(1) };
        self.tree.at(&steps[..depth].iter().cloned().collect())
    }

    /// The type of the values that are declared at the place: of the body at the
    /// root.
    pub(super) fn declared_type(&self) -> TypeId {
        match self.property().map(|property| property.kind) {
            Some(Kind::Structured(id)) => id,
            _ => self.contract.body,
        }
    }

    /// The type of an id.
    pub(super) fn type_of(&self, id: TypeId) -> Option<&'a StructuredType> {
        self.contract.schema.types.get(usize::from(id.0))
    }

    /// The names of an object's members, annotations left out.
    pub(super) fn member_names(&self, object: NodeId) -> Vec<String> {
        let names = self.tree.children(object).map(|member| self.tree.name(member).into_owned());
        names.filter(|name| !name.contains('@')).collect()
    }

    /// The line of a node.
    pub(super) fn line_of(&self, node: NodeId) -> usize {
        let start = self.shifted(self.tree.value_span(node).range()).start;
        self.body.get(..start).unwrap_or_default().iter().filter(|&&byte| byte == b'\n').count() + 1
    }

    /// A range of the tree's text as one of the body: a byte order mark is no part
    /// of the text.
    pub(super) fn shifted(&self, range: Range<usize>) -> Range<usize> {
        let shift = if self.body.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        range.start + shift..range.end + shift
    }

    /// What to look at: a member's name, or an opening bracket, stands for a whole
    /// container, and the property that a condition asks for stands for its object.
    pub(super) fn span(&self) -> Range<usize> {
        let violation = self.violation;
        let Some(node) = violation.node else { return violation.span.clone() };
        let whole = self.shifted(self.tree.value_span(node).range());
        let is_container = matches!(self.tree.kind(node), ValueKind::Object | ValueKind::Array);
        if violation.span != whole || !is_container {
            return violation.span.clone();
        }
        let asked = self.contract.rule(violation.rule).condition.as_ref().and_then(|(_, condition)| {
            let property = self.owner()?.properties.get(condition.then.property)?;
            self.tree.member(node, &property.name)
        });
        match asked {
            Some(member)
                if self.tree.kind(member) != ValueKind::Object && self.tree.kind(member) != ValueKind::Array =>
            {
                self.shifted(self.tree.value_span(member).range())
            }
            Some(member) => self.shifted(self.tree.name_span(member).range()),
            None if self.tree.raw_name(node).is_empty() => whole.start..whole.start + 1,
            None => self.shifted(self.tree.name_span(node).range()),
        }
    }
}
