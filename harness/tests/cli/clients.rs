//! `roundtrip --command` against a small client of our own (`client.py`): whatever is
//! wrong with it is told once, under its rule, with the smallest body that shows it, and
//! the run goes on behind it.

use std::path::Path;
use std::process::{Command, Stdio};

use super::program::{Ended, command, interrupt, run};

/// The least body that the client's rarer faults show with.
const RARE: &str = r#"{"reviewSettings":{"isRecommendationEnabled":true,"isSelfReview":true}}"#;

/// The command that starts the client with a fault.
fn client(fault: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/client.py");
    format!("python3 {} {fault}", path.display())
}

fn tried(fault: &str, more: &[&str]) -> Ended {
    run(&[&["roundtrip", "--cases", "0", "--command", &client(fault)], more].concat())
}

/// The findings that were told: rule, what stands below it, and the line for a shell.
fn findings(ended: &Ended) -> Vec<(&str, String, &str)> {
    let blocks = ended.out.split("\n\n").filter(|block| block.starts_with("FAIL") || block.starts_with("WARN"));
    blocks
        .map(|block| {
            let rule = block.split_whitespace().nth(1).unwrap();
            (rule, block.to_owned(), block.lines().last().unwrap().trim())
        })
        .collect()
}

/// The only finding there is.
fn only(ended: &Ended, word: &str, rule: &str) -> (String, String) {
    let found = findings(ended);
    let [(named, block, line)] = &found[..] else { panic!("{}\n{}", ended.out, ended.err) };
    assert!(block.starts_with(word) && *named == rule, "{}", ended.out);
    assert!(block.contains(", confirmed\n"), "{block}");
    (block.clone(), (*line).to_owned())
}

