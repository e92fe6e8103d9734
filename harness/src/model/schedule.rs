//! Time: when something ends, when it starts, and how it recurs.

use super::enumeration::{DayOfWeek, ExpirationPatternType, RecurrencePatternType, RecurrenceRangeType, WeekIndex};
use super::field::Collection;
use super::record::record;
use super::scalar::{Date, DateTimeOffset, Duration, Int32};

record! {
    /// When access ends.
    pub struct ExpirationPattern as "expirationPattern" {
        /// Goes with `afterDuration`.
        duration: Duration = "duration",
        /// Goes with `afterDateTime`.
        end_date_time: DateTimeOffset = "endDateTime",
        kind: ExpirationPatternType = "type",
    }
}

record! {
    /// When reviews start, how they recur, and how long each lasts.
    pub struct Schedule as "entitlementManagementSchedule" {
        expiration: ExpirationPattern = "expiration",
        recurrence: PatternedRecurrence = "recurrence",
        start_date_time: DateTimeOffset = "startDateTime",
    }
}

record! {
    /// How something recurs, and until when.
    pub struct PatternedRecurrence as "patternedRecurrence" {
        pattern: RecurrencePattern = "pattern",
        range: RecurrenceRange = "range",
    }
}

record! {
    /// The beat of a recurrence.
    pub struct RecurrencePattern as "recurrencePattern" {
        /// 0 where it does not apply.
        day_of_month: Int32 = "dayOfMonth",
        days_of_week: Collection<DayOfWeek> = "daysOfWeek",
        first_day_of_week: DayOfWeek = "firstDayOfWeek",
        index: WeekIndex = "index",
        interval: Int32 = "interval",
        /// 0 where it does not apply.
        month: Int32 = "month",
        kind: RecurrencePatternType = "type",
    }
}

record! {
    /// The first and the last day of a recurrence.
    pub struct RecurrenceRange as "recurrenceRange" {
        end_date: Date = "endDate",
        number_of_occurrences: Int32 = "numberOfOccurrences",
        recurrence_time_zone: String = "recurrenceTimeZone",
        start_date: Date = "startDate",
        kind: RecurrenceRangeType = "type",
    }
}
