//! The targets as ratios, each of two sides that are measured in turns in one
//! process. It prints Markdown tables, and fails nobody.
//!
//! `cargo bench -p policy-harness-benches --bench ratios`, about a minute.

use policy_harness_benches::{
    CLASSES, Cases, Ground, Measured, Set, Stage, case_stages, compare, generators, grouped, in_process, measure,
    megabytes, named, parsers, round_trips, serializers, sets, time, validators,
};

/// The class that the targets are about.
const TYPICAL: &str = "typical";
/// The class of bodies that the rate of making them is about.
const SMALL: &str = "small";
/// Random cases of the campaign.
const CASES: u64 = 50_000;

/// A target that is a ratio of two times.
struct Target {
    name: &'static str,
    sides: (&'static str, &'static str),
    wanted: f64,
    stages: Stages,
}

/// The stages of these names.
type Stages = for<'s> fn(&'s Ground, &'s Set, (&str, &str)) -> (Stage<'s>, Stage<'s>);

const TARGETS: &[Target] = &[
    parse("model, owned", "derive", 1.15),
    parse("model, owned", "derive, flat", 1.15),
    parse("model", "sonic-rs", 1.0),
    parse("model", "sonic-rs, flat", 1.0),
    serialize("model", "derive", 1.0),
    serialize("model", "sonic-rs", 1.0),
    Target {
        name: "round trip",
        sides: ("four steps", "model"),
        wanted: 2.5,
        stages: |_, set, (left, right)| (named(round_trips(set), left), named(parsers(set), right)),
    },
    Target {
        name: "validate",
        sides: ("validate", "Value, jsonschema"),
        wanted: 1.0,
        stages: |ground, set, (left, right)| {
            (named(validators(ground, set), left), named(validators(ground, set), right))
        },
    },
];

const fn parse(left: &'static str, right: &'static str, wanted: f64) -> Target {
    let stages: Stages = |_, set, (left, right)| (named(parsers(set), left), named(parsers(set), right));
    Target { name: "parse", sides: (left, right), wanted, stages }
}

const fn serialize(left: &'static str, right: &'static str, wanted: f64) -> Target {
    let stages: Stages = |_, set, (left, right)| (named(serializers(set), left), named(serializers(set), right));
    Target { name: "serialize", sides: (left, right), wanted, stages }
}

fn main() {
    let ground = Ground::of("seed");
    let sets = sets(ground);
    ratios(ground, &sets);
    rates(ground, &sets);
}

/// One row for each target, one column for each class.
fn ratios(ground: &Ground, sets: &[Set]) {
    let names: Vec<_> = CLASSES.iter().map(|class| class.name).collect();
    println!("| time of ÷ time of | wanted | met | typical: both sides | {} |", names.join(" | "));
    println!("|---|---:|---|---:|{}", "---:|".repeat(names.len()));
    for target in TARGETS {
        let measured: Vec<Measured> = sets
            .iter()
            .map(|set| {
                let (mut left, mut right) = (target.stages)(ground, set, target.sides);
                compare(&mut left, &mut right)
            })
            .collect();
        let typical = sets.iter().zip(&measured).find(|(set, _)| set.class.name == TYPICAL).map(|(_, it)| it);
        let is_met = typical.is_some_and(|it| it.ratio <= target.wanted);
        let sides = typical.map_or_else(String::new, |it| format!("{} / {}", time(it.left), time(it.right)));
        let cells: Vec<_> = measured.iter().map(|it| format!("{:.2}", it.ratio)).collect();
        let (left, right) = target.sides;
        println!(
            "| {}: {left} ÷ {right} | {:.2} | {} | {sides} | {} |",
            target.name,
            target.wanted,
            yes_or_no(is_met),
            cells.join(" | "),
        );
    }
}

/// What is wanted at a rate.
fn rates(ground: &Ground, sets: &[Set]) {
    println!("\n| on one core | measured | wanted | met |\n|---|---:|---:|---|");
    for set in sets.iter().filter(|set| [SMALL, TYPICAL].contains(&set.class.name)) {
        let seconds = measure(&mut named(generators(ground, set), "generate, write, label"));
        let length = set.bytes() / set.made.len();
        let wanted = (set.class.name == SMALL).then_some(200_000.0);
        row(&format!("generate and label, {length} bytes"), 1.0 / seconds, wanted, "/s");
    }
    for set in sets.iter().filter(|set| set.class.name == TYPICAL) {
        let seconds = measure(&mut named(validators(ground, set), "validate"));
        let length = set.bytes() as f64 / set.made.len() as f64;
        println!(
            "| validate from bytes | {} | 250 MB/s | {} |",
            megabytes(length, seconds),
            yes_or_no(length / seconds >= 250e6)
        );
    }
    let cases = Cases::of(ground);
    let seconds = measure(&mut named(case_stages(ground, &cases), "case without the network"));
    row("case without the network", 1.0 / seconds, None, "/s");
    row("whole case in process, contract seed", in_process("seed", CASES).rate(), Some(50_000.0), "/s");
}

fn row(name: &str, rate: f64, wanted: Option<f64>, unit: &str) {
    let met = wanted.map_or("", |wanted| yes_or_no(rate >= wanted));
    let wanted = wanted.map_or_else(String::new, |wanted| format!("{}{unit}", grouped(wanted)));
    println!("| {name} | {}{unit} | {wanted} | {met} |", grouped(rate));
}

fn yes_or_no(is_met: bool) -> &'static str {
    if is_met { "yes" } else { "no" }
}