#[test]
fn a_client_that_loses_nothing_is_told_so() {
    let ended = tried("none", &[]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    assert!(ended.out.contains("Keeps what it is given. ") && ended.out.contains("; started once."), "{}", ended.out);
    assert_eq!(tried("none", &["--contract", "v1.0", "--level", "should"]).code, Some(0));
    // Its standard error is nobody's business, however much there is of it.
    assert_eq!(tried("complains", &[]).out.lines().nth(2), ended.out.lines().nth(2));
}

#[test]
fn what_is_lost_or_changed_is_one_finding_with_the_smallest_body() {
    for (fault, body, told) in [
        ("drops", r#"{"description":""}"#, r#"sent "" (Edm.String), came back nothing"#),
        ("renders", r#"{"expiration":{"duration":"P1D","type":"afterDuration"}}"#, r#"came back "1D""#),
        ("refuses", r#"{"allowedTargetScope":"allMemberUsers"}"#, "refused: no such scope: 'allMemberUsers'"),
    ] {
        let ended = tried(fault, &[]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let rule = if fault == "refuses" { "client/accepts" } else { "client/kept" };
        let (block, line) = only(&ended, "FAIL", rule);
        assert!(block.contains(told), "{block}");
        assert_eq!(line, format!("echo '{body}' | {}", client(fault)));
    }
    let ended = tried("reverses", &[]);
    let (block, _) = only(&ended, "FAIL", "client/kept");
    assert!(block.contains("/specificAllowedTargets: ") && block.contains("(Collection(subjectSet))"), "{block}");
}

#[test]
fn null_what_is_unknown_and_what_is_added_are_warnings() {
    for (fault, rule, body, told) in [
        ("strips", "client/null-kept", r#"{"description":null}"#, "sent null ("),
        ("forgets", "client/unknown-kept", r#"{"allowedTargetScope":""}"#, "(allowedTargetScope), came back nothing"),
        ("adds", "client/nothing-added", "{}", r#"/description: breaks"#),
    ] {
        let ended = tried(fault, &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let (block, line) = only(&ended, "WARN", rule);
        assert!(block.contains(told), "{block}");
        assert!(fault == "strips" || line.starts_with(&format!("echo '{body}' | ")), "{line}");
        assert!(ended.out.contains("Keeps what it is given, 1 warning. "), "{}", ended.out);
    }
    let ended = tried("adds", &["--level", "should"]);
    assert_eq!(ended.code, Some(1));
    only(&ended, "FAIL", "client/nothing-added");
}

/// The client with this fault gives no answer to a few bodies: it is started again, and
/// the run goes on.
fn breaks(fault: &str, more: &[&str], told: &str) {
    let ended = tried(fault, more);
    assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{ended:?}");
    let (block, line) = only(&ended, "FAIL", "client/answers");
    assert!(block.contains(told), "{fault}: {block}");
    assert_eq!(line, format!("echo '{RARE}' | {}", client(fault)));
    assert!(ended.out.contains("Does not keep what it is given: 1 finding. "), "{fault}: {}", ended.out);
}

#[test]
fn a_client_that_ends_or_hangs_is_a_finding_and_the_run_goes_on() {
    breaks("ends", &[], "the program ended (exit status: 7): no such review!");
    breaks("hangs", &["--time-limit", "1"], "no answer within 1 s");
}

#[test]
fn a_client_that_prints_something_else_is_a_finding_and_the_run_goes_on() {
    for (fault, told) in [
        ("babbles", "a line that is no JSON (expected a value at byte 0): DEBUG: reading a policy"),
        ("misforms", "a line that is no object with body, or with error as a string: {\"policy\""),
        ("lengthens", "a line of more than 8388608 bytes"),
        ("repeats", "a second line for one body: {\"body\""),
    ] {
        breaks(fault, &[], told);
    }
}

/// A shell that waits for its command holds the pipes open; one that became it does not.
#[cfg(unix)]
#[test]
fn a_client_that_closes_a_pipe_is_a_finding() {
    for (fault, told) in [("closes", "closed its standard output and ran on"), ("deafens", "")] {
        let command = format!("exec {}", client(fault));
        let ended = run(&["roundtrip", "--cases", "0", "--shrink", "0", "--time-limit", "2", "--command", &command]);
        assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{ended:?}");
        // The line that nobody reads may be on its way when the pipe is closed.
        let found = findings(&ended);
        let is_told = |(rule, block, _): &(&str, String, &str)| *rule == "client/answers" && block.contains(told);
        assert!(found.iter().all(is_told) && !found.is_empty(), "{}", ended.out);
    }
}

#[test]
fn a_client_that_does_not_answer_the_first_line_gets_no_other() {
    let ended = tried("greets", &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let found = findings(&ended);
    assert_eq!(found.len(), 1, "{}", ended.out);
    assert!(found[0].1.contains("a line that is no JSON") && found[0].1.contains("my client 1.0"), "{}", ended.out);
    assert!(ended.out.contains("the first body was not answered, so no other was sent"), "{}", ended.out);
}

#[test]
fn what_cannot_be_started_is_no_finding() {
    let error = run(&["roundtrip", "--command", "no-such-client-anywhere"]).failed(3);
    assert!(error.contains("before it answered anything (exit status: 127)"), "{error}");
    let error = run(&["roundtrip", "--command", "python3 -c 'import no_such_module'"]).failed(3);
    assert!(error.contains("ModuleNotFoundError: No module named 'no_such_module'"), "{error}");
    for arguments in
        [&["--contract", "v1.0"][..], &["--time-limit", "1"], &["--command", ""], &["--command", "cat", "a.json"]]
    {
        run(&[&["roundtrip"], arguments].concat()).failed(2);
    }
    run(&["roundtrip", "--command", "cat", "--contract", "v9"]).failed(2);
}

/// What a finding says to paste does what it says.
#[test]
fn the_line_of_a_finding_shows_the_fault_again() {
    let ended = tried("renders", &[]);
    let (_, line) = only(&ended, "FAIL", "client/kept");
    let output = Command::new("sh").args(["-c", &line]).stderr(Stdio::null()).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim(),
        r#"{"body": {"expiration": {"duration": "1D", "type": "afterDuration"}}}"#
    );
}

/// With all that it started: a client is seldom one process.
#[cfg(target_os = "linux")]
#[test]
fn what_was_started_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let starts = format!("sleep 1000 & echo $! > {}; {}", file.display(), client("none"));
    let ended = run(&["roundtrip", "--cases", "0", "--command", &starts]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let pid = std::fs::read_to_string(&file).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", pid.trim())).unwrap_or_default();
    // Who adopts it may not have looked yet.
    assert!(status.is_empty() || status.contains("\nState:\tZ"), "{status}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_what_was_found_until_then() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines");
    let drops = format!("tee {} | {}", lines.display(), client("drops"));
    let arguments = ["roundtrip", "--cases", "100000000", "--command", &drops, "--shrink", "0"];
    let child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while std::fs::metadata(&lines).map_or(0, |lines| lines.len()) < 200_000 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    interrupt(&child);
    let ended = Ended::of(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.out.contains("client/kept") && ended.out.contains("; it was ended. "), "{}", ended.out);
}

#[test]
fn the_help_shows_a_client_and_each_rule_is_explained() {
    let help = run(&["roundtrip", "--help"]).out;
    for word in ["--command", "{\"body\": …}", "import json, sys", "Exit codes:"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for rule in ["answers", "accepts", "kept", "null-kept", "unknown-kept", "nothing-added"] {
        let ended = run(&["rules", &format!("client/{rule}")]);
        assert!(ended.code == Some(0) && ended.out.contains("  level     "), "{ended:?}");
    }
}
