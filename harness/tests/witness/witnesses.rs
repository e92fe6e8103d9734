//! The other parsers: `jiff`, which reads all three types, and `chrono`, whose
//! range of instants has no end that matters here.

use chrono::{DateTime, Datelike, NaiveDate};
use jiff::fmt::temporal::{DateTimeParser, SpanParser};
use jiff::{SpanRelativeTo, Timestamp, civil};

use super::compare::{Form, date_form, duration_form, instant_form};
use super::lax::{self, Laxity};

const NANOSECOND: i128 = 1_000;
const SECOND: i128 = 1_000_000_000 * NANOSECOND;
const DAY: i128 = 86_400 * SECOND;

/// Another parser of a primitive type.
#[derive(Debug)]
pub(crate) struct Witness {
    pub(crate) name: &'static str,
    /// The value in picoseconds, counted as edm does; `None` where it refuses.
    pub(crate) read: fn(&str) -> Option<i128>,
    /// Whether it promises to read texts of this value.
    pub(crate) covers: fn(i128) -> bool,
    /// What edm makes of such a text, without any planted fault.
    pub(crate) form: fn(&str) -> Form,
    /// What it accepts and edm does not.
    pub(crate) laxities: &'static [Laxity],
}

pub(crate) const INSTANTS: &[Witness] = &[
    Witness { name: "jiff", read: jiff_instant, covers: jiff_covers, form: instant_form, laxities: lax::JIFF_INSTANTS },
    Witness {
        name: "chrono",
        read: chrono_instant,
        covers: |_| true,
        form: instant_form,
        laxities: lax::CHRONO_INSTANTS,
    },
];

pub(crate) const DATES: &[Witness] = &[
    Witness { name: "jiff", read: jiff_date, covers: |_| true, form: date_form, laxities: lax::JIFF_DATES },
    Witness { name: "chrono", read: chrono_date, covers: |_| true, form: date_form, laxities: lax::CHRONO_DATES },
];

pub(crate) const DURATIONS: &[Witness] = &[Witness {
    name: "jiff",
    read: jiff_length,
    covers: |value| value <= longest_span(),
    form: duration_form,
    laxities: lax::JIFF_DURATIONS,
}];

static DATE_TIMES: DateTimeParser = DateTimeParser::new();
static SPANS: SpanParser = SpanParser::new();

/// Picoseconds from 0001-01-01 to a date, by jiff's calendar.
fn since_year_1(date: civil::Date) -> i128 {
    date.duration_since(civil::date(1, 1, 1)).as_nanos() * NANOSECOND
}

fn jiff_timestamp(timestamp: Timestamp) -> i128 {
    timestamp.as_nanosecond() * NANOSECOND + since_year_1(civil::date(1970, 1, 1))
}

fn jiff_instant(text: &str) -> Option<i128> {
    DATE_TIMES.parse_timestamp(text).ok().map(jiff_timestamp)
}

/// Its last instant leaves room for every time zone.
fn jiff_covers(value: i128) -> bool {
    value <= jiff_timestamp(Timestamp::MAX)
}

fn jiff_date(text: &str) -> Option<i128> {
    DATE_TIMES.parse_date(text).ok().map(since_year_1)
}

fn jiff_length(text: &str) -> Option<i128> {
    let span = SPANS.parse_span(text).ok()?;
    // Months and years have no length, so none is read where they occur.
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Some(length.as_nanos() * NANOSECOND)
}

/// The longest duration of which jiff reads every form.
pub(crate) fn longest_span() -> i128 {
    7_304_484 * DAY
}

fn chrono_instant(text: &str) -> Option<i128> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    let seconds = i128::from(instant.timestamp()) * SECOND + i128::from(instant.timestamp_subsec_nanos()) * NANOSECOND;
    Some(seconds + chrono_days(NaiveDate::from_ymd_opt(1970, 1, 1)?))
}

fn chrono_date(text: &str) -> Option<i128> {
    // Its reader of dates alone takes spaces and years of any length.
    DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")).ok().map(|instant| chrono_days(instant.date_naive()))
}

/// chrono counts 0001-01-01 as day 1.
fn chrono_days(date: NaiveDate) -> i128 {
    (i128::from(date.num_days_from_ce()) - 1) * DAY
}
