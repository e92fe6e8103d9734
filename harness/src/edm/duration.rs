//! Edm.Duration (OData ABNF, durationValue): `[sign] P [nD] [T [nH] [nM] [n[.n]S]]`.
//! Years, months and weeks, which ISO 8601 has, are no part of it.

/// What a text is as an Edm.Duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationForm {
    /// A duration that every target must take.
    Conforms,
    /// A sign, or `P`, `PT`, `P1DT`: forms that the contracts leave open.
    OpenForm,
    /// Longer than `P10675199D`, or more than 7 digits of fraction: values
    /// that the contracts leave open.
    OpenRange,
    /// Years, months or weeks.
    Units,
    /// Not a duration.
    Malformed,
}

/// Days in the longest duration that must be taken (a .NET TimeSpan holds just
/// over 10,675,199 days).
const MAX_DAYS: f64 = 10_675_199.0;

/// Reads the content of a string.
///
/// ```
/// use policy_harness::edm::{DurationForm, duration};
/// assert_eq!(duration("P1DT2H0.5S"), DurationForm::Conforms);
/// assert_eq!(duration("P2W"), DurationForm::Units);
/// assert_eq!(duration("365 days"), DurationForm::Malformed);
/// ```
pub fn duration(text: &str) -> DurationForm {
    let (signed, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let Some(body) = unsigned.strip_prefix('P') else {
        return lower_case(unsigned);
    };
    let (date, time) = match body.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (body, None),
    };
    let Some(date) = fields(date, "YMWD") else {
        return DurationForm::Malformed;
    };
    let Some(time_fields) = fields(time.unwrap_or_default(), "HMS") else {
        return DurationForm::Malformed;
    };
    let fraction = time_fields.iter().find_map(|field| field.fraction);
    let misplaced = date.iter().any(|field| field.fraction.is_some())
        || time_fields.iter().any(|field| field.fraction.is_some() && field.unit != b'S');
    if misplaced {
        return DurationForm::Malformed;
    }
    if date.iter().any(|field| field.unit != b'D') {
        return DurationForm::Units;
    }
    let empty = time.is_some() && time_fields.is_empty() || date.is_empty() && time_fields.is_empty();
    if signed || empty {
        return DurationForm::OpenForm;
    }
    let days: f64 = date.iter().map(|field| field.number).sum::<f64>() + seconds(&time_fields) / 86_400.0;
    if days > MAX_DAYS || fraction.is_some_and(|digits| digits > 7) {
        DurationForm::OpenRange
    } else {
        DurationForm::Conforms
    }
}

/// ABNF literals take either case, the contracts say nothing of it: open.
fn lower_case(unsigned: &str) -> DurationForm {
    if !unsigned.starts_with('p') {
        return DurationForm::Malformed;
    }
    match duration(&unsigned.to_ascii_uppercase()) {
        form @ (DurationForm::Malformed | DurationForm::Units) => form,
        _ => DurationForm::OpenForm,
    }
}

fn seconds(time: &[Field]) -> f64 {
    let weight = |unit| match unit {
        b'H' => 3_600.0,
        b'M' => 60.0,
        _ => 1.0,
    };
    time.iter().map(|field| field.number * weight(field.unit)).sum()
}

struct Field {
    number: f64,
    /// Digits behind the point.
    fraction: Option<usize>,
    unit: u8,
}

/// Numbers with their units, each unit once and in the order of `units`.
fn fields(mut text: &str, units: &str) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    let mut units = units.bytes();
    while !text.is_empty() {
        let end = text.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, rest) = text.split_at(end);
        let unit = *rest.as_bytes().first()?;
        units.find(|&known| known == unit)?;
        let fraction = match number.split_once('.') {
            Some((whole, digits)) if !whole.is_empty() && !digits.is_empty() => Some(digits.len()),
            Some(_) => return None,
            None if number.is_empty() => return None,
            None => None,
        };
        fields.push(Field { number: number.parse().ok()?, fraction, unit });
        text = rest.get(1..)?;
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use DurationForm::{Conforms, Malformed, OpenForm, OpenRange, Units};

    #[test]
    fn forms() {
        for (text, form) in [
            ("P1D", Conforms),
            ("PT0S", Conforms),
            ("P0D", Conforms),
            ("PT36H", Conforms),
            ("P1DT2H3M4.1234567S", Conforms),
            ("P10675199D", Conforms),
            ("P10675199DT1S", OpenRange),
            ("P99999999999999999999999D", OpenRange),
            ("PT0.12345678S", OpenRange),
            ("-P1D", OpenForm),
            ("+P1D", OpenForm),
            ("P", OpenForm),
            ("PT", OpenForm),
            ("P1DT", OpenForm),
            ("p1d", OpenForm),
            ("P1Y", Units),
            ("P3M", Units),
            ("P2W", Units),
            ("P1Y2DT3H", Units),
            ("", Malformed),
            ("30 days", Malformed),
            ("30", Malformed),
            ("P1H", Malformed),
            ("PT1D", Malformed),
            ("PD", Malformed),
            ("P1.5D", Malformed),
            ("PT1.5H", Malformed),
            ("PT1.S", Malformed),
            ("PT.5S", Malformed),
            ("P1D1D", Malformed),
            ("PT1S1H", Malformed),
            ("P1D ", Malformed),
            ("P-1D", Malformed),
            ("1.00:00:00", Malformed),
            ("P1T1T1", Malformed),
        ] {
            assert_eq!(duration(text), form, "{text}");
        }
    }
}
