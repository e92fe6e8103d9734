//! The list of obligations: what the generator can be told at each place, which
//! operators apply there, the ways in which a request can differ, the rewritings,
//! and what is looked at in what is stored.

use std::collections::BTreeSet;

use super::obligation::{Action, Base, Obligation};
use crate::contract::{Contract, Kind, Level, OperationKind, Primitive, RuleId, Test, rule};
use crate::generate::{Choice, Lexeme, PlaceId, PlaceStep, Places, lexemes, lexical_class, lexical_classes, outside};
use crate::malform::{Change, EXCHANGES, Exchange, How, REWRITINGS, Site, operators};

/// All obligations, place by place.
pub(super) fn obligations(contract: &Contract, places: &Places) -> Vec<Obligation> {
    let mut list = List { contract, places, obligations: Vec::new(), replaced: BTreeSet::new() };
    list.exchanges();
    list.rewritings();
    for (id, _) in places.iter() {
        list.choices(id);
        list.changes(id);
    }
    if contract.operation(OperationKind::Read).is_some() {
        list.stored();
        list.unchanged();
    }
    if contract.creates() && contract.operation(OperationKind::List).is_some() {
        list.nothing_left();
    }
    list.scripts();
    list.obligations
}

pub(super) struct List<'c> {
    pub(super) contract: &'c Contract,
    pub(super) places: &'c Places,
    obligations: Vec<Obligation>,
    /// Kinds of bodies that a replace has its share of.
    replaced: BTreeSet<(RuleId, &'static str)>,
}

impl<'c> List<'c> {
    /// Adds an obligation of the operation that stores something new.
    pub(super) fn push(&mut self, rule: RuleId, place: PlaceId, name: &'static str, action: Action) {
        self.push_at(0, rule, place, name, action);
    }

    pub(super) fn push_at(
        &mut self,
        operation: usize,
        rule: RuleId,
        place: PlaceId,
        name: &'static str,
        action: Action,
    ) {
        if !self.contract.absent.contains(&rule) {
            self.obligations.push(Obligation { rule, place, operation, action, name });
        }
    }

