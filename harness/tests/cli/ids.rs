//! Ids of a user's own, as flags and in the configuration file, against a server
//! that looks them up.

use policy_harness::contract::Contract;
use policy_harness::reference::Options;

use super::program::{Served, run};

#[test]
fn a_directory_is_content_with_its_own_ids_alone() {
    let served = Served::start(&["--variant", "knows-its-own"]);
    let package = Options::package_ids(1).remove(0);
    let directory = Options::directory(&Contract::named("seed").unwrap());
    let own = ["--contract", "all", "--access-package-id", &package, "--cases", "300", "--seed", "3"];
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledgers").display().to_string();
    let own = [&own[..], &["--ledger", &ledger]].concat();
    let without = served.test(&own);
    assert_eq!(without.code, Some(1), "{without:?}");
    let flags: Vec<String> =
        directory.iter().flat_map(|(kind, id)| ["--id".to_owned(), format!("{kind}={id}")]).collect();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let with = served.test(&[&own[..], &flags].concat());
    assert_eq!((with.code, &*with.err), (Some(0), ""), "{with:?}");
    assert!(!with.out.contains("WARN") && with.out.contains(&flags.join(" ")), "{}", with.out);

    let mut text = "[id]\n".to_owned();
    for kind in directory.iter().map(|(kind, _)| kind).collect::<std::collections::BTreeSet<_>>() {
        let ids = directory.iter().filter(|(other, _)| other == kind).map(|(_, id)| format!("\"{id}\""));
        text.push_str(&[kind, " = [", &ids.collect::<Vec<_>>().join(", "), "]\n"].concat());
    }
    let file = folder.path().join("policy-harness.toml");
    std::fs::write(&file, text).unwrap();
    let with = served.test(&[&own[..], &["--config", file.to_str().unwrap()]].concat());
    assert_eq!(with.code, Some(0), "{with:?}");
}

#[test]
fn an_id_that_is_none_says_what_there_is() {
    let guid = "0a4e1c58-2f62-4f6d-9d0b-6f2f0c9a7b11";
    for (id, words) in [
        (format!("user={guid}"), &["userId", "groupId", "customExtension"][..]),
        (guid.to_owned(), &["KIND=GUID"]),
        ("userId=me".to_owned(), &["GUID", "userId"]),
    ] {
        let said = run(&["--dry-run", "--id", &id]).failed(2);
        assert!(said.contains("--id") && words.iter().all(|word| said.contains(word)), "{said}");
    }
}
