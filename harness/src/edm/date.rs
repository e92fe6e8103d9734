//! Edm.Date and Edm.DateTimeOffset (OData ABNF, dateValue and
//! dateTimeOffsetValue): calendar dates of the proleptic Gregorian calendar,
//! and instants with an offset that is never left out.

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
    let Some((date, rest)) = split_date(text) else {
        return DateTimeForm::Malformed;
    };
    let Some(time) = rest.strip_prefix(['T', 't']) else {
        return DateTimeForm::Malformed;
    };
    let Some((time, offset)) = read_time(time) else {
        return DateTimeForm::Malformed;
    };
    let Some(offset) = read_offset(offset) else {
        return if offset.is_empty() { DateTimeForm::NoOffset } else { DateTimeForm::Malformed };
    };
    let leap_second = time.second == Some(60);
    if !date.exists() || time.hour > 23 || time.minute > 59 || time.second.is_some_and(|second| second > 60) {
        return DateTimeForm::Impossible;
    }
    let open = leap_second
        || time.second.is_none()
        || time.fraction > 7
        || rest.starts_with('t')
        || offset.lower_case
        || offset.minutes.abs() >= 14 * 60
        || !date.is_common()
        || date.leaves_calendar(&time, offset.minutes);
    if open { DateTimeForm::Open } else { DateTimeForm::Conforms }
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
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0) => 29,
            2 => 28,
            _ => 0,
        };
        (1..=days).contains(&self.day)
    }

    fn is_common(&self) -> bool {
        (1..=9999).contains(&self.year)
    }

    /// Whether the instant lies outside the years 1 to 9999 of UTC.
    fn leaves_calendar(&self, time: &Time, offset: i32) -> bool {
        let minutes = (time.hour * 60 + time.minute) as i32 - offset;
        let first = self.year == 1 && self.month == 1 && self.day == 1;
        let last = self.year == 9999 && self.month == 12 && self.day == 31;
        first && minutes < 0 || last && minutes >= 24 * 60
    }
}

struct Time {
    hour: u32,
    minute: u32,
    second: Option<u32>,
    /// Digits behind the point.
    fraction: usize,
}

struct Offset {
    minutes: i32,
    lower_case: bool,
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
fn read_time(text: &str) -> Option<(Time, &str)> {
    let (hour, rest) = two_digits(text)?;
    let (minute, rest) = two_digits(rest.strip_prefix(':')?)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((Time { hour, minute, second: None, fraction: 0 }, rest));
    };
    let (second, rest) = two_digits(rest)?;
    let mut time = Time { hour, minute, second: Some(second), fraction: 0 };
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((time, rest));
    };
    time.fraction = rest.bytes().take_while(u8::is_ascii_digit).count();
    let rest = rest.get(time.fraction..)?;
    (time.fraction > 0).then_some((time, rest))
}

fn read_offset(text: &str) -> Option<Offset> {
    if let "Z" | "z" = text {
        return Some(Offset { minutes: 0, lower_case: text == "z" });
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = two_digits(text.get(1..)?)?;
    let (minutes, rest) = two_digits(rest.strip_prefix(':')?)?;
    (rest.is_empty() && minutes < 60)
        .then_some(Offset { minutes: sign * (hours * 60 + minutes) as i32, lower_case: false })
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