    pub(super) fn site(&self, id: PlaceId) -> Site<'c> {
        Site::of(self.contract, self.places, id)
    }

    pub(super) fn kind(&self, operation: usize) -> OperationKind {
        self.contract.operations[operation].kind
    }

    /// The operations of these kinds, by index.
    fn operations(&self, kinds: &'static [OperationKind]) -> impl Iterator<Item = usize> + use<'c> {
        let all = self.contract.operations.iter().enumerate();
        all.filter(move |(_, operation)| kinds.contains(&operation.kind)).map(|(index, _)| index)
    }

    fn exchanges(&mut self) {
        for exchange in EXCHANGES {
            for operation in self.operations(exchange.kinds) {
                if let Some(rule) = self.exchanged(exchange, operation) {
                    self.push_at(operation, rule, Places::ROOT, exchange.name, Action::Exchange(exchange));
                }
            }
        }
    }

    /// The rule that an exchange is about at an operation; none where it says
    /// nothing there.
    pub(super) fn exchanged(&self, exchange: &Exchange, operation: usize) -> Option<RuleId> {
        let Change::Method(method) = exchange.change else { return Some(exchange.rule) };
        let path = &self.contract.operations[operation].path;
        let mut here = self.contract.operations.iter().enumerate().filter(|(_, other)| other.path == *path);
        // Every path once, and no method that it has.
        let is_first = here.clone().find(|(_, other)| exchange.kinds.contains(&other.kind));
        let is_had = here.clone().any(|(_, other)| *other.method == *method);
        if is_had || is_first.is_none_or(|(first, _)| first != operation) {
            return None;
        }
        let is_open = here.any(|(_, other)| other.open_methods.iter().any(|open| **open == *method));
        Some(if is_open { rule::METHOD_OPEN } else { exchange.rule })
    }

    fn rewritings(&mut self) {
        for rewriting in REWRITINGS {
            for operation in self.operations(rewriting.kinds) {
                let bases: &[Base] = match rewriting.how {
                    // Values of the type stand where there are places for them.
                    How::Values(primitive, _) => {
                        self.values(operation, rewriting.rule, rewriting.name, primitive, |base| {
                            Action::Rewrite(rewriting, base)
                        });
                        continue;
                    }
                    How::Body(_) | How::Request(_) if self.kind(operation).sends_policy() => {
                        &[Base::Valid, Base::Open, Base::Malformed]
                    }
                    How::Body(_) | How::Request(_) => &[Base::Valid],
                };
                for &base in bases {
                    let action = Action::Rewrite(rewriting, base);
                    self.push_at(operation, rewriting.rule, Places::ROOT, rewriting.name, action);
                }
            }
        }
    }

    /// The values of a primitive type; for a replace the first of them.
    fn values(
        &mut self,
        operation: usize,
        rule: RuleId,
        name: &'static str,
        primitive: Primitive,
        action: impl Fn(Base) -> Action,
    ) {
        for (id, place) in self.places.iter() {
            let is_wanted =
                matches!(self.site(id), Site::Single(property) if property.kind == Kind::Primitive(primitive));
            if is_wanted {
                let base = if place.is_open { Base::Open } else { Base::Valid };
                self.push_at(operation, rule, id, name, action(base));
                if self.kind(operation) == OperationKind::Replace {
                    return;
                }
            }
        }
    }

    /// What the generator can be told at a place.
    fn choices(&mut self, id: PlaceId) {
        let contract = self.contract;
        let site = self.site(id);
        let mut choices: Vec<(RuleId, &'static str, Choice<'static>)> = Vec::new();
        if self.places.get(id).is_open {
            // Whether any of it is taken is observed; there is nothing to judge in detail.
            choices.extend(open_rule(contract, self.places, id).map(|rule| (rule, "open-place", Choice::Any)));
        } else {
            match site {
                Site::Root(_) => choices.extend(root_choices(contract)),
                Site::Object { declared, actual } => choices.extend(object_choices(declared == actual, contract)),
                Site::Single(_) | Site::Collection(_) | Site::Item(_) => {
                    let is_asked_for = self.is_required(id);
                    value_choices(contract, site, is_asked_for, &mut choices);
                }
            }
            if let Some((_, actual)) = site.object() {
                let conditions = &contract.conditions[usize::from(actual.0)];
                choices.extend(conditions.iter().map(|&rule| (rule, "condition-broken", Choice::Broken(rule))));
            }
        }
        for (rule, name, choice) in choices {
            self.push(rule, id, name, Action::Choose(choice));
            let is_of_root = self.places.get(id).parent == Some(Places::ROOT);
            if choice != Choice::Absent || !is_of_root {
                self.replace(rule, id, name, Action::Choose(choice));
            } else if let Some(operation) = self.contract.operation(OperationKind::Replace)
                && site.member().is_some_and(|property| property.is_replaced())
            {
                self.push_at(operation, rule::REPLACE_PARTIAL, id, "partial", Action::Choose(choice));
            }
        }
    }

    fn changes(&mut self, id: PlaceId) {
        let is_open = self.places.get(id).is_open;
        let site = self.site(id);
        for operator in operators() {
            // Where nothing can be judged, only what is open there is tried.
            let is_wanted = !is_open || operator.rule == rule::REFERENCE_MEMBER;
            if is_wanted && (operator.applies)(self.contract, site) {
                self.push(operator.rule, id, operator.name, Action::Change(operator));
                // A member of the root under another name is left out.
                let is_renamed =
                    operator.rule == rule::PROPERTY_CASE && self.places.get(id).parent == Some(Places::ROOT);
                if !is_renamed && operator.rule != rule::REFERENCE_ONLY {
                    self.replace(operator.rule, id, operator.name, Action::Change(operator));
                }
            }
        }
    }

    /// The same once in a policy that replaces another: who reads the one body
    /// right may read the other wrong.
    fn replace(&mut self, rule: RuleId, place: PlaceId, name: &'static str, action: Action) {
        let Some(operation) = self.contract.operation(OperationKind::Replace) else { return };
        if !self.contract.rule(rule).creates && self.replaced.insert((rule, name)) {
            self.push_at(operation, rule, place, name, action);
        }
    }

    /// Whether a body without this property breaks a rule, whatever else it has.
    fn is_required(&self, id: PlaceId) -> bool {
        let PlaceStep::Property(owner, property) = self.places.get(id).step else { return false };
        let asks = |id: &RuleId| {
            let rule = self.contract.rule(*id);
            let is_judged = rule.level != Level::Unspecified;
            is_judged
                && rule.condition.as_ref().is_some_and(|(_, condition)| {
                    condition.when.is_empty()
                        && condition.then.property == property
                        && matches!(condition.then.test, Test::Present)
                })
        };
        self.contract.conditions[usize::from(owner.0)].iter().any(asks)
    }
}

