//! What the witnesses accept and edm refuses, each with its reason. A row that no
//! longer holds fails a test.

/// One thing in which a witness is lax.
#[derive(Debug)]
pub(crate) struct Laxity {
    pub(crate) what: &'static str,
    /// The text without it, which edm no longer refuses where nothing else is wrong.
    pub(crate) mend: fn(&str) -> String,
    pub(crate) example: &'static str,
}

// RFC 3339, 5.6, lets applications write a space; OData's ABNF does not.
const SPACE: Laxity = Laxity {
    what: "a space where T belongs",
    mend: |text| text.replacen(' ', "T", 1),
    example: "2030-01-01 00:00:00Z",
};

// ISO 8601 has both.
const COMMA: Laxity =
    Laxity { what: "a comma before the fraction", mend: |text| text.replacen(',', ".", 1), example: "" };

// ISO 8601 has the basic form as well.
const BASIC: Laxity = Laxity { what: "no separators", mend: extended, example: "" };

/// The extended form of a text in the basic one: `20300101T000000Z`.
fn extended(text: &str) -> String {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let parts = |text: &str, sizes: &[usize], separator: &str| {
        let mut rest = text;
        let mut parts = Vec::new();
        for &size in sizes {
            let Some((part, behind)) = rest.split_at_checked(size) else { break };
            parts.push(part);
            rest = behind;
        }
        [&*parts.join(separator), rest].concat()
    };
    let date = parts(date, &[4, 2, 2], "-");
    if time.is_empty() { date } else { [&*date, "T", &parts(time, &[2, 2, 2], ":")].concat() }
}

pub(crate) const CHRONO_INSTANTS: &[Laxity] = &[SPACE];

pub(crate) const CHRONO_DATES: &[Laxity] = &[];

pub(crate) const JIFF_INSTANTS: &[Laxity] = &[
    SPACE,
    Laxity { example: "2030-01-01T00:00:00,5Z", ..COMMA },
    Laxity {
        what: "no colon in the offset",
        mend: |text| match text.split_at_checked(text.len().saturating_sub(2)) {
            Some((before, minutes)) => format!("{before}:{minutes}"),
            None => text.to_owned(),
        },
        example: "2030-01-01T00:00:00+0130",
    },
    Laxity { example: "20300101T000000Z", ..BASIC },
    Laxity { what: "no minutes in the offset", mend: |text| format!("{text}:00"), example: "2030-01-01T00:00:00+05" },
];

// Whoever asks jiff for the date of an instant gets it.
pub(crate) const JIFF_DATES: &[Laxity] = &[
    Laxity {
        what: "a time behind the date",
        mend: |text| text.chars().take(10).collect(),
        example: "2030-01-01T12:00:00+01:00",
    },
    Laxity { example: "20300101", ..BASIC },
];

// The units of ISO 8601 that Edm.Duration does not have, and a fraction of
// whichever unit comes last.
pub(crate) const JIFF_DURATIONS: &[Laxity] = &[
    Laxity { example: "PT0,5S", ..COMMA },
    Laxity {
        what: "a fraction of hours or minutes",
        mend: |text| match text.split_once(['.', ',']) {
            Some((before, behind)) => format!("{before}{}", behind.trim_start_matches(|c: char| c.is_ascii_digit())),
            None => text.to_owned(),
        },
        example: "PT1.5H",
    },
    Laxity {
        what: "weeks of seven days, no months, no years",
        mend: |text| match text.split_once(['W', 'w', 'M', 'm', 'Y', 'y']) {
            Some((_, behind)) => format!("P{behind}"),
            None => text.to_owned(),
        },
        example: "P2W",
    },
];
