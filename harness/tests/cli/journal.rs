//! The journal: a run that is killed at any moment is gone on with, several are put
//! together, and the report is that of one run that nothing happened to. What
//! cannot be written or read is said, with the place.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::program::{Ended, Served, TOKEN, command, lines, of_type};

/// Runs that are killed.
const KILLED: u32 = 20;

/// A folder of its own, with the program in it.
struct Place {
    folder: tempfile::TempDir,
    arguments: Vec<String>,
}

impl Place {
    fn of(server: &Served, more: &[&str]) -> Self {
        // The server does not print the token that it was given.
        let own = server.arguments.iter().skip(1).map(|word| if word == "…" { TOKEN.to_owned() } else { word.clone() });
        let arguments = ["run".to_owned()].into_iter().chain(own).chain(more.iter().map(|&text| text.to_owned()));
        Self { folder: tempfile::tempdir().unwrap(), arguments: arguments.collect() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, more: &[&str]) -> std::process::Child {
        let given: Vec<&str> = self.arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let mut command = command(&given);
        command.current_dir(self.folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn run(&self, more: &[&str]) -> Ended {
        Ended::of(&self.start(more).wait_with_output().unwrap())
    }

    fn program(&self, given: &[&str]) -> Ended {
        Ended::of(&command(given).current_dir(self.folder.path()).output().unwrap())
    }
}

/// A report without what no two runs share: their names, times, numbers of requests
/// (what was under way when a run was killed is sent again), how to run it again, and
/// what a killed run may have left without knowing of it.
fn plain(report: &str) -> String {
    let own = ["Reproduce: ", "To go on ", "left  perhaps ", "The ledger "];
    let is_same = |line: &&str| !own.iter().any(|start| line.starts_with(start));
    let plain = |line: &str| match (line.find(" requests in "), line.find("/s), ")) {
        (Some(at), Some(end)) => {
            let start = line[..at].rfind(' ').unwrap_or(0);
            [&line[..start], &line[end + 3..]].concat()
        }
        _ => line.to_owned(),
    };
    let text = report.lines().filter(is_same).map(plain).collect::<Vec<_>>().join("\n");
    // What a run is called is no part of what it says.
    let mut parts = text.split("ph-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| [&*text, "ph-", part.trim_start_matches(|c: char| c.is_ascii_hexdigit())].concat())
}

fn cases(path: &Path) -> Vec<u64> {
    let all = lines(&fs::read_to_string(path).unwrap());
    all.iter()
        .filter_map(|line| line.get("case"))
        .filter(|case| case.get("opening").is_none())
        .map(|case| case["index"].as_u64().unwrap())
        .collect()
}

const SHORT: &[&str] = &["--seed", "5", "--cases", "400"];

#[test]
fn a_run_that_is_killed_is_gone_on_with() {
    let server = Served::start(&["--token", TOKEN, "--defect", "accepts-any-member"]);
    let whole = Place::of(&server, SHORT);
    let expected = whole.run(&["--journal", "run.journal"]);
    assert_eq!(expected.code, Some(1), "{expected:?}");
    let all = cases(&whole.path("run.journal"));
    let total = fs::metadata(whole.path("run.journal")).unwrap().len();
    let killed = Place::of(&server, SHORT);
    let journal = killed.path("run.journal");
    let mut kills = 0;
    let mut given: &[&str] = &["--journal", "run.journal"];
    for number in 1..=KILLED {
        // Where a machine is slow, it is not the clock that says how far a run is.
        let until = total * u64::from(number) / u64::from(KILLED + 1);
        let mut child = killed.start(given);
        let length = || fs::metadata(&journal).map_or(0, |data| data.len());
        while length() < until && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        given = &["--resume", "run.journal"];
    }
    assert!(kills >= KILLED / 2, "{kills} were killed");
    let mut resumed = Place::of(&server, &[]);
    // The journal has what was asked for; only the credentials are given again.
    resumed.arguments = ["run", "--resume", "run.journal", "--token", TOKEN].map(str::to_owned).to_vec();
    resumed.folder = killed.folder;
    let ended = resumed.run(&[]);
    assert_eq!(plain(&ended.out), plain(&expected.out));
    assert_eq!(ended.code, Some(1));
    let again = cases(&resumed.path("run.journal"));
    assert_eq!(again.len(), all.len(), "none is judged twice");
    assert_eq!(again.iter().collect::<BTreeSet<_>>(), all.iter().collect::<BTreeSet<_>>(), "none is lost");
    // Once it is at its end there is nothing to do but to tell it again.
    let told = resumed.run(&[]);
    assert_eq!(plain(&told.out), plain(&expected.out));
    let merged = resumed.program(&["merge", "run.journal"]);
    assert_eq!((plain(&merged.out), merged.code), (plain(&expected.out), Some(1)));
}

#[test]
fn a_target_that_went_away_is_asked_again_when_it_is_back() {
    let mut server = Served::start(&["--token", TOKEN]);
    let place = Place::of(&server, &["--seed", "5", "--cases", "0"]);
    let expected = place.run(&["--journal", "whole.journal"]);
    let mut child = place.start(&["--journal", "run.journal"]);
    let journal = place.path("run.journal");
    while fs::metadata(&journal).map_or(0, |data| data.len()) < 1_000_000 {
        std::thread::sleep(Duration::from_millis(1));
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let (before, port) = (cases(&journal).len(), server.heading.split("127.0.0.1:").nth(1).unwrap());
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    let again = Served::start_at(&port, &["--token", TOKEN]);
    let ended = place.program(&["run", "--resume", "run.journal", "--token", TOKEN]);
    assert_eq!((plain(&ended.out), ended.code), (plain(&expected.out), Some(0)));
    let after = cases(&journal);
    assert!(before < after.len(), "{before}");
    assert_eq!(after.len(), cases(&place.path("whole.journal")).len());
    drop(again);
}

#[test]
fn the_life_of_policies_is_gone_on_with_and_leaves_nothing() {
    let server = Served::start(&["--token", TOKEN, "--defect", "deletes-again"]);
    let package = "00000001-7b2d-4c8a-8e1f-000000000001";
    let more = ["--seed", "5", "--cases", "200", "--contract", "all", "--access-package-id", package];
    let place = Place::of(&server, &more);
    let expected = place.run(&["--journal", "whole.journal"]);
    let mut child = place.start(&["--journal", "killed.journal"]);
    let journal = place.path("killed.journal");
    let in_second =
        || fs::read_to_string(&journal).is_ok_and(|text| text.contains("\"campaign\":{\"contract\":\"v1.0\""));
    while !in_second() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let ended = place.program(&["run", "--resume", "killed.journal", "--token", TOKEN]);
    assert_eq!((plain(&ended.out), ended.code), (plain(&expected.out), expected.code));
    // Of a policy without a name nobody can say whether the killed run created it.
    let ledgers: Vec<_> = fs::read_dir(place.path(".policy-harness")).map_or_else(|_| Vec::new(), Iterator::collect);
    assert_eq!(ledgers.is_empty(), !ended.out.contains("\nleft  perhaps "), "{ledgers:?} {}", ended.out);
}

#[test]
fn shards_that_are_put_together_are_the_whole() {
    let server = Served::start(&["--token", TOKEN, "--defect", "accepts-any-member", "--defect", "any-content-type"]);
    let whole = Place::of(&server, SHORT);
    let expected = whole.run(&["--journal", "whole.journal", "--report", "ndjson=whole.ndjson"]);
    let names: Vec<String> = (1..=3).map(|number| format!("{number}.journal")).collect();
    for (number, name) in (1..).zip(&names) {
        whole.run(&["--journal", name, "--shard", &format!("{number}/3")]);
    }
    let merge = |names: &[&str]| whole.program(&[&["merge", "--report", "ndjson=merged.ndjson"], names].concat());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let merged = merge(&names);
    assert_eq!((plain(&merged.out), merged.code), (plain(&expected.out), Some(1)));
    let findings = |name: &str| -> Vec<Value> {
        let text = fs::read_to_string(whole.path(name)).unwrap();
        of_type(&lines(&text), "finding").into_iter().cloned().collect()
    };
    assert!(findings("whole.ndjson").len() >= 2);
    assert_eq!(findings("merged.ndjson"), findings("whole.ndjson"));
    // One that is missing is no whole.
    let partial = merge(&names[1..]);
    assert!(partial.out.contains("Does not conform"), "{}", partial.out);
    let twice = merge(&[names[0], names[0]]).failed(2);
    assert!(twice.contains("is shard 1/3"), "{twice}");
    let longer = Place::of(&server, &["--seed", "5", "--cases", "0", "--shard", "2/3", "--journal", "other.journal"]);
    longer.run(&[]);
    let other = merge(&[names[0], longer.path("other.journal").to_str().unwrap()]).failed(2);
    assert!(other.contains("not of one campaign") && other.contains("--cases="), "{other}");
}

#[test]
fn a_shard_that_is_missing_or_was_killed_is_said() {
    let server = Served::start(&["--token", TOKEN]);
    let place = Place::of(&server, &["--seed", "5", "--cases", "0", "--shard", "1/2", "--journal", "1.journal"]);
    assert_eq!(place.run(&[]).code, Some(0));
    let merged = place.program(&["merge", "1.journal"]);
    assert_eq!(merged.code, Some(3));
    assert!(merged.out.contains("no journal of shard 2/2 was given"), "{}", merged.out);
    let text = fs::read_to_string(place.path("1.journal")).unwrap();
    let cut = text.lines().take(1_000).map(|line| [line, "\n"].concat()).collect::<String>();
    fs::write(place.path("1.journal"), cut).unwrap();
    let merged = place.program(&["merge", "1.journal"]);
    assert_eq!(merged.code, Some(3));
    assert!(merged.out.contains("shard 2/2"), "{}", merged.out);
}

#[test]
fn what_is_damaged_is_not_trusted() {
    let server = Served::start(&["--token", TOKEN]);
    let place = Place::of(&server, &["--seed", "5", "--cases", "0", "--journal", "run.journal"]);
    assert_eq!(place.run(&[]).code, Some(0));
    let path = place.path("run.journal");
    let good = fs::read_to_string(&path).unwrap();
    let resume = || place.program(&["run", "--resume", "run.journal", "--token", TOKEN]);
    let third = good.lines().nth(2).unwrap();
    for (bad, what) in [
        (good.replacen(third, &third.replacen("\"status\":", "\"status\":1", 1), 1), "run.journal:3: "),
        (good.replacen(third, "", 1), "run.journal:3: "),
        (good.replacen(third, &format!("{third}\n{third}"), 1), "run.journal:4: "),
        ("hello\n".to_owned(), "run.journal:1: "),
        (String::new(), "run.journal:1: "),
    ] {
        fs::write(&path, &bad).unwrap();
        for ended in [resume(), place.program(&["merge", "run.journal"])] {
            assert!(ended.code == Some(3) && ended.err.contains(what), "{ended:?}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), bad, "it is left as it is");
    }
    // The last line alone may be torn.
    let length = good.lines().take(500).map(|line| line.len() + 1).sum::<usize>();
    fs::write(&path, &good[..length - 20]).unwrap();
    assert_eq!(resume().code, Some(0));
    assert_eq!(cases(&path).len(), cases_of(&good));
    let none = place.program(&["run", "--resume", "none.journal"]).failed(3);
    assert!(none.contains("none.journal"), "{none}");
}

fn cases_of(text: &str) -> usize {
    lines(text).iter().filter_map(|line| line.get("case")).filter(|case| case.get("opening").is_none()).count()
}

#[test]
fn a_journal_that_cannot_be_written_ends_the_run() {
    let server = Served::start(&["--token", TOKEN]);
    let place = Place::of(&server, &["--seed", "5", "--cases", "0"]);
    fs::write(place.path("file"), "").unwrap();
    let error = place.run(&["--journal", "file/run.journal"]).failed(3);
    assert!(error.contains("file/run.journal") && error.contains("--journal PATH"), "{error}");
    let error = place.run(&["--journal", "file"]).failed(2);
    assert!(error.contains("is there already"), "{error}");
    // Nothing at all is written to the folder when no journal is wanted.
    assert_eq!(place.run(&["--no-journal"]).code, Some(0));
    assert!(!place.path(".policy-harness").exists());
    assert_eq!(place.run(&[]).code, Some(0));
    let names: Vec<_> =
        fs::read_dir(place.path(".policy-harness")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(matches!(&*names, [only] if only.extension().is_some_and(|end| end == "journal")), "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_ends_the_run_and_loses_nothing() {
    let server = Served::start(&["--token", TOKEN]);
    let place = Place::of(&server, &["--seed", "5", "--cases", "0"]);
    let program = env!("CARGO_BIN_EXE_policy-harness");
    let given = place.arguments.join(" ");
    // The shell's limit on the size of files stands for the disk's, in blocks of 512 or
    // 1,024 bytes.
    let script = format!("trap '' XFSZ; ulimit -f 300; exec {program} {given} --journal run.journal");
    let output = std::process::Command::new("sh").args(["-c", &script]).current_dir(place.folder.path()).output();
    let ended = Ended::of(&output.unwrap());
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.out.contains("the journal run.journal cannot be written"), "{}", ended.out);
    assert!(ended.out.contains("run --resume run.journal"), "{}", ended.out);
    let resumed = place.program(&["run", "--resume", "run.journal", "--token", TOKEN]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert!(resumed.out.contains("Conforms"));
    std::io::stdout().flush().unwrap();
}

#[test]
fn a_finding_is_sent_again_from_its_file() {
    let server = Served::start(&["--token", TOKEN, "--defect", "accepts-any-member"]);
    let place = Place::of(&server, SHORT);
    let ended = place.run(&[]);
    let again = ended.out.lines().find_map(|line| line.trim().strip_prefix("again: policy-harness ")).unwrap();
    let given: Vec<&str> = again.split(' ').chain(["--token", TOKEN]).collect();
    let still = place.program(&given);
    assert_eq!(still.code, Some(1));
    assert!(still.out.contains("still there: body/value/enum-member"), "{}", still.out);
    let sent_to = |defects: &[&str]| {
        let other = Served::start(&[&["--token", TOKEN], defects].concat());
        let target = other.arguments.iter().position(|word| word == "--target").unwrap() + 1;
        place.program(&[&given[..], &["--target", &other.arguments[target]]].concat())
    };
    let fixed = sent_to(&[]);
    assert_eq!(fixed.code, Some(0), "{fixed:?}");
    assert!(fixed.out.contains("fixed"), "{}", fixed.out);
    let changed = sent_to(&["--defect", "error-no-content-type"]);
    assert!(changed.code == Some(1) && changed.out.contains("changed"), "{changed:?}");
    fs::write(place.path("no.json"), r#"{"schema":"policy-harness/finding/99"}"#).unwrap();
    let error = place.program(&["replay", "no.json"]).failed(2);
    assert!(error.contains("no.json"), "{error}");
}

#[test]
fn what_a_file_says_now_makes_no_other_run_of_it() {
    let server = Served::start(&["--token", TOKEN, "--defect", "accepts-any-member"]);
    let place = Place::of(&server, &["--seed", "5", "--cases", "0", "--journal", "run.journal"]);
    let rules = "[rules.\"body/value/enum-member\"]\nlevel = \"should\"\nreason = \"for a test\"\n";
    fs::write(place.path("policy-harness.toml"), rules).unwrap();
    let expected = place.run(&[]);
    assert_eq!(expected.code, Some(0), "{expected:?}");
    // Flags come from the journal, and only what it cannot have from the file.
    fs::write(place.path("policy-harness.toml"), format!("only = [\"http/*\"]\ntoken = \"{TOKEN}\"\n{rules}")).unwrap();
    for given in [&["run", "--resume", "run.journal"][..], &["merge", "run.journal"]] {
        let told = place.program(given);
        assert_eq!((plain(&told.out), told.code), (plain(&expected.out), Some(0)), "{given:?}");
    }
    // Other rules would judge otherwise what was judged already.
    fs::write(place.path("policy-harness.toml"), "").unwrap();
    for given in [&["run", "--resume", "run.journal", "--token", TOKEN][..], &["merge", "run.journal"]] {
        let error = place.program(given).failed(2);
        assert!(error.contains("[rules]") && error.contains("--config"), "{error}");
    }
}

#[test]
fn a_finding_is_made_small_within_its_budget() {
    let server = Served::start(&["--token", TOKEN, "--defect", "accepts-any-member"]);
    let place = Place::of(&server, SHORT);
    let finding = |more: &[&str], folder: &str| -> Value {
        assert_eq!(place.run(&[more, &["--findings", folder]].concat()).code, Some(1));
        let mut files = fs::read_dir(place.path(folder)).unwrap();
        serde_json::from_slice(&fs::read(files.next().unwrap().unwrap().path()).unwrap()).unwrap()
    };
    let length = |finding: &Value| finding["case"]["request"]["body"]["text"].as_str().unwrap().len();
    let (small, whole) = (finding(&[], "small"), finding(&["--shrink", "0"], "whole"));
    assert!(length(&small) < length(&whole), "{small} {whole}");
    // Whatever its size, it is sent again, and is the same finding.
    for one in [&small, &whole] {
        assert_eq!((&one["confirmed"], &one["flaky"]), (&2.into(), &false.into()));
        assert_eq!(one["fingerprint"], small["fingerprint"]);
    }
}
