//! A run about some of the rules, one that ends early, and how much is told.

use std::collections::BTreeMap;

use serde_json::Value;

use super::commands::{YES, server};
use super::program::{Ended, ID, Served, lines, of_type, run};

/// The cases of a run, by index.
fn cases(ended: &Ended, path: &str) -> BTreeMap<u64, Value> {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let all = lines(&std::fs::read_to_string(path).unwrap());
    let mut cases = BTreeMap::new();
    for case in of_type(&all, "case") {
        let mut case = case.clone();
        case.as_object_mut().unwrap().remove("microseconds");
        cases.insert(case["index"].as_u64().unwrap(), case);
    }
    cases
}

#[test]
fn a_part_has_the_cases_of_the_whole_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ndjson").display().to_string();
    let report = format!("ndjson={path}");
    let all = ["--seed", "7", "--cases", "600", "--report", &report];
    let whole = cases(&run(&all), &path);
    let only = ["--only", "body/value/*", "--only", "http/method", "--skip", "*/enum-*"];
    let ended = run(&[&all[..], &only].concat());
    let part = cases(&ended, &path);
    let is_wanted = |rule: &str| {
        (rule.starts_with("body/value/") && !rule.contains("/enum-") || rule == "http/method")
            && !rule.starts_with("state/")
    };
    // What an obligation is about stands in the plan; most are about the rule of their case.
    let walked = |case: &&Value| case["obligation"].is_u64();
    let wanted: Vec<u64> = whole
        .iter()
        .filter(|(_, case)| walked(case) && is_wanted(case["rule"].as_str().unwrap()))
        .map(|(index, _)| *index)
        .collect();
    assert!(wanted.len() > 500);
    for index in &wanted {
        // Those of rewritten requests and of what is stored go under another rule.
        if let Some(case) = part.get(index) {
            assert_eq!(case, &whole[index]);
        }
    }
    let shared = wanted.iter().filter(|index| part.contains_key(index)).count();
    assert!(shared * 2 > wanted.len(), "{shared} of {}", wanted.len());
    for (index, case) in &part {
        assert_eq!(case, &whole[index]);
        assert!(is_wanted(case["rule"].as_str().unwrap()), "{case}");
    }
    assert!(
        ended.out.contains("\n  a part of the contract: ")
            && ended.out.contains("--only 'http/method' --skip '*/enum-*'")
    );
    assert!(ended.out.contains("\nConforms in this part of the contract. "), "{}", ended.out);
    let last = ended.out.lines().last().unwrap();
    assert!(last.contains("--only 'body/value/*' --only 'http/method' --skip '*/enum-*'"), "{last}");
    let said = lines(&std::fs::read_to_string(&path).unwrap());
    assert!(of_type(&said, "summary")[0]["part"].as_str().unwrap().contains("body/value/*"));
    assert_eq!(of_type(&said, "summary")[0]["not_run"], 0);
}

#[test]
fn what_is_skipped_is_no_finding() {
    let served = Served::start(&["--defect", "error-no-code"]);
    assert_eq!(served.test(&["--cases", "0"]).code, Some(1));
    let ended = served.test(&["--cases", "0", "--skip", "answer/error-object"]);
    assert!(ended.code == Some(0) && !ended.out.contains("FAIL  "), "{}", ended.out);
    // What is not asked for by name is judged where it shows.
    let ended = served.test(&["--cases", "0", "--only", "body/value/enum-member"]);
    assert!(ended.code == Some(1) && ended.out.contains("\nFAIL  answer/error-object"), "{}", ended.out);
}

#[test]
fn globs_name_rules_and_leave_something() {
    for (arguments, words) in [
        (&["--only", "body/value/enum-membre"][..], &["--only", "body/value/enum-member"][..]),
        (&["--skip", "bdy/null/*"], &["--skip", "body/null/"]),
        (&["--skip", "qqqq"], &["policy-harness rules"]),
        (&["--only", "answer/*"], &["leaves nothing to send", "with every answer"]),
        (&["--skip", "*"], &["leaves nothing to send"]),
    ] {
        let said = run(&[&["run", "--dry-run"], arguments].concat()).failed(2);
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
    let ended = run(&["--dry-run", "--only", "http/*", "--seed", "1"]);
    assert!(ended.out.contains("http") && !ended.out.contains("syntax"), "{}", ended.out);
    // Rules of one contract leave the other alone.
    let ended = run(&["--contract", "all", "--only", "state/deleted", "--cases", "0"]);
    assert!(ended.code == Some(0) && !ended.out.contains("contract seed"), "{ended:?}");
}

#[test]
fn a_run_stops_looking_when_enough_was_found() {
    let (base, heads) = server(YES);
    let target = ["--target", &base, "--assignment-id", ID, "--seed", "1"];
    let ended = run(&[&target[..], &["--max-findings", "1", "--concurrency", "1"]].concat());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    // What was under way when enough was found still counts.
    let verdict = ended.out.lines().find(|line| line.starts_with("Does not conform: ")).unwrap();
    assert!(verdict.contains("; it stopped looking at --max-findings 1. "), "{verdict}");
    // How much that is depends on how busy the machine is.
    let count = verdict.strip_prefix("Does not conform: ").and_then(|rest| rest.split(' ').next());
    assert!(count.unwrap().parse::<usize>().unwrap() < 40, "{verdict}");
    assert!(ended.out.contains("obligations: it stopped looking"), "{}", ended.out);
    assert!(heads.lock().unwrap().len() < 1_000, "{}", heads.lock().unwrap().len());
    let again = ended.out.lines().find(|line| line.starts_with("Reproduce: ")).unwrap();
    assert!(again.contains("--max-findings 1"), "{again}");
    run(&["--max-findings", "0"]).failed(2);
    // Where nothing is wrong nothing ends early.
    assert_eq!(run(&["--max-findings", "1", "--cases", "0"]).code, Some(0));
}

#[test]
fn more_or_less_is_told() {
    let served = Served::start(&["--defect", "accepts-any-member"]);
    let ended = served.test(&["--cases", "0", "--quiet"]);
    assert_eq!((ended.code, ended.out.lines().count()), (Some(1), 2), "{ended:?}");
    assert!(ended.out.starts_with("Does not conform: 1 finding. "), "{}", ended.out);
    let ended = served.test(&["--cases", "0", "--verbose"]);
    let before = ended.out.split("\n  family ").next().unwrap();
    let failed = before.lines().filter(|line| line.starts_with("fail ")).count();
    assert!(failed > 10 && before.contains(" at /allowedTargetScope: body/value/enum-member: status 204"), "{before}");
    assert!(ended.out.contains("\nFAIL  body/value/enum-member"), "{}", ended.out);
    run(&["--quiet", "--verbose"]).failed(2);
}
