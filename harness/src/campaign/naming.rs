//! What a valid body that is refused, and cannot be made smaller, is about: the
//! acceptance rule that tells most. Where two members are needed that the
//! contract does not tie together, it is the two together; where one more
//! property makes it pass, it is that the property was left out.

use crate::case::Case;
use crate::contract::{Contract, Kind, Property, RuleId, rule};
use crate::generate::{Class, lexemes};
use crate::json::{NodeId, Pointer, Step, Tree, ValueKind};
use crate::validate::{Label, Validator};

/// A body with annotations and nothing that a contract would have to declare.
const SOME_BODY: &[u8] = br#"{"@contoso.note":"not empty"}"#;

/// Names what is left of a body.
pub(super) struct Naming<'n, 'c> {
    contract: &'c Contract,
    validator: &'n mut Validator<'c>,
}

impl<'n, 'c> Naming<'n, 'c> {
    pub(super) fn new(contract: &'c Contract, validator: &'n mut Validator<'c>) -> Self {
        Self { contract, validator }
    }

    /// The acceptance rule that the body shows and that tells most.
    pub(super) fn of(&mut self, case: &Case) -> RuleId {
        let telling = most_telling(self.validator, case.body());
        // How a body is written matters whatever it says.
        if WRITING.contains(&telling) || !self.is_combination(&case.tree) { telling } else { rule::ACCEPT_BODY }
    }

    /// Whether a rule is about how a body is written.
    pub(super) fn is_about_writing(rule: RuleId) -> bool {
        WRITING.contains(&rule)
    }

    /// Another body, where nothing is left of this one.
    pub(super) fn other_than_nothing(&mut self, case: &Case) -> Option<Case> {
        let telling = most_telling(self.validator, case.body());
        let is_nothing = case.body() == b"{}" || telling == rule::ACCEPT_EMPTY_OBJECT;
        is_nothing.then(|| {
            let mut other = case.clone();
            other.request.body = Some(SOME_BODY.to_vec());
            other
        })
    }

    /// The place that a small body is about: the end of its one branch, or where
    /// it parts.
    pub(super) fn heart(&self, tree: &Tree) -> Pointer {
        let Some(mut node) = tree.root() else { return Pointer::default() };
        loop {
            let mut members = tree.children(node).filter(|&member| !tree.name(member).contains('@'));
            match (members.next(), members.next()) {
                (Some(only), None) => node = only,
                _ => return tree.pointer(node),
            }
        }
    }

    /// The body with one more property, for each that it leaves out.
    pub(super) fn fuller(&mut self, case: &Case) -> Vec<(Pointer, Case)> {
        let mut fuller = Vec::new();
        for (object, actual) in self.contract.objects(&case.tree) {
            for property in &self.contract.schema.types[usize::from(actual.0)].properties {
                let is_there = case.tree.member(object, &property.name).is_some();
                if is_there || property.open.is_some() || property.computed {
                    continue;
                }
                let mut tree = case.tree.clone();
                let Some(value) = plain_value(self.contract, property, &mut tree) else { continue };
                tree.append_member(object, &property.name, value);
                let is_valid = self.validator.validate(&tree.to_bytes()).is_empty();
                let Some(case) = case.with_tree(self.contract, &tree).filter(|_| is_valid) else { continue };
                let steps = case.tree.pointer(object).steps().to_vec();
                let at = steps.into_iter().chain([Step::Name(property.name.clone())]).collect();
                fuller.push((at, case));
            }
        }
        fuller
    }

    /// The body with another value in the place of one, for each value that has
    /// others: what it says of its place if that is taken.
    pub(super) fn others(&mut self, case: &Case) -> Vec<(Pointer, RuleId, Case)> {
        let mut others = Vec::new();
        for (node, property) in self.contract.values(&case.tree) {
            let pointer = case.tree.pointer(node);
            for (kind, text) in other_values(self.contract, property, &case.tree.string(node)) {
                let mut tree = case.tree.clone();
                let value = tree.scalar(kind, text.as_bytes());
                tree.replace(node, value);
                let is_valid = self.validator.validate(&tree.to_bytes()).is_empty();
                let Some(other) = case.with_tree(self.contract, &tree).filter(|_| is_valid) else { continue };
                others.push((pointer.clone(), self.about(property, &case.tree, node), other));
            }
        }
        others
    }

    /// The rule that a value which is refused shows.
    fn about(&self, property: &Property, tree: &Tree, node: NodeId) -> RuleId {
        match (tree.kind(node), property.kind) {
            (ValueKind::Null, _) => rule::ACCEPT_NULL,
            (_, Kind::Enum(_)) => rule::ACCEPT_ENUM_MEMBER,
            _ if !tree.string(node).is_ascii() => rule::ACCEPT_STRING_CONTENT,
            _ => rule::ACCEPT_VALUE,
        }
    }

