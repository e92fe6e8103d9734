//! `Retry-After`: how long a busy target wants to be left alone (RFC 9110, 10.2.3).

use std::time::{Duration, SystemTime};

use super::Answer;

/// The time that an answer asks for: a number of seconds, or until a date in any
/// of the three forms of RFC 9110, 5.6.7. A fraction of a second, which some
/// services send, is understood too. What is neither, asks for nothing.
pub(super) fn retry_after(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let value = answer.header("retry-after")?.trim();
    if let Some(seconds) = seconds(value) {
        return Some(seconds);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    // By the target's own clock, where it shows it: it may not be ours.
    let now = answer.header("date").and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

fn seconds(text: &str) -> Option<Duration> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.starts_with(|first: char| first.is_ascii_digit());
    if !is_number {
        return None;
    }
    // More than any number holds is a long time all the same.
    Some(Duration::try_from_secs_f64(text.parse().ok()?).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(&str, &str)]) -> Option<Duration> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        let answer = Answer { status: 429, headers, body: Vec::new(), trailing: 0, elapsed: Duration::ZERO };
        // 784111777 is 1994-11-06T08:49:37Z.
        retry_after(&answer, SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777))
    }

    #[test]
    fn numbers_and_dates_are_understood() {
        for (value, seconds) in [
            ("0", 0.0),
            ("120", 120.0),
            (" 7 ", 7.0),
            ("2.128", 2.128),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
            ("Sunday, 06-Nov-94 08:49:47 GMT", 10.0),
            ("Sun Nov  6 08:49:47 1994", 10.0),
            // It is over already.
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ] {
            assert_eq!(asked(&[("retry-after", value)]), Some(Duration::from_secs_f64(seconds)), "{value}");
        }
        assert!(asked(&[("retry-after", "99999999999999999999999999")]).unwrap() > Duration::from_secs(1 << 40));
    }

    #[test]
    fn a_date_is_one_of_the_targets_clock() {
        let date = ("date", "Sun, 06 Nov 1994 09:49:37 GMT");
        assert_eq!(asked(&[date, ("retry-after", "Sun, 06 Nov 1994 09:49:40 GMT")]), Some(Duration::from_secs(3)));
        assert_eq!(asked(&[date, ("retry-after", "4")]), Some(Duration::from_secs(4)));
    }

    #[test]
    fn anything_else_asks_for_nothing() {
        assert_eq!(asked(&[]), None);
        for value in ["", "soon", "-1", "1e3", "1 s", ".", "1.2.3", "inf", "NaN", "Sun, 06 Nov 1994", "\u{661}"] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
        }
    }
}
