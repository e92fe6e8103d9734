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
    stages: for<'s> fn(&'s Ground, &'s Set) -> (Stage<'s>, Stage<'s>),
}

const TARGETS: &[Target] = &[
    Target {
        name: "parse",
        sides: ("model, owned", "serde_json derive"),
        wanted: 1.15,
        stages: |_, set| (named(parsers(set), "model, owned"), named(parsers(set), "derive, flat")),
    },
    Target {
        name: "parse",
        sides: ("model", "sonic-rs derive"),
        wanted: 1.0,
        stages: |_, set| (named(parsers(set), "model"), named(parsers(set), "sonic-rs, flat")),
    },
    Target {
        name: "serialize",
        sides: ("model", "serde_json derive"),
        wanted: 1.0,
        stages: |_, set| (named(serializers(set), "model"), named(serializers(set), "derive, flat")),
    },
    Target {
        name: "serialize",
        sides: ("model", "sonic-rs derive"),
        wanted: 1.0,
        stages: |_, set| (named(serializers(set), "model"), named(serializers(set), "sonic-rs, flat")),
    },
    Target {
        name: "round trip",
        sides: ("four steps", "parse of the model"),
        wanted: 2.5,
        stages: |_, set| (named(round_trips(set), "four steps"), named(parsers(set), "model")),
    },
    Target {
        name: "validate",
        sides: ("from bytes", "Value and jsonschema"),
        wanted: 1.0,
        stages: |ground, set| {
            (named(validators(ground, set), "validate"), named(validators(ground, set), "Value, jsonschema"))
        },
    },
];

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
                let (mut left, mut right) = (target.stages)(ground, set);
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