    /// Whether two members of one object are needed, and neither because the
    /// contract asks for it once the other is there.
    pub(super) fn is_combination(&mut self, tree: &Tree) -> bool {
        let objects = tree.root().map(|root| tree.subtree(root)).unwrap_or_default();
        objects.into_iter().filter(|&node| tree.kind(node) == ValueKind::Object).any(|object| {
            let members = tree.children(object).filter(|&member| !tree.name(member).contains('@'));
            members.filter(|&member| self.can_do_without(tree, object, member)).count() > 1
        })
    }

    fn can_do_without(&mut self, tree: &Tree, object: NodeId, member: NodeId) -> bool {
        let mut other = tree.clone();
        other.detach(object, member);
        Label::of(self.contract, self.validator.validate(&other.to_bytes())) == Label::Valid
    }
}

/// What a valid body that cannot be made smaller shows most tellingly.
pub(super) fn trait_of(contract: &Contract, case: &Case) -> RuleId {
    most_telling(&mut Validator::new(contract), case.body())
}

fn most_telling(validator: &mut Validator<'_>, body: &[u8]) -> RuleId {
    validator.validate(body);
    let shown = validator.shown();
    let telling = WRITING.iter().chain(TELLING);
    telling.copied().find(|&rule| shown.contains(rule)).unwrap_or(rule::ACCEPT_BODY)
}

/// A value that a property must accept, as plain as there is one.
fn plain_value(contract: &Contract, property: &Property, tree: &mut Tree) -> Option<NodeId> {
    if property.is_collection {
        return Some(tree.array());
    }
    let facets = &property.facets;
    Some(match property.kind {
        _ if facets.format.is_some() => tree.string_of("0a4e1c58-2f62-4f6d-9d0b-6f2f0c9a7b11"),
        _ if !facets.allowed.is_empty() => tree.string_of(facets.allowed.first()?),
        Kind::Primitive(primitive) => {
            let fits = |class: &Class| !class.is_open(contract, property);
            let classes = Class::of(contract, property);
            let lexeme = classes.iter().filter(|class| fits(class)).find_map(|class| class.representative(property));
            let lexeme = lexeme.or_else(|| lexemes(primitive).first())?;
            tree.scalar(lexeme.kind, lexeme.text().as_bytes())
        }
        Kind::Enum(id) => {
            let members = &contract.schema.enums.get(usize::from(id.0))?.members;
            tree.string_of(&members.iter().find(|member| member.rule.is_none())?.name)
        }
        Kind::Structured(_) => tree.object(),
    })
}

/// A few other values that a property must accept.
fn other_values(contract: &Contract, property: &Property, value: &str) -> Vec<(ValueKind, String)> {
    const MOST: usize = 3;
    let all: Vec<(ValueKind, String)> = match property.kind {
        Kind::Enum(id) => {
            let members = &contract.schema.enums[usize::from(id.0)].members;
            let sure = members.iter().filter(|member| member.rule.is_none());
            sure.map(|member| (ValueKind::String, member.name.to_string())).collect()
        }
        Kind::Primitive(_) if property.facets.format.is_some() || !property.facets.allowed.is_empty() => Vec::new(),
        Kind::Primitive(_) => Class::of(contract, property)
            .into_iter()
            .filter(|class| !class.is_open(contract, property))
            .filter_map(|class| class.representative(property))
            .map(|lexeme| (lexeme.kind, lexeme.text()))
            .collect(),
        Kind::Structured(_) => Vec::new(),
    };
    all.into_iter().filter(|(_, text)| text != value).take(MOST).collect()
}

/// Rules on how a body is written, the most telling first.
const WRITING: &[RuleId] = &[
    rule::ACCEPT_WHITE_SPACE,
    rule::ACCEPT_MEMBER_ORDER,
    rule::ACCEPT_TYPE_WITHOUT_HASH,
    rule::ACCEPT_ESCAPES,
    rule::ACCEPT_ANNOTATION,
];

/// Rules on what a body says, the most telling first.
const TELLING: &[RuleId] = &[
    rule::ACCEPT_NULL,
    rule::ACCEPT_ROOT_TYPE,
    rule::ACCEPT_SERVER_SET,
    rule::ACCEPT_STRING_CONTENT,
    rule::ACCEPT_ITEMS,
    rule::ACCEPT_ENUM_MEMBER,
    rule::ACCEPT_VALUE,
    rule::ACCEPT_DERIVED_TYPE,
    rule::ACCEPT_DECLARED_TYPE,
    rule::ACCEPT_EMPTY_COLLECTION,
    rule::ACCEPT_EMPTY_OBJECT,
];
