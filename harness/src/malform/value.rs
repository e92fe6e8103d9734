//! Values that their type does not have.

use super::edit::Edit;
use super::operator::{Operator, texts};
use super::site::Site;
use crate::contract::{Contract, EnumType, Kind, Primitive, rule};

pub(super) const OPERATORS: &[Operator] = &[
    texts!("number-for-string", rule::JSON_TYPE, is_string, "1", "0", "-1.5"),
    texts!("boolean-for-string", rule::JSON_TYPE, is_string, "true", "false"),
    texts!("array-for-string", rule::JSON_TYPE, is_string, "[]"),
    texts!("object-for-string", rule::JSON_TYPE, is_string, "{}"),
    texts!("number-for-boolean", rule::JSON_TYPE, is_boolean, "1", "0"),
    texts!("array-for-boolean", rule::JSON_TYPE, is_boolean, "[]"),
    texts!("object-for-boolean", rule::JSON_TYPE, is_boolean, "{}"),
    texts!("string-for-boolean", rule::QUOTED, is_boolean, "\"true\"", "\"false\"", "\"True\"", "\"\""),
    texts!("boolean-for-number", rule::JSON_TYPE, is_int32, "true", "false"),
    texts!("array-for-number", rule::JSON_TYPE, is_int32, "[]"),
    texts!("object-for-number", rule::JSON_TYPE, is_int32, "{}"),
    texts!("string-for-number", rule::QUOTED, is_int32, "\"1\"", "\"one\"", "\"\""),
    texts!("number-with-fraction", rule::INT32_FRACTION, is_int32, "1.5", "15e-1", "0.0001"),
    texts!("number-too-large", rule::INT32_RANGE, is_int32, "2147483648", "1e10", "99999999999999999999"),
    texts!("number-too-small", rule::INT32_RANGE, is_int32, "-2147483649", "-1e10"),
    Operator { name: "no-member", rule: rule::ENUM_MEMBER, applies: is_enum, edit: no_member },
    Operator { name: "member-with-blank", rule: rule::ENUM_MEMBER, applies: is_enum, edit: blank_member },
    Operator { name: "member-of-another", rule: rule::ENUM_MEMBER, applies: is_enum, edit: foreign_member },
    Operator { name: "two-members", rule: rule::ENUM_MEMBER, applies: is_enum, edit: two_members },
    Operator { name: "member-in-other-case", rule: rule::ENUM_CASE, applies: is_enum, edit: other_case },
    texts!("number-for-member", rule::ENUM_NUMBER, is_enum, "0", "1", "99"),
    Operator { name: "number-of-member-as-string", rule: rule::ENUM_ORDINAL, applies: is_enum, edit: ordinal },
    texts!("boolean-for-member", rule::ENUM_JSON_TYPE, is_enum, "true", "[]", "{}"),
    texts!("duration-in-years", rule::DURATION_UNITS, is_duration, "\"P1Y\"", "\"P1Y2DT3H\""),
    texts!("duration-in-months", rule::DURATION_UNITS, is_duration, "\"P3M\"", "\"P1MT1H\""),
    texts!("duration-in-weeks", rule::DURATION_UNITS, is_duration, "\"P2W\""),
    texts!(
        "no-duration",
        rule::DURATION,
        is_duration,
        "\"30 days\"",
        "\"30\"",
        "\"\"",
        "\"forever\"",
        "\"1.00:00:00\""
    ),
    texts!("duration-with-fraction-of-days", rule::DURATION, is_duration, "\"P1.5D\""),
    texts!("duration-with-fraction-of-hours", rule::DURATION, is_duration, "\"PT1.5H\"", "\"PT0.5M\""),
    texts!("duration-out-of-order", rule::DURATION, is_duration, "\"PT1S1H\"", "\"PT1H1D\""),
    texts!("duration-without-t", rule::DURATION, is_duration, "\"P1H\"", "\"P1S\""),
    texts!("duration-of-days-behind-t", rule::DURATION, is_duration, "\"PT1D\""),
    texts!("duration-with-blank", rule::DURATION, is_duration, "\"P1D \"", "\" P1D\""),
    texts!("number-for-duration", rule::DURATION, is_duration, "30", "true", "{}", "[]"),
    texts!(
        "date-time-without-offset",
        rule::DATE_TIME_OFFSET,
        is_date_time,
        "\"2030-01-01T00:00:00\"",
        "\"2030-01-01T00:00:00.5\""
    ),
    texts!(
        "date-time-on-no-day",
        rule::IMPOSSIBLE_DATE,
        is_date_time,
        "\"2023-02-29T00:00:00Z\"",
        "\"2030-13-01T00:00:00Z\"",
        "\"2030-04-31T00:00:00Z\""
    ),
    texts!("date-time-on-no-leap-day", rule::IMPOSSIBLE_DATE, is_date_time, "\"2100-02-29T00:00:00Z\""),
    texts!(
        "date-time-at-no-hour",
        rule::IMPOSSIBLE_DATE,
        is_date_time,
        "\"2030-01-01T24:00:00Z\"",
        "\"2030-01-01T25:00:00Z\""
    ),
    texts!("date-time-at-no-minute", rule::IMPOSSIBLE_DATE, is_date_time, "\"2030-01-01T00:60:00Z\""),
    texts!("date-time-with-blank-for-t", rule::DATE_TIME, is_date_time, "\"2030-01-01 00:00:00Z\""),
    texts!(
        "date-time-with-short-offset",
        rule::DATE_TIME,
        is_date_time,
        "\"2030-01-01T00:00:00+0530\"",
        "\"2030-01-01T00:00:00+05\""
    ),
    texts!("date-time-in-basic-form", rule::DATE_TIME, is_date_time, "\"20300101T000000Z\""),
    texts!("date-for-date-time", rule::DATE_TIME, is_date_time, "\"2030-01-01\""),
    texts!(
        "no-date-time",
        rule::DATE_TIME,
        is_date_time,
        "\"tomorrow\"",
        "\"\"",
        "\"01/02/2030 10:00\"",
        "\"/Date(1893456000000)/\""
    ),
    texts!("number-for-date-time", rule::DATE_TIME, is_date_time, "1893456000", "true", "{}", "[]"),
    texts!("date-with-time", rule::DATE_TIME_IN_DATE, is_date, "\"2030-01-01T00:00:00Z\"", "\"2030-01-01T00:00:00\""),
    texts!("no-such-day", rule::IMPOSSIBLE_DATE, is_date, "\"2023-02-29\"", "\"2030-02-30\"", "\"2030-00-10\""),
    texts!("no-date", rule::DATE, is_date, "\"tomorrow\"", "\"\"", "\"01/02/2030\""),
    texts!("no-leap-day", rule::IMPOSSIBLE_DATE, is_date, "\"2100-02-29\""),
    texts!("date-in-basic-form", rule::DATE, is_date, "\"20300101\""),
    texts!("date-in-other-form", rule::DATE, is_date, "\"2030-1-1\"", "\"2030-W01-1\"", "\"2030-001\""),
    texts!("number-for-date", rule::DATE, is_date, "20300101", "true", "{}", "[]"),
];

