//! Edm.Date and Edm.DateTimeOffset (OData ABNF, dateValue and
//! dateTimeOffsetValue): calendar dates of the proleptic Gregorian calendar,
//! and instants with an offset that is never left out.

use super::second::{SECOND, fraction};

/// What a text is as an Edm.DateTimeOffset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateTimeForm {
    /// An instant that every target must take.
    Conforms,
    /// A form or a value that the contracts leave open: an offset of 14 hours or
    /// more, a year (here or in UTC) before 0001 or after 9999, a leap second,
    /// lower-case `t` or `z`, no seconds, more than 7 digits of fraction.
    Open,
    /// No offset.
    NoOffset,
    /// A day, hour, minute or second that does not exist.
    Impossible,
    /// Not a date with a time.
    Malformed,
}

/// What a text is as an Edm.Date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// A date that every target must take.
    Conforms,
    /// A year before 0001 or after 9999.
    Open,
    /// A date with a time behind it.
    WithTime,
    /// A day that does not exist.
    Impossible,
    /// Not a date.
    Malformed,
}

/// Reads the content of a string as an Edm.DateTimeOffset.
///
/// ```
/// use policy_harness::edm::{DateTimeForm, date_time_offset};
/// assert_eq!(date_time_offset("2024-02-29T23:59:59.1234567+05:30"), DateTimeForm::Conforms);
/// assert_eq!(date_time_offset("2024-01-01T00:00:00"), DateTimeForm::NoOffset);
/// assert_eq!(date_time_offset("2023-02-29T00:00:00Z"), DateTimeForm::Impossible);
/// ```
pub fn date_time_offset(text: &str) -> DateTimeForm {
    match read_moment(text) {
        Ok(moment) if moment.is_open() => DateTimeForm::Open,
        Ok(_) => DateTimeForm::Conforms,
        Err(form) => form,
    }
}

/// The instant that an Edm.DateTimeOffset names, in picoseconds since
/// 0001-01-01T00:00:00Z (negative before it), so that equal instants are equal
/// whatever their offset and the zeros behind their fraction.
///
/// `None` where the text is not of a form that [`date_time_offset`] calls
/// conforming or open, and where the number cannot be said: a leap second, a
/// fraction finer than a picosecond, a year of some twenty digits.
///
/// ```
/// use policy_harness::edm::instant;
/// assert_eq!(instant("0001-01-01T00:00:01.5Z"), Some(1_500_000_000_000));
/// assert_eq!(instant("2024-03-01T01:30:00+02:00"), instant("2024-02-29T23:30:00.000Z"));
/// assert_eq!(instant("2024-03-01T01:30:00"), None);
/// ```
pub fn instant(text: &str) -> Option<i128> {
    let Moment { date, time, offset, .. } = read_moment(text).ok()?;
    let second = time.second.unwrap_or(0);
    if second > 59 {
        return None;
    }
    let minutes = i128::from(time.hour * 60 + time.minute) - i128::from(offset);
    let seconds = date.days() * 86_400 + minutes * 60 + i128::from(second);
    seconds.checked_mul(SECOND)?.checked_add(fraction(time.fraction)?)
}

/// Reads the content of a string as an Edm.Date.
pub fn date(text: &str) -> DateForm {
    let Some((date, rest)) = split_date(text) else {
        return DateForm::Malformed;
    };
    match rest {
        "" if !date.exists() => DateForm::Impossible,
        "" if !date.is_common() => DateForm::Open,
        "" => DateForm::Conforms,
        _ if rest.starts_with(['T', 't', ' ']) => DateForm::WithTime,
        _ => DateForm::Malformed,
    }
}

struct Date {
    /// Saturates: years that long are all alike.
    year: i64,
    month: u32,
    day: u32,
}

impl Date {
    fn exists(&self) -> bool {
        (1..=self.days_in(self.month)).contains(&self.day)
    }

