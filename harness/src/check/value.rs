//! Values that their property does not take.

use super::condition;
use super::context::{Context, Explanation};
use super::words;
use crate::contract::{Format, Kind, Primitive, Property, rule};
use crate::edm::{self, DateForm, DateTimeForm};
use crate::json::ValueKind;
use crate::near::nearest;

pub(super) fn explain(context: &Context<'_>) -> Option<Explanation> {
    let property = context.property()?;
    let name = context.name();
    let explanation = match context.violation.rule {
        rule::JSON_TYPE => json_type(context, property),
        rule::QUOTED => quoted(context, property),
        rule::ENUM_MEMBER | rule::ENUM_CASE | rule::ENUM_NUMBER | rule::ENUM_ORDINAL | rule::ENUM_JSON_TYPE => {
            enumeration(context, property)
        }
        rule::ENUM_SENTINEL => Explanation::new(format!(
            "{} stands for members that came later; no client has a reason to send it",
            context.value()
        )),
        rule::ENUM_NEWER => Explanation::new(format!("{} is newer than the page of this contract", context.value())),
        rule::INT32_FRACTION => Explanation::new(format!("`{name}` takes a whole number")),
        rule::INT32_RANGE => Explanation::new(format!("`{name}` takes a number of 32 bits")),
        rule::INT32_FORM => Explanation::new(format!("`{name}` is a whole number in another form")),
        rule::RANGE => Explanation::new(format!("`{name}` is outside the range that is sure to be accepted")),
        rule::STRING_FORMAT => string_format(context, property),
        rule::STRING_CONTROL => Explanation::new(format!("`{name}` has a control character")),
        rule::STRING_LENGTH => Explanation::new(format!(
            "`{name}` is longer than the {} characters that are sure to be accepted",
            context.contract.max_string
        )),
        rule::STRING_EMPTY => Explanation::new(format!("whether an empty `{name}` is accepted is left open")),
        rule::DURATION | rule::DURATION_UNITS | rule::DURATION_FORM | rule::DURATION_RANGE => duration(context),
        _ => moment(context),
    };
    let expected = words::value_of(context.contract, property);
    let found = context.value();
    Some(Explanation {
        expected: explanation.expected.or(Some(expected)),
        found: explanation.found.or(Some(found)),
        ..explanation
    })
}

/// null where it is no value.
pub(super) fn null(context: &Context<'_>) -> Explanation {
    let name = context.name();
    let wanted = context.property().map(|property| words::value_of(context.contract, property)).unwrap_or_default();
    match context.violation.rule {
        rule::NULL_COLLECTION => Explanation::new(format!("`{name}` is a collection, and null is none"))
            .expected("an array")
            .found("null")
            .suggest(Some("write [] for none, or leave the member out".to_owned())),
        rule::NULL_ITEM => Explanation::new(format!("null is no item of `{name}`"))
            .expected(wanted)
            .found("null")
            .suggest(Some("remove the item".to_owned())),
        _ => Explanation::new(format!("`{name}` is not nullable"))
            .expected(wanted)
            .found("null")
            .suggest(Some("leave the member out".to_owned())),
    }
}

/// More items than are sure to be accepted.
pub(super) fn item_count(context: &Context<'_>) -> Explanation {
    let most = context.property().and_then(|property| property.facets.max_items).unwrap_or(context.contract.max_items);
    Explanation::new(format!("`{}` has more items than are sure to be accepted", context.name()))
        .expected(format!("at most {} items", most.min(context.contract.max_items)))
        .found(context.value())
}

fn json_type(context: &Context<'_>, property: &Property) -> Explanation {
    let name = context.name();
    let kind = context.violation.node.map_or("nothing", |node| words::kind(context.tree, node));
    let one = words::value_of(context.contract, property);
    if property.is_collection && !context.is_item() {
        let is_one = kind == "an object" && matches!(property.kind, Kind::Structured(_));
        let text = context.text().and_then(|text| object(&text, property));
        return Explanation::new(format!("`{name}` takes an array, not {kind}"))
            .expected("an array")
            .suggest(is_one.then(|| "put the object in brackets: [ … ]".to_owned()).or(text));
    }
    let is_listed = kind == "an array" && !property.is_collection;
    let suggestion = if is_listed {
        Some("write the one value without brackets".to_owned())
    } else {
        context.text().filter(|_| matches!(property.kind, Kind::Structured(_))).and_then(|text| object(&text, property))
    };
    Explanation::new(format!("`{name}` takes {one}, not {kind}")).suggest(suggestion)
}

