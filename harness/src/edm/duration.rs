//! Edm.Duration (OData ABNF, durationValue): `[sign] P [nD] [T [nH] [nM] [n[.n]S]]`.
//! Years, months and weeks, which ISO 8601 has, are no part of it.

use super::second::{DAY, SECOND, fraction};

/// What a text is as an Edm.Duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationForm {
    /// A duration that every target must take.
    Conforms,
    /// A sign, lower-case letters, or `P`, `PT`, `P1DT`: forms that the contracts
    /// leave open.
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
const MAX_DAYS: i128 = 10_675_199;

/// Reads the content of a string.
///
/// ```
/// use policy_harness::edm::{DurationForm, duration};
/// assert_eq!(duration("P1DT2H0.5S"), DurationForm::Conforms);
/// assert_eq!(duration("P2W"), DurationForm::Units);
/// assert_eq!(duration("365 days"), DurationForm::Malformed);
/// ```
pub fn duration(text: &str) -> DurationForm {
    match read(text) {
        Ok(parts) if parts.is_open_form => DurationForm::OpenForm,
        Ok(parts) if parts.digits > 7 => DurationForm::OpenRange,
        Ok(parts) if parts.length.is_none_or(|length| length > MAX_DAYS * DAY) => DurationForm::OpenRange,
        Ok(_) => DurationForm::Conforms,
        Err(form) => form,
    }
}

/// The length of an Edm.Duration in picoseconds, negative behind a `-`, so that
/// equal lengths are equal in whatever units they are written.
///
/// `None` where the text is not of a form that [`duration`] calls conforming or
/// open, and where the number cannot be said: a fraction finer than a picosecond,
/// some 10<sup>18</sup> years.
///
/// ```
/// use policy_harness::edm::length;
/// assert_eq!(length("PT1.5S"), Some(1_500_000_000_000));
/// assert_eq!(length("PT36H"), length("P01DT12H0.00S"));
/// assert_eq!(length("P1M"), None);
/// ```
pub fn length(text: &str) -> Option<i128> {
    read(text).ok()?.length
}

/// A duration of days, hours, minutes and seconds.
struct Parts {
    is_open_form: bool,
    /// Digits behind the point.
    digits: usize,
    /// Picoseconds, where they can be said.
    length: Option<i128>,
}

fn read(text: &str) -> Result<Parts, DurationForm> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        // ABNF literals take either case, the contracts say nothing of it: open.
        return Ok(Parts { is_open_form: true, ..read(&text.to_ascii_uppercase())? });
    }
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(unsigned) => (Some(if text.starts_with('-') { -1 } else { 1 }), unsigned),
        None => (None, text),
    };
    let body = unsigned.strip_prefix('P').ok_or(DurationForm::Malformed)?;
    let (date, time) = body.split_once('T').unwrap_or((body, ""));
    let date = fields(date, b"YMWD").ok_or(DurationForm::Malformed)?;
    let time = fields(time, b"HMS").ok_or(DurationForm::Malformed)?;
    let ([units @ .., days], [hours, minutes, seconds]) = (&date, &time);
    if units.iter().chain([days, hours, minutes]).flatten().any(|field| !field.fraction.is_empty()) {
        return Err(DurationForm::Malformed);
    }
    if units.iter().any(Option::is_some) {
        return Err(DurationForm::Units);
    }
    let is_empty = time.iter().all(Option::is_none) && (days.is_none() || body.contains('T'));
    Ok(Parts {
        is_open_form: sign.is_some() || is_empty,
        digits: seconds.as_ref().map_or(0, |field| field.fraction.len()),
        length: sum(date.iter().chain(&time).flatten()).and_then(|length| length.checked_mul(sign.unwrap_or(1))),
    })
}

fn sum<'t>(mut fields: impl Iterator<Item = &'t Field<'t>>) -> Option<i128> {
    fields.try_fold(0_i128, |sum, field| sum.checked_add(field.length()?))
}

/// A number and its unit.
struct Field<'t> {
    whole: &'t str,
    /// The digits behind the point.
    fraction: &'t str,
    unit: u8,
}

impl Field<'_> {
    /// Picoseconds. The fraction is one of seconds.
    fn length(&self) -> Option<i128> {
        let unit = match self.unit {
            b'D' => DAY,
            b'H' => 3_600 * SECOND,
            b'M' => 60 * SECOND,
            _ => SECOND,
        };
        self.whole.parse::<i128>().ok()?.checked_mul(unit)?.checked_add(fraction(self.fraction)?)
    }
}

/// Numbers by their units, each unit once and in the order of `units`.
fn fields<'t, const N: usize>(mut text: &'t str, units: &[u8; N]) -> Option<[Option<Field<'t>>; N]> {
    let mut fields = [const { None }; N];
    let mut free = fields.iter_mut().zip(units);
    while !text.is_empty() {
        let end = text.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, rest) = text.split_at_checked(end)?;
        let unit = *rest.as_bytes().first()?;
        let (field, _) = free.find(|(_, known)| **known == unit)?;
        let (whole, fraction) = match number.split_once('.') {
            Some((_, digits)) if digits.is_empty() || digits.contains('.') => return None,
            Some(parts) => parts,
            None => (number, ""),
        };
        if whole.is_empty() {
            return None;
        }
        *field = Some(Field { whole, fraction, unit });
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
            ("PT1h30M", OpenForm),
            ("p2w", Units),
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
            ("PT1.2.3S", Malformed),
            ("-", Malformed),
            ("P10675199DT0.0000001S", OpenRange),
        ] {
            assert_eq!(duration(text), form, "{text}");
        }
    }

    #[test]
    fn lengths() {
        for (text, picoseconds) in [
            ("P1D", Some(DAY)),
            ("PT24H", Some(DAY)),
            ("PT1439M60.000S", Some(DAY)),
            ("P007D", Some(7 * DAY)),
            ("P1DT2H3M4.5S", Some(93_784_500_000_000_000)),
            ("PT0.000000000001S", Some(1)),
            ("-PT0.5S", Some(-SECOND / 2)),
            ("+p1d", Some(DAY)),
            ("PT", Some(0)),
            ("P1DT", Some(DAY)),
            ("PT0.0000000000001S", None),
            ("P99999999999999999999999D", None),
            ("PT999999999999999999999999999999999999999999S", None),
            ("P1M", None),
            ("P", Some(0)),
            ("", None),
        ] {
            assert_eq!(length(text), picoseconds, "{text}");
        }
    }
}
