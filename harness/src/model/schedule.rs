//! Time: when something ends, when it starts, and how it recurs.

use super::enumeration::{DayOfWeek, ExpirationPatternType, RecurrencePatternType, RecurrenceRangeType, WeekIndex};
use super::field::Collection;
use super::record::record;
use super::scalar::{Date, DateTimeOffset, Duration, Int32, Text};

record! {
    /// When access ends.
    pub struct ExpirationPattern<'a> as "expirationPattern" {
        /// Goes with `afterDuration`.
        duration: Duration<'a> = "duration",
        /// Goes with `afterDateTime`.
        end_date_time: DateTimeOffset<'a> = "endDateTime",
        kind: ExpirationPatternType<'a> = "type",
    }
}

record! {
    /// When reviews start, how they recur, and how long each lasts.
    pub struct Schedule<'a> as "entitlementManagementSchedule" {
        expiration: ExpirationPattern<'a> = "expiration",
        recurrence: PatternedRecurrence<'a> = "recurrence",
        start_date_time: DateTimeOffset<'a> = "startDateTime",
    }
}

record! {
    /// How something recurs, and until when.
    pub struct PatternedRecurrence<'a> as "patternedRecurrence" {
        pattern: RecurrencePattern<'a> = "pattern",
        range: RecurrenceRange<'a> = "range",
    }
}

record! {
    /// The beat of a recurrence.
    pub struct RecurrencePattern<'a> as "recurrencePattern" {
        /// 0 where it does not apply.
        day_of_month: Int32<'a> = "dayOfMonth",
        days_of_week: Collection<DayOfWeek<'a>> = "daysOfWeek",
        first_day_of_week: DayOfWeek<'a> = "firstDayOfWeek",
        index: WeekIndex<'a> = "index",
        interval: Int32<'a> = "interval",
        /// 0 where it does not apply.
        month: Int32<'a> = "month",
        kind: RecurrencePatternType<'a> = "type",
    }
}

record! {
    /// The first and the last day of a recurrence.
    pub struct RecurrenceRange<'a> as "recurrenceRange" {
        end_date: Date<'a> = "endDate",
        number_of_occurrences: Int32<'a> = "numberOfOccurrences",
        recurrence_time_zone: Text<'a> = "recurrenceTimeZone",
        start_date: Date<'a> = "startDate",
        kind: RecurrenceRangeType<'a> = "type",
    }
}
