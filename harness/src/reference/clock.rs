//! Time and identity without a clock and without randomness: both are numbers
//! that are counted up, written as OData and Graph write them.

/// The instant `tick` seconds after the beginning of 2026, as an
/// Edm.DateTimeOffset. Starts over after some eight thousand years.
pub(super) fn instant(tick: u64) -> String {
    const DAY: u64 = 86_400;
    let (days, second) = ((tick / DAY) % 2_900_000, tick % DAY);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The date `days` after the first day of 2026.
fn date(mut days: u64) -> (u64, u64, u64) {
    /// Days in 400 years, after which the calendar repeats.
    const CYCLE: u64 = 146_097;
    let mut year = 2026 + days / CYCLE * 400;
    days %= CYCLE;
    let is_leap = |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

/// The GUID of the `number`th request.
pub(super) fn request_id(number: u64) -> String {
    format!("5e9f0000-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff)
}

/// The GUID of the `number`th policy.
pub(super) fn policy_id(number: u64) -> String {
    format!("{:08x}-0000-4000-9000-{:012x}", number & 0xffff_ffff, number & 0xffff_ffff_ffff)
}

/// A GUID that no policy has.
pub(super) fn stray_id(number: u64) -> String {
    format!("{:08x}-0000-4000-a000-{:012x}", number & 0xffff_ffff, number & 0xffff_ffff_ffff)
}
