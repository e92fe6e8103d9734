use jiff::civil::Date;

use super::{Fixture, case, finding, finished, heading, obligation};
use crate::baseline::{Baseline, Screen};
use crate::campaign::{Event, Standing};
use crate::contract::{Level, RuleId, rule};
use crate::judge::Verdict;
use crate::report::{Console, Gate, Ndjson, Outcome, Report};

const TODAY: Date = Date::constant(2026, 11, 25);

fn baseline(text: &str) -> Baseline {
    Baseline::read("known.toml", text).unwrap()
}

fn entry(fingerprint: &str, more: &str) -> String {
    format!("[[finding]]\nfingerprint = '{fingerprint}'\nreason = 'the old gateway'\n{more}\n")
}

/// The events of a run over these contracts, each with the same events, as the
/// baseline hands them on.
fn screened(baseline: &Baseline, fixtures: &[&Fixture], events: impl Fn(&Fixture) -> Vec<Event>) -> Vec<Event> {
    let mut screen = Screen::new(baseline, TODAY, fixtures.len());
    let mut handed = Vec::new();
    for fixture in fixtures {
        let mut part = screen.part(&fixture.contract, &fixture.plan);
        for event in events(fixture) {
            part.on(&event, &mut |event| handed.push(event.clone()));
        }
    }
    handed
}

/// A case for every obligation, those for one rule with another verdict.
fn whole(fixture: &Fixture, rule: RuleId, verdict: Verdict) -> Vec<Event> {
    let obligations = fixture.plan.obligations.iter().enumerate();
    let cases =
        obligations.map(|(index, one)| case(fixture, index, if one.rule == rule { verdict } else { Verdict::Pass }));
    cases.collect()
}

fn fixed(events: &[Event]) -> Vec<&str> {
    let mut fixed = Vec::new();
    for event in events {
        if let Event::Fixed(note) = event {
            fixed.push(&*note.fingerprint);
        }
    }
    fixed
}

fn outcome(level: Level, events: &[Event]) -> Outcome {
    let mut gate = Gate::new(level);
    events.iter().for_each(|event| gate.on(event).unwrap());
    gate.outcome()
}

#[test]
fn what_is_known_does_not_fail_a_run_and_what_is_over_does() {
    let fixture = Fixture::new();
    let one = finding(&fixture, rule::ENUM_MEMBER, Level::Must, "204");
    for (text, standing, expected) in [
        (String::new(), "new", Outcome::Findings),
        (entry("another-00000003", ""), "new", Outcome::Findings),
        (entry(&one.fingerprint, "contract = 'v1.0'"), "new", Outcome::Findings),
        (entry(&one.fingerprint, "contract = 'seed'"), "known", Outcome::Conforms),
        (entry(&one.fingerprint, "expires = 2026-11-25"), "known", Outcome::Conforms),
        (entry(&one.fingerprint, "expires = 2026-11-24"), "expired", Outcome::Findings),
    ] {
        let baseline = baseline(&text);
        let events = screened(&baseline, &[&fixture], |_| vec![Event::Finding(Box::new(one.clone())), finished(None)]);
        assert_eq!(outcome(Level::Should, &events), expected, "{text}");
        let Event::Finding(handed) = &events[0] else { panic!("{events:?}") };
        let found = match &handed.standing {
            Standing::New => "new",
            Standing::Known(note) | Standing::Expired(note) if note.reason != "the old gateway" => "?",
            Standing::Known(_) => "known",
            Standing::Expired(_) => "expired",
        };
        assert_eq!(found, standing, "{text}");
        let mut lines = Vec::new();
        let mut ndjson = Ndjson::new(&fixture.contract, heading(), &mut lines);
        events.iter().for_each(|event| ndjson.on(event).unwrap());
        let line: serde_json::Value =
            serde_json::from_slice(lines.split(|&byte| byte == b'\n').next().unwrap()).unwrap();
        assert_eq!(line["standing"], standing);
        assert_eq!(line["known"]["reason"].as_str(), (standing != "new").then_some("the old gateway"));
    }
}

