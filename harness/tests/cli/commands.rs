//! The subcommands, one after the other: what they print, write and answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use policy_harness::contract::Contract;
use policy_harness::validate::{Label, Validator};
use serde_json::Value;

use super::program::{Ended, ID, Served, TOKEN, command, interrupt, lines, of_type, run};

/// A port on which nothing listens.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server that answers every request with these bytes, and what it was sent.
pub(super) fn server(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1.0", listener.local_addr().unwrap());
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || converse(stream, answer, &seen));
        }
    });
    (base, heads)
}

fn converse(stream: TcpStream, answer: &str, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && !head.ends_with("\n\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        reader.read_exact(&mut vec![0; length.unwrap_or(0)]).ok()?;
        seen.lock().unwrap().push(head);
        writer.write_all(answer.as_bytes()).ok()?;
        // Requests that break the framing leave something behind.
        if lower.contains("connection: close") || lower.contains("transfer-encoding") {
            return None;
        }
    }
}

pub(super) const YES: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[test]
fn without_arguments_the_embedded_server_is_tested() {
    let ended = run(&[]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    let mut last = ended.out.lines().rev();
    let reproduce = last.next().unwrap();
    let verdict = last.next().unwrap();
    assert!(verdict.starts_with("Conforms. ") && verdict.contains(" 0 mislabelled"), "{verdict}");
    let seed = reproduce.strip_prefix("Reproduce: policy-harness run --seed ").unwrap();
    let title = ended.out.lines().next().unwrap();
    assert!(title.ends_with(&format!("embedded reference server · seed {seed}")), "{title}");
    seed.parse::<u64>().unwrap();
}

#[test]
fn the_seed_decides_every_case() {
    let folder = tempfile::tempdir().unwrap();
    let cases = |name: &str, concurrency: &str| {
        let path = folder.path().join(name);
        let report = format!("ndjson={}", path.display());
        let ended =
            run(&["run", "--seed", "4053", "--cases", "400", "--concurrency", concurrency, "--report", &report]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let all = lines(&std::fs::read_to_string(path).unwrap());
        assert_eq!(all[0]["type"], "run");
        assert_eq!(all.last().unwrap()["type"], "summary");
        let mut cases: Vec<Value> = of_type(&all, "case").into_iter().cloned().collect();
        cases.sort_by_key(|case| (case["index"].as_u64(), case["scene"].to_string()));
        for case in &mut cases {
            assert!(case.as_object_mut().unwrap().remove("microseconds").is_some_and(|time| time.is_u64()));
        }
        cases
    };
    let one = cases("one", "16");
    let two = cases("two", "3");
    assert_eq!(one.len(), two.len());
    let mut indices: Vec<u64> = one.iter().map(|case| case["index"].as_u64().unwrap()).collect();
    indices.dedup();
    assert!(indices.iter().copied().eq(0..indices.len() as u64), "{indices:?}");
    for (left, right) in one.iter().zip(&two) {
        assert_eq!(left, right);
    }
}

#[test]
fn a_refused_connection_says_what_to_do() {
    let port = free_port();
    let target = format!("http://127.0.0.1:{port}/v1.0");
    let said = run(&["--target", &target, "--assignment-id", ID]).failed(3);
    let expected = format!("error: no answer from {target}: connection refused\n");
    assert!(said.starts_with(&expected), "{said}");
    assert!(said.contains(&format!("policy-harness serve --port {port}`")) && said.lines().count() == 2, "{said}");
    // Over TLS as well: nothing else is in the way there.
    let said = run(&["--target", &format!("https://127.0.0.1:{port}/v1.0"), "--assignment-id", ID]).failed(3);
    assert!(said.contains("connection refused"), "{said}");
}

#[test]
fn a_target_that_is_not_ready_says_what_to_set() {
    for (status, answer, words) in [
        (401, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n", "--token-env"),
        (403, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "EntitlementManagement.ReadWrite.All"),
        (404, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "--assignment-id"),
    ] {
        let (base, heads) = server(answer);
        let said = run(&["--target", &base, "--assignment-id", ID]).failed(3);
        assert!(said.contains(&base) && said.contains(&status.to_string()) && said.contains(words), "{said}");
        assert_eq!(said.lines().count(), 2, "{said}");
        // A read of what is to be put back, one because later there is something to
        // read, and an add.
        assert_eq!(heads.lock().unwrap().len(), 3);
    }
    let (base, _) = server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    let said = run(&["--target", &base, "--assignment-id", ID, "--token", TOKEN]).failed(3);
    assert!(said.contains("the token is not taken") && !said.contains(TOKEN), "{said}");
}

#[test]
fn what_cannot_be_used_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("empty"), "\n").unwrap();
    let (missing, empty, inside) = (path("missing"), path("empty"), format!("ndjson={}", path("no/such/folder")));
    let folder_itself = format!("ndjson={}", folder.path().display());
    let here = "http://127.0.0.1:9/v1.0";
    let at = |rest: &[&'static str]| [&["--target", here, "--assignment-id", ID], rest].concat();
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (vec!["--target", here], "--assignment-id"),
        (vec!["--report", "junit"], "junit=junit.xml"),
        (vec!["--report", "html=x"], "ndjson=PATH or junit=PATH or markdown=PATH"),
        (vec!["--report", "ndjson="], "ndjson=cases.ndjson"),
        (vec!["--report", &inside], "cannot write the report"),
        (vec!["--report", &folder_itself], "cannot write the report"),
        (vec!["--target", here, "--assignment-id", ID, "--token-file", &missing], "cannot read --token-file"),
        (vec!["--target", here, "--assignment-id", ID, "--token-file", &empty], "is empty"),
        (at(&["--token-env", "POLICY_HARNESS_NOT_SET"]), "POLICY_HARNESS_NOT_SET"),
        (at(&["--token", ""]), "is empty"),
        (at(&["--token", "a", "--token-env", "B"]), "cannot be used with"),
        (at(&["--allow-host", "http://x"]), "--allow-host"),
        (vec!["--target", "https://graph.example/v1.0", "--assignment-id", ID], "--allow-host graph.example"),
        (vec!["--target", "127.0.0.1", "--assignment-id", ID], "http://127.0.0.1:8080/v1.0"),
        (vec!["--target", "ftp://127.0.0.1", "--assignment-id", ID], "http:// and https://"),
        (vec!["--target", "http://127.0.0.1/?a=b", "--assignment-id", ID], "query"),
        (vec!["--target", here, "--assignment-id", "a b"], "--assignment-id"),
        (vec!["--target", here, "--assignment-id", "a/../b"], "--assignment-id"),
        (vec!["--target", here, "--assignment-id", ""], "--assignment-id"),
        (vec!["--target", here, "--assignment-id", ".."], "--assignment-id"),
        (vec!["--target", here, "--assignment-id", "%2e%2e"], "--assignment-id"),
        (vec!["--contract", "gamma"], "seed"),
        (vec!["--seed", "x"], "--seed"),
        (vec!["--cases", "1.5"], "--cases"),
        (vec!["--cases", "18446744073709551616"], "--cases"),
        (vec!["--seconds", "soon"], "--seconds"),
        (vec!["--seconds", "18446744073709551615"], "--seconds"),
        (vec!["--cases", "1", "--seconds", "1"], "cannot be used with"),
        (vec!["--concurrency", "0"], "--concurrency"),
        (vec!["--concurrency", "100000"], "--concurrency"),
        (vec!["--level", "unspecified"], "must, should"),
        (vec!["--nonsense"], "--nonsense"),
        (vec!["walk"], "walk"),
        (vec!["rules", "body/value/enum"], "body/value/enum-member"),
        (vec!["rules", "zzz"], "policy-harness rules"),
        (vec!["rules", "--contract", "gamma"], "seed"),
        (vec!["generate", "--valid", "many"], "--valid"),
        (vec!["generate", "--contract", "gamma"], "seed"),
        (vec!["roundtrip", &missing], "cannot read"),
        (vec!["roundtrip", &missing, "--cases", "1"], "cannot be used with"),
        (vec!["contract", "export", "raml"], "raml"),
        (vec!["contract", "export", "json-schema", "--contract", "gamma"], "seed"),
        (vec!["contract", "export", "json-schema", "--server", "/v1.0"], "--server"),
        (vec!["contract", "export", "openapi", "--server", "graph.example"], "http://127.0.0.1:8080/v1.0"),
        (vec!["serve", "--defect", "sloth"], "--defect list"),
        (vec!["serve", "--port", "65536"], "--port"),
        (vec!["serve", "--port", "0", "--token", ""], "--token"),
    ];
    for (arguments, words) in cases {
        let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(2));
        }
        // What was accepted might go on for ever.
        let _ = child.kill();
        let ended = Ended::of(&child.wait_with_output().unwrap());
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        let said = ended.failed(2);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_usage_error_leaves_an_older_report_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.ndjson");
    std::fs::write(&path, "of yesterday\n").unwrap();
    let report = format!("ndjson={}", path.display());
    let target = "https://graph.example/v1.0";
    run(&["--target", target, "--assignment-id", ID, "--report", &report]).failed(2);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "of yesterday\n");
}

