//! The suite as a test program: names, filters, and what a baseline knows of.

use std::collections::BTreeSet;
use std::sync::Arc;

use libtest_mimic::{Arguments, Conclusion};

use super::suite::trials;
use super::target::Target;
use super::tested::Setting;
use crate::contract::Contract;
use crate::reference::{self, Options, defect};

fn target(defects: &[&str]) -> Target {
    let defects = defects.iter().map(|id| defect(id).unwrap()).collect();
    let options = Options { defects, ..Options::default() };
    let (token, id) = (options.token.clone(), options.assignments[0].clone());
    let router = reference::router(vec![Arc::new(Contract::named("seed").unwrap())], options);
    Target::service(router).token(&token).assignment_id(&id).cases(100)
}

/// The names of the tests, what they print, and how they end.
async fn run(target: &Target, filter: Option<&str>) -> (Vec<String>, String, Conclusion) {
    // What they print is no part of what these tests print.
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let arguments = Arguments {
        filter: filter.map(str::to_owned),
        logfile: Some(log.display().to_string()),
        ..Arguments::default()
    };
    let trials = trials(target, &arguments).await.unwrap();
    let names = trials.iter().map(|trial| trial.name().to_owned()).collect();
    let ended = libtest_mimic::run(&arguments, trials);
    (names, std::fs::read_to_string(log).unwrap(), ended)
}

#[tokio::test]
async fn each_obligation_is_a_test() {
    let (names, _, ended) = run(&target(&[]), None).await;
    let unique: BTreeSet<&String> = names.iter().collect();
    assert!(unique.len() == names.len() && names.len() > 8_000, "{}", names.len());
    assert!(!ended.has_failed() && ended.num_passed > 8_000, "{ended:?}");
    // What a service in this process cannot be asked is not passed for asked.
    assert!(ended.num_ignored > 5, "{ended:?}");
}

#[tokio::test]
async fn a_filter_takes_some_and_faults_fail_theirs_alone() {
    let wrong = target(&["accepts-any-member"]);
    let (names, log, ended) = run(&wrong, Some("body/value/enum-member")).await;
    assert!(names.len() > 20 && names.iter().all(|name| name.starts_with("body/value/enum-member ")));
    assert!(ended.num_failed > 20 && ended.num_passed + ended.num_failed == names.len() as u64, "{ended:?}");
    assert!(log.contains("smallest request:\ncurl ") && log.contains("got 204"), "{log}");
    let (_, _, ended) = run(&wrong, Some("body/null/")).await;
    assert!(!ended.has_failed() && ended.num_passed > 5, "{ended:?}");
}

#[tokio::test]
async fn what_a_baseline_knows_is_ignored() {
    let wrong = target(&["accepts-any-member"]);
    let found = Setting::of(&wrong).unwrap().test(wrong.selection.clone(), 0).await.unwrap().findings;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.toml");
    let entry = format!("[[finding]]\nfingerprint = \"{}\"\nreason = \"for a test\"\n", found[0].fingerprint);
    std::fs::write(&file, entry).unwrap();
    let (_, log, ended) = run(&wrong.baseline(file), None).await;
    assert!(!ended.has_failed() && ended.num_ignored > 20, "{ended:?}");
    assert!(log.matches("ignored (known: for a test)").count() > 20, "{log}");
}
