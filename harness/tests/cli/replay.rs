//! One fault, found by a run, by a property test and by a fuzzer: each file of it goes
//! through the same command.

use std::fs;
use std::path::{Path, PathBuf};

use policy_harness::case::{Maker, Plan};
use policy_harness::contract::{Contract, rule};
use policy_harness::generate::tape_for;
use policy_harness::strategy;
use policy_harness::validate::Label;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use crate::program::{Ended, ID, Served, run};

/// The token of a server that is given none.
const TOKEN: &str = "reference-server-token";

/// The finding of a run against a server with the fault.
fn found_by_a_run(server: &Served, folder: &Path) -> PathBuf {
    let findings = folder.join("findings");
    let ended = server.test(&["--cases", "100", "--findings", findings.to_str().unwrap()]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let files = fs::read_dir(findings).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|file| file.to_string_lossy().contains("body-value-enum-member")).unwrap()
}

/// What proptest keeps of a property that fails for the same fault.
fn found_by_a_property(folder: &Path) -> PathBuf {
    let file = folder.join("regressions.txt");
    let path: &'static str = Box::leak(file.to_str().unwrap().to_owned().into_boxed_str());
    let config = Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(path))),
        source_file: Some("replay.rs"),
        cases: 2_000,
        ..Config::default()
    };
    let failed = TestRunner::new(config).run(&strategy::malformed(), |payload| {
        assert!(payload.rule_id() != "body/value/enum-member");
        Ok(())
    });
    assert!(failed.is_err());
    file
}

/// A tape of the fuzz target for malformed bodies.
fn found_by_a_fuzzer(folder: &Path) -> PathBuf {
    let contract = Contract::named("seed").unwrap();
    let plan = Plan::of(&contract);
    let mut maker = Maker::new(&contract, &plan, &[], 0);
    let is_it = |tape: &Vec<u8>, maker: &mut Maker<'_>| {
        let case = maker.malformed_from_bytes(tape);
        case.is_some_and(|case| matches!(case.label, Label::Malformed(rule::ENUM_MEMBER, _)))
    };
    let tapes = (0..5_000).map(|index| {
        let mut tape = vec![0; 600];
        tape_for(3, index, &mut tape);
        // Any of the obligations.
        tape[1] &= 0x0f;
        tape
    });
    let tape = tapes.into_iter().find(|tape| is_it(tape, &mut maker)).unwrap();
    let artifacts = folder.join("artifacts/generated_malformed");
    fs::create_dir_all(&artifacts).unwrap();
    fs::write(artifacts.join("crash-1"), tape).unwrap();
    artifacts.join("crash-1")
}

#[test]
fn a_finding_a_counterexample_and_a_crash_go_through_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = Served::start(&["--defect", "accepts-any-member"]);
    let right = Served::start(&[]);
    let body = folder.path().join("crash-2");
    fs::write(&body, br#"{"allowedTargetScope":"Nobody"}"#).unwrap();
    let files = [
        found_by_a_run(&wrong, folder.path()),
        found_by_a_property(folder.path()),
        found_by_a_fuzzer(folder.path()),
        body,
    ];
    let replay = |file: &Path, server: &Served| -> Ended {
        let at = server.arguments.iter().position(|word| word == "--target").unwrap() + 1;
        let file = file.to_str().unwrap();
        run(&["replay", file, "--target", &server.arguments[at], "--assignment-id", ID, "--token", TOKEN])
    };
    for file in &files {
        let shows = replay(file, &wrong);
        assert_eq!(shows.code, Some(1), "{file:?} {shows:?}");
        assert!(shows.out.contains("body/value/enum-member") && shows.out.contains("204"), "{}", shows.out);
        let gone = replay(file, &right);
        assert_eq!(gone.code, Some(0), "{file:?} {gone:?}");
    }
    // The embedded reference server needs no flags at all.
    let all: Vec<&str> = files[1..].iter().map(|file| file.to_str().unwrap()).collect();
    let ended = run(&[&["replay"], &all[..]].concat());
    assert_eq!((ended.code, ended.out.lines().count()), (Some(0), 3), "{ended:?}");
}

#[test]
fn what_cannot_be_replayed_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = folder.path().join("artifacts/judge");
    fs::create_dir_all(&artifacts).unwrap();
    let file = artifacts.join("crash-1");
    fs::write(&file, "x").unwrap();
    let file = file.to_str().unwrap();
    assert!(run(&["replay", file]).failed(2).contains("--bin judge"));
    assert!(run(&["replay", file, "--as", "property"]).failed(2).contains("no line in it shows a payload"));
    assert!(run(&["replay", file, "--as", "finding"]).failed(2).contains("cannot replay"));
    let body = ["replay", file, "--as", "body", "--target", "http://127.0.0.1:9/v1.0"];
    assert!(run(&body).failed(2).contains("--assignment-id"));
    assert_eq!(run(&["replay", file, "--as", "body"]).code, Some(0));
}
