//! The obligations of a contract: every rule at every place where it can be
//! exercised, in a fixed order. They are finite, and a run walks all of them.

use crate::contract::{Contract, Family, Kind, Level, RuleId, rule};
use crate::generate::{Choice, Layout, PlaceId, Places, Style, lexemes};
use crate::malform::{EXCHANGES, Exchange, Operator, Site, operators};

/// How an obligation is exercised.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// The generator is told what is at the place.
    Choose(Choice),
    /// A valid body is changed at the place.
    Change(&'static Operator),
    /// A valid body is written in this style.
    Write(Style),
    /// A valid body is sent in another way; the operation is given by index.
    Exchange(&'static Exchange, usize),
}

/// A rule at a place.
#[derive(Clone, Copy, Debug)]
pub struct Obligation {
    /// The rule.
    pub rule: RuleId,
    /// Where: a place in the body; the body itself for what concerns the exchange.
    pub place: PlaceId,
    /// How.
    pub action: Action,
}

/// The obligations of a contract.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The places of its bodies.
    pub places: Places,
    /// All obligations, in the order in which a run walks them.
    pub obligations: Vec<Obligation>,
}

impl Plan {
    /// Lists them.
    pub fn of(contract: &Contract) -> Self {
        let places = Places::of(contract);
        let mut plan = Self { places, obligations: Vec::new() };
        plan.exchanges(contract);
        plan.styles();
        let ids: Vec<PlaceId> = plan.places.iter().map(|(id, _)| id).collect();
        for id in ids {
            plan.choices(contract, id);
            plan.changes(contract, id);
        }
        // The plainest good bodies first: nothing can be judged without them.
        plan.obligations.sort_by_key(|obligation| match (obligation.rule, obligation.action) {
            (rule::ACCEPT_EMPTY_OBJECT, _) => 0,
            (rule::ACCEPT_BODY, Action::Choose(_)) => 1,
            _ => 2,
        });
        plan
    }

    /// The family of an obligation's rule.
    pub fn family(&self, contract: &Contract, obligation: &Obligation) -> Family {
        contract.rule(obligation.rule).family
    }

    fn push(&mut self, rule: RuleId, place: PlaceId, action: Action) {
        self.obligations.push(Obligation { rule, place, action });
    }

    fn exchanges(&mut self, contract: &Contract) {
        for exchange in EXCHANGES {
            for (index, operation) in contract.operations.iter().enumerate() {
                if exchange.kinds.contains(&operation.kind) {
                    self.push(exchange.rule, Places::ROOT, Action::Exchange(exchange, index));
                }
            }
        }
    }

    fn styles(&mut self) {
        let plain = Style::default();
        for (rule, style) in [
            (rule::ACCEPT_WHITE_SPACE, Style { layout: Layout::Indented, ..plain }),
            (rule::ACCEPT_WHITE_SPACE, Style { layout: Layout::Ragged, ..plain }),
            (rule::ACCEPT_ESCAPES, Style { escapes: 8, ..plain }),
            (rule::ACCEPT_ESCAPES, Style { escapes: 16, ..plain }),
            (rule::ACCEPT_MEMBER_ORDER, Style { shuffled: true, ..plain }),
            (rule::ACCEPT_MEMBER_ORDER, Style { type_last: true, ..plain }),
        ] {
            self.push(rule, Places::ROOT, Action::Write(style));
        }
    }

    /// What the generator can be told at a place.
    fn choices(&mut self, contract: &Contract, id: PlaceId) {
        let site = Site::of(contract, &self.places, id);
        let mut choices: Vec<(RuleId, Choice)> = Vec::new();
        if self.places.get(id).is_open {
            // Whether any of it is taken is observed; there is nothing to judge in detail.
            choices.extend(open_rule(contract, &self.places, id).map(|rule| (rule, Choice::Any)));
        } else {
            match site {
                Site::Root(_) => choices.extend(root_choices()),
                Site::Object { declared, actual } => choices.extend(object_choices(declared == actual, contract)),
                Site::Single(_) | Site::Collection(_) | Site::Item(_) => value_choices(contract, site, &mut choices),
            }
            if let Some((_, actual)) = site.object() {
                let conditions = &contract.conditions[usize::from(actual.0)];
                choices.extend(conditions.iter().map(|&rule| (rule, Choice::Broken(rule))));
            }
        }
        for (rule, choice) in choices {
            self.push(rule, id, Action::Choose(choice));
        }
    }