    fn days_in(&self, month: u32) -> u32 {
        match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0) => 29,
            2 => 28,
            _ => 0,
        }
    }

    /// Days since 0001-01-01, for a date that exists.
    fn days(&self) -> i128 {
        let years = i128::from(self.year) - 1;
        let leap_days = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
        let months: u32 = (1..self.month).map(|month| self.days_in(month)).sum();
        years * 365 + leap_days + i128::from(months + self.day) - 1
    }

    fn is_common(&self) -> bool {
        (1..=9999).contains(&self.year)
    }

    /// Whether the instant lies outside the years 1 to 9999 of UTC.
    fn leaves_calendar(&self, time: &Time<'_>, offset: i32) -> bool {
        let minutes = (time.hour * 60 + time.minute) as i32 - offset;
        let first = self.year == 1 && self.month == 1 && self.day == 1;
        let last = self.year == 9999 && self.month == 12 && self.day == 31;
        first && minutes < 0 || last && minutes >= 24 * 60
    }
}

struct Time<'t> {
    hour: u32,
    minute: u32,
    second: Option<u32>,
    /// The digits behind the point.
    fraction: &'t str,
}

/// A date, a time and an offset that exist.
struct Moment<'t> {
    date: Date,
    time: Time<'t>,
    /// Minutes that the clock is ahead of UTC.
    offset: i32,
    lower_case: bool,
}

impl Moment<'_> {
    fn is_open(&self) -> bool {
        self.time.second.is_none_or(|second| second == 60)
            || self.time.fraction.len() > 7
            || self.lower_case
            || self.offset.abs() >= 14 * 60
            || !self.date.is_common()
            || self.date.leaves_calendar(&self.time, self.offset)
    }
}

/// The parts of an Edm.DateTimeOffset, or what the text is instead.
fn read_moment(text: &str) -> Result<Moment<'_>, DateTimeForm> {
    let (date, rest) = split_date(text).ok_or(DateTimeForm::Malformed)?;
    let time = rest.strip_prefix(['T', 't']).ok_or(DateTimeForm::Malformed)?;
    let (time, zone) = read_time(time).ok_or(DateTimeForm::Malformed)?;
    if zone.is_empty() {
        return Err(DateTimeForm::NoOffset);
    }
    let offset = read_offset(zone).ok_or(DateTimeForm::Malformed)?;
    if !date.exists() || time.hour > 23 || time.minute > 59 || time.second.is_some_and(|second| second > 60) {
        return Err(DateTimeForm::Impossible);
    }
    Ok(Moment { date, time, offset, lower_case: rest.starts_with('t') || zone == "z" })
}

/// A date at the start of the text, and what follows it.
fn split_date(text: &str) -> Option<(Date, &str)> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let length = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = unsigned.split_at(length);
    // More than four digits never begin with a zero.
    if length < 4 || length > 4 && year.starts_with('0') {
        return None;
    }
    let magnitude = year.parse().unwrap_or(i64::MAX);
    let year = if unsigned.len() < text.len() { -magnitude } else { magnitude };
    let (month, rest) = two_digits(rest.strip_prefix('-')?)?;
    let (day, rest) = two_digits(rest.strip_prefix('-')?)?;
    Some((Date { year, month, day }, rest))
}

/// A time at the start of the text, and what follows it.
fn read_time(text: &str) -> Option<(Time<'_>, &str)> {
    let (hour, rest) = two_digits(text)?;
    let (minute, rest) = two_digits(rest.strip_prefix(':')?)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((Time { hour, minute, second: None, fraction: "" }, rest));
    };
    let (second, rest) = two_digits(rest)?;
    let second = Some(second);
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((Time { hour, minute, second, fraction: "" }, rest));
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = rest.split_at_checked(digits)?;
    (digits > 0).then_some((Time { hour, minute, second, fraction }, rest))
}

