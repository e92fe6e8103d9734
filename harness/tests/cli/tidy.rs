//! The program leaves a target as it found it: after a run, after Ctrl-C, and with
//! `clean` after it was killed. And what it prints of a fault in the life of a
//! policy is seen by whoever pastes it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use policy_harness::reference::Options;
use serde_json::Value;

use super::program::{Ended, Served, command, interrupt, run};

const POLICIES: &str = "/identityGovernance/entitlementManagement/assignmentPolicies";

/// A server, and how it is asked.
struct Subject {
    served: Served,
    base: String,
    token: String,
    folder: tempfile::TempDir,
}

impl Subject {
    fn start(arguments: &[&str]) -> Self {
        let served = Served::start(arguments);
        let behind = |flag: &str| {
            let at = served.arguments.iter().position(|word| word == flag).unwrap();
            served.arguments[at + 1].clone()
        };
        let (base, token) = (behind("--target"), behind("--token"));
        Self { served, base, token, folder: tempfile::tempdir().unwrap() }
    }

    fn ledgers(&self) -> PathBuf {
        self.folder.path().join("ledgers")
    }

    /// The arguments of a run against it.
    fn arguments(&self) -> Vec<String> {
        let package = Options::package_ids(1).remove(0);
        let ledgers = self.ledgers().display().to_string();
        let own = ["--contract", "v1.0", "--access-package-id", &package, "--ledger", &ledgers, "--no-journal"]
            .map(str::to_owned);
        self.served.arguments.iter().cloned().chain(own).collect()
    }

    fn run(&self, more: &[&str]) -> Ended {
        let arguments = self.arguments();
        run(&arguments.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
    }

    /// A run that goes on for longer than anybody waits.
    fn begin(&self) -> Child {
        let arguments = self.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--cases", "10000000"]).collect();
        let child = command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Until it is well under way, on a busy machine too.
        for _ in 0..500 {
            if self.policies() > 1 {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }

    /// What the server answers to a GET.
    fn get(&self, path: &str) -> String {
        let (authority, base) = self.base.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut stream = TcpStream::connect(authority).unwrap();
        let token = &self.token;
        write!(
            stream,
            "GET /{base}{path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// How many policies there are.
    fn policies(&self) -> usize {
        let answer = self.get(POLICIES);
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let list: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
        list["value"].as_array().unwrap().len()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    entries.unwrap_or_default()
}

#[test]
fn a_run_leaves_nothing() {
    let subject = Subject::start(&[]);
    let ended = subject.run(&["--cases", "300", "--seed", "1"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    assert!(ended.out.contains("contract v1.0") && !ended.out.contains("left  "), "{}", ended.out);
    assert_eq!(subject.policies(), 0);
    // What is not needed is not kept, and neither is the folder for it.
    assert!(!subject.ledgers().exists());
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let subject = Subject::start(&[]);
    let mut child = subject.begin();
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert_eq!(subject.policies(), 0);
    let ledgers = || files(&subject.ledgers()).iter().map(|path| fs::read_to_string(path).unwrap()).collect::<String>();
    assert!(!subject.ledgers().exists(), "{}", ledgers());
}

#[test]
fn what_a_killed_run_leaves_is_cleaned_up() {
    let subject = Subject::start(&["--variant", "slow"]);
    let mut ledgers = Vec::new();
    // At the very moment nothing may be there.
    for _ in 0..20 {
        let mut child = subject.begin();
        child.kill().unwrap();
        child.wait().unwrap();
        ledgers = files(&subject.ledgers());
        assert_eq!(ledgers.len(), 1, "{ledgers:?}");
        if subject.policies() > 0 {
            break;
        }
        fs::remove_file(&ledgers[0]).unwrap();
    }
    assert!(subject.policies() > 0, "nothing was under way");
    let ledger = ledgers[0].display().to_string();
    assert!(!fs::read_to_string(&ledger).unwrap().contains(&subject.token));
    let shown = run(&["clean", &ledger, "--dry-run"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(shown.out.contains("would delete the policy"), "{}", shown.out);
    // Who is not let in cleans nothing, and loses nothing.
    let refused = run(&["clean", &ledger, "--token", "another-token"]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("check the token") && Path::new(&ledger).exists(), "{refused:?}");
    let cleaned = run(&["clean", &ledger, "--token", &subject.token]);
    assert_eq!((cleaned.code, &*cleaned.err), (Some(0), ""), "{cleaned:?}");
    assert!(cleaned.out.contains("Nothing is left"), "{}", cleaned.out);
    assert_eq!(subject.policies(), 0);
    assert!(!Path::new(&ledger).exists());
}

#[test]
fn who_is_not_there_is_left_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ledgers = folder.path().join("ledgers");
    let package = Options::package_ids(1).remove(0);
    let target = ["--contract", "v1.0", "--target", "http://127.0.0.1:9/v1.0", "--access-package-id", &package];
    let said = run(&[&target[..], &["--ledger", ledgers.to_str().unwrap()]].concat()).failed(3);
    assert!(said.contains("connection refused"), "{said}");
    assert!(!ledgers.exists());
}

#[test]
fn a_ledger_that_is_none_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not.ledger");
    fs::write(&path, "{\"ledger\":1}\n").unwrap();
    let said = run(&["clean", path.to_str().unwrap()]).failed(3);
    assert!(said.contains("not.ledger:1:"), "{said}");
}

/// The lines below a finding up to its fingerprint, as a person would copy them.
fn pasted(out: &str, rule: &str) -> String {
    let finding = out.split("\nFAIL  ").find(|part| part.starts_with(rule)).unwrap_or_else(|| panic!("{out}"));
    let lines = finding.lines().skip_while(|line| !line.contains("smallest request")).skip(1);
    let lines = lines.take_while(|line| !line.contains("fingerprint"));
    lines.map(|line| line.strip_prefix("        ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_fault_shows_to_who_pastes_its_requests() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: there is no curl");
        return;
    }
    let pastes = |defect: &str, rule: &str, requests: usize| {
        let subject = Subject::start(&["--defect", defect]);
        let ended = subject.run(&["--cases", "0", "--seed", "1"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let script = pasted(&ended.out, rule);
        assert_eq!(script.matches("\n# ").count() + 1, requests, "{script}");
        let output = Command::new("sh").arg("-c").arg(&script).env("TOKEN", &subject.token).output().unwrap();
        // What creates something shows its answer beside it.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\r', "");
        (text(&output.stderr), text(&output.stdout))
    };
    // Deleted, and read all the same.
    let (_, out) = pastes("delete-does-nothing", "state/deleted ", 3);
    let statuses: Vec<&str> = out.lines().filter(|line| line.starts_with("HTTP/1.1")).collect();
    assert_eq!(statuses, ["HTTP/1.1 204 No Content", "HTTP/1.1 200 OK"], "{out}");
    // What was read is sent back as it is, and refused.
    let (_, out) = pastes("put-refuses-context", "state/as-read ", 3);
    assert!(out.contains("\"@odata.context\"") && out.contains("HTTP/1.1 400 Bad Request"), "{out}");
    // The second time it is twice there.
    let (_, out) = pastes("put-again-doubles-items", "state/idempotent ", 5);
    assert_eq!(out.matches("HTTP/1.1 200 OK").count(), 4, "{out}");
}
