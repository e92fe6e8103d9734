//! `check` as a person, a pipeline and a code-scanning viewer meet it: what it reads,
//! what it writes in each form, and how it ends.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::program::{Ended, command, lines, run};

const VALID: &str = r#"{"displayName":"Sales","accessPackage":{"id":"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13"}}"#;
const QUOTED: &str = r#"{"displayName":"Sales","accessPackage":{"id":"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13"},"reviewSettings":{"isEnabled":"true"}}"#;
const WRONG: &str =
    "{\n  \"displayName\": 7,\n  \"accessPackage\": {\"id\": \"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13\"}\n}\n";

/// A folder of the test's own, with these files.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let arguments = [&["check"], arguments].concat();
    Ended::of(&command(&arguments).current_dir(folder).output().unwrap())
}

/// The same with a text on standard input.
fn check_input(text: &[u8], arguments: &[&str]) -> Ended {
    let mut child = command(&[&["check", "-"], arguments].concat());
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = text.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&text));
    let ended = Ended::of(&child.wait_with_output().unwrap());
    let _ = writer.join().unwrap();
    ended
}

#[test]
fn the_exit_code_says_what_was_found() {
    let folder = folder(
        "codes",
        &[("valid.json", VALID.as_bytes()), ("quoted.json", QUOTED.as_bytes()), ("wrong.json", WRONG.as_bytes())],
    );
    let code = |arguments: &[&str]| check(&folder, arguments).code.unwrap();
    assert_eq!(code(&["valid.json"]), 0);
    assert_eq!(code(&["valid.json", "--level", "should"]), 0);
    assert_eq!(code(&["quoted.json"]), 0);
    assert_eq!(code(&["quoted.json", "--level", "should"]), 1);
    assert_eq!(code(&["wrong.json"]), 1);
    assert_eq!(code(&["nowhere.json"]), 3);
    assert_eq!(code(&["nowhere.json", "valid.json"]), 3);
    assert_eq!(code(&["nowhere.json", "wrong.json"]), 1, "what was found stands");
    assert_eq!(code(&["valid.json", "--contract", "seed", "--operation", "update"]), 2);
    assert_eq!(code(&["valid.json", "--contract", "v2"]), 2);
    assert_eq!(code(&[]), 2);
}

#[test]
fn what_cannot_be_used_is_said_with_what_can() {
    let said = run(&["check", "x.json", "--contract", "v1.0", "--operation", "add"]).failed(2);
    assert!(said.contains("no operation add") && said.contains("create and update"), "{said}");
    let empty = folder("empty", &[("notes.txt", b"nothing")]);
    let said = check(&empty, &["."]);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("no file that ends in .json"), "{}", said.err);
    let said = check(&empty, &["*.json"]);
    assert!(said.code == Some(3) && said.err.contains("no file matches `*.json`"), "{}", said.err);
    let said = check(&empty, &["nowhere.json"]);
    assert!(said.err.contains("cannot read nowhere.json"), "{}", said.err);
}