/// The rule that leaves a place open, where it is this very place that does.
fn open_rule(contract: &Contract, places: &Places, id: PlaceId) -> Option<RuleId> {
    let own = match Site::of(contract, places, id) {
        Site::Root(_) | Site::Item(_) => None,
        Site::Object { actual, .. } => contract.schema.types[usize::from(actual.0)].open,
        Site::Single(property) | Site::Collection(property) => property.open,
    };
    // Inside an open place only the generator's own variety is exercised, under
    // the rule of the place that opened it.
    own.or_else(|| open_rule(contract, places, places.get(id).parent?))
}

type Named = (RuleId, &'static str, Choice<'static>);

fn root_choices(contract: &Contract) -> Vec<Named> {
    let typed = |hash, last| Choice::Typed { hash, last };
    let mut choices =
        vec![(rule::ACCEPT_BODY, "body", Choice::Any), (rule::ACCEPT_ROOT_TYPE, "type-named", typed(true, false))];
    if !contract.root_aliases.is_empty() {
        choices.push((rule::ACCEPT_ROOT_TYPE, "type-of-the-inside", typed(false, false)));
    }
    choices.push((rule::ACCEPT_MEMBER_ORDER, "type-named-last", typed(true, true)));
    let annotations = ["@odata.id", "@odata.context", "@contoso.note"];
    choices.extend(annotations.map(|name| (rule::ACCEPT_ANNOTATION, name, Choice::Annotated(name))));
    choices
}

fn object_choices(is_declared: bool, contract: &Contract) -> Vec<Named> {
    let named = if is_declared { rule::ACCEPT_DECLARED_TYPE } else { rule::ACCEPT_DERIVED_TYPE };
    let mut choices = vec![
        (named, "type-named", Choice::Typed { hash: true, last: false }),
        (rule::ACCEPT_MEMBER_ORDER, "type-named-last", Choice::Typed { hash: true, last: true }),
        (rule::ACCEPT_ANNOTATION, "@odata.id", Choice::Annotated("@odata.id")),
        (rule::ACCEPT_ANNOTATION, "@contoso.note", Choice::Annotated("@contoso.note")),
    ];
    if contract.hash_optional {
        let choice = Choice::Typed { hash: false, last: false };
        choices.push((rule::ACCEPT_TYPE_WITHOUT_HASH, "type-without-hash", choice));
    }
    choices
}

fn value_choices(contract: &Contract, site: Site<'_>, is_asked_for: bool, choices: &mut Vec<Named>) {
    if let Some(property) = site.member() {
        if !is_asked_for {
            choices.push((rule::ACCEPT_OMITTED, "absent", Choice::Absent));
        }
        if property.computed {
            choices.push((rule::ACCEPT_SERVER_SET, "server-set", Choice::Any));
        }
    }
    match site {
        Site::Collection(property) => {
            let most = property.facets.max_items.unwrap_or(contract.max_items);
            choices.push((rule::ACCEPT_EMPTY_COLLECTION, "empty-collection", Choice::Items(0)));
            choices.extend([1, 2, most].map(|count| (rule::ACCEPT_ITEMS, "items", Choice::Items(count))));
        }
        Site::Single(property) if property.nullable && property.null_open.is_none() && !is_asked_for => {
            choices.push((rule::ACCEPT_NULL, "null", Choice::Null));
        }
        _ => {}
    }
    let Some(property) = site.value() else { return };
    match property.kind {
        Kind::Enum(id) => {
            for (index, member) in contract.schema.enums[usize::from(id.0)].members.iter().enumerate() {
                choices.push((member.rule.unwrap_or(rule::ACCEPT_ENUM_MEMBER), "member", Choice::Member(index)));
            }
        }
        Kind::Primitive(primitive) => choices.extend(lexemes(primitive).iter().map(|&lexeme| {
            let rule = outside(property, &lexeme).unwrap_or(lexeme.rule);
            (rule, class_name(primitive, &lexeme), Choice::Lexeme(lexeme))
        })),
        Kind::Structured(_) => choices.push((rule::ACCEPT_BODY, "value", Choice::Any)),
    }
}

/// The lexical class of a boundary value, which says what is special about it.
fn class_name(primitive: Primitive, lexeme: &Lexeme) -> &'static str {
    let class = lexical_class(primitive, &lexeme.content());
    class.and_then(|class| lexical_classes(primitive).get(usize::from(class))).copied().unwrap_or("boundary-value")
}
