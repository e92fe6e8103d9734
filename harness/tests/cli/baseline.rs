//! Findings that are known: from the report of a run into the baseline, and out of
//! it again.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::program::{Ended, Served, lines, of_type, run};

/// The findings of a run as files.
fn written(folder: &Path, report: &Path) -> Vec<PathBuf> {
    let lines = lines(&fs::read_to_string(report).unwrap());
    fs::create_dir_all(folder).unwrap();
    let file = |finding: &Value| {
        let path = folder.join(format!("{}.json", finding["fingerprint"].as_str().unwrap()));
        let mut finding = finding.clone();
        finding["schema"] = json!("policy-harness/finding/1");
        finding["contract"] = lines[0]["contract"].clone();
        finding["not"] = json!({"of": ["interest"]});
        fs::write(&path, finding.to_string()).unwrap();
        path
    };
    of_type(&lines, "finding").into_iter().map(file).collect()
}

#[test]
fn a_known_finding_passes_until_it_is_over_or_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (report, baseline, findings) = (path("run.ndjson"), path("known.toml"), path("findings"));
    let served = Served::start(&["--defect", "accepts-any-member"]);
    let ndjson = format!("ndjson={report}");
    let short = ["--seed", "3", "--cases", "300"];
    let test = |more: &[&str]| served.test(&[&short[..], more].concat());
    let ended = test(&["--report", &ndjson]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let files = written(Path::new(&findings), Path::new(&report));
    assert_eq!(files.len(), 1, "{ended:?}");
    let fingerprint = files[0].file_stem().unwrap().to_str().unwrap();

    let update = |more: &[&str]| run(&[&["baseline", "update", "--baseline", &baseline], more].concat());
    let ended = update(&[&findings, "--reason", "the old gateway", "--link", "https://issues.example/1"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    assert!(ended.out.starts_with(&format!("added: {fingerprint}\n")), "{ended:?}");
    let told = fs::read_to_string(&baseline).unwrap();
    for words in ["contract = \"seed\"", "rule = \"body/value/enum-member\"", "reason = \"the old gateway\"", "# /"] {
        assert!(told.contains(words), "{told}");
    }
    // Nothing else is left in the folder, and a second time changes nothing.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    let ended = update(&[&findings, "--reason", "another"]);
    assert!(ended.out.starts_with(&format!("known already: {fingerprint}\n")), "{ended:?}");
    assert_eq!(fs::read_to_string(&baseline).unwrap(), told);

    let ended = test(&["--baseline", &baseline, "--report", &ndjson]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for words in [
        "KNOWN  body/value/enum-member",
        "known: the old gateway (https://issues.example/1)\n",
        "Conforms, 1 known finding",
        &format!(" --baseline {baseline}"),
    ] {
        assert!(ended.out.contains(words), "{words}: {}", ended.out);
    }
    let all = lines(&fs::read_to_string(&report).unwrap());
    assert_eq!(of_type(&all, "finding")[0]["standing"], "known");

    fs::write(&baseline, format!("{told}expires = 2026-01-31\n")).unwrap();
    let ended = test(&["--baseline", &baseline]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let over = "was known, and that is over: the old gateway (https://issues.example/1), until 2026-01-31\n";
    assert!(ended.out.contains("FAIL  body/value/enum-member") && ended.out.contains(over), "{}", ended.out);
    fs::write(&baseline, &told).unwrap();

    // A server without the defect.
    let whole = |level: &str| run(&["run", "--seed", "3", "--cases", "300", "--level", level, "--baseline", &baseline]);
    let ended = whole("should");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.out.contains(&format!("FIXED  {fingerprint}   no longer shows\n")), "{}", ended.out);
    let ended = whole("must");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("Conforms, 1 fixed finding."), "{}", ended.out);
    let ended = update(&["--prune", fingerprint]);
    assert!(ended.code == Some(0) && ended.out.starts_with(&format!("taken out: {fingerprint}\n")), "{ended:?}");
    let ended = whole("should");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("\nConforms. "), "{}", ended.out);
}

#[test]
fn what_is_no_baseline_or_no_finding_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (baseline, finding, missing) = (path("known.toml"), path("finding.json"), path("missing"));
    let kept = "# Ours.\n[[finding]]\nfingerprint = 'a'\nreason = 'r'\n";
    fs::write(&baseline, kept).unwrap();
    fs::write(&finding, r#"{"schema":"policy-harness/finding/2","fingerprint":"x"}"#).unwrap();
    let update = |more: &[&str]| run(&[&["baseline", "update", "--baseline", &baseline], more].concat()).failed(2);
    assert!(update(&[]).contains("<FINDING>"));
    assert!(update(&[&finding]).contains("its form is `policy-harness/finding/2`"));
    assert!(update(&[&missing]).contains("cannot read the finding"));
    assert!(update(&[&baseline]).contains("cannot read the finding"));
    assert!(update(&["--prune", "b"]).contains("has no entry for b"));
    assert!(update(&["--prune", "a", "--expires", "soon"]).contains("as in 2027-01-31"));
    assert!(update(&["--prune", "a", "--reason", ""]).contains("--reason"));
    assert_eq!(fs::read_to_string(&baseline).unwrap(), kept);

    let of = |path: &str| run(&["run", "--dry-run", "--baseline", path]);
    assert!(of(&missing).failed(2).contains("policy-harness baseline update"));
    let with = |text: &str| -> Ended {
        fs::write(&baseline, text).unwrap();
        of(&baseline)
    };
    let told = with("[[finding]]\nfingerprint = 'a'\nreson = 'r'\n").failed(2);
    assert!(told.contains("known.toml:3: `reson` is no key of a baseline; did you mean `reason`?"), "{told}");
    fs::write(&baseline, [0xff, 0xfe]).unwrap();
    of(&baseline).failed(2);
    assert_eq!(with(kept).code, Some(0));
}