fn is_primitive(site: Site<'_>, primitive: Primitive) -> bool {
    site.value().is_some_and(|property| property.kind == Kind::Primitive(primitive))
}

fn is_string(_: &Contract, site: Site<'_>) -> bool {
    is_primitive(site, Primitive::String)
}

fn is_boolean(_: &Contract, site: Site<'_>) -> bool {
    is_primitive(site, Primitive::Boolean)
}

fn is_int32(_: &Contract, site: Site<'_>) -> bool {
    is_primitive(site, Primitive::Int32)
}

fn is_duration(_: &Contract, site: Site<'_>) -> bool {
    is_primitive(site, Primitive::Duration)
}

fn is_date_time(_: &Contract, site: Site<'_>) -> bool {
    is_primitive(site, Primitive::DateTimeOffset)
}

fn is_date(_: &Contract, site: Site<'_>) -> bool {
    is_primitive(site, Primitive::Date)
}

fn is_enum(_: &Contract, site: Site<'_>) -> bool {
    site.value().is_some_and(|property| matches!(property.kind, Kind::Enum(_)))
}

fn enumeration<'c>(edit: &Edit<'_, 'c, '_, '_>) -> Option<&'c EnumType> {
    match edit.site.value()?.kind {
        Kind::Enum(id) => edit.contract.schema.enums.get(usize::from(id.0)),
        Kind::Primitive(_) | Kind::Structured(_) => None,
    }
}

fn no_member(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let member = &enumeration(edit)?.members.first()?.name;
    let texts = ["String", "", "noSuchMember", "null"].map(str::to_owned);
    let near = [format!("{member}s"), format!(" {member}"), format!("#{member}")];
    let all: Vec<String> = texts.into_iter().chain(near).collect();
    let text = edit.tape.pick(&all)?;
    let value = edit.tree.string_of(text);
    edit.tree.replace(edit.at, value);
    Some(())
}

fn blank_member(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let member = edit.tape.pick(&enumeration(edit)?.members)?;
    let value = edit.tree.string_of(&format!("{} ", member.name));
    edit.tree.replace(edit.at, value);
    Some(())
}

/// A member that another enumeration of the contract has.
fn foreign_member(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let own = &enumeration(edit)?.members;
    let is_foreign = |name: &str| own.iter().all(|member| !member.name.eq_ignore_ascii_case(name));
    let all = edit.contract.schema.enums.iter().flat_map(|one| &one.members).map(|member| &*member.name);
    let foreign: Vec<&str> = all.filter(|name| is_foreign(name)).collect();
    let value = edit.tree.string_of(edit.tape.pick(&foreign)?);
    edit.tree.replace(edit.at, value);
    Some(())
}

fn two_members(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let [first, second, ..] = &*enumeration(edit)?.members else {
        return None;
    };
    let value = edit.tree.string_of(&format!("{},{}", first.name, second.name));
    edit.tree.replace(edit.at, value);
    Some(())
}

/// A member that is not left open itself, with another letter case.
fn other_case(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let members: Vec<&str> =
        enumeration(edit)?.members.iter().filter(|member| member.rule.is_none()).map(|member| &*member.name).collect();
    let member = *edit.tape.pick(&members)?;
    let text = match edit.tape.below(3) {
        0 => capitalized(member),
        1 => member.to_ascii_uppercase(),
        _ => member.to_ascii_lowercase(),
    };
    let text = if text == member { capitalized(member) } else { text };
    let value = edit.tree.string_of(&text);
    edit.tree.replace(edit.at, value);
    Some(())
}

fn ordinal(edit: &mut Edit<'_, '_, '_, '_>) -> Option<()> {
    let enumeration = enumeration(edit)?;
    let member = edit.tape.pick(&enumeration.members)?;
    let value = edit.tree.string_of(&member.value.to_string());
    edit.tree.replace(edit.at, value);
    Some(())
}

/// The text with its first letter in upper case.
pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}