/// What was meant by a string where an object, or an array, belongs.
fn object(text: &str, property: &Property) -> Option<String> {
    let text = text.trim_start();
    if text.starts_with("System.") || text.starts_with("@{") {
        return Some("PowerShell cut the value off: convert with `ConvertTo-Json -Depth 20`".to_owned());
    }
    if text.starts_with('{') || text.starts_with('[') {
        return Some("the value was encoded twice: write it without the quotes around it".to_owned());
    }
    property.is_reference.then(|| format!("write \"{}\": {{\"id\": \"…\"}}", property.name))
}

fn quoted(context: &Context<'_>, property: &Property) -> Explanation {
    let text = context.text().unwrap_or_default();
    let is_literal = match property.kind {
        Kind::Primitive(Primitive::Boolean) => matches!(&*text.to_ascii_lowercase(), "true" | "false"),
        _ => text.parse::<i32>().is_ok(),
    };
    let wanted = words::value_of(context.contract, property);
    Explanation::new(format!("`{}` takes {wanted}, and this is a string", context.name()))
        .suggest(is_literal.then(|| format!("write {} without quotes", text.to_ascii_lowercase())))
}

fn enumeration(context: &Context<'_>, property: &Property) -> Explanation {
    let Kind::Enum(id) = property.kind else { return Explanation::default() };
    let Some(declared) = context.contract.schema.enums.get(usize::from(id.0)) else { return Explanation::default() };
    let kind = words::short(&declared.name);
    let shown = context.value();
    let text = context.text();
    let by_number = context.violation.node.map(|node| String::from_utf8_lossy(context.tree.raw(node)).into_owned());
    let numbered = declared.members.iter().find(|member| by_number.as_deref() == Some(&*member.value.to_string()));
    let implied = condition::implied(context).map(|(value, why)| format!("write \"{value}\", because {why}"));
    let near = text.as_deref().and_then(|text| meant(text, declared.members.iter().map(|member| &*member.name)));
    let message = match context.violation.rule {
        rule::ENUM_CASE => format!("{shown} is a member of {kind} in another letter case"),
        rule::ENUM_NUMBER => format!("`{}` takes the name of a member of {kind}, not a number", context.name()),
        rule::ENUM_ORDINAL => format!("{shown} is the number of a member of {kind}, not its name"),
        rule::ENUM_JSON_TYPE => format!("`{}` takes the name of a member of {kind}", context.name()),
        _ => format!("{shown} is no member of {kind}"),
    };
    let suggestion = numbered.map(|member| format!("write \"{}\"", member.name)).or(implied);
    Explanation::new(message).suggest(suggestion.or(near))
}

/// The value that was probably meant; there is no doubt where only letter case differs.
fn meant<'w>(text: &str, values: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let near = nearest(text, values)?;
    let is_same = near.eq_ignore_ascii_case(text);
    Some(if is_same { format!("write \"{near}\"") } else { format!("did you mean \"{near}\"?") })
}

fn string_format(context: &Context<'_>, property: &Property) -> Explanation {
    let name = context.name();
    let text = context.text().unwrap_or_default();
    match property.facets.format {
        Some(Format::Guid) => Explanation::new(format!("`{name}` is not a GUID"))
            .expected("a GUID such as \"00000001-3a5c-4d1e-9b7f-000000000001\""),
        Some(Format::Language) => Explanation::new(format!("`{name}` is not a language such as \"en\" or \"fr-CA\""))
            .expected("two letters, and perhaps a region"),
        None => {
            let known = property.facets.allowed.iter().map(|value| &**value);
            let near = meant(&text, known.clone());
            Explanation::new(format!("{} is not among the values that are sure to be accepted", context.value()))
                .expected(words::any_of(known))
                .suggest(near)
        }
    }
}

fn duration(context: &Context<'_>) -> Explanation {
    let (name, text) = (context.name(), context.text());
    let number = context.violation.node.filter(|&node| context.tree.kind(node) == ValueKind::Number);
    let message = match context.violation.rule {
        rule::DURATION_UNITS => format!("`{name}` has years, months or weeks, which a duration cannot have"),
        rule::DURATION_FORM => format!("whether a duration may be written as {} is left open", context.value()),
        rule::DURATION_RANGE => format!("whether a duration of {} is accepted is left open", context.value()),
        _ => format!("`{name}` takes a duration of days, hours, minutes and seconds"),
    };
    let days = match (&text, number) {
        (Some(text), _) => in_days(text),
        (None, Some(node)) => std::str::from_utf8(context.tree.raw(node)).ok().and_then(|text| text.parse().ok()),
        (None, None) => None,
    };
    let is_other = matches!(context.violation.rule, rule::DURATION | rule::DURATION_UNITS);
    let suggestion = days.filter(|_| is_other).map(|days: u64| format!("write \"P{days}D\", if {days} days are meant"));
    Explanation::new(message).suggest(suggestion)
}

