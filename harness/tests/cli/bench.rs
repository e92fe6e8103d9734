//! `bench` as an engineer with payloads of their own meets it. That figures are there is
//! looked at, never how large they are: no machine makes them the same twice.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::program::{Ended, command, lines, run};

const VALID: &str = r#"{"displayName":"Sales","accessPackage":{"id":"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13"}}"#;
/// JSON, and nothing that the model takes.
const REFUSED: &str = "{\n  \"displayName\": 7\n}\n";
const NO_JSON: &str = "{\"displayName\":";

const STAGES: [&str; 5] = ["parse", "parse, owned", "serialize", "round trip", "validate"];

/// A folder of the test's own, with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn bench(folder: &Path, arguments: &[&str]) -> Ended {
    let arguments = [&["bench", "--seconds", "0.01"], arguments].concat();
    Ended::of(&command(&arguments).current_dir(folder).output().unwrap())
}

/// The same with a text on standard input.
fn bench_input(text: &str, arguments: &[&str]) -> Ended {
    let mut child = command(&[&["bench", "--seconds", "0.01"], arguments].concat());
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Ended::of(&child.wait_with_output().unwrap())
}

/// What programs are told, for each set of documents.
fn told(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let ended = bench(folder, &[&["--format", "json"], arguments].concat());
    assert_eq!((ended.code, &*ended.err), (Some(0), ""));
    lines(&ended.out)
}

fn stages(set: &Value) -> Vec<&str> {
    set["stages"].as_array().unwrap().iter().map(|stage| stage["stage"].as_str().unwrap()).collect()
}

#[test]
fn a_file_has_figures_for_every_stage() {
    let folder = folder("figures", &[("policy.json", VALID)]);
    let [set] = told(&folder, &["policy.json"]).try_into().unwrap();
    assert_eq!(set["schema"], "policy-harness/bench/1");
    assert_eq!((&set["kind"], &set["file"]), (&"file".into(), &"policy.json".into()));
    assert_eq!((&set["documents"], &set["bytes"]), (&1.into(), &VALID.len().into()));
    assert!(["debug", "release"].contains(&set["build"].as_str().unwrap()));
    assert_eq!(stages(&set), STAGES);
    for stage in set["stages"].as_array().unwrap() {
        for figure in ["mb_per_second", "documents_per_second", "p50_ns", "p99_ns"] {
            assert!(stage[figure].as_f64().unwrap() > 0.0, "{figure} in {stage}");
        }
        assert!(stage["p50_ns"].as_f64() <= stage["p99_ns"].as_f64(), "{stage}");
        assert!(stage["rounds"].as_u64().unwrap() >= 3 && stage["batch"].as_u64().unwrap() >= 1, "{stage}");
    }
}

#[test]
fn what_a_document_asks_of_the_allocator_is_counted() {
    let short = VALID.replace("Sales", "");
    let long = VALID.replace("Sales", &"Sales ".repeat(1_000));
    let folder = folder("allocator", &[("short.json", &short), ("long.json", &long)]);
    let bytes = |file: &str| {
        let sets = told(&folder, &[file]);
        let owned = sets[0]["stages"].as_array().unwrap().iter().find(|stage| stage["stage"] == "parse, owned");
        let owned = owned.unwrap();
        assert!(owned["allocations"].as_f64().unwrap() >= 1.0, "{owned}");
        owned["allocated_bytes"].as_f64().unwrap()
    };
    assert!(bytes("long.json") >= bytes("short.json") + 6_000.0);
}

#[test]
fn a_person_sees_a_table() {
    let folder = folder("table", &[("policy.json", VALID)]);
    let ended = bench(&folder, &["policy.json"]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""));
    let rows: Vec<Vec<&str>> = ended.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.contains(&"MB/s docs/s p50 µs p99 µs allocs bytes".split(' ').collect()), "{}", ended.out);
    for stage in STAGES {
        let label = stage.split(' ').count();
        let is_number = |cell: &&str| cell.replace(',', "").parse::<f64>().is_ok();
        let is_row = |row: &&Vec<&str>| {
            row.len() == label + 6 && row[..label].join(" ") == stage && row[label..].iter().all(is_number)
        };
        assert_eq!(rows.iter().filter(is_row).count(), 1, "{stage}: {}", ended.out);
    }
    assert!(ended.out.lines().all(|line| line.chars().count() <= 80), "{}", ended.out);
    assert_eq!(ended.out.contains("debug build"), cfg!(debug_assertions), "{}", ended.out);
}

#[test]
fn a_folder_is_one_set_and_several_words_have_a_total() {
    let lines = format!("{VALID}\n{{}}\n");
    let files = [
        ("bodies/a.json", VALID),
        ("bodies/b/c.ndjson", &*lines),
        // What `generate` writes beside bodies is none.
        ("bodies/manifest.ndjson", "{}\n{}\n"),
        ("d.json", "{}"),
    ];
    let folder = folder("several", &files);
    let sets = told(&folder, &["bodies", "d.json"]);
    let of = |set: &Value| (set["kind"].clone(), set["file"].clone(), set["documents"].clone());
    let all: Vec<_> = sets.iter().map(of).collect();
    let expected = [
        ("file".into(), "bodies".into(), 3.into()),
        ("file".into(), "d.json".into(), 1.into()),
        ("total".into(), Value::Null, 4.into()),
    ];
    assert_eq!(all, expected);
    assert!(sets.iter().all(|set| stages(set) == STAGES));
    assert_eq!(sets[2]["bytes"], 2 * VALID.len() + 4);
}