    fn changes(&mut self, contract: &Contract, id: PlaceId) {
        if self.places.get(id).is_open {
            return;
        }
        let site = Site::of(contract, &self.places, id);
        for operator in operators() {
            if (operator.applies)(contract, site) {
                self.push(operator.rule, id, Action::Change(operator));
            }
        }
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

fn root_choices() -> Vec<(RuleId, Choice)> {
    let mut choices = vec![
        (rule::ACCEPT_BODY, Choice::Any),
        (rule::ACCEPT_ROOT_TYPE, Choice::Typed { hash: true, last: false }),
        (rule::ACCEPT_ROOT_TYPE, Choice::Typed { hash: false, last: false }),
        (rule::ACCEPT_MEMBER_ORDER, Choice::Typed { hash: true, last: true }),
    ];
    choices.extend(ANNOTATIONS.iter().map(|&name| (rule::ACCEPT_ANNOTATION, Choice::Annotated(name))));
    choices
}

const ANNOTATIONS: &[&str] = &["@odata.id", "@odata.context", "@contoso.note"];

fn object_choices(is_declared: bool, contract: &Contract) -> Vec<(RuleId, Choice)> {
    let named = if is_declared { rule::ACCEPT_DECLARED_TYPE } else { rule::ACCEPT_DERIVED_TYPE };
    let mut choices = vec![
        (named, Choice::Typed { hash: true, last: false }),
        (rule::ACCEPT_MEMBER_ORDER, Choice::Typed { hash: true, last: true }),
        (rule::ACCEPT_ANNOTATION, Choice::Annotated("@odata.id")),
        (rule::ACCEPT_ANNOTATION, Choice::Annotated("@contoso.note")),
    ];
    if contract.hash_optional {
        choices.push((rule::ACCEPT_TYPE_WITHOUT_HASH, Choice::Typed { hash: false, last: false }));
    }
    choices
}

fn value_choices(contract: &Contract, site: Site<'_>, choices: &mut Vec<(RuleId, Choice)>) {
    if let Some(property) = site.member() {
        choices.push((rule::ACCEPT_OMITTED, Choice::Absent));
        if property.computed {
            choices.push((rule::ACCEPT_SERVER_SET, Choice::Any));
        }
    }
    match site {
        Site::Collection(property) => {
            let most = property.facets.max_items.unwrap_or(contract.max_items);
            choices.push((rule::ACCEPT_EMPTY_COLLECTION, Choice::Items(0)));
            choices.extend([1, 2, most].map(|count| (rule::ACCEPT_ITEMS, Choice::Items(count))));
        }
        Site::Single(property) if property.nullable && property.null_open.is_none() => {
            choices.push((rule::ACCEPT_NULL, Choice::Null));
        }
        _ => {}
    }
    let Some(property) = site.value() else { return };
    match property.kind {
        Kind::Enum(id) => {
            for (index, member) in contract.schema.enums[usize::from(id.0)].members.iter().enumerate() {
                let rule = member.rule.unwrap_or(rule::ACCEPT_ENUM_MEMBER);
                choices.push((rule, Choice::Member(index)));
            }
        }
        Kind::Primitive(primitive) => {
            choices.extend(lexemes(primitive).iter().map(|&lexeme| {
                let outside = crate::generate::outside(property, &lexeme);
                (outside.unwrap_or(lexeme.rule), Choice::Lexeme(lexeme))
            }));
        }
        Kind::Structured(_) => choices.push((rule::ACCEPT_BODY, Choice::Any)),
    }
}

impl Obligation {
    /// Whether the obligation is judged at all.
    pub fn is_judged(&self, contract: &Contract) -> bool {
        contract.rule(self.rule).level != Level::Unspecified
    }
}