#[test]
fn folders_globs_and_files_are_read_in_the_order_of_their_names() {
    let folder = folder(
        "sources",
        &[
            ("b.json", VALID.as_bytes()),
            ("a/deep.json", VALID.as_bytes()),
            ("a/lines.ndjson", b"{}\n{}\n"),
            ("c.txt", b"{}"),
        ],
    );
    let files = |arguments: &[&str]| {
        let ended = check(&folder, &[&["--format", "json"], arguments].concat());
        lines(&ended.out).iter().map(|line| line["file"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files(&["."]), ["./a/deep.json", "./a/lines.ndjson", "./a/lines.ndjson", "./b.json"]);
    assert_eq!(files(&["*.json"]), ["b.json"]);
    assert_eq!(files(&["**/*.json"]), ["a/deep.json", "b.json"]);
    assert_eq!(files(&["c.txt", "b.json"]), ["c.txt", "b.json"]);
}

#[test]
fn a_line_of_many_has_its_place_in_the_file() {
    let text = format!("{VALID}\n\n{QUOTED}\r\n{{\"displayName\":7}}\n");
    for ended in [
        check(&folder("ndjson", &[("x.ndjson", text.as_bytes())]), &["x.ndjson", "--format", "json"]),
        check_input(text.as_bytes(), &["--format", "json"]),
    ] {
        let bodies = lines(&ended.out);
        let of = |index: usize| (bodies[index]["line"].as_u64().unwrap(), bodies[index]["ok"].as_bool().unwrap());
        assert_eq!([of(0), of(1), of(2)], [(1, true), (3, true), (4, false)]);
        let fault = bodies[2]["violations"].as_array().unwrap().iter().find(|one| one["pointer"] == "/displayName");
        let fault = fault.unwrap();
        assert_eq!((fault["line"].as_u64(), fault["column"].as_u64()), (Some(4), Some(16)));
        let offset = usize::try_from(fault["offset"].as_u64().unwrap()).unwrap();
        let length = usize::try_from(fault["length"].as_u64().unwrap()).unwrap();
        assert_eq!(&text[offset..offset + length], "7");
    }
}

#[test]
fn a_json_line_has_every_key_that_programs_rely_on() {
    let folder = folder("json", &[("wrong.json", WRONG.as_bytes())]);
    let ended = check(&folder, &["wrong.json", "--format", "json"]);
    let [line] = lines(&ended.out).try_into().unwrap();
    for key in ["schema", "file", "contract", "detected", "operation", "ok", "violations"] {
        assert!(line.get(key).is_some(), "{key} in {line}");
    }
    let fault = &line["violations"][0];
    let expected = [
        ("rule", Value::from("body/value/json-type")),
        ("level", "must".into()),
        ("severity", "error".into()),
        ("pointer", "/displayName".into()),
        ("line", 2.into()),
        ("column", 18.into()),
        ("offset", 19.into()),
        ("length", 1.into()),
        ("message", "`displayName` takes a string, not a number".into()),
        ("expected", "a string".into()),
        ("found", "7".into()),
        ("suggestion", Value::Null),
    ];
    for (key, value) in expected {
        assert_eq!(fault.get(key), Some(&value), "{key} in {fault}");
    }
    assert_eq!(line["detected"]["members"]["beta"], 0);
}

#[test]
fn an_unreadable_source_is_told_in_every_form() {
    let folder = folder("unreadable", &[]);
    let json = check(&folder, &["x.json", "--format", "json"]);
    assert_eq!(lines(&json.out)[0]["ok"], false);
    assert!(lines(&json.out)[0]["error"].as_str().unwrap().contains("cannot read x.json"));
    let github = check(&folder, &["x.json", "--format", "github"]);
    assert!(github.out.starts_with("::error file=x.json::cannot read x.json"), "{}", github.out);
    let sarif: Value = serde_json::from_str(&check(&folder, &["x.json", "--format", "sarif"]).out).unwrap();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert!(is_sarif(&sarif));
}

#[test]
fn annotations_name_file_line_and_rule() {
    let folder = folder("github", &[("a,b.json", WRONG.as_bytes())]);
    let ended = check(&folder, &["a,b.json", "--format", "github"]);
    assert_eq!(
        ended.out,
        "::error file=a%2Cb.json,line=2,endLine=2,col=18,endColumn=19,title=body/value/json-type::`displayName` takes a string, not a number%0Aexpected a string\n"
    );
}

/// Whether a log is one by the schema of SARIF 2.1.0, which the source of the crate
/// `serde-sarif` has, and by the types of that crate.
fn is_sarif(log: &Value) -> bool {
    // Packages of other platforms may not be on this machine.
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = std::fs::read(manifest.with_file_name("src").join("schema.json")).unwrap();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("sarif.json", serde_json::from_slice(&schema).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("sarif.json", &mut schemas).unwrap();
    let verdict = schemas.validate(log, index);
    if let Err(error) = &verdict {
        println!("{error}");
    }
    verdict.is_ok() && serde_json::from_value::<serde_sarif::sarif::Sarif>(log.clone()).is_ok()
}

#[test]
fn a_sarif_log_is_one_by_its_schema() {
    let folder = folder(
        "sarif",
        &[("valid.json", VALID.as_bytes()), ("is wrong.json", WRONG.as_bytes()), ("quoted.json", QUOTED.as_bytes())],
    );
    let log = |arguments: &[&str]| -> Value {
        serde_json::from_str(&check(&folder, &[&["--format", "sarif"], arguments].concat()).out).unwrap()
    };
    let empty = log(&["valid.json"]);
    assert!(is_sarif(&empty) && empty["runs"][0]["results"].as_array().unwrap().is_empty());
    let mut full = log(&["valid.json", "is wrong.json", "quoted.json"]);
    assert!(is_sarif(&full));
    let results = full["runs"][0]["results"].as_array().unwrap();
    let levels: Vec<&str> = results.iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "warning"]);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "is%20wrong.json");
    assert_eq!(place["region"]["startLine"], 2);
    let rules = full["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 2);
    // The validation can fail.
    full["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!is_sarif(&full));
}

#[test]
fn requests_are_checked_for_what_they_are_sent_to() {
    let text = format!(
        "POST https://graph.example/beta/identityGovernance/entitlementManagement/accessPackageAssignmentPolicies?token=S3CRET\nAuthorization: Bearer S3CRET\n\n{{\"displayName\":7}}\n\n\
         ###\nPOST https://graph.example/v1.0/identityGovernance/entitlementManagement/assignments/1/assignmentPolicy/$ref\n\n{{}}\n\n\
         ###\nPATCH https://graph.example/v1.0/identityGovernance/entitlementManagement/assignmentPolicies/1?token=S3CRET\n\n{VALID}\n\n\
         ###\nDELETE https://graph.example/v1.0/identityGovernance/entitlementManagement/assignmentPolicies\n\n\
         ###\nGET https://graph.example/v1.0/identityGovernance/entitlementManagement/assignmentPolicies\n\n\
         ###\nPOST https://graph.example/v1.0/groups\n\n{{\"displayName\":7}}\n"
    );
    let folder = folder("http", &[("x.http", text.as_bytes())]);
    let ended = check(&folder, &["x.http", "--format", "json"]);
    let told: Vec<_> = lines(&ended.out)
        .iter()
        .map(|line| {
            let rules = line["violations"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap());
            let text = |key: &str| line[key].as_str().unwrap().to_owned();
            (text("contract"), text("operation"), rules.map(str::to_owned).collect::<Vec<_>>())
        })
        .collect();
    let [beta, seed, patch, delete] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((&*beta.0, &*beta.1), ("beta", "create"));
    assert!(beta.2.iter().any(|rule| rule == "body/value/json-type"), "{beta:?}");
    assert_eq!((&*seed.0, &*seed.1, seed.2.len()), ("seed", "add", 0));
    assert_eq!((&*patch.0, &*patch.1), ("v1.0", "update"));
    assert!(patch.2.iter().any(|rule| rule == "http/method-open"), "{patch:?}");
    assert!(patch.2.iter().any(|rule| rule == "update/resets"), "{patch:?}");
    assert_eq!(delete.2, ["http/method"]);
    for form in ["human", "json", "sarif", "github"] {
        let ended = check(&folder, &["x.http", "--format", form]);
        assert_eq!(ended.code, Some(1));
        assert!(!ended.out.contains("S3CRET") && !ended.err.contains("S3CRET"), "{form}: {}", ended.out);
    }
    assert!(check(&folder, &["x.http"]).out.contains("1 request to elsewhere passed over"));
}

/// What was found out by somebody who tried: a request must not be lost in silence.
#[test]
fn no_request_is_lost_in_silence() {
    let base = "https://graph.example/v1.0/identityGovernance/entitlementManagement";
    let wrong = "{\"displayName\":7}";
    let bom = format!("\u{feff}POST {base}/assignmentPolicies\n\n{wrong}\n");
    let key = format!("put {base}/AssignmentPolicies('1')\n\n{wrong}\n");
    let version = format!(
        "POST {base}/accessPackageAssignmentPolicies\n\n{{\"accessPackageId\":\"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13\"}}\n"
    );
    let elsewhere = "POST https://graph.example/v1.0/groups\n\n{}\n";
    let utf16: Vec<u8> = bom.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = folder(
        "lost",
        &[
            ("bom.http", bom.as_bytes()),
            ("key.http", key.as_bytes()),
            ("version.http", version.as_bytes()),
            ("elsewhere.http", elsewhere.as_bytes()),
            ("utf16.http", &utf16),
            ("prose.http", b"nothing\n"),
        ],
    );
    let told = |file: &str| check(&folder, &[file]);
    assert!(told("bom.http").code == Some(1) && told("bom.http").out.contains("body/value/json-type"));
    assert!(told("key.http").code == Some(1) && told("key.http").out.contains(", update"), "{:?}", told("key.http"));
    assert!(told("version.http").out.contains("this path is of beta, and the URL says another version"));
    assert!(told("elsewhere.http").out.contains("nothing was checked"));
    for file in ["utf16.http", "prose.http"] {
        assert!(told(file).code == Some(3) && told(file).err.contains("there is no request in it"), "{file}");
    }
    let twice = run(&["check", "-", "-"]).failed(2);
    assert!(twice.contains("read once"), "{twice}");
}

#[test]
fn places_are_those_that_editors_show() {
    let crlf = check_input(b"{\r\n  \"displayName\": 7\r\n}\r\n", &["--contract", "seed"]);
    assert!(crlf.out.contains("2 |   \"displayName\": 7\n") && !crlf.out.contains('\u{fffd}'), "{}", crlf.out);
    let first = |text: &[u8]| {
        lines(&check_input(text, &["--contract", "seed", "--format", "json"]).out)[0]["violations"].clone()
    };
    let bom = first("\u{feff}{\"displayName\":7}".as_bytes());
    let fault = bom.as_array().unwrap().iter().find(|one| one["rule"] == "body/value/json-type").unwrap();
    assert_eq!((fault["column"].as_u64(), fault["offset"].as_u64()), (Some(16), Some(18)));
    let quote = first("{\u{201c}a\u{201d}:1}".as_bytes());
    assert_eq!((quote[0]["offset"].as_u64(), quote[0]["length"].as_u64()), (Some(1), Some(3)));
}

#[test]
fn colours_are_for_terminals_and_for_whoever_insists() {
    let folder = folder("colour", &[("wrong.json", WRONG.as_bytes())]);
    let out = |variables: &[(&str, &str)]| {
        let mut command = command(&["check", "wrong.json"]);
        command.envs(variables.iter().copied()).current_dir(&folder);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(!out(&[]).contains('\u{1b}'));
    assert!(out(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!out(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn bad_input_gets_a_diagnosis_with_its_place() {
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (body, rule, offset) in [
        (b"{\"displayName\": \"\xFF\"}".to_vec(), "body/json/utf-8", 17),
        (utf16, "body/json/utf-8", 0),
        (b"nothing of the kind".to_vec(), "body/json/syntax", 0),
        (b"{\"displayName\":\"a\",}".to_vec(), "body/json/syntax", 19),
        (Vec::new(), "body/json/empty", 0),
        (b"\n\n".to_vec(), "body/json/empty", 2),
        (deep, "body/json/depth", 99),
        (b"[1]".to_vec(), "body/json/root-object", 0),
        (b"{\"a\": \x00}".to_vec(), "body/json/syntax", 6),
    ] {
        let ended = check_input(&body, &["--format", "json"]);
        let [line] = lines(&ended.out).try_into().unwrap();
        let fault = &line["violations"][0];
        assert_eq!((ended.code, fault["rule"].as_str(), fault["offset"].as_u64()), (Some(1), Some(rule), Some(offset)));
        let shown = check_input(&body, &[]);
        assert!(shown.code == Some(1) && shown.out.contains(rule) && shown.out.len() < 2_000, "{}", shown.out);
    }
}

#[test]
fn nothing_in_a_body_acts_on_a_terminal() {
    let body = "{\"\\u001b[31mname\":1,\"\u{9b}31m\":1,\"a\u{202e}b\":1,\"displayName\":\"\\u001b[2J\"}";
    for form in ["human", "github"] {
        let ended = check_input(body.as_bytes(), &["--format", form]);
        let is_harmless = |character: char| matches!(character, '\n' | '\t') || !character.is_control();
        assert!(ended.out.chars().all(is_harmless), "{form}: {:?}", ended.out);
    }
}

#[test]
fn a_long_line_is_shown_around_its_fault() {
    let filler = "x".repeat(50_000);
    let body = format!("{{\"description\":\"{filler}\",\"displayNam\":\"a\",\"allowedTargetScope\":\"{filler}\"}}");
    let ended = check_input(body.as_bytes(), &["--contract", "seed"]);
    assert!(ended.out.contains("<stdin>:1:50019"), "{}", ended.out);
    assert!(
        ended.out.contains("did you mean `displayName`?") && ended.out.contains("= at: /displayNam"),
        "{}",
        ended.out
    );
    assert!(ended.out.len() < 4_000, "{}", ended.out);
}

/// A bound on the memory of the program, in KiB, where the shell can set one.
#[cfg(target_os = "linux")]
fn check_within(kibibytes: usize, text: impl FnOnce(&mut dyn Write) + Send + 'static) -> Ended {
    let script = format!("ulimit -v {kibibytes} && exec \"$0\" check - --format json");
    let mut child = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_policy-harness")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = std::io::BufWriter::new(child.stdin.take().unwrap());
    let writer = std::thread::spawn(move || text(&mut input));
    let ended = Ended::of(&child.wait_with_output().unwrap());
    writer.join().unwrap();
    ended
}

#[cfg(target_os = "linux")]
#[test]
fn lines_stream_in_less_memory_than_they_take() {
    let line = format!("{VALID}\n");
    let count = (192 << 20) / line.len();
    let ended = check_within(160 << 10, move |input| {
        (0..count).for_each(|_| input.write_all(line.as_bytes()).unwrap());
    });
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(ended.out.lines().count(), count);
}

#[cfg(target_os = "linux")]
#[test]
fn a_huge_body_takes_a_small_multiple_of_its_size() {
    // 32 MiB of values of two bytes each: a tree of them all would take 640 MiB.
    let ended = check_within(320 << 10, |input| {
        input.write_all(b"{\"a\":[").unwrap();
        (0..16 << 20).for_each(|_| input.write_all(b"1,").unwrap_or_default());
        input.write_all(b"1]}").unwrap_or_default();
    });
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let [line] = lines(&ended.out).try_into().unwrap();
    assert!(line["ok"] == false && line["error"].as_str().unwrap().contains("more values"), "{line}");
    // One string of 64 MiB.
    let ended = check_within(420 << 10, |input| {
        input.write_all(b"{\"displayName\":\"").unwrap();
        (0..64).for_each(|_| input.write_all(&[b'x'; 1 << 20]).unwrap_or_default());
        input.write_all(b"\",\"allowedTargetScope\":\"nobody\"}").unwrap_or_default();
    });
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.out.contains("body/value/enum-member") && ended.out.len() < 10_000);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_behind_a_body_with_a_report_that_is_whole() {
    let text = format!("{VALID}\n").repeat(200_000);
    let folder = folder("stopped", &[("x.ndjson", text.as_bytes())]);
    let mut child = command(&["check", "x.ndjson", "--format", "json"]);
    let child = child.current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Nobody reads, so that it stands still in the midst of the file.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    std::thread::sleep(std::time::Duration::from_millis(200));
    let ended = Ended::of(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let told = lines(&ended.out);
    assert!(told.len() < 200_000, "{}", told.len());
    assert!(told.last().unwrap()["error"].as_str().unwrap().contains("not read to its end"));
}
