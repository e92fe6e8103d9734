//! The configuration file: whose word holds, what it may say, and what is said of
//! a file that cannot be used.

use std::path::Path;

use super::program::{Ended, ID, Served, TOKEN, command, lines, of_type, run};

/// A folder with a configuration file in it.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy-harness.toml"), text).unwrap();
    folder
}

/// Runs the program in a folder.
fn run_in(folder: &Path, arguments: &[&str]) -> Ended {
    Ended::of(&command(arguments).current_dir(folder).output().unwrap())
}

/// What a dry run says that it would do.
fn planned(folder: &Path, arguments: &[&str]) -> String {
    let ended = run_in(folder, &[arguments, &["--dry-run"]].concat());
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    ended.out
}

#[test]
fn the_file_of_the_current_folder_is_read() {
    let here = folder("seed = 77\ncases = 0x10\ncontract = [\"v1.0\"]\n");
    for arguments in [&[][..], &["run"]] {
        let out = planned(here.path(), arguments);
        assert!(out.contains("contract v1.0, with seed 77") && out.contains("16 random cases"), "{out}");
    }
    let out = planned(here.path(), &["--no-config", "--seed", "1"]);
    assert!(out.contains("contract seed, with seed 1,") && out.contains("5,000"), "{out}");
    // Other commands have flags of their own.
    let ended = run_in(here.path(), &["generate", "--valid", "1"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn flags_go_before_the_file() {
    let here = folder("seed = 77\ncases = 9\ncontract = \"all\"\n");
    let out = planned(here.path(), &["--seed", "5", "--contract", "seed"]);
    assert!(out.contains("contract seed, with seed 5") && !out.contains("v1.0"), "{out}");
    assert!(out.contains("9 random cases"), "{out}");
    // What a flag rules out is ruled out, in either order.
    let out = planned(here.path(), &["--seconds", "3"]);
    assert!(out.contains("until 3 seconds") && out.contains("with seed 77"), "{out}");
    let here = folder("seconds = 3\n");
    assert!(planned(here.path(), &["--cases", "4"]).contains("4 random cases"));
    let here = folder("token-env = \"POLICY_HARNESS_NOT_SET\"\n");
    planned(here.path(), &["--target", "http://127.0.0.1:9/v1.0", "--assignment-id", ID, "--token", TOKEN]);
    run_in(here.path(), &["--target", "http://127.0.0.1:9/v1.0", "--assignment-id", ID]).failed(2);
}

#[test]
fn another_file_is_named_and_has_to_be_there() {
    let here = folder("seed = 77\n");
    let there = folder("seed = 78\n");
    let named = there.path().join("policy-harness.toml").display().to_string();
    assert!(planned(here.path(), &["--config", &named]).contains("with seed 78"));
    let said = run(&["run", "--config", "no/such.toml"]).failed(2);
    assert!(said.contains("no/such.toml") && said.contains("--config"), "{said}");
    run(&["--config", &named, "--no-config"]).failed(2);
}

#[test]
fn a_file_that_cannot_be_used_says_where_and_what() {
    for (text, words) in [
        ("seed = 1\n\nconcurency = 4\n", &[":3: ", "concurency", "did you mean `concurrency`?"][..]),
        ("assignment_id = \"x\"\n", &[":1: ", "did you mean `assignment-id`?"]),
        ("qqqq = 1\n", &[":1: ", "--help"]),
        ("config = \"x.toml\"\n", &[":1: ", "no key `config`"]),
        ("help = true\n", &[":1: ", "no key `help`"]),
        ("\ncases = \"many\"\n", &[":2: ", "many", "--cases"]),
        ("concurrency = 0\n", &[":1: ", "--concurrency"]),
        ("level = \"high\"\n", &[":1: ", "high", "must, should"]),
        ("seed = true\n", &[":1: ", "`seed` takes a string or a number"]),
        ("seed = [1]\n", &[":1: ", "`seed` takes one value"]),
        ("seed = 2020-01-01\n", &[":1: ", "`seed` takes a string or a number"]),
        ("contract = [[\"seed\"]]\n", &[":1: ", "`contract` takes a string or a number"]),
        ("profile = \"yes\"\n", &[":1: ", "`profile` is true or false"]),
        ("seed = 1\ncases = 1\nseconds = 1\n", &[":3: ", "cannot be used with"]),
        ("seed = \n", &[":1: ", "correct the file"]),
        ("seed = 1\nseed = 2\n", &[":2: ", "correct the file"]),
    ] {
        let here = folder(text);
        let said = run_in(here.path(), &["run", "--dry-run"]).failed(2);
        assert!(said.starts_with("error: policy-harness.toml:"), "{text}: {said}");
        assert!(words.iter().all(|word| said.contains(word)) && said.lines().count() <= 2, "{text}: {said}");
    }
}

#[test]
fn what_is_wrong_with_a_secret_does_not_repeat_it() {
    for key in ["token", "token-env", "token-file"] {
        let here = folder(&format!("{key} = [\"{TOKEN}\"]\n"));
        assert!(!run_in(here.path(), &[]).failed(2).contains(TOKEN), "{key}");
    }
    let here = folder(&format!("token = {TOKEN}\n"));
    assert!(!run_in(here.path(), &[]).failed(2).contains(TOKEN));
}

#[test]
fn paths_count_from_the_folder_of_the_file() {
    let here = folder("");
    let there = folder("seed = 1\ncases = 0\nreport = [\"ndjson=a.ndjson\"]\nledger = \"ledgers\"\n");
    let named = there.path().join("policy-harness.toml").display().to_string();
    let ended = run_in(here.path(), &["--config", &named]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    let report = std::fs::read_to_string(there.path().join("a.ndjson")).unwrap();
    assert_eq!(of_type(&lines(&report), "summary").len(), 1);
    let said = run_in(here.path(), &["--config", &named, "--report", "ndjson=b/c"]).failed(2);
    assert!(said.contains(" b/c:"), "{said}");
}

#[test]
fn the_last_line_runs_the_same_again() {
    let here = folder("cases = 20\nlevel = \"should\"\nconcurrency = 3\n");
    let reproduce = |ended: &Ended| ended.out.lines().last().unwrap().strip_prefix("Reproduce: ").unwrap().to_owned();
    let ended = run_in(here.path(), &["--level", "must"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let line = reproduce(&ended);
    for words in ["--config policy-harness.toml", "--cases 20", "--level must", "--concurrency 3", "--contract seed"] {
        assert!(line.contains(words), "{line}");
    }
    let again: Vec<&str> = line.split(' ').skip(1).collect();
    let again = run_in(here.path(), &again);
    let cases = |ended: &Ended| ended.out.lines().find(|line| line.contains("  all  ")).unwrap().to_owned();
    assert_eq!((reproduce(&again), cases(&again)), (line, cases(&ended)));
}

#[test]
fn a_shell_learns_the_flags() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = run(&["completions", shell]);
        assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{shell}");
        assert!(ended.out.contains("assignment-id") && ended.out.contains("self-test"), "{shell}: {}", ended.out);
    }
    let said = run(&["completions", "cmd"]).failed(2);
    assert!(said.contains("bash"), "{said}");
}

const ANY_MEMBER: &str = "accepts-any-member";

#[test]
fn a_rule_that_is_other_for_a_service_changes_how_a_run_ends() {
    let served = Served::start(&["--defect", ANY_MEMBER]);
    let report = tempfile::tempdir().unwrap();
    let path = report.path().join("run.ndjson").display().to_string();
    let ended = |rules: &str, level: &str| {
        let here = folder(rules);
        let file = here.path().join("policy-harness.toml").display().to_string();
        let report = format!("ndjson={path}");
        let ended = served.test(&["--config", &file, "--cases", "0", "--level", level, "--report", &report]);
        (ended.code, ended.out, lines(&std::fs::read_to_string(&path).unwrap()).remove(0))
    };
    let (code, out, first) = ended("", "must");
    assert!(code == Some(1) && out.contains("\nFAIL  body/value/enum-member"), "{out}");
    assert!(!out.contains("changed") && first["changed_rules"].as_array().unwrap().is_empty());

    let rules = "[rules.\"body/value/enum-member\"]\nlevel = \"should\"\nreason = \"the gateway is lax\"\n";
    let (code, out, first) = ended(rules, "must");
    assert!(code == Some(0) && out.contains("\nWARN  body/value/enum-member"), "{out}");
    assert!(out.contains("changed  body/value/enum-member: should instead of must, 4xx: the gateway is lax"), "{out}");
    assert!(out.contains("\nConforms, with 1 rule changed, 1 warning"), "{out}");
    assert_eq!(first["changed_rules"][0]["reason"], "the gateway is lax");
    assert_eq!(
        (&first["changed_rules"][0]["level"], &first["changed_rules"][0]["before"]),
        (&"should".into(), &"must".into())
    );
    assert_eq!(ended(rules, "should").0, Some(1));

    let rules = "[rules]\n\"body/value/enum-member\" = { level = \"unspecified\", reason = \"let be\" }\n";
    let (code, out, _) = ended(rules, "should");
    assert!(code == Some(0) && !out.contains("FAIL  ") && !out.contains("WARN  "), "{out}");

    // What was refused as the contract has it is no refusal with this status.
    let rules = "[rules.\"body/property/undeclared\"]\nstatuses = [409, \"422\"]\nreason = \"as we say it\"\n";
    let (_, out, _) = ended(rules, "must");
    assert!(out.contains("\nFAIL  body/property/undeclared") && out.contains("expected 409 or 422"), "{out}");

    // So are rules that the engine has of every answer.
    let served = Served::start(&["--defect", "error-no-code"]);
    let here = folder("[rules.\"answer/error-object\"]\nlevel = \"unspecified\"\nreason = \"bare errors\"\n");
    let file = here.path().join("policy-harness.toml").display().to_string();
    assert_eq!(served.test(&["--cases", "0"]).code, Some(1));
    let ended = served.test(&["--cases", "0", "--config", &file]);
    assert!(ended.code == Some(0) && !ended.out.contains("WARN  "), "{}", ended.out);
}

#[test]
fn rules_that_cannot_be_changed_say_where_and_why() {
    for (text, words) in [
        (
            "[rules.\"body/value/enum-membre\"]\nlevel = \"should\"\nreason = \"x\"\n",
            &[":1: ", "body/value/enum-member`?"][..],
        ),
        ("[rules.\"qqqq\"]\nlevel = \"should\"\nreason = \"x\"\n", &[":1: ", "policy-harness rules"]),
        ("\n[rules.\"body/value/enum-member\"]\nlevel = \"should\"\n", &[":2: ", "reason"]),
        ("[rules.\"body/value/enum-member\"]\nlevel = \"high\"\n", &[":2: ", "must, should or unspecified"]),
        ("[rules.\"body/value/enum-member\"]\nlevle = \"must\"\n", &[":2: ", "did you mean `level`?"]),
        ("[rules.\"body/value/enum-member\"]\nreason = \"x\"\n", &[":1: ", "nothing is changed"]),
        ("[rules.\"body/value/enum-member\"]\nreason = \"x\"\nstatuses = \"4x\"\n", &[":1: ", "4x"]),
        ("[rules.\"state/stored\"]\nreason = \"x\"\nstatuses = \"400\"\n", &[":1: ", "remove them"]),
        ("rules = 1\n", &[":1: ", "is a table"]),
        ("[rules]\n\"state/stored\" = 1\n", &[":2: ", "is a table"]),
    ] {
        let here = folder(text);
        let said = run_in(here.path(), &["run", "--dry-run"]).failed(2);
        assert!(said.starts_with("error: policy-harness.toml:"), "{text}: {said}");
        assert!(words.iter().all(|word| said.contains(word)) && said.lines().count() <= 2, "{text}: {said}");
    }
    // Another contract may have it.
    let here = folder("[rules.\"state/deleted\"]\nlevel = \"should\"\nreason = \"slow\"\n");
    planned(here.path(), &[]);
    planned(here.path(), &["--contract", "all"]);
}