/// The days that a text may mean: `30`, `30 days`, `365 days, 0:00:00`, `30.00:00:00`,
/// and weeks, which have always seven.
fn in_days(text: &str) -> Option<u64> {
    let digits = text.trim_start_matches(['P', 'p']).trim_start();
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    let number: u64 = digits.get(..end)?.parse().ok()?;
    match digits[end..].trim_start() {
        "W" | "w" => number.checked_mul(7),
        "" | "d" | "D" | ".00:00:00" => Some(number),
        rest if rest.starts_with("day") => Some(number),
        _ => None,
    }
}

/// Dates and instants.
fn moment(context: &Context<'_>) -> Explanation {
    let name = context.name();
    let text = context.text().unwrap_or_default();
    let is_date = matches!(edm::date(&text), DateForm::Conforms);
    let with = |suffix: &str| format!("{text}{suffix}");
    let (message, candidate) = match context.violation.rule {
        rule::DATE_TIME_OFFSET => (format!("`{name}` has no offset from UTC"), Some(with("Z"))),
        rule::DATE_TIME if is_date => (format!("`{name}` has no time of day"), Some(with("T00:00:00Z"))),
        rule::DATE_TIME => {
            (format!("`{name}` takes a date, T, a time and an offset"), Some(text.replacen(' ', "T", 1)))
        }
        rule::DATE_TIME_IN_DATE => {
            (format!("`{name}` takes a date without a time"), text.get(..10).map(ToOwned::to_owned))
        }
        rule::IMPOSSIBLE_DATE => (format!("`{name}` is on no calendar or clock"), None),
        rule::DATE => (format!("`{name}` takes a date, written yyyy-mm-dd"), None),
        _ => (format!("whether `{name}` may be written in this form is left open"), None),
    };
    // Only what is then accepted is offered.
    let conforms = |text: &String| {
        edm::date_time_offset(text) == DateTimeForm::Conforms
            || context.violation.rule == rule::DATE_TIME_IN_DATE && edm::date(text) == DateForm::Conforms
    };
    Explanation::new(message).suggest(candidate.filter(conforms).map(|text| format!("write \"{text}\"")))
}

#[cfg(test)]
mod tests {
    use super::in_days;
    use crate::check::check;
    use crate::contract::{Contract, OperationKind};

    #[test]
    fn days_are_read_from_what_clients_write() {
        for (text, days) in [
            ("30", Some(30)),
            ("30 days", Some(30)),
            ("365 days, 0:00:00", Some(365)),
            ("30.00:00:00", Some(30)),
            ("P2W", Some(14)),
            ("P3M", None),
            ("", None),
            ("soon", None),
            ("99999999999999999999 days", None),
        ] {
            assert_eq!(in_days(text), days, "{text}");
        }
    }

    #[test]
    fn what_is_offered_instead_is_accepted() {
        let contract = Contract::named("seed").unwrap();
        for (body, written) in [
            (r#"{"expiration":{"duration":30,"type":"afterDuration"}}"#, "\"P30D\""),
            (r#"{"expiration":{"duration":"365 days, 0:00:00","type":"afterDuration"}}"#, "\"P365D\""),
            (r#"{"expiration":{"endDateTime":"2030-01-31","type":"afterDateTime"}}"#, "\"2030-01-31T00:00:00Z\""),
            (
                r#"{"expiration":{"endDateTime":"2030-01-31T12:00:00","type":"afterDateTime"}}"#,
                "\"2030-01-31T12:00:00Z\"",
            ),
            (
                r#"{"expiration":{"endDateTime":"2030-01-31 12:00:00Z","type":"afterDateTime"}}"#,
                "\"2030-01-31T12:00:00Z\"",
            ),
            (
                r#"{"reviewSettings":{"schedule":{"recurrence":{"range":{"type":"noEnd","startDate":"2030-01-31T00:00:00Z"}}}}}"#,
                "\"2030-01-31\"",
            ),
            (r#"{"reviewSettings":{"isEnabled":"True"}}"#, "true"),
            (r#"{"allowedTargetScope":"AllMemberUsers"}"#, "\"allMemberUsers\""),
            (r#"{"allowedTargetScope":4}"#, "\"allMemberUsers\""),
        ] {
            let violations = check(body.as_bytes(), &contract, OperationKind::Add);
            let fault = violations.iter().find(|violation| violation.suggestion.is_some()).expect(body);
            let suggestion = fault.suggestion.as_deref().unwrap_or_default();
            assert!(suggestion.contains(&format!("write {written}")), "{body}: {suggestion}");
            let mended = [&body[..fault.span.offset], written, &body[fault.span.range().end..]].concat();
            let left = check(mended.as_bytes(), &contract, OperationKind::Add);
            assert!(left.iter().all(|violation| violation.pointer != fault.pointer), "{mended}: {left:?}");
        }
    }
}
