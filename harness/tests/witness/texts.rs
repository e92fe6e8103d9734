//! The texts: built from all combinations of the grammar's parts, the boundary
//! values of the generator, every string of generated payloads, and each of
//! these with one character changed.

use std::collections::BTreeSet;
use std::fmt;

use policy_harness::contract::Primitive;
use policy_harness::generate::lexemes;
use policy_harness::json::{ValueKind, read};
use policy_harness::strategy::{malformed, open, policy};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Which texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Date,
    Duration,
    Instant,
}

/// All texts of a kind.
pub(crate) fn texts(kind: Kind) -> Vec<String> {
    let mut texts: Vec<String> = match kind {
        Kind::Date => sample(&date(), 4_000),
        Kind::Duration => durations(4_000).iter().map(ToString::to_string).collect(),
        Kind::Instant => sample(&instant(), 4_000),
    };
    texts.extend(lexemes(primitive(kind)).iter().map(|lexeme| lexeme.text().into_owned()));
    let mutants = sample(&mutated(texts.clone()), 8_000);
    texts.extend(payload_strings());
    texts.extend(mutants);
    texts
}

fn primitive(kind: Kind) -> Primitive {
    match kind {
        Kind::Date => Primitive::Date,
        Kind::Duration => Primitive::Duration,
        Kind::Instant => Primitive::DateTimeOffset,
    }
}

/// This many values of a strategy.
fn sample<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(4053);
    }
    let mut runner = TestRunner::new(config);
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Mostly anything in the range, often one of its ends and other places where
/// calendars and clocks turn.
fn number(low: u32, high: u32, edges: &'static [u32]) -> impl Strategy<Value = u32> {
    prop_oneof![2 => low..=high, 1 => select(edges)]
}

fn date() -> impl Strategy<Value = String> {
    let year = number(1, 9_999, &[1, 4, 99, 100, 101, 400, 1582, 1900, 1970, 2000, 2024, 9_998, 9_999]);
    (year, number(1, 12, &[1, 2, 3, 12]), number(1, 31, &[1, 28, 29, 30, 31]))
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

fn instant() -> impl Strategy<Value = String> {
    let edges = &[0, 1, 29, 30, 58, 59];
    let offset = (select(&["+", "-"][..]), number(0, 13, &[0, 1, 13]), number(0, 59, edges))
        .prop_map(|(sign, hours, minutes)| format!("{sign}{hours:02}:{minutes:02}"));
    let zone = prop_oneof![1 => Just("Z".to_owned()), 2 => offset];
    let clock = (number(0, 23, &[0, 12, 22, 23]), number(0, 59, edges), number(0, 59, edges));
    (date(), clock, fraction(), zone).prop_map(|(date, (hour, minute, second), fraction, zone)| {
        format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}")
    })
}

/// A point and up to seven digits, or nothing.
fn fraction() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just(String::new()),
        1 => "\\.[0-9]{1,7}",
        1 => select(&[".0", ".5", ".0000000", ".0000001", ".9999999", ".1000000"][..]).prop_map(str::to_owned),
    ]
}

/// The numbers of a duration, and the texts that stand for them.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// Days, hours, minutes, seconds: each as it is written.
    fields: [Option<String>; 4],
    /// With its point; of the seconds.
    fraction: String,
}

impl Parts {
    /// How long the duration is, by its numbers.
    pub(crate) fn picoseconds(&self) -> i128 {
        let number = |text: &Option<String>| text.as_ref().map_or(0, |text| text.parse::<i128>().unwrap());
        let [days, hours, minutes, seconds] = &self.fields.each_ref().map(number);
        let digits = self.fraction.trim_start_matches('.');
        let fraction: i128 = if self.fields[3].is_some() { format!("{digits:0<12}").parse().unwrap() } else { 0 };
        (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000_000_000 + fraction
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [days, time @ ..] = &self.fields;
        f.write_str("P")?;
        if let Some(days) = days {
            write!(f, "{days}D")?;
        }
        if time.iter().any(Option::is_some) {
            f.write_str("T")?;
        }
        for (field, unit) in time.iter().zip(["H", "M", "S"]) {
            let fraction = if unit == "S" { self.fraction.as_str() } else { "" };
            if let Some(field) = field {
                write!(f, "{field}{fraction}{unit}")?;
            }
        }
        Ok(())
    }
}

/// Durations with any of the fields, up to the longest one that must be taken.
pub(crate) fn durations(count: usize) -> Vec<Parts> {
    let field = |most: u64| {
        let number = prop_oneof![3 => 0..100u64, 2 => 0..=most, 1 => select(vec![0, 1, 59, 60, 24, most])];
        let zeros = prop_oneof![4 => Just(""), 1 => select(&["0", "00", "0000000"][..])];
        proptest::option::of((zeros, number).prop_map(|(zeros, number)| format!("{zeros}{number}")))
    };
    const DAYS: u64 = 10_675_198;
    // A day is left for hours, minutes and seconds that fill no more than it.
    let long = (field(DAYS), field(8), field(8 * 60), field(8 * 3_600 - 1)).boxed();
    let short = (Just(None), field(DAYS * 8), field(DAYS * 480), field(DAYS * 28_800)).boxed();
    let parts = (prop_oneof![long, short], fraction())
        .prop_map(|((days, hours, minutes, seconds), fraction)| Parts {
            fields: [days, hours, minutes, seconds],
            fraction,
        })
        .prop_filter("a field", |parts| parts.fields.iter().any(Option::is_some));
    sample(&parts, count)
}

/// All strings in payloads of all kinds, each once.
fn payload_strings() -> BTreeSet<String> {
    let payloads = prop_oneof![policy(), malformed(), open()];
    let mut strings = BTreeSet::new();
    for payload in sample(&payloads, 400) {
        let Ok(tree) = read(&payload.bytes) else { continue };
        let all = tree.nodes().filter(|&node| tree.kind(node) == ValueKind::String);
        strings.extend(all.map(|node| tree.string(node).into_owned()));
    }
    strings
}

/// Texts with one character changed, added or taken away.
fn mutated(texts: Vec<String>) -> impl Strategy<Value = String> {
    let characters: Vec<char> = "0123456789-+:.,TtZzPpDdHhMmSsYyWw []/_é".chars().collect();
    (select(texts), any::<prop::sample::Index>(), 0..4u8, select(characters)).prop_map(|(text, at, how, character)| {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        match (how, characters.get_mut(at)) {
            (0, _) | (_, None) => characters.insert(at, character),
            (1, Some(_)) => drop(characters.remove(at)),
            (_, Some(old)) => *old = character,
        }
        characters.into_iter().collect()
    })
}
