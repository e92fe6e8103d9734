//! Figures for people.

/// A time that an item takes, with three digits that mean something.
pub fn time(seconds: f64) -> String {
    let (figure, unit) = match seconds {
        ..1e-6 => (seconds * 1e9, "ns"),
        1e-6..1e-3 => (seconds * 1e6, "µs"),
        _ => (seconds * 1e3, "ms"),
    };
    let digits = if figure < 10.0 { 2 } else { usize::from(figure < 100.0) };
    format!("{figure:.digits$} {unit}")
}

/// Bytes a second, in millions.
pub fn megabytes(bytes: f64, seconds: f64) -> String {
    format!("{} MB/s", grouped(bytes / seconds / 1e6))
}

/// A number in groups of three digits.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!(time(35.4e-9), "35.4 ns");
        assert_eq!(time(3.456e-6), "3.46 µs");
        assert_eq!(time(0.123), "123 ms");
        assert_eq!(grouped(1_234_567.8), "1,234,568");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(megabytes(1_500.0, 3e-6), "500 MB/s");
    }
}
