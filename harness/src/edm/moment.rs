//! The same value in another form: an instant in another offset, a duration in
//! other units. What they say stays the same to the last digit.

use super::date::{DateTimeForm, date_time_offset, instant};
use super::duration::{DurationForm, duration, length};
use super::second::{DAY, SECOND};

/// The same instant in an offset of `minutes`. None where the text is no instant
/// that conforms, or would be none in that offset.
///
/// ```
/// use policy_harness::edm::in_offset;
/// assert_eq!(in_offset("2030-01-01T00:00:00Z", -90).as_deref(), Some("2029-12-31T22:30:00-01:30"));
/// assert_eq!(in_offset("9999-12-31T23:59:59Z", 90), None);
/// ```
pub fn in_offset(text: &str, minutes: i32) -> Option<String> {
    if date_time_offset(text) != DateTimeForm::Conforms {
        return None;
    }
    let local = instant(text)? + i128::from(minutes) * 60 * SECOND;
    let (days, within) = (local.div_euclid(DAY), local.rem_euclid(DAY));
    let (year, month, day) = civil(i64::try_from(days).ok()?);
    let seconds = within / SECOND;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let fraction = fraction(within % SECOND);
    let sign = if minutes < 0 { '-' } else { '+' };
    let (offset_hours, offset_minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    let text = format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{sign}{offset_hours:02}:{offset_minutes:02}"
    );
    (date_time_offset(&text) == DateTimeForm::Conforms).then_some(text)
}

/// The same duration in seconds alone, or in days where it was in seconds alone
/// and is whole days. None where the text is no duration that conforms, has no
/// other form of that kind, or has more seconds than an Int32 holds, which is
/// what readers count them in.
///
/// ```
/// use policy_harness::edm::in_other_units;
/// assert_eq!(in_other_units("P1DT12H").as_deref(), Some("PT129600S"));
/// assert_eq!(in_other_units("PT86400S").as_deref(), Some("P1D"));
/// ```
pub fn in_other_units(text: &str) -> Option<String> {
    if duration(text) != DurationForm::Conforms {
        return None;
    }
    let length = length(text)?;
    if length / SECOND > i128::from(i32::MAX) {
        return None;
    }
    let seconds = format!("PT{}{}S", length / SECOND, fraction(length % SECOND));
    let other = if seconds == text && length % DAY == 0 { format!("P{}D", length / DAY) } else { seconds };
    (other != text && duration(&other) == DurationForm::Conforms).then_some(other)
}

/// Picoseconds as the fraction of a second, zeros at the end left out.
fn fraction(picoseconds: i128) -> String {
    let digits = format!("{picoseconds:012}");
    match digits.trim_end_matches('0') {
        "" => String::new(),
        digits => format!(".{digits}"),
    }
}

/// Year, month and day of a day counted from 0001-01-01, in the proleptic
/// Gregorian calendar.
fn civil(day: i64) -> (i64, i64, i64) {
    // Years that begin in March have their leap day last, and 400 of them are
    // 146,097 days whatever the year.
    let shifted = day + 306;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_stays_the_same() {
        for text in [
            "0001-01-01T00:00:00Z",
            "0001-03-01T02:00:00.5+01:00",
            "2000-02-29T23:59:59.9999999Z",
            "2023-12-31T23:30:00-08:00",
            "2100-02-28T12:00:00+13:59",
            "9999-12-31T00:00:00Z",
        ] {
            let mut moved = 0;
            for minutes in [-839, -90, 0, 330, 839] {
                let Some(other) = in_offset(text, minutes) else { continue };
                assert_eq!(instant(&other), instant(text), "{text} {other}");
                moved += 1;
            }
            assert!(moved >= 3, "{text}");
        }
        assert_eq!(in_offset("2030-01-01T00:00:00", 0), None);
        assert_eq!(in_offset("2030-03-01T00:30:00+01:00", -60).as_deref(), Some("2030-02-28T22:30:00-01:00"));
    }

    #[test]
    fn a_duration_stays_the_same() {
        for text in ["P1D", "PT36H", "P1DT2H3M4.5S", "P3660D", "PT172800S", "P007D"] {
            let other = in_other_units(text).unwrap();
            assert_eq!(length(&other), length(text), "{text} {other}");
        }
        assert_eq!(in_other_units("PT0S").as_deref(), Some("P0D"));
        assert_eq!(in_other_units("PT1S"), None);
        assert_eq!(in_other_units("PT0.0000001S"), None);
        assert_eq!(in_other_units("P10675199D"), None);
        assert_eq!(in_other_units("-P1D"), None);
    }
}
