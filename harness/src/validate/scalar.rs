//! Values of primitive and enumeration types.

use super::validator::Validator;
use crate::contract::{EnumType, Facets, Member, Primitive, Property, RuleId, rule};
use crate::edm::{self, DateForm, DateTimeForm, DurationForm, Int32Form};
use crate::json::{NodeId, ValueKind};

impl Validator<'_> {
    pub(super) fn primitive(&mut self, node: NodeId, primitive: Primitive, property: &Property) {
        let facets = &property.facets;
        let kind = self.tree.kind(node);
        match (primitive, kind) {
            (Primitive::Boolean, ValueKind::Boolean) => self.shown.insert(rule::ACCEPT_VALUE),
            (Primitive::Int32, ValueKind::Number) => self.int32(node, facets),
            (Primitive::Boolean | Primitive::Int32, ValueKind::String) => self.push(rule::QUOTED, node),
            (Primitive::String, ValueKind::String) => self.string(node, property),
            (Primitive::Duration, _) => self.text(node, rule::DURATION, duration_rule),
            (Primitive::DateTimeOffset, _) => self.text(node, rule::DATE_TIME, date_time_rule),
            (Primitive::Date, _) => self.text(node, rule::DATE, date_rule),
            _ => self.push(rule::JSON_TYPE, node),
        }
    }

    fn int32(&mut self, node: NodeId, facets: &Facets) {
        let lexeme = std::str::from_utf8(self.tree.raw(node)).unwrap_or_default();
        match edm::int32(lexeme) {
            Int32Form::Value(value) => match facets.range {
                Some((low, high)) if !(low..=high).contains(&value) => self.push(rule::RANGE, node),
                _ => self.shown.insert(rule::ACCEPT_VALUE),
            },
            Int32Form::OtherForm => self.push(rule::INT32_FORM, node),
            Int32Form::Fraction => self.push(rule::INT32_FRACTION, node),
            Int32Form::OutOfRange => self.push(rule::INT32_RANGE, node),
        }
    }

    /// A string with a lexical form; any other JSON value breaks `malformed` too.
    fn text(&mut self, node: NodeId, malformed: RuleId, form: fn(&str) -> Option<RuleId>) {
        if self.tree.kind(node) != ValueKind::String {
            return self.push(malformed, node);
        }
        match form(self.tree.string_in(node, &mut self.text)) {
            Some(rule) => self.push(rule, node),
            None => self.shown.insert(rule::ACCEPT_VALUE),
        }
    }

    fn string(&mut self, node: NodeId, property: &Property) {
        let facets = &property.facets;
        let mut buffer = std::mem::take(&mut self.text);
        let content = self.tree.string_in(node, &mut buffer);
        let is_plain = content.is_ascii();
        // A control character of ASCII stands in JSON only as an escape; DEL does not.
        let is_harmless = is_plain && !self.tree.is_escaped(node) && !content.as_bytes().contains(&0x7F);
        let has_control = !is_harmless && content.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        // No text has more UTF-16 units than bytes of UTF-8.
        let is_long =
            content.len() > self.contract.max_string && content.encode_utf16().count() > self.contract.max_string;
        let is_unlikely = facets.format.is_some_and(|format| !format.is_form_of(content))
            || !facets.allowed.is_empty() && !facets.allowed.iter().any(|allowed| **allowed == *content);
        let is_empty = property.empty_open && content.is_empty();
        // What is no id names nothing that could exist or not.
        let is_unknown = property.must_exist && !is_unlikely && !self.is_known(node);
        self.text = buffer;
        for (applies, rule) in [
            (has_control, rule::STRING_CONTROL),
            (is_long, rule::STRING_LENGTH),
            (is_unlikely, rule::STRING_FORMAT),
            (is_empty, rule::STRING_EMPTY),
            (is_unknown, rule::REFERENCE_UNKNOWN),
        ] {
            if applies {
                self.push(rule, node);
            }
        }
        self.shown.insert(if is_plain { rule::ACCEPT_VALUE } else { rule::ACCEPT_STRING_CONTENT });
    }

    pub(super) fn enumeration(&mut self, node: NodeId, enumeration: &EnumType) {
        match self.tree.kind(node) {
            ValueKind::String => {}
            ValueKind::Number => return self.push(rule::ENUM_NUMBER, node),
            _ => return self.push(rule::ENUM_JSON_TYPE, node),
        }
        let exact = enumeration.members.iter().find(|member| self.tree.has_text(node, &member.name));
        let rule = match exact {
            Some(member) => member.rule,
            None => Some(no_member(enumeration, self.tree.string_in(node, &mut self.text))),
        };
        match rule {
            Some(rule) => self.push(rule, node),
            None => self.shown.insert(rule::ACCEPT_ENUM_MEMBER),
        }
    }
}

/// What a text breaks that is no member of an enumeration.
fn no_member(enumeration: &EnumType, text: &str) -> RuleId {
    let has = |is_meant: &dyn Fn(&Member) -> bool| enumeration.members.iter().any(is_meant);
    if has(&|member| member.name.eq_ignore_ascii_case(text)) {
        rule::ENUM_CASE
    } else if has(&|member| member.value.to_string() == text) {
        rule::ENUM_ORDINAL
    } else {
        rule::ENUM_MEMBER
    }
}

fn duration_rule(text: &str) -> Option<RuleId> {
    match edm::duration(text) {
        DurationForm::Conforms => None,
        DurationForm::OpenForm => Some(rule::DURATION_FORM),
        DurationForm::OpenRange => Some(rule::DURATION_RANGE),
        DurationForm::Units => Some(rule::DURATION_UNITS),
        DurationForm::Malformed => Some(rule::DURATION),
    }
}

fn date_time_rule(text: &str) -> Option<RuleId> {
    match edm::date_time_offset(text) {
        DateTimeForm::Conforms => None,
        DateTimeForm::Open => Some(rule::DATE_TIME_FORM),
        DateTimeForm::NoOffset => Some(rule::DATE_TIME_OFFSET),
        DateTimeForm::Impossible => Some(rule::IMPOSSIBLE_DATE),
        DateTimeForm::Malformed => Some(rule::DATE_TIME),
    }
}

fn date_rule(text: &str) -> Option<RuleId> {
    match edm::date(text) {
        DateForm::Conforms => None,
        DateForm::Open => Some(rule::DATE_FORM),
        DateForm::WithTime => Some(rule::DATE_TIME_IN_DATE),
        DateForm::Impossible => Some(rule::IMPOSSIBLE_DATE),
        DateForm::Malformed => Some(rule::DATE),
    }
}