#[test]
fn what_no_longer_shows_fails_a_run_with_level_should_alone() {
    let fixture = Fixture::new();
    let baseline = baseline(&entry("body-value-enum-member-00000000", ""));
    let run = |events: &dyn Fn(&Fixture) -> Vec<Event>| screened(&baseline, &[&fixture], events);
    let events = run(&|fixture| [whole(fixture, rule::ENUM_MEMBER, Verdict::Pass), vec![finished(None)]].concat());
    assert_eq!(fixed(&events), ["body-value-enum-member-00000000"]);
    // Before the end, so that reports know of it when they end.
    assert!(matches!(events.last(), Some(Event::Finished(_))));
    assert_eq!(outcome(Level::Should, &events), Outcome::Outdated(1));
    assert_eq!(outcome(Level::Must, &events), Outcome::Conforms);
    let mut text = Vec::new();
    let mut console = Console::new(&fixture.contract, heading(), Level::Should, &mut text);
    events.iter().for_each(|event| console.on(event).unwrap());
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("--prune body-value-enum-member-00000000"), "{text}");
    assert!(text.contains("The baseline is out of date, 1 fixed finding."), "{text}");
}

#[test]
fn what_was_not_tried_is_not_fixed() {
    let fixture = Fixture::new();
    let text = entry("body-value-enum-member-00000000", "") + &entry("x", "rule = 'answer/always'");
    let both = baseline(&text);
    let run = |events: &dyn Fn(&Fixture) -> Vec<Event>| {
        let events = screened(&both, &[&fixture], events);
        fixed(&events).len()
    };
    let end = |stopped| vec![finished(stopped)];
    assert_eq!(run(&|one| [whole(one, rule::ENUM_MEMBER, Verdict::Pass), end(None)].concat()), 2);
    // It was stopped, it did not reach all, or some had no verdict.
    assert_eq!(run(&|one| [whole(one, rule::ENUM_MEMBER, Verdict::Pass), end(Some("interrupted"))].concat()), 0);
    assert_eq!(run(&|one| [whole(one, rule::ENUM_MEMBER, Verdict::Pass).split_off(1), end(None)].concat()), 0);
    assert_eq!(run(&|one| [whole(one, rule::ENUM_MEMBER, Verdict::Inconclusive), end(None)].concat()), 0);
    // What could not be run leaves the rules on answers tried, and its own rule not.
    assert_eq!(run(&|one| [whole(one, rule::ENUM_MEMBER, Verdict::NotRun), end(None)].concat()), 1);
    let one_undecided = |fixture: &Fixture| {
        let at = obligation(fixture, rule::ENUM_MEMBER);
        let mut events = whole(fixture, rule::ENUM_MEMBER, Verdict::Pass);
        events[at] = case(fixture, at, Verdict::Inconclusive);
        events
    };
    assert_eq!(run(&|one| [one_undecided(one), end(None)].concat()), 0);
    // A second answer that says something decides it.
    let again = |fixture: &Fixture| vec![case(fixture, obligation(fixture, rule::ENUM_MEMBER), Verdict::Pass)];
    assert_eq!(run(&|one| [one_undecided(one), again(one), end(None)].concat()), 2);
}

#[test]
fn an_entry_without_a_contract_is_fixed_when_no_contract_shows_it() {
    let contract = crate::contract::Contract::named("v1.0").unwrap();
    let other = Fixture { plan: crate::case::Plan::of(&contract), contract };
    let seed = Fixture::new();
    let found = finding(&seed, rule::ENUM_MEMBER, Level::Must, "204");
    let text = entry(&found.fingerprint, "rule = 'body/value/enum-member'");
    let shows_in = |name: &'static str, text: &str| {
        let baseline = baseline(text);
        let events = screened(&baseline, &[&seed, &other], |fixture| {
            let mut events = whole(fixture, rule::ENUM_MEMBER, Verdict::Pass);
            if &*fixture.contract.name == name {
                events.push(Event::Finding(Box::new(found.clone())));
            }
            events.push(finished(None));
            events
        });
        // In which contract's part it is said.
        let ends = |events: &[Event]| events.iter().filter(|event| matches!(event, Event::Finished(_))).count();
        let at = events.iter().position(|event| matches!(event, Event::Fixed(_)));
        at.map(|at| ends(&events[..at]))
    };
    assert_eq!(shows_in("neither", &text), Some(1));
    assert_eq!(shows_in("seed", &text), None);
    assert_eq!(shows_in("v1.0", &text), None);
    assert_eq!(shows_in("v1.0", &format!("{text}contract = 'seed'\n")), Some(0));
}
