//! Reports for continuous integration, as a run leaves them.

use std::fs;

use super::program::{Ended, Served, command, lines, of_type, run};

/// The values of an attribute of all elements of this name.
fn attributes(xml: &str, element: &str, wanted: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut values = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) | quick_xml::events::Event::Empty(start)
                if start.name().as_ref() == element =>
            {
                for attribute in start.attributes().map(Result::unwrap) {
                    if attribute.key.as_ref() == wanted {
                        values.push(quick_xml::escape::unescape(&attribute.value).unwrap().into_owned());
                    }
                }
            }
            quick_xml::events::Event::Eof => return values,
            _ => {}
        }
    }
}

#[test]
fn several_reports_tell_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (ndjson, junit, second) = (path("run.ndjson"), path("junit.xml"), path("second.xml"));
    // What was there before is not added to.
    fs::write(&junit, "x".repeat(1_000_000)).unwrap();
    let served = Served::start(&["--defect", "accepts-any-member"]);
    let reports = [format!("ndjson={ndjson}"), format!("junit={junit}"), format!("junit={second}")];
    let [one, two, three] = reports.each_ref().map(String::as_str);
    let ended = served.test(&["--seed", "3", "--cases", "100", "--report", one, "--report", two, "--report", three]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let all = lines(&fs::read_to_string(&ndjson).unwrap());
    let finding = of_type(&all, "finding")[0];
    let xml = fs::read_to_string(&junit).unwrap();
    assert!(xml.is_ascii());
    assert_eq!(xml, fs::read_to_string(&second).unwrap());
    assert_eq!(attributes(&xml, "testsuites", "failures"), ["1"]);
    assert_eq!(attributes(&xml, "testsuites", "errors"), ["0"]);
    let text = |member: &str| finding[member].as_str().unwrap();
    assert_eq!(
        attributes(&xml, "failure", "message"),
        [format!("{}: {}, expected {}", text("place"), text("got"), text("expected"))]
    );
    assert!(xml.contains(finding["fingerprint"].as_str().unwrap()), "{xml}");
    let names = attributes(&xml, "testcase", "name");
    assert!(names.iter().filter(|name| *name == "body/value/enum-member").count() == 1, "{names:?}");
    assert!(names.len() > 80, "{names:?}");
}

#[test]
fn a_step_of_github_actions_gets_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "# A step before\n").unwrap();
    let with = |path: &std::path::Path, contracts: &str| {
        let mut command = command(&["run", "--seed", "3", "--cases", "1", "--contract", contracts]);
        Ended::of(&command.env("GITHUB_STEP_SUMMARY", path).output().unwrap())
    };
    let ended = with(&summary, "all");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("# A step before\n"), "{text}");
    let titles: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(titles, ["## policy-harness: seed", "## policy-harness: v1.0"]);
    assert_eq!(text.matches("\n**Conforms.** ").count(), 2, "{text}");
    assert!(text.contains("```sh\npolicy-harness run --seed 3 --contract all --cases 1\n```\n"), "{text}");
    // What is there already leaves less room; none at all is no fault of the run.
    fs::write(&summary, "x".repeat(1 << 20)).unwrap();
    assert_eq!(with(&summary, "seed").code, Some(0));
    assert_eq!(fs::metadata(&summary).unwrap().len(), 1 << 20);
    let said = with(&folder.path().join("no/such/folder"), "seed").failed(2);
    assert!(said.contains("GITHUB_STEP_SUMMARY"), "{said}");
}

#[test]
fn one_report_holds_all_contracts() {
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("junit.xml");
    let report = format!("junit={}", junit.display());
    let ended = run(&["run", "--contract", "all", "--cases", "1", "--report", &report]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let xml = fs::read_to_string(&junit).unwrap();
    let suites = attributes(&xml, "testsuite", "name");
    for suite in ["seed: POST ", "seed: the run", "v1.0: POST ", "v1.0: DELETE ", "v1.0: the run"] {
        assert_eq!(suites.iter().filter(|name| name.starts_with(suite)).count(), 1, "{suites:?}");
    }
    assert_eq!(attributes(&xml, "testsuites", "errors"), ["0"]);
}

#[test]
fn a_run_that_cannot_begin_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("junit.xml");
    let report = format!("junit={}", junit.display());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let target = format!("http://127.0.0.1:{port}/v1.0");
    run(&["--target", &target, "--assignment-id", super::program::ID, "--report", &report]).failed(3);
    let xml = fs::read_to_string(&junit).unwrap();
    assert_eq!(attributes(&xml, "testsuites", "errors"), ["1"]);
}