#[test]
fn a_dry_run_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/v1.0", listener.local_addr().unwrap());
    let ended = run(&["--target", &target, "--assignment-id", ID, "--seed", "5", "--cases", "7", "--dry-run"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    assert!(ended.out.contains(&target) && ended.out.contains("seed 5"), "{}", ended.out);
    assert!(ended.out.contains("7 random cases") && ended.out.ends_with("Nothing was sent.\n"), "{}", ended.out);
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    let ended = run(&["run", "--dry-run"]);
    assert!(ended.code == Some(0) && ended.out.contains("embedded reference server"), "{ended:?}");
    // What cannot be run cannot be planned either, and a URL may hold a secret.
    for target in ["https://graph.example/v1.0", "http://me:hidden@127.0.0.1:9/v1.0", "nowhere"] {
        let said = run(&["--target", target, "--assignment-id", ID, "--dry-run"]).failed(2);
        assert!(!said.contains("hidden"), "{said}");
    }
}

fn body(line: &Value) -> Vec<u8> {
    match (line["body"].as_str(), line["body_base64"].as_str()) {
        (Some(text), None) => text.as_bytes().to_vec(),
        (None, Some(text)) => {
            let bytes = STANDARD.decode(text).unwrap();
            assert!(std::str::from_utf8(&bytes).is_err());
            bytes
        }
        _ => panic!("{line}"),
    }
}

/// The body is what its line says it is.
fn check_label(contract: &Contract, validator: &mut Validator<'_>, line: &Value, body: &[u8]) {
    match Label::of(contract, validator.validate(body)) {
        Label::Valid => {
            assert_eq!(
                (&line["label"], &line["rule"], &line["pointer"]),
                (&"valid".into(), &Value::Null, &Value::Null)
            );
        }
        Label::Malformed(rule, at) => {
            assert_eq!((&line["label"], &line["rule"]), (&"malformed".into(), &Value::from(&*contract.rule(rule).id)));
            assert_eq!(line["pointer"], at.to_string());
        }
        other => panic!("{other:?}: {line}"),
    }
}

#[test]
fn generated_payloads_are_what_they_are_called() {
    let contract = Contract::named("seed").unwrap();
    let mut validator = Validator::new(&contract);
    let ended = run(&["generate", "--valid", "60", "--malformed", "600", "--seed", "3"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{}", ended.err);
    let all = lines(&ended.out);
    let mut rules = BTreeMap::new();
    let mut encoded = 0;
    for line in &all {
        let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(names.iter().all(|name| ["label", "rule", "pointer", "body", "body_base64"].contains(name)), "{line}");
        check_label(&contract, &mut validator, line, &body(line));
        *rules.entry(line["rule"].as_str().unwrap_or("").to_owned()).or_insert(0) += 1;
        encoded += usize::from(line["body_base64"].is_string());
    }
    assert_eq!((all.len(), rules[""]), (660, 60));
    assert!(rules.len() > 25 && encoded > 0, "{rules:?}");
    assert!(run(&["generate", "--valid", "60", "--malformed", "600", "--seed", "3"]).out == ended.out);
    assert!(run(&["generate", "--valid", "60", "--malformed", "600", "--seed", "4"]).out != ended.out);
    for (arguments, count) in
        [(&["generate"][..], 10), (&["generate", "--malformed", "3"], 3), (&["generate", "--valid", "0"], 0)]
    {
        let ended = run(arguments);
        assert_eq!((ended.code, ended.out.lines().count()), (Some(0), count), "{arguments:?}");
    }
}

#[test]
fn generated_files_are_listed_in_a_manifest() {
    let contract = Contract::named("seed").unwrap();
    let mut validator = Validator::new(&contract);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a/b");
    let flags = ["generate", "--valid", "5", "--malformed", "20", "--out"];
    let ended = run(&[&flags[..], &[out.to_str().unwrap()]].concat());
    assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(0), "", ""), "{ended:?}");
    let manifest = lines(&std::fs::read_to_string(out.join("manifest.ndjson")).unwrap());
    assert_eq!(manifest.len(), 25);
    for line in &manifest {
        let body = std::fs::read(out.join(line["file"].as_str().unwrap())).unwrap();
        check_label(&contract, &mut validator, line, &body);
    }
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 26);
    let in_the_way = out.join("manifest.ndjson").display().to_string();
    let said = run(&[&flags[..], &[&in_the_way]].concat());
    assert!(said.code == Some(3) && said.err.contains(&in_the_way), "{said:?}");
}

