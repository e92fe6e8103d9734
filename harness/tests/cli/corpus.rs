//! `corpus build`: what it writes, what it takes away, and what it leaves alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::program::{command, run};

/// The files below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let folders = ["valid", "malformed"].map(|name| folder.join(name));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    entries.map(|path| (path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

fn build(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let ended = run(&[&["corpus", "build", "--out", folder.to_str().unwrap()], more].concat());
    assert!(ended.err.is_empty(), "{ended:?}");
    (ended.code, ended.out.replace(folder.to_str().unwrap(), "DIR"))
}

#[test]
fn what_is_built_is_what_is_committed() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out) = build(folder.path(), &[]);
    let built = files(folder.path());
    assert_eq!(code, Some(0));
    let count = built.len().to_string();
    let count = format!("{},{}", &count[..1], &count[1..]);
    assert_eq!(out, format!("DIR: {count} files, {count} written, 0 removed.\n"));
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora"));
    assert_eq!(built.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    assert!(built == committed);
    let (code, out) = build(folder.path(), &["--check"]);
    assert_eq!((code, &*out), (Some(0), &*format!("DIR: {count} files, all as they are built.\n")));
}

/// A folder with a file changed, one missing, one that is no more, and a foreign one.
fn disturbed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &[]);
    let path = |name: &str| folder.path().join("valid").join(name);
    fs::write(path("accept-null.description.null.json"), "{}").unwrap();
    fs::remove_file(path("accept-null.displayName.null.json")).unwrap();
    fs::write(path("foreign.json"), "mine").unwrap();
    fs::write(path("former.json"), "{}").unwrap();
    let manifest = fs::read_to_string(path("manifest.ndjson")).unwrap();
    let line = manifest.lines().next().unwrap();
    let file = line.split('"').nth(3).unwrap();
    fs::write(path("manifest.ndjson"), [&manifest, &*line.replace(file, "former.json"), "\n"].concat()).unwrap();
    folder
}

#[test]
fn check_names_what_a_build_then_mends() {
    let folder = disturbed();
    let before = files(folder.path());
    let (code, out) = build(folder.path(), &["--check"]);
    assert_eq!(code, Some(1));
    let expected = "\
DIR: 3 files to write, 1 file to remove; the same command without --check does it.
  changed  valid/accept-null.description.null.json
  missing  valid/accept-null.displayName.null.json
  changed  valid/manifest.ndjson
  no more  valid/former.json
";
    assert_eq!(out, expected);
    assert!(files(folder.path()) == before, "--check wrote something");
    let (code, out) = build(folder.path(), &[]);
    assert_eq!(code, Some(0));
    assert!(out.ends_with(" files, 3 written, 1 removed.\n"), "{out}");
    let mut found = files(folder.path());
    // What no manifest names is left alone.
    assert_eq!(found.remove(Path::new("valid/foreign.json")).as_deref(), Some(&b"mine"[..]));
    assert!(found == files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora")));
}

#[test]
fn check_names_ten_changes_and_counts_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out) = build(folder.path(), &["--check"]);
    assert_eq!(code, Some(1));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 12, "{out}");
    assert!(lines[1].starts_with("  missing  malformed/") && lines[11].starts_with("  and 4,"), "{out}");
}

/// A manifest that leads out of its folder, or is of another kind, is nobody's leave to
/// remove anything.
#[test]
fn a_manifest_that_was_not_built_stops_it() {
    let line = |file: &str| format!("{{\"file\":\"{file}\",\"place\":\"\"}}\n");
    let texts = [
        "not JSON\n".to_owned(),
        "{\"file\":\"a.json\"}\n".to_owned(),
        line("../kept.json"),
        line("/kept.json"),
        line(""),
    ];
    for text in texts {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("valid")).unwrap();
        fs::write(folder.path().join("kept.json"), "mine").unwrap();
        fs::write(folder.path().join("valid/manifest.ndjson"), &text).unwrap();
        let failure = run(&["corpus", "build", "--out", folder.path().to_str().unwrap()]).failed(2);
        assert!(failure.contains("manifest.ndjson is no manifest that `corpus build` wrote"), "{failure}");
        assert_eq!(fs::read(folder.path().join("kept.json")).unwrap(), b"mine");
        assert_eq!(fs::read_dir(folder.path().join("valid")).unwrap().count(), 1, "{text}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("corpora"), "a file").unwrap();
    let output = command(&["corpus", "build"]).current_dir(folder.path()).output().unwrap();
    let failure = super::program::Ended::of(&output).failed(2);
    assert!(failure.contains("cannot read corpora/malformed/"), "{failure}");
}
