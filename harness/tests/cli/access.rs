//! What may be tested, how fast, and for how long one answer is waited for.

use std::time::Instant;

use super::program::{ID, command, interrupt, run};

#[test]
fn microsoft_graph_needs_an_owner() {
    let target = "https://graph.microsoft.com/v1.0";
    let run_it = ["--target", target, "--assignment-id", ID, "--dry-run"];
    let said = run(&run_it).failed(2);
    assert!(said.contains("--allow-host graph.microsoft.com"), "{said}");
    let allowed = ["--allow-host", "graph.microsoft.com"];
    let said = run(&[&run_it[..], &allowed].concat()).failed(2);
    assert!(said.contains("--i-own-this-tenant") && said.contains("real"), "{said}");
    let ended = run(&[&run_it[..], &allowed, &["--i-own-this-tenant"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn rates_and_time_limits_are_numbers_above_zero() {
    for (flag, value) in [
        ("--rate", "0"),
        ("--rate", "-1"),
        ("--rate", "NaN"),
        ("--rate", "inf"),
        ("--rate", "fast"),
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--timeout", "1e99"),
        ("--timeout", "10s"),
    ] {
        let ended = run(&[&format!("{flag}={value}")]);
        assert!(ended.code == Some(2) && ended.err.contains(flag), "{flag} {value}: {ended:?}");
    }
}

#[test]
fn a_slow_run_ends_when_it_is_interrupted() {
    // A request in a thousand seconds: whoever waits for its turn waits for long.
    let begun = Instant::now();
    let child = command(&["run", "--seed", "1", "--rate", "0.001"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    interrupt(&child);
    let ended = super::program::Ended::of(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.out.contains("Not complete: interrupted"), "{ended:?}");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn a_dry_run_says_how_many_requests_of_which_kind() {
    let ended = run(&["run", "--contract", "all", "--seed", "1", "--cases", "0", "--dry-run"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let counts = |method: &str, path: &str| -> Vec<u64> {
        let lines = ended.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let own = lines.filter(|words| words.len() == 3 && words[1] == method && words[2].ends_with(path));
        own.filter_map(|words| words[0].parse().ok()).collect()
    };
    // One contract after the other, each with its own operations.
    for (method, path) in
        [("POST", "/assignmentPolicy/$ref"), ("GET", "/assignmentPolicy"), ("POST", "/assignmentPolicies")]
    {
        let found = counts(method, path);
        assert!(found.len() == 1 && found[0] > 0, "{method} {path} {found:?}: {}", ended.out);
    }
    assert_eq!(ended.out.matches("Would send to").count(), 2, "{}", ended.out);
    // Ten of each, and one of each family.
    let shown = ended.out.lines().filter(|line| line.starts_with("    ")).count();
    assert!(shown >= 20, "{}", ended.out);
}
