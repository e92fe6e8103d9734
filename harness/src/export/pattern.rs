//! The lexical forms of OData's primitive types (OData ABNF) as regular
//! expressions. They use what every flavour reads alike: no look-around, no
//! classes but those written out. For each type there is the form that every
//! target must take, and wider ones that the contract may leave open.

/// Hours, minutes and seconds, of which there is at least one, each with so many
/// digits.
macro_rules! time {
    ($hours:literal, $minutes:literal, $seconds:literal) => {
        concat!("(", $hours, "H(", $minutes, "M)?(", $seconds, "S)?|", $minutes, "M(", $seconds, "S)?|", $seconds, "S)")
    };
}

/// Up to 10,675,199.
macro_rules! days {
    () => {
        "0*([0-9]{1,7}|10[0-5][0-9]{5}|106[0-6][0-9]{4}|1067[0-4][0-9]{3}|10675[01][0-9]{2})D"
    };
}

/// Up to 10,675,199 days. No pattern can add: of days, hours, minutes and seconds
/// whose sum is more than that it takes those whose parts are not.
pub(super) const DURATION: &str = concat!(
    "^P(",
    days!(),
    "|(",
    days!(),
    ")?T",
    time!("0*[0-9]{1,9}", "0*[0-9]{1,11}", "0*[0-9]{1,12}(\\.[0-9]{1,7})?"),
    ")$"
);

/// Any number of digits.
pub(super) const DURATION_ANY_RANGE: &str =
    concat!("^P([0-9]+D|([0-9]+D)?T", time!("[0-9]+", "[0-9]+", "[0-9]+(\\.[0-9]+)?"), ")$");

/// With a sign, with nothing behind `P` or `T`, or in lower case throughout or
/// behind a lower-case `p`.
pub(super) const DURATION_ANY_FORM: &str = concat!(
    "^[+-]?(P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?",
    "|p([0-9]+[Dd])?([Tt]([0-9]+[Hh])?([0-9]+[Mm])?([0-9]+(\\.[0-9]+)?[Ss])?)?)$"
);

/// Month and day of the days that every year has.
macro_rules! common_days {
    () => {
        concat!(
            "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
            "|(0[469]|11)-(0[1-9]|[12][0-9]|30)",
            "|02-(0[1-9]|1[0-9]|2[0-8]))"
        )
    };
}

/// The last digits of a year that has a 29 February, behind any others.
macro_rules! leap_year {
    ($before:literal) => {
        concat!("(", $before, "[0-9]{2}(0[48]|[2468][048]|[13579][26])|", $before, "([02468][048]|[13579][26])00)")
    };
}

/// A day that exists, in the years 0001 to 9999.
macro_rules! date {
    () => {
        concat!(
            "(([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-",
            common_days!(),
            "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)"
        )
    };
}

/// A day that exists, in any year. A leap year has up to 18 digits: readers need
/// not tell longer ones apart.
macro_rules! any_date {
    () => {
        concat!("-?(([0-9]{4}|[1-9][0-9]{4,})-", common_days!(), "|", leap_year!("([1-9][0-9]{0,13})?"), "-02-29)")
    };
}

pub(super) const DATE: &str = concat!("^", date!(), "$");

/// In any year.
pub(super) const DATE_ANY_FORM: &str = concat!("^", any_date!(), "$");

/// An instant whose offset is less than 14 hours. It takes a few more than are
/// promised: on the first and the last day an offset can lead out of the calendar.
pub(super) const DATE_TIME: &str = concat!(
    "^(",
    date!(),
    "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]))$"
);

/// With any offset, with a leap second, without seconds, with lower-case letters.
pub(super) const DATE_TIME_ANY_FORM: &str = concat!(
    "^",
    any_date!(),
    "[Tt]([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)(\\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-5][0-9])$"
);

/// 8-4-4-4-12 hexadecimal digits.
pub(super) const GUID: &str = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";

/// `text` and nothing else.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        // Only these: some flavours refuse a backslash that nothing needs.
        if r"^$\.*+?()[]{}|/".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// `text` in any letter case.
pub(super) fn any_case(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() * 4);
    for character in text.chars() {
        match character {
            letter if letter.is_ascii_alphabetic() => {
                let cases = ['[', letter.to_ascii_uppercase(), letter.to_ascii_lowercase(), ']'];
                pattern.extend(cases);
            }
            other => pattern.push_str(&literal(other.encode_utf8(&mut [0; 4]))),
        }
    }
    pattern
}
