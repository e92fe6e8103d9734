//! Values of primitive and enumeration types.

use super::body::{Choice, Making};
use super::lexeme::{Lexeme, lexemes};
use crate::contract::{EnumId, Format, Primitive, Property, RuleId, rule};
use crate::json::{NodeId, ValueKind};

impl Making<'_, '_, '_, '_, '_> {
    /// A member of an enumeration.
    pub(super) fn enumeration(&mut self, id: EnumId, is_goal: bool) -> NodeId {
        let contract = self.generator.contract;
        let members = &contract.schema.enums[usize::from(id.0)].members;
        let index = match self.choice {
            Choice::Member(index) if is_goal => index,
            _ => {
                let is_open = |rule: Option<RuleId>| {
                    rule.is_none_or(|rule| {
                        self.generator.options.open && contract.rule(rule).level == crate::contract::Level::Unspecified
                    })
                };
                let wanted = members.iter().enumerate().filter(|(_, member)| is_open(member.rule));
                let wanted: Vec<usize> = wanted.map(|(index, _)| index).collect();
                self.tape.pick(&wanted).copied().unwrap_or(members.len())
            }
        };
        self.member_of(id, index)
    }

    /// This member of an enumeration.
    pub(super) fn member_of(&mut self, id: EnumId, index: usize) -> NodeId {
        let member = self.generator.contract.schema.enums[usize::from(id.0)].members.get(index);
        let name = member.map_or("", |member| &member.name);
        if let Some(rule) = member.and_then(|member| member.rule) {
            self.claim(rule);
        }
        self.tree.scalar(ValueKind::String, name.as_bytes())
    }

    /// A string that no property which promises a form has promised.
    pub(super) fn unlikely(&mut self) -> NodeId {
        self.body.open.push(rule::STRING_FORMAT);
        self.tree.string_of("no such form")
    }

    /// A value of a primitive type.
    pub(super) fn primitive(&mut self, primitive: Primitive, property: &Property, is_goal: bool) -> NodeId {
        if is_goal && let Choice::Lexeme(lexeme) = self.choice {
            return self.lexeme(lexeme, property);
        }
        if self.generator.options.open && self.tape.chance(1, 12) {
            let open: Vec<Lexeme> = lexemes(primitive).iter().filter(|lexeme| lexeme.is_open()).copied().collect();
            if let Some(&lexeme) = self.tape.pick(&open) {
                return self.lexeme(lexeme, property);
            }
        }
        let text = match primitive {
            Primitive::Boolean => return self.boolean(),
            Primitive::Int32 => return self.number(property),
            Primitive::String => return self.string(property),
            Primitive::Duration => self.duration(),
            Primitive::DateTimeOffset => self.date_time(),
            Primitive::Date => self.date(),
        };
        self.tree.scalar(ValueKind::String, text.as_bytes())
    }

    /// A boundary value; it may be outside what the property promises to take.
    pub(super) fn lexeme(&mut self, lexeme: Lexeme, property: &Property) -> NodeId {
        let text = lexeme.text();
        if lexeme.is_open() {
            self.body.open.push(lexeme.rule);
        }
        self.body.open.extend(outside(property, &lexeme));
        self.tree.scalar(lexeme.kind, text.as_bytes())
    }

    fn boolean(&mut self) -> NodeId {
        let text = if self.tape.below(2) == 0 { "false" } else { "true" };
        self.tree.scalar(ValueKind::Boolean, text.as_bytes())
    }

    fn number(&mut self, property: &Property) -> NodeId {
        let (low, high) = property.facets.range.unwrap_or((i32::MIN, i32::MAX));
        let (low, high) = (i64::from(low), i64::from(high));
        let value = match self.tape.below(5) {
            0 | 1 => self.tape.within(low.max(1.min(high)), high.min(12.max(low))),
            2 => low,
            3 => high,
            _ => self.tape.within(low, high),
        };
        self.tree.scalar(ValueKind::Number, value.to_string().as_bytes())
    }

    fn string(&mut self, property: &Property) -> NodeId {
        let facets = &property.facets;
        if let Some(id) = self.known(property).or_else(|| self.given(property)) {
            return id;
        }
        if let Some(text) = self.tape.pick(&facets.allowed) {
            return self.tree.string_of(text);
        }
        match facets.format {
            Some(Format::Guid) => {
                let text = self.guid();
                self.tree.scalar(ValueKind::String, text.as_bytes())
            }
            Some(Format::Language) => {
                let text = self.tape.pick(LANGUAGES).copied().unwrap_or("en");
                self.tree.scalar(ValueKind::String, text.as_bytes())
            }
            None => self.text(property),
        }
    }

    /// The id of something that has to exist, where somebody said what does.
    pub(super) fn known(&mut self, property: &Property) -> Option<NodeId> {
        let known = &self.generator.contract.known;
        let id = if property.must_exist { self.tape.pick(known) } else { None };
        id.map(|id| self.tree.string_of(id))
    }

    /// The same for other things.
    pub(super) fn given(&mut self, property: &Property) -> Option<NodeId> {
        let ids = self.generator.contract.ids_of(property);
        if ids.is_empty() {
            return None;
        }
        let id = self.tape.pick(ids)?;
        Some(self.tree.string_of(id))
    }

    /// Words mostly, and now and then one of the boundary values.
    fn text(&mut self, property: &Property) -> NodeId {
        if self.is_large() && self.budget > 0 && self.tape.chance(1, 3) {
            let long = "0123456789abcdef ".repeat(1 + self.tape.below(50));
            return self.tree.string_of(&long);
        }
        if self.tape.chance(1, 5) {
            let accepted = |lexeme: &&Lexeme| !lexeme.is_open() && outside(property, lexeme).is_none();
            let boundary: Vec<Lexeme> = lexemes(Primitive::String).iter().filter(accepted).copied().collect();
            if let Some(lexeme) = self.tape.pick(&boundary) {
                return self.tree.scalar(ValueKind::String, lexeme.text().as_bytes());
            }
        }
        let mut text = String::new();
        for _ in 0..=self.tape.below(4) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(self.tape.pick(WORDS).copied().unwrap_or("a"));
        }
        self.tree.string_of(&text)
    }

    fn guid(&mut self) -> String {
        let mut text = String::with_capacity(36);
        for (group, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
            if group > 0 {
                text.push('-');
            }
            for _ in 0..length / 4 {
                let digits = self.tape.below(0x1_0000);
                text.extend([12, 8, 4, 0].map(|shift| char::from(b"0123456789abcdef"[digits >> shift & 0xF])));
            }
        }
        text
    }

    fn duration(&mut self) -> String {
        match self.tape.below(6) {
            0 => format!("P{}D", self.tape.within(1, 365)),
            1 => format!("PT{}H", self.tape.within(0, 72)),
            2 => format!(
                "P{}DT{}H{}M{}S",
                self.tape.below(400),
                self.tape.below(24),
                self.tape.below(60),
                self.tape.below(60)
            ),
            3 => format!("PT{}.{:07}S", self.tape.below(100), self.tape.below(10_000_000)),
            _ => self.boundary(Primitive::Duration),
        }
    }

    fn date_time(&mut self) -> String {
        if self.tape.chance(1, 3) {
            return self.boundary(Primitive::DateTimeOffset);
        }
        let date = self.plain_date();
        let (hour, minute, second) = (self.tape.below(24), self.tape.below(60), self.tape.below(60));
        let fraction = ["", ".5", ".1234567"][self.tape.below(3)];
        let offset = ["Z", "+00:00", "+02:00", "-08:00", "+05:45"][self.tape.below(5)];
        format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
    }

    fn date(&mut self) -> String {
        if self.tape.chance(1, 3) { self.boundary(Primitive::Date) } else { self.plain_date() }
    }

    fn plain_date(&mut self) -> String {
        let (year, month, day) = (self.tape.within(2001, 2099), self.tape.within(1, 12), self.tape.within(1, 28));
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn boundary(&mut self, primitive: Primitive) -> String {
        let accepted: Vec<Lexeme> = lexemes(primitive).iter().filter(|lexeme| !lexeme.is_open()).copied().collect();
        self.tape.pick(&accepted).map(Lexeme::text).unwrap_or_default()
    }
}

/// The rule that leaves a boundary value open at a property that promises less
/// than its type.
pub(crate) fn outside(property: &Property, lexeme: &Lexeme) -> Option<RuleId> {
    let facets = &property.facets;
    match lexeme.kind {
        ValueKind::Number => {
            let value: i64 = lexeme.text().parse().ok()?;
            let (low, high) = facets.range?;
            (!(i64::from(low)..=i64::from(high)).contains(&value)).then_some(rule::RANGE)
        }
        ValueKind::String if facets.format.is_some() || !facets.allowed.is_empty() => Some(rule::STRING_FORMAT),
        ValueKind::String if property.empty_open && lexeme.content().is_empty() => Some(rule::STRING_EMPTY),
        _ => None,
    }
}

const LANGUAGES: &[&str] = &["en", "en-us", "fr-CA", "de", "pt-BR"];

const WORDS: &[&str] = &[
    "Sales",
    "approval",
    "external",
    "guests",
    "quarterly",
    "review",
    "all",
    "employees",
    "Zürich",
    "policy",
    "of",
    "contractors",
    "30",
    "days",
    "\"direct\"",
    "a/b",
    "R&D",
    "名",
    "😀",
];