fn read_offset(text: &str) -> Option<i32> {
    if let "Z" | "z" = text {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = two_digits(text.get(1..)?)?;
    let (minutes, rest) = two_digits(rest.strip_prefix(':')?)?;
    (rest.is_empty() && minutes < 60).then_some(sign * (hours * 60 + minutes) as i32)
}

fn two_digits(text: &str) -> Option<(u32, &str)> {
    let digits = text.get(..2)?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then_some(())?;
    Some((digits.parse().ok()?, text.get(2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times() {
        use DateTimeForm::{Conforms, Impossible, Malformed, NoOffset, Open};
        for (text, form) in [
            ("2024-02-29T00:00:00Z", Conforms),
            ("9999-12-31T23:59:59.9999999Z", Conforms),
            ("0001-01-01T00:00:00Z", Conforms),
            ("2024-01-01T00:00:00-13:59", Conforms),
            ("0001-01-01T00:00:00+01:00", Open),
            ("9999-12-31T23:59:59-00:01", Open),
            ("2024-01-01T00:00:00+14:00", Open),
            ("2024-01-01T00:00:00.12345678Z", Open),
            ("2024-06-30T23:59:60Z", Open),
            ("2024-01-01t00:00:00Z", Open),
            ("2024-01-01T00:00:00z", Open),
            ("2024-01-01T00:00Z", Open),
            ("0000-01-01T00:00:00Z", Open),
            ("10000-01-01T00:00:00Z", Open),
            ("-0001-01-01T00:00:00Z", Open),
            ("2024-01-01T00:00:00", NoOffset),
            ("2024-01-01T00:00:00.5", NoOffset),
            ("2023-02-29T00:00:00Z", Impossible),
            ("1900-02-29T00:00:00Z", Impossible),
            ("2024-13-01T00:00:00Z", Impossible),
            ("2024-01-01T24:00:00Z", Impossible),
            ("2024-01-01T00:61:00Z", Impossible),
            ("2024-01-01", Malformed),
            ("2024-01-01 00:00:00Z", Malformed),
            ("2024-01-01T00:00:00.Z", Malformed),
            ("2024-01-01T00:00:00+1:00", Malformed),
            ("2024-01-01T00:00:00Z ", Malformed),
            ("tomorrow", Malformed),
            ("", Malformed),
            ("2024-01-01T00:00:00+05:99", Malformed),
            ("é024-01-01T00:00:00Z", Malformed),
        ] {
            assert_eq!(date_time_offset(text), form, "{text}");
        }
    }

    #[test]
    fn instants() {
        let day = 86_400 * SECOND;
        for (text, picoseconds) in [
            ("0001-01-01T00:00:00Z", Some(0)),
            ("0001-01-01T00:00:00.000000000001Z", Some(1)),
            ("0001-01-01T00:00Z", Some(0)),
            ("0001-01-01T00:01:00+00:01", Some(0)),
            ("0001-01-01T00:00:00+01:00", Some(-3_600 * SECOND)),
            ("0000-12-31T00:00:00Z", Some(-day)),
            // 366 days: the year 0 is a leap year.
            ("0000-01-01T00:00:00Z", Some(-366 * day)),
            ("-0001-01-01T00:00:00Z", Some(-731 * day)),
            // 719,162 days to the Unix epoch.
            ("1970-01-01T00:00:00Z", Some(719_162 * day)),
            ("1969-12-31t18:30:00.000-05:30", Some(719_162 * day)),
            ("2000-02-29T00:00:00z", Some((719_162 + 11_016) * day)),
            ("9999-12-31T23:59:59.9999999Z", Some(3_652_059 * day - 100_000)),
            ("2024-01-01T00:00:00.0000000000001Z", None),
            ("2016-12-31T23:59:60Z", None),
            ("2024-02-30T00:00:00Z", None),
            ("2024-02-28T00:00:00", None),
            ("99999999999999999999-01-01T00:00:00Z", None),
            ("-99999999999999999999-01-01T00:00:00Z", None),
        ] {
            assert_eq!(instant(text), picoseconds, "{text}");
        }
    }

    #[test]
    fn dates() {
        use DateForm::{Conforms, Impossible, Malformed, Open, WithTime};
        for (text, form) in [
            ("2000-02-29", Conforms),
            ("0000-01-01", Open),
            ("12024-01-01", Open),
            ("2100-02-29", Impossible),
            ("2024-04-31", Impossible),
            ("2024-01-01T00:00:00Z", WithTime),
            ("2024-1-1", Malformed),
            ("01/02/2024", Malformed),
            ("", Malformed),
        ] {
            assert_eq!(date(text), form, "{text}");
        }
    }
}
