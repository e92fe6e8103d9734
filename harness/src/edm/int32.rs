//! Edm.Int32 (OData ABNF, int32Value; OData JSON Format 4.01, 7.1): a JSON
//! number that is whole and fits 32 bits.

/// What a JSON number is as an Edm.Int32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Int32Form {
    /// A whole number in range, written with digits alone.
    Value(i32),
    /// A whole number in range, written as `1.0` or `1e2`.
    OtherForm,
    /// A number with a fraction.
    Fraction,
    /// A whole number outside the range.
    OutOfRange,
}

/// Reads the lexeme of a JSON number.
///
/// ```
/// use policy_harness::edm::{Int32Form, int32};
/// assert_eq!(int32("-2147483648"), Int32Form::Value(i32::MIN));
/// assert_eq!(int32("120e-1"), Int32Form::OtherForm);
/// assert_eq!(int32("125e-1"), Int32Form::Fraction);
/// ```
pub fn int32(lexeme: &str) -> Int32Form {
    if !lexeme.contains(['.', 'e', 'E']) {
        return lexeme.parse().map_or(Int32Form::OutOfRange, Int32Form::Value);
    }
    let (mantissa, exponent) = lexeme.split_once(['e', 'E']).unwrap_or((lexeme, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = [whole.trim_start_matches('-'), fraction].concat();
    if digits.bytes().all(|digit| digit == b'0') {
        return Int32Form::OtherForm;
    }
    // Exponents that overflow are as good as very large ones: no digits are
    // as long as the difference.
    let clamp = if exponent.starts_with('-') { i64::from(i32::MIN) } else { i64::from(i32::MAX) };
    let exponent = exponent.parse::<i64>().unwrap_or(clamp).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    let trailing = digits.len() - digits.trim_end_matches('0').len();
    let power = exponent - fraction.len() as i64;
    if power + (trailing as i64) < 0 {
        return Int32Form::Fraction;
    }
    let significant = digits.trim_start_matches('0').len() as i64 + power;
    if significant > 10 {
        return Int32Form::OutOfRange;
    }
    let all = digits.trim_start_matches('0');
    let kept = &all[..(significant.max(0) as usize).min(all.len())];
    let zeros = "0".repeat((significant as usize).saturating_sub(kept.len()));
    let sign = if lexeme.starts_with('-') { "-" } else { "" };
    match [sign, kept, &zeros].concat().parse::<i32>() {
        Ok(_) => Int32Form::OtherForm,
        Err(_) => Int32Form::OutOfRange,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Int32Form::{Fraction, OtherForm, OutOfRange, Value};

    #[test]
    fn forms() {
        for (lexeme, form) in [
            ("0", Value(0)),
            ("-0", Value(0)),
            ("2147483647", Value(i32::MAX)),
            ("2147483648", OutOfRange),
            ("-2147483649", OutOfRange),
            ("99999999999999999999999", OutOfRange),
            ("1.0", OtherForm),
            ("1e2", OtherForm),
            ("0e9999999999999999999999", OtherForm),
            ("2.147483647e9", OtherForm),
            ("2.147483648e9", OutOfRange),
            ("-2147483648.000", OtherForm),
            ("1e400", OutOfRange),
            ("1e-400", Fraction),
            ("1e-99999999999999999999", Fraction),
            ("1.5", Fraction),
            ("15e-1", Fraction),
            ("1500e-2", OtherForm),
            ("2147483647.5", Fraction),
        ] {
            assert_eq!(int32(lexeme), form, "{lexeme}");
        }
    }
}
