//! Values of primitive and enumeration types.

use super::body::{Choice, Making};
use super::lexeme::{Lexeme, lexemes};
use super::tape::Tape;
use crate::contract::{EnumId, Format, Primitive, Property, RuleId, rule};
use crate::json::{self, NodeId, ValueKind};

impl Making<'_, '_, '_, '_> {
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
                self.tape.pick_of(wanted).map_or(members.len(), |(index, _)| index)
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
            let open = lexemes(primitive).iter().filter(|lexeme| lexeme.is_open());
            if let Some(&lexeme) = self.tape.pick_of(open) {
                return self.lexeme(lexeme, property);
            }
        }
        match primitive {
            Primitive::Boolean => self.boolean(),
            Primitive::Int32 => self.number(property),
            Primitive::String => self.string(property),
            Primitive::Duration => self.written(duration),
            Primitive::DateTimeOffset => self.written(date_time),
            Primitive::Date => self.written(date),
        }
    }

    /// A string whose text comes straight from the tape; it needs no escapes.
    fn written(&mut self, write: fn(&mut Tape<'_, '_>, &mut Vec<u8>)) -> NodeId {
        self.tree.scalar_by(ValueKind::String, |out| write(self.tape, out))
    }

    /// A boundary value; it may be outside what the property promises to take.
    pub(super) fn lexeme(&mut self, lexeme: Lexeme, property: &Property) -> NodeId {
        if lexeme.is_open() {
            self.body.open.push(lexeme.rule);
        }
        self.body.open.extend(outside(property, &lexeme));
        self.tree.scalar_by(lexeme.kind, |out| lexeme.write_into(out))
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
        self.tree.scalar_by(ValueKind::Number, |out| push_number(out, value))
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
            Some(Format::Guid) => self.written(guid),
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
            let times = 1 + self.tape.below(50);
            let long = |out: &mut Vec<u8>| (0..times).for_each(|_| out.extend_from_slice(b"0123456789abcdef "));
            return self.tree.scalar_by(ValueKind::String, long);
        }
        if self.tape.chance(1, 5) {
            let accepted = |lexeme: &&Lexeme| !lexeme.is_open() && outside(property, lexeme).is_none();
            let boundary = lexemes(Primitive::String).iter().filter(accepted);
            if let Some(lexeme) = self.tape.pick_of(boundary) {
                return self.tree.scalar_by(ValueKind::String, |out| lexeme.write_into(out));
            }
        }
        self.written(words)
    }
}

fn words(tape: &mut Tape<'_, '_>, out: &mut Vec<u8>) {
    for nth in 0..=tape.below(4) {
        if nth > 0 {
            out.push(b' ');
        }
        json::encode_into(tape.pick(WORDS).copied().unwrap_or("a"), out);
    }
}

fn guid(tape: &mut Tape<'_, '_>, out: &mut Vec<u8>) {
    for (group, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if group > 0 {
            out.push(b'-');
        }
        for _ in 0..length / 4 {
            let digits = tape.below(0x1_0000);
            out.extend([12, 8, 4, 0].map(|shift| b"0123456789abcdef"[digits >> shift & 0xF]));
        }
    }
}

fn duration(tape: &mut Tape<'_, '_>, out: &mut Vec<u8>) {
    match tape.below(6) {
        0 => push_parts(out, [("P", tape.within(1, 365))], "D"),
        1 => push_parts(out, [("PT", tape.within(0, 72))], "H"),
        2 => {
            let mut below = |bound: i64| tape.within(0, bound - 1);
            push_parts(out, [("P", below(400)), ("DT", below(24)), ("H", below(60)), ("M", below(60))], "S");
        }
        3 => {
            push_parts(out, [("PT", tape.within(0, 99))], ".");
            push_digits(out, tape.within(0, 9_999_999), 7);
            out.push(b'S');
        }
        _ => boundary(tape, Primitive::Duration, out),
    }
}

fn date_time(tape: &mut Tape<'_, '_>, out: &mut Vec<u8>) {
    if tape.chance(1, 3) {
        return boundary(tape, Primitive::DateTimeOffset, out);
    }
    plain_date(tape, out);
    for (before, bound) in [(b'T', 24), (b':', 60), (b':', 60)] {
        out.push(before);
        push_digits(out, tape.within(0, bound - 1), 2);
    }
    out.extend_from_slice(["", ".5", ".1234567"][tape.below(3)].as_bytes());
    out.extend_from_slice(["Z", "+00:00", "+02:00", "-08:00", "+05:45"][tape.below(5)].as_bytes());
}

fn date(tape: &mut Tape<'_, '_>, out: &mut Vec<u8>) {
    if tape.chance(1, 3) { boundary(tape, Primitive::Date, out) } else { plain_date(tape, out) }
}

fn plain_date(tape: &mut Tape<'_, '_>, out: &mut Vec<u8>) {
    push_digits(out, tape.within(2001, 2099), 4);
    for most in [12, 28] {
        out.push(b'-');
        push_digits(out, tape.within(1, most), 2);
    }
}

fn boundary(tape: &mut Tape<'_, '_>, primitive: Primitive, out: &mut Vec<u8>) {
    let accepted = lexemes(primitive).iter().filter(|lexeme| !lexeme.is_open());
    if let Some(lexeme) = tape.pick_of(accepted) {
        lexeme.write_into(out);
    }
}

/// Numbers, each behind a text, and a text behind them all.
fn push_parts<const COUNT: usize>(out: &mut Vec<u8>, parts: [(&str, i64); COUNT], end: &str) {
    for (before, number) in parts {
        out.extend_from_slice(before.as_bytes());
        push_number(out, number);
    }
    out.extend_from_slice(end.as_bytes());
}

/// A number in decimal.
pub(super) fn push_number(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    push_digits(out, number, 1);
}

/// The digits of a number, with zeros before them where they are fewer than `least`.
fn push_digits(out: &mut Vec<u8>, number: i64, least: usize) {
    let start = out.len();
    let mut rest = number.unsigned_abs();
    while rest > 0 || out.len() < start + least {
        out.push(b"0123456789"[(rest % 10) as usize]);
        rest /= 10;
    }
    out[start..].reverse();
}

/// The rule that leaves a boundary value open at a property that promises less
/// than its type.
pub(crate) fn outside(property: &Property, lexeme: &Lexeme) -> Option<RuleId> {
    let facets = &property.facets;
    match lexeme.kind {
        ValueKind::Number => {
            let (low, high) = facets.range?;
            let value: i64 = lexeme.text().parse().ok()?;
            (!(i64::from(low)..=i64::from(high)).contains(&value)).then_some(rule::RANGE)
        }
        ValueKind::String if facets.format.is_some() || !facets.allowed.is_empty() => Some(rule::STRING_FORMAT),
        ValueKind::String if property.empty_open && lexeme.text().is_empty() => Some(rule::STRING_EMPTY),
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
