//! The obligations on state: what is stored, what is replaced, what a refusal
//! leaves alone, and the life of a policy.

use std::collections::BTreeSet;

use super::list::List;
use super::obligation::{Action, Store, Wrong};
use super::script::{Act, SCRIPTS};
use crate::contract::{Contract, Kind, Level, OperationKind, Primitive, RuleId, Test, rule};
use crate::generate::{Choice, Lexeme, PlaceId, PlaceStep, Places, lexemes, outside};
use crate::malform::{Change, EXCHANGES, Exchange, Site, operators};

impl List<'_> {
    /// Everything that is stored, and everything that is replaced.
    pub(super) fn stored(&mut self) {
        let mut strings = plain_lexemes().cycle();
        for (id, place) in self.places.iter() {
            let site = self.site(id);
            if place.is_open || matches!(site, Site::Item(_)) {
                continue;
            }
            let is_of_root = place.parent == Some(Places::ROOT);
            match site.member() {
                Some(property) if property.computed => {
                    if is_of_root {
                        self.push(rule::SERVER_SET, id, "server-set", Action::Store(Store::Value(Choice::Any)));
                    }
                    continue;
                }
                Some(property) if property.read_only => continue,
                _ => {}
            }
            if self.is_unread(id) {
                continue;
            }
            for choice in stored_choices(self.contract, site, &mut strings) {
                self.push(rule::STORED, id, "read-back", Action::Store(Store::Value(choice)));
            }
            // Items have no place of their own to be gone from.
            let is_in_item = self.places.path(id).contains(&PlaceStep::Item);
            let is_wanted = !is_in_item && !self.is_always_asked_for(id);
            let Some(overwrite) = self.contract.overwrite() else { continue };
            for choice in replacements(site).into_iter().filter(|_| is_wanted) {
                let action = Action::Store(Store::Replaced(choice));
                self.push_at(overwrite, rule::REPLACED, id, "replaced", action);
            }
        }
    }

    /// Whether a plain read leaves a place out.
    fn is_unread(&self, id: PlaceId) -> bool {
        let property = self.places.property(self.contract, id);
        property.is_some_and(|property| property.is_navigation)
            || self.places.get(id).parent.is_some_and(|parent| self.is_unread(parent))
    }

    /// Whether a body without this property would touch an open point whatever else
    /// it has, so that nothing could be judged.
    fn is_always_asked_for(&self, id: PlaceId) -> bool {
        let PlaceStep::Property(owner, property) = self.places.get(id).step else { return false };
        let asks = |rule: &RuleId| {
            let condition = self.contract.rule(*rule).condition.as_ref().map(|(_, condition)| condition);
            condition.is_some_and(|condition| {
                condition.then.property == property
                    && matches!(condition.then.test, Test::Present | Test::Within(..))
                    && condition.when.iter().all(|clause| matches!(clause.test, Test::Present))
            })
        };
        self.contract.conditions[usize::from(owner.0)].iter().any(asks)
    }

    /// What is refused changes nothing at an object that is there.
    pub(super) fn unchanged(&mut self) {
        let Some(overwrite) = self.contract.overwrite() else { return };
        for (place, name, wrong) in self.wrongs(overwrite) {
            self.push_at(overwrite, rule::UNCHANGED, place, name, Action::Store(Store::Unchanged(wrong)));
        }
    }

    /// What is refused leaves nothing in a collection.
    pub(super) fn nothing_left(&mut self) {
        let is_named = |wrong: &Wrong| match wrong {
            // No name in it, by which something could be found.
            Wrong::Body(operator) => {
                !matches!(operator.rule, rule::EMPTY | rule::ROOT) && !matches!(operator.name, "comma-alone" | "utf-16")
            }
            Wrong::Request(exchange) => !matches!(exchange.change, Change::Method("GET" | "DELETE")),
            Wrong::Condition(_) => true,
        };
        for (place, name, wrong) in self.wrongs(0).into_iter().filter(|(_, _, wrong)| is_named(wrong)) {
            self.push(rule::NOTHING_LEFT, place, name, Action::Store(Store::NothingLeft(wrong)));
        }
    }

    /// Whatever a request of this operation is refused for. Each operator once:
    /// what matters is that it is refused, not where.
    fn wrongs(&self, operation: usize) -> Vec<(PlaceId, &'static str, Wrong)> {
        let replaces = self.kind(operation) == OperationKind::Replace;
        let is_refused = |rule: RuleId| self.is_refused(rule) && !(replaces && self.contract.rule(rule).creates);
        let mut wrongs = Vec::new();
        for operator in operators().filter(|operator| is_refused(operator.rule)) {
            let is_renamed = |place: PlaceId| {
                replaces && operator.rule == rule::PROPERTY_CASE && self.places.get(place).parent == Some(Places::ROOT)
            };
            let applies = |id: &PlaceId| {
                !self.places.get(*id).is_open && !is_renamed(*id) && (operator.applies)(self.contract, self.site(*id))
            };
            let place = self.places.iter().map(|(id, _)| id).find(applies);
            wrongs.extend(place.map(|place| (place, operator.name, Wrong::Body(operator))));
        }
        let mut seen = BTreeSet::new();
        for (id, _) in self.places.iter().filter(|(_, place)| !place.is_open) {
            let Some((_, actual)) = self.site(id).object() else { continue };
            for &rule in &self.contract.conditions[usize::from(actual.0)] {
                if is_refused(rule) && seen.insert(rule) {
                    wrongs.push((id, "condition-broken", Wrong::Condition(rule)));
                }
            }
        }
        let kind = self.kind(operation);
        let of_object = EXCHANGES.iter().filter(|exchange| {
            exchange.kinds.contains(&kind) && is_refused(exchange.rule) && is_about_the_object(exchange)
        });
        // Elsewhere another operation may answer to the method.
        let of_object = of_object.filter(|exchange| self.exchanged(exchange, operation).is_some());
        wrongs.extend(of_object.map(|exchange| (Places::ROOT, exchange.name, Wrong::Request(exchange))));
        wrongs
    }

    /// The life of a policy, act by act.
    pub(super) fn scripts(&mut self) {
        for script in SCRIPTS {
            let has = |act: &Act| self.contract.operation(act.kind()).is_some();
            if !script.acts.iter().all(has) {
                continue;
            }
            self.push(script.rule, Places::ROOT, script.name, Action::Follow(script));
            if matches!(script.rule, rule::IDEMPOTENT | rule::AS_READ) {
                // What comes back twice, or is sent back, may be any part of a policy.
                for id in self.parts() {
                    self.push(script.rule, id, script.name, Action::Follow(script));
                }
            }
        }
    }

    /// The properties of the policy itself that a read shows.
    fn parts(&self) -> Vec<PlaceId> {
        let of_root = self.places.iter().filter(|(_, place)| place.parent == Some(Places::ROOT) && !place.is_open);
        let is_part = |id: &PlaceId| {
            self.site(*id)
                .member()
                .is_some_and(|property| property.is_replaced() && !property.is_navigation && !property.read_only)
        };
        of_root.map(|(id, _)| id).filter(is_part).collect()
    }

    fn is_refused(&self, rule: RuleId) -> bool {
        let row = self.contract.rule(rule);
        row.level != Level::Unspecified && !row.statuses.is_empty()
    }
}

