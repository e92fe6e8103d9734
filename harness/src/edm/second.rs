//! Seconds as whole numbers of picoseconds, so that instants and durations
//! compare exactly.

/// Picoseconds in a second.
pub(super) const SECOND: i128 = 1_000_000_000_000;
/// Picoseconds in a day.
pub(crate) const DAY: i128 = 86_400 * SECOND;

/// Digits of a fraction that picoseconds can say.
const DIGITS: usize = 12;

/// The picoseconds that the digits behind a point say; `None` where they say
/// something finer.
pub(super) fn fraction(digits: &str) -> Option<i128> {
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    let missing = DIGITS.checked_sub(digits.len())?;
    let number: i128 = digits.parse().ok()?;
    number.checked_mul(10_i128.checked_pow(u32::try_from(missing).ok()?)?)
}

#[cfg(test)]
mod tests {
    use super::fraction;

    #[test]
    fn fractions() {
        for (digits, value) in [
            ("", Some(0)),
            ("0", Some(0)),
            ("5", Some(500_000_000_000)),
            ("50000000000000000000", Some(500_000_000_000)),
            ("0000001", Some(100_000)),
            ("123456789012", Some(123_456_789_012)),
            ("1234567890120", Some(123_456_789_012)),
            ("1234567890123", None),
            ("0000000000001", None),
        ] {
            assert_eq!(fraction(digits), value, "{digits}");
        }
    }
}