#[test]
fn files_go_through_the_model_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, body: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, body).unwrap();
        path.display().to_string()
    };
    let good = file("good.json", br#"{"displayName": "\u0061", "@x.y": 1.50, "expiration": {"duration": "P1DT0S"}}"#);
    let ended = run(&["roundtrip", &good]);
    assert_eq!((ended.code, ended.out.trim_end()), (Some(0), &*format!("{good}: came back whole")));
    let bad = [
        (file("cut.json", b"{\n  \"displayName\": \"a\",\n  \"expiration\": {\n"), "line 4"),
        (file("text.txt", b"\nThe model is invalid.\n"), "line 2, column 1"),
        (file("bytes.bin", b"\x00\xff\xfe"), "line 1"),
        (file("empty.json", b""), "line 1"),
        (file("array.json", b"[]"), "line 1"),
        (file("value.json", br#"{"requestorSettings": {"onBehalfRequestors": [5]}}"#), "onBehalfRequestors[0]"),
    ];
    for (path, place) in &bad {
        let ended = run(&["roundtrip", path]);
        assert!(ended.code == Some(1) && ended.out.starts_with(&format!("{path}: refused: ")), "{ended:?}");
        assert!(ended.out.contains(place) && ended.err.is_empty(), "{ended:?}");
    }
    // One bad file does not keep the others from being looked at.
    let ended = run(&["roundtrip", &bad[0].0, &good]);
    assert!(ended.code == Some(1) && ended.out.lines().count() == 2 && ended.out.ends_with("whole\n"), "{ended:?}");
}

#[test]
fn generated_payloads_go_through_the_model_and_back() {
    let ended = run(&["roundtrip", "--cases", "2000"]);
    assert!(ended.code == Some(0) && ended.out.contains(" 0 were lost or changed (seed 1)"), "{}", ended.out);
    assert_eq!(run(&["roundtrip", "--cases", "2000"]).out, ended.out);
}

#[test]
fn rules_are_listed_and_explained() {
    for name in Contract::names() {
        let contract = Contract::named(name).unwrap();
        let ended = run(&["rules", "--contract", name]);
        assert_eq!((ended.code, &*ended.err), (Some(0), ""));
        for rule in &contract.rules {
            let is_listed = ended.out.lines().any(|line| line.split(' ').next() == Some(&*rule.id));
            let is_absent = contract.absent.iter().any(|&id| contract.rule(id).id == rule.id);
            assert_ne!(is_listed, is_absent, "{name}: {}", rule.id);
        }
    }
    let ended = run(&["rules", "body/value/enum-member"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""));
    for words in ["body/value/enum-member\n", "level     must", "4xx, best 400", "source    OData", "example   {"] {
        assert!(ended.out.contains(words), "{}", ended.out);
    }
    let ended = run(&["rules", "body/value/enum-sentinel"]);
    assert!(ended.code == Some(0) && ended.out.contains("unspecified"), "{ended:?}");
}

#[test]
fn a_planted_defect_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.ndjson");
    let served = Served::start(&["--defect", "accepts-any-member", "--defect", "accepts-member-case"]);
    let report = format!("ndjson={}", path.display());
    let ended = served.test(&["--cases", "0", "--seed", "1", "--report", &report]);
    assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{ended:?}");
    assert!(ended.out.contains("FAIL  body/value/enum-member   must "), "{}", ended.out);
    assert!(ended.out.contains("-d '{\"") && ended.out.contains("Authorization: Bearer $TOKEN"), "{}", ended.out);
    assert!(ended.out.contains("\nDoes not conform: 1 finding"), "{}", ended.out);
    let all = lines(&std::fs::read_to_string(path).unwrap());
    let findings = of_type(&all, "finding");
    let musts: Vec<_> = findings.iter().filter(|finding| finding["level"] == "must").collect();
    assert_eq!((musts.len(), &musts[0]["rule"]), (1, &"body/value/enum-member".into()), "{findings:?}");
    assert!(!ended.out.contains("reference-server-token"));
}

#[test]
fn the_printed_command_runs_and_a_should_fails_at_its_own_level_only() {
    let mut served = Served::start(&["--defect", "accepts-member-case"]);
    assert!(served.heading.contains(&served.arguments[2]) && served.arguments[1] == "--target", "{}", served.heading);
    let ended = served.test(&["--cases", "0"]);
    assert!(ended.code == Some(0) && ended.out.contains("WARN  body/value/enum-case"), "{ended:?}");
    assert!(ended.out.contains("\nConforms, 1 warning"), "{}", ended.out);
    let ended = served.test(&["--cases", "0", "--level", "should"]);
    assert!(ended.code == Some(1) && ended.out.contains("\nDoes not conform: 1 finding. "), "{ended:?}");
    // What is said to reproduce it ends with the same code.
    assert!(ended.out.lines().last().unwrap().contains("--level should"), "{}", ended.out);
    interrupt(&served.child);
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    assert_eq!(served.test(&[]).code, Some(3));
}

#[test]
fn a_token_goes_to_the_target_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let file = file.display().to_string();
    let sources: [&[&str]; 3] =
        [&["--token", TOKEN], &["--token-env", "POLICY_HARNESS_TEST_TOKEN"], &["--token-file", &file]];
    let bearer = format!("Bearer {TOKEN}");
    for source in sources {
        let (base, heads) = server("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        let mut command = command(&[&["--target", &base, "--assignment-id", ID], source].concat());
        let output = command.env("POLICY_HARNESS_TEST_TOKEN", TOKEN).output().unwrap();
        assert!(!Ended::of(&output).failed(3).contains(TOKEN));
        assert!(heads.lock().unwrap()[0].contains(&bearer), "{source:?}");
    }
    // Nor where it is given in a wrong way.
    for arguments in [&["--token", "s3cret token"][..], &["--token", TOKEN, "--token", TOKEN]] {
        let fixed = ["--target", "http://127.0.0.1:9", "--assignment-id", ID];
        let said = run(&[&fixed, arguments].concat()).failed(2);
        assert!(!said.contains("s3cret"), "{said}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let commands: [&[&str]; 9] = [
        &["--dry-run"],
        &["contract", "export", "json-schema"],
        &["contract", "export", "openapi"],
        &["rules"],
        &["generate", "--valid", "3000"],
        &["generate", "--valid", "18446744073709551615"],
        &["roundtrip", "--cases", "100"],
        &["serve", "--defect", "list"],
        &["--help"],
    ];
    for arguments in commands {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{arguments:?}");
        let ended = Ended::of(&child.wait_with_output().unwrap());
        assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn a_run_goes_on_without_a_reader() {
    let mut child = command(&["--seconds", "60"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    let ended = Ended::of(&child.wait_with_output().unwrap());
    assert_eq!((ended.code, &*ended.err), (Some(3), ""), "{ended:?}");
}

#[test]
fn the_contract_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    for form in ["json-schema", "openapi"] {
        let printed = run(&["contract", "export", form]);
        assert_eq!((printed.code, &*printed.err), (Some(0), ""), "{printed:?}");
        let path = folder.path().join(form);
        let written = run(&["contract", "export", form, "--out", path.to_str().unwrap()]);
        assert_eq!((written.code, &*written.out, &*written.err), (Some(0), "", ""));
        assert_eq!(std::fs::read_to_string(path).unwrap(), printed.out);
    }
    let openapi = run(&["contract", "export", "openapi", "--server", "/beta/"]);
    assert_eq!(serde_json::from_str::<Value>(&openapi.out).unwrap()["servers"][0]["url"], "/beta");
    let nowhere = folder.path().join("no/such/folder").display().to_string();
    let said = run(&["contract", "export", "openapi", "--out", &nowhere]).failed(3);
    assert!(said.contains(&nowhere) && said.contains("--out PATH") && said.lines().count() == 2, "{said}");
}

/// Starts a run, interrupts it half a second later, and waits for it.
fn interrupted(arguments: &[&str]) -> (Ended, Duration) {
    let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    interrupt(&child);
    out.read_to_string(&mut text).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = text.into_bytes();
    (Ended::of(&output), begun.elapsed())
}

#[test]
fn an_interrupted_run_sums_up_what_it_has() {
    let (ended, took) = interrupted(&["--seconds", "60"]);
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!((ended.code, &*ended.err), (Some(3), ""), "{ended:?}");
    assert!(
        ended.out.contains("\nNot complete: interrupted. ") && ended.out.contains("\nReproduce: "),
        "{}",
        ended.out
    );
}

#[test]
fn an_interrupted_run_keeps_what_it_found() {
    let (base, _) = server(YES);
    let (ended, took) = interrupted(&["--target", &base, "--assignment-id", ID, "--seconds", "60"]);
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{ended:?}");
    assert!(ended.out.contains("\nFAIL  ") && ended.out.contains("\nDoes not conform: "), "{}", ended.out);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_hides_no_finding() {
    assert!(Path::new("/dev/full").exists());
    let full = ["--seed", "1", "--cases", "0", "--report", "ndjson=/dev/full"];
    let (base, _) = server(YES);
    let ended = run(&[&full[..], &["--target", &base, "--assignment-id", ID]].concat());
    assert!(ended.err.contains("cannot write a report"), "{ended:?}");
    assert_eq!(ended.code, Some(1), "{}", ended.err);
}

#[test]
fn help_and_version_are_there() {
    let ended = run(&["--version"]);
    assert_eq!((ended.code, &*ended.out), (Some(0), &*format!("policy-harness {}\n", env!("CARGO_PKG_VERSION"))));
    let ended = run(&["--help"]);
    for word in ["run", "generate", "roundtrip", "serve", "rules", "contract", "--target", "Examples:", "Exit codes:"] {
        assert!(ended.code == Some(0) && ended.out.contains(word), "{word}: {}", ended.out);
    }
    for name in ["run", "generate", "roundtrip", "serve", "rules", "contract"] {
        assert_eq!(run(&[name, "--help"]).code, Some(0), "{name}");
    }
}