/// Whether the request goes to an object that exists, in a message that is whole.
fn is_about_the_object(exchange: &Exchange) -> bool {
    !matches!(exchange.change, Change::Id(_) | Change::Framing(_))
}

/// What a policy has where another had something.
fn replacements(site: Site<'_>) -> Vec<Choice<'static>> {
    match site {
        Site::Collection(_) => vec![Choice::Absent, Choice::Items(0)],
        Site::Single(property) if property.nullable => vec![Choice::Absent, Choice::Null],
        Site::Single(_) => vec![Choice::Absent],
        Site::Root(_) | Site::Object { .. } | Site::Item(_) => Vec::new(),
    }
}

/// What is at a place when it is read back.
fn stored_choices(
    contract: &Contract,
    site: Site<'_>,
    strings: &mut impl Iterator<Item = &'static Lexeme>,
) -> Vec<Choice<'static>> {
    match site {
        Site::Root(_) | Site::Object { .. } => vec![Choice::Any],
        Site::Collection(property) => {
            let most = property.facets.max_items.unwrap_or(contract.max_items);
            vec![Choice::Items(most), Choice::Items(2), Choice::Items(0)]
        }
        Site::Single(property) if property.is_free_text() => {
            let fits = |lexeme: &&Lexeme| outside(property, lexeme).is_none();
            strings.find(fits).map_or_else(Vec::new, |&lexeme| vec![Choice::Any, Choice::Lexeme(lexeme)])
        }
        Site::Single(property) => match property.kind {
            Kind::Primitive(primitive) => {
                let fits = |lexeme: &&Lexeme| !lexeme.is_open() && outside(property, lexeme).is_none();
                let all = lexemes(primitive).iter().filter(fits);
                all.map(|&lexeme| Choice::Lexeme(lexeme)).chain([Choice::Any]).collect()
            }
            Kind::Enum(_) | Kind::Structured(_) => vec![Choice::Any],
        },
        Site::Item(_) => Vec::new(),
    }
}

/// The strings that must be accepted, the long ones among them.
fn plain_lexemes() -> impl Iterator<Item = &'static Lexeme> + Clone {
    lexemes(Primitive::String).iter().filter(|lexeme| !lexeme.is_open())
}