#[test]
fn standard_input_is_read_where_it_is_named_or_piped_in() {
    for arguments in [["--format", "json", "-"].as_slice(), &["--format", "json"]] {
        let ended = bench_input(VALID, arguments);
        assert_eq!((ended.code, &*ended.err), (Some(0), ""));
        let [set] = lines(&ended.out).try_into().unwrap();
        assert_eq!((&set["file"], &set["bytes"]), (&"<stdin>".into(), &VALID.len().into()));
    }
}

#[test]
fn without_a_file_generated_bodies_are_measured_and_called_so() {
    let folder = folder("generated", &[]);
    let sets = told(&folder, &[]);
    let kinds: Vec<_> = sets.iter().map(|set| set["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["tiny", "typical", "large"]);
    assert!(sets.iter().all(|set| stages(set) == STAGES && set["file"].is_null()));
    assert!(bench(&folder, &[]).out.contains("typical: generated, "));
}

#[test]
fn what_the_model_refuses_is_only_validated_and_named() {
    let folder = folder("refused", &[("refused.json", REFUSED), ("valid.json", VALID)]);
    let sets = told(&folder, &["refused.json", "valid.json"]);
    assert_eq!(stages(&sets[0]), ["validate"]);
    let fault = &sets[0]["refused"][0];
    assert_eq!(
        (&fault["file"], &fault["line"], &fault["path"]),
        (&"refused.json".into(), &2.into(), &"displayName".into())
    );
    assert!(fault["error"].as_str().unwrap().contains("expected a string"), "{fault}");
    let of_total: Vec<_> =
        sets[2]["stages"].as_array().unwrap().iter().map(|stage| stage["documents"].clone()).collect();
    assert_eq!(of_total, [1, 1, 1, 1, 2], "all but validate have one document less");
    let said = bench(&folder, &["refused.json"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains("1 of 1 refused by the model, only validated:\n    refused.json:2:"), "{}", said.out);
}

#[test]
fn a_text_that_is_no_json_is_named_and_fails_where_nothing_else_is_there() {
    let text = format!("{VALID}\n{NO_JSON}\n");
    let folder = folder("nojson", &[("no.json", NO_JSON), ("lines.ndjson", &text)]);
    let alone = bench(&folder, &["no.json"]);
    assert_eq!(alone.code, Some(1));
    assert!(alone.err.starts_with("error: no document could be measured\n"), "{}", alone.err);
    assert!(alone.out.contains("1 of 1 no JSON, not measured:\n    no.json:1:15: "), "{}", alone.out);
    let cut = bench(&self::folder("cut", &[("cut.json", "{\n")]), &["cut.json"]);
    assert!(cut.out.contains("1 of 1 no JSON, not measured:\n    cut.json:2:1: "), "{}", cut.out);
    let beside = bench(&folder, &["lines.ndjson"]);
    assert_eq!((beside.code, &*beside.err), (Some(0), ""));
    assert!(beside.out.contains("1 of 2 no JSON, not measured:\n    lines.ndjson:2:15: "), "{}", beside.out);
    let sets = told(&folder, &["lines.ndjson"]);
    assert!(sets[0]["stages"].as_array().unwrap().iter().all(|stage| stage["documents"] == 1), "{}", sets[0]);
    assert_eq!(sets[0]["no_json"][0]["line"], 2);
}

#[test]
fn what_cannot_be_used_is_said_before_anything_is_measured() {
    let folder = folder("unusable", &[("valid.json", VALID), ("empty/notes.txt", "")]);
    let failed = |arguments: &[&str]| bench(&folder, arguments).failed(2);
    assert!(failed(&["valid.json", "nowhere.json"]).contains("cannot read nowhere.json"));
    assert!(failed(&["empty"]).contains("no file that ends in .json"));
    assert!(failed(&["-", "-"]).contains("standard input is read once"));
    assert!(run(&["bench", "--seconds", "0"]).failed(2).contains("write a number of seconds"));
    assert!(failed(&["valid.json", "--contract", "v2"]).contains("v2"));
}

#[test]
fn the_contract_is_that_of_each_body_unless_one_is_named() {
    let beta = r#"{"displayName":"Sales","accessPackageId":"6b0e2f5d-3c1a-4e7b-8a4d-95f21c70be13","canExtend":true}"#;
    let folder = folder("contract", &[("x.ndjson", &format!("{VALID}\n{beta}\n"))]);
    let contracts = |arguments: &[&str]| told(&folder, arguments)[0]["contracts"].clone();
    assert_eq!(contracts(&["x.ndjson"]), serde_json::json!(["v1.0", "beta"]));
    assert_eq!(contracts(&["x.ndjson", "--contract", "seed"]), serde_json::json!(["seed"]));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_what_was_measured() {
    let folder = folder("stopped", &[("policy.json", VALID)]);
    let mut child = command(&["bench", "policy.json", "--seconds", "3000", "--format", "json"]);
    let child = child.current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The first stage goes on for an hour when it was warmed up, half a second.
    std::thread::sleep(std::time::Duration::from_secs(3));
    super::program::interrupt(&child);
    let ended = Ended::of(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let [set] = lines(&ended.out).try_into().unwrap();
    assert_eq!((&set["interrupted"], stages(&set)), (&true.into(), vec!["parse"]));
}
