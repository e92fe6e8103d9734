//! A second opinion on dates, instants and durations: parsers that share no line
//! with `policy_harness::edm` read the same texts. What edm accepts they accept,
//! with the same value; what edm refuses they refuse, but for a list of things in
//! which they are known to be lax. Planted faults show that the comparison can fail.
//!
//! The texts are the same in every run; `PROPTEST_RNG_SEED=1` makes others.

mod compare;
mod lax;
mod texts;
mod witnesses;

use compare::{Form, Subject};
use policy_harness::edm::{instant, length};
use texts::{Kind, texts};

/// Holds a subject against all texts of its kind, and counts: a comparison of
/// too little would agree with anything.
fn agree(kind: Kind, subject: &Subject<'_>, same: usize, refused: usize) {
    let tally = compare::all(subject, &texts(kind)).unwrap();
    println!("{kind:?}: {tally:?}");
    assert!(tally.same > same && tally.both_refuse > refused && tally.open > 5, "{tally:?}");
    assert!(tally.lax > 0 && tally.lax < tally.both_refuse / 20, "{tally:?}");
}

#[test]
fn witnesses_agree_on_instants() {
    agree(Kind::Instant, &Subject::instants(), 8_000, 8_000);
}

#[test]
fn witnesses_agree_on_dates() {
    agree(Kind::Date, &Subject::dates(), 8_000, 8_000);
}

#[test]
fn witnesses_agree_on_durations() {
    agree(Kind::Duration, &Subject::durations(), 4_000, 4_000);
}

/// Every day of the 400 years after which the calendar repeats, and the days
/// beside them that do not exist.
#[test]
fn witnesses_agree_on_every_day_of_the_calendar() {
    let years = (1..=401).chain(1600..=2000).chain(9_998..=9_999);
    let texts: Vec<String> = years
        .flat_map(|year| {
            (0..=13).flat_map(move |month| (0..=32).map(move |day| format!("{year:04}-{month:02}-{day:02}")))
        })
        .collect();
    let tally = compare::all(&Subject::dates(), &texts).unwrap();
    assert!(tally.same > 2 * 800 * 365, "{tally:?}");
    assert!(tally.both_refuse > 2 * 800 * 90, "{tally:?}");
}

/// Beyond the range of the witness, the numbers that a text was written from
/// say how long it is.
#[test]
fn a_duration_is_the_sum_of_its_parts() {
    let durations = texts::durations(4_000);
    let far = durations.iter().filter(|parts| parts.picoseconds() > witnesses::longest_span()).count();
    for parts in &durations {
        assert_eq!(length(&parts.to_string()), Some(parts.picoseconds()), "{parts}");
    }
    assert!(far > 100, "{far} beyond the witness");
}

#[test]
fn what_a_witness_is_lax_in_is_still_so() {
    for subject in [Subject::instants(), Subject::dates(), Subject::durations()] {
        for witness in subject.witnesses {
            for laxity in witness.laxities {
                let text = laxity.example;
                let name = (witness.name, laxity.what);
                assert_eq!((witness.form)(text), Form::Refused, "{name:?}: {text}");
                assert!(compare::is_explained(laxity, text, witness.form), "{name:?} does not explain {text}");
                assert!((witness.read)(text).is_some(), "{name:?}: {text} is refused by now");
            }
        }
    }
}

/// A subject with a fault is caught by the texts that the subject itself passes.
fn is_caught(kind: Kind, subject: &Subject<'_>) -> bool {
    compare::all(subject, &texts(kind)).is_err()
}

#[test]
fn planted_faults_in_instants_are_caught() {
    let west_for_east = |text: &str| {
        let (clock, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
        let turned: String = offset
            .chars()
            .map(|c| {
                if c == '+' {
                    '-'
                } else if c == '-' {
                    '+'
                } else {
                    c
                }
            })
            .collect();
        instant(&format!("{clock}{turned}"))
    };
    let no_fraction = |text: &str| instant(text).map(|value| value - value.rem_euclid(1_000_000_000_000));
    let julian =
        |text: &str| instant(text).map(|value| if text < "1900-03" { value } else { value + 86_400_000_000_000_000 });
    assert!(is_caught(Kind::Instant, &Subject { value: &west_for_east, ..Subject::instants() }));
    assert!(is_caught(Kind::Instant, &Subject { value: &no_fraction, ..Subject::instants() }));
    assert!(is_caught(Kind::Instant, &Subject { value: &julian, ..Subject::instants() }));
    assert!(!is_caught(Kind::Instant, &Subject { value: &instant, ..Subject::instants() }));
}

#[test]
fn planted_faults_in_forms_are_caught() {
    use policy_harness::edm::{DateTimeForm, date_time_offset};

    let form = Subject::instants().form;
    let february_30 = |text: &str| match date_time_offset(text) {
        DateTimeForm::Impossible => Form::Accepted,
        _ => form(text),
    };
    let no_east = |text: &str| if text.contains('+') { Form::Refused } else { form(text) };
    assert!(is_caught(Kind::Instant, &Subject { form: &february_30, ..Subject::instants() }));
    assert!(is_caught(Kind::Instant, &Subject { form: &no_east, ..Subject::instants() }));
}

#[test]
fn planted_faults_in_durations_are_caught() {
    let minutes_for_hours = |text: &str| length(&text.replace('H', "M"));
    let short_day = |text: &str| length(text).map(|value| value / 86_400 * 86_399);
    assert!(is_caught(Kind::Duration, &Subject { value: &minutes_for_hours, ..Subject::durations() }));
    assert!(is_caught(Kind::Duration, &Subject { value: &short_day, ..Subject::durations() }));
    assert!(!is_caught(Kind::Duration, &Subject { value: &length, ..Subject::durations() }));
}
