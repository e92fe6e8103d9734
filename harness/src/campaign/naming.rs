//! What a valid body that is refused, and cannot be made smaller, is about: the
//! acceptance rule that tells most. Where two members are needed that the
//! contract does not tie together, it is the two together; where one more
//! property makes it pass, it is that the property was left out; where another
//! value makes it pass, it is the value.

use crate::case::Case;
use crate::contract::{Contract, Format, Kind, Property, RuleId, TypeId, rule};
use crate::generate::{Class, lexemes};
use crate::json::{NodeId, Step, Tree, ValueKind};
use crate::validate::{Label, Validator};

/// A body with annotations and nothing that a contract would have to declare.
const SOME_BODY: &[u8] = br#"{"@contoso.note":"not empty"}"#;
/// Properties that are tried; a body that lacks more was not made small.
const MOST_MISSING: usize = 100;
/// Other values that are tried in the place of one.
const MOST_VALUES: usize = 3;

/// The rule of a small body.
pub(super) enum Named {
    /// It is this one.
    ByItself(RuleId),
    /// It is this one, unless one of the values is to blame.
    ByAValue(RuleId),
}

/// The acceptance rule that a small body shows and that tells most.
pub(super) fn named(contract: &Contract, validator: &mut Validator<'_>, case: &Case) -> Named {
    let telling = most_telling(validator, case.body());
    // How a body is written matters whatever it says.
    if WRITING.contains(&telling) {
        Named::ByItself(telling)
    } else if is_combination(contract, validator, &case.tree) {
        Named::ByItself(rule::ACCEPT_BODY)
    } else {
        Named::ByAValue(telling)
    }
}

/// Another body, where nothing is left of this one.
pub(super) fn other_than_nothing(validator: &mut Validator<'_>, case: &Case) -> Option<Case> {
    let is_nothing = case.body() == b"{}" || most_telling(validator, case.body()) == rule::ACCEPT_EMPTY_OBJECT;
    is_nothing.then(|| {
        let mut other = case.clone();
        other.request.body = Some(SOME_BODY.to_vec());
        other
    })
}

/// A property that an object of the body leaves out.
#[derive(Clone, Copy)]
pub(super) struct Missing {
    object: NodeId,
    owner: TypeId,
    property: usize,
}

/// What the objects of a body leave out.
pub(super) fn missing(contract: &Contract, tree: &Tree) -> Vec<Missing> {
    let objects = contract.objects(tree).into_iter();
    objects
        .flat_map(|(object, owner)| {
            let properties = contract.schema.types[usize::from(owner.0)].properties.iter().enumerate();
            let is_missing = move |property: &Property| {
                tree.member(object, &property.name).is_none() && property.open.is_none() && !property.computed
            };
            let missing = properties.filter(move |(_, property)| is_missing(property));
            missing.map(move |(property, _)| Missing { object, owner, property })
        })
        .take(MOST_MISSING)
        .collect()
}

/// The case with one more property; none where its body would not be valid.
pub(super) fn fuller(
    contract: &Contract,
    validator: &mut Validator<'_>,
    case: &Case,
    missing: Missing,
) -> Option<Case> {
    let Missing { object, owner, property } = missing;
    let property = contract.schema.types[usize::from(owner.0)].properties.get(property)?;
    let mut tree = case.tree.clone();
    let value = plain_value(contract, property, &mut tree)?;
    tree.append_member(object, &property.name, value);
    let mut fuller = valid_with(contract, validator, case, &tree)?;
    let steps = tree.pointer(object).steps().to_vec();
    fuller.at = steps.into_iter().chain([Step::Name(property.name.clone())]).collect();
    Some(fuller)
}

/// The case with another value in the place of one.
pub(super) fn others(
    contract: &Contract,
    validator: &mut Validator<'_>,
    case: &Case,
    node: NodeId,
    property: &Property,
) -> Vec<Case> {
    let values = other_values(contract, property, &case.tree.string(node)).into_iter();
    values
        .filter_map(|(kind, text)| {
            let mut tree = case.tree.clone();
            let value = tree.scalar(kind, text.as_bytes());
            tree.replace(node, value);
            valid_with(contract, validator, case, &tree)
        })
        .collect()
}

/// The rule that a value which is refused shows.
pub(super) fn about(property: &Property, tree: &Tree, node: NodeId) -> RuleId {
    match (tree.kind(node), property.kind) {
        (ValueKind::Null, _) => rule::ACCEPT_NULL,
        (_, Kind::Enum(_)) => rule::ACCEPT_ENUM_MEMBER,
        _ if !tree.string(node).is_ascii() => rule::ACCEPT_STRING_CONTENT,
        _ => rule::ACCEPT_VALUE,
    }
}

/// What a valid body that cannot be made smaller shows most tellingly.
pub(super) fn trait_of(contract: &Contract, case: &Case) -> RuleId {
    most_telling(&mut Validator::new(contract), case.body())
}

fn valid_with(contract: &Contract, validator: &mut Validator<'_>, case: &Case, tree: &Tree) -> Option<Case> {
    let is_valid = validator.validate(&tree.to_bytes()).is_empty();
    case.with_tree(contract, tree).filter(|_| is_valid)
}

/// Whether two members of one object are needed, and neither because the
/// contract asks for it once the other is there.
fn is_combination(contract: &Contract, validator: &mut Validator<'_>, tree: &Tree) -> bool {
    let objects = tree.root().map(|root| tree.subtree(root)).unwrap_or_default();
    objects.into_iter().filter(|&node| tree.kind(node) == ValueKind::Object).any(|object| {
        let members = tree.children(object).filter(|&member| !tree.name(member).contains('@'));
        let mut needed = members.filter(|&member| can_do_without(contract, validator, tree, object, member));
        needed.nth(1).is_some()
    })
}

fn can_do_without(
    contract: &Contract,
    validator: &mut Validator<'_>,
    tree: &Tree,
    object: NodeId,
    member: NodeId,
) -> bool {
    let mut other = tree.clone();
    other.detach(object, member);
    Label::of(contract, validator.validate(&other.to_bytes())) == Label::Valid
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
    if let Some(id) = contract.ids_of(property).first() {
        return Some(tree.string_of(id));
    }
    Some(match (property.kind, facets.format) {
        (_, Some(Format::Guid)) => tree.string_of("0a4e1c58-2f62-4f6d-9d0b-6f2f0c9a7b11"),
        (_, Some(Format::Language)) => tree.string_of("en"),
        _ if !facets.allowed.is_empty() => tree.string_of(facets.allowed.first()?),
        (Kind::Primitive(primitive), None) => {
            let fits = |class: &Class| !class.is_open(contract, property);
            let classes = Class::of(contract, property);
            let lexeme = classes.iter().filter(|class| fits(class)).find_map(|class| class.representative(property));
            let lexeme = lexeme.or_else(|| lexemes(primitive).first())?;
            tree.scalar(lexeme.kind, lexeme.text().as_bytes())
        }
        (Kind::Enum(id), None) => {
            let members = &contract.schema.enums.get(usize::from(id.0))?.members;
            tree.string_of(&members.iter().find(|member| member.rule.is_none())?.name)
        }
        (Kind::Structured(_), None) => tree.object(),
    })
}

/// A few other values that a property must accept.
fn other_values(contract: &Contract, property: &Property, value: &str) -> Vec<(ValueKind, String)> {
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
            .map(|lexeme| (lexeme.kind, lexeme.text().into_owned()))
            .collect(),
        Kind::Structured(_) => Vec::new(),
    };
    all.into_iter().filter(|(_, text)| text != value).take(MOST_VALUES).collect()
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
