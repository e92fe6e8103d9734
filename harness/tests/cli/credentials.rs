//! Where tokens come from, when they are fetched again, and that no secret is left
//! anywhere.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::program::{Ended, ID, Served, TOKEN, command, run};

/// A server that answers each request, of which it is told the head and the body, and
/// whose place among all.
fn server(answer: impl Fn(usize, &str, &str) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    let count = Arc::new(Mutex::new(0));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (answer, count) = (Arc::clone(&answer), Arc::clone(&count));
            std::thread::spawn(move || converse(stream, &*answer, &count));
        }
    });
    base
}

fn converse(stream: TcpStream, answer: &dyn Fn(usize, &str, &str) -> String, count: &Mutex<usize>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let number = {
            let mut count = count.lock().unwrap();
            *count += 1;
            *count
        };
        writer.write_all(answer(number, &head, &String::from_utf8_lossy(&body)).as_bytes()).ok()?;
        // Requests that break the framing leave something behind.
        if lower.contains("connection: close") || lower.contains("transfer-encoding") {
            return None;
        }
    }
}

/// What a head says of who sends it.
fn authorization(head: &str) -> &str {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
    line.and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value)
}

fn with_body(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// A reference server that lets the token of the tests in, and its URL.
fn served() -> (Served, String) {
    let served = Served::start(&["--token", TOKEN]);
    let at = served.arguments.iter().position(|word| word == "--target").unwrap();
    let base = served.arguments[at + 1].clone();
    (served, base)
}

fn run_at(base: &str, more: &[&str]) -> Ended {
    run(&[&["run", "--target", base, "--assignment-id", ID, "--seed", "1"][..], more].concat())
}

#[test]
fn a_command_is_run_again_when_its_token_is_refused() {
    let (_served, base) = served();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log").display().to_string();
    // A stale token the first time, and a good one from then on.
    let text = format!("if [ -e '{log}' ]; then echo {TOKEN}; else echo stale-token-of-before; fi; echo x >> '{log}'");
    let ledger = folder.path().display().to_string();
    let ended = run_at(&base, &["--cases", "0", "--ledger", &ledger, "--token-command", &text]);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    assert_eq!(fs::read_to_string(&log).unwrap(), "x\nx\n");
    let last = ended.out.lines().last().unwrap();
    assert!(last.ends_with(" --token-command …"), "{last}");
    assert!(!ended.out.contains("stale-token") && !ended.out.contains(TOKEN), "{}", ended.out);
}

#[test]
fn a_command_that_fails_says_why_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().display().to_string();
    for (text, part) in [
        (
            "echo s3cret-of-mine; echo 'sign in first: s3cret-of-mine' >&2; exit 3",
            "(exit status: 3): sign in first: [redacted]\n",
        ),
        ("echo 'was eyJhbGciOiJub25lIn0.eyJzM2NyZXQ.x' >&2; exit 1", "(exit status: 1): was [redacted]\n"),
        ("exit 4", "(exit status: 4) and said nothing\n"),
        ("kill -9 $$", "(signal: 9"),
        ("echo s3cret and more", "printed is more than a token"),
        ("true", "printed is empty"),
    ] {
        for flag in ["--token-command", "--unprivileged-token-command"] {
            let first = if flag == "--token-command" { &[][..] } else { &["--token", "first-token"][..] };
            let more = [first, &["--ledger", &ledger, flag, text]].concat();
            let said = run_at("http://127.0.0.1:1/v1.0", &more).failed(3);
            assert!(said.contains(part) && said.contains(flag) && !said.contains("s3cret"), "{said}");
            assert_eq!(said.lines().count(), 2, "{said}");
        }
    }
}

#[test]
fn a_run_ends_where_no_token_is_left() {
    let (_served, base) = served();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log").display().to_string();
    let text = format!(
        "if [ -e '{log}' ]; then echo 'no connection for {TOKEN}' >&2; exit 3; fi; echo x > '{log}'; \
         echo '{{\"accessToken\":\"{TOKEN}\",\"expires_in\":2}}'"
    );
    let ledger = folder.path().display().to_string();
    let ended = run_at(&base, &["--seconds", "60", "--ledger", &ledger, "--token-command", &text]);
    assert_eq!((ended.code, &*ended.err), (Some(3), ""), "{ended:?}");
    let why = "Not complete: no token is left to use: the command of --token-command failed (exit status: 3): \
               no connection for [redacted]. ";
    assert!(ended.out.contains(why) && !ended.out.contains(TOKEN), "{}", ended.out);
}

#[test]
fn a_token_file_is_read_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "first-token\n").unwrap();
    let (file, seen) = (path.clone(), Arc::new(Mutex::new(BTreeMap::<String, usize>::new())));
    let counts = Arc::clone(&seen);
    // From the hundredth request on another token is good, which the file has by then.
    let base = server(move |number, head, _| {
        if number == 100 {
            fs::write(&file, "second-token\n").unwrap();
        }
        let good = if number < 100 { "Bearer first-token" } else { "Bearer second-token" };
        let value = authorization(head);
        *counts.lock().unwrap().entry(value.to_owned()).or_default() += 1;
        with_body(if value.eq_ignore_ascii_case(good) { "200 OK" } else { "401 Unauthorized" }, "", "")
    });
    let file = path.display().to_string();
    let ledger = folder.path().display().to_string();
    let ended = run_at(&base, &["--cases", "0", "--ledger", &ledger, "--token-file", &file]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let seen = seen.lock().unwrap();
    assert!(seen["Bearer second-token"] > 1_000, "{seen:?}");
    // Those that were under way, and those that were sent while one read the file.
    assert!(seen["Bearer first-token"] < 200, "{seen:?}");
}

/// The secrets of the next test.
const SECRETS: [&str; 4] =
    ["applications-t0ken/of+the=first", "visitors-t0ken-of-the-second", "clients-s3cret+of/the=app", TOKEN];

/// Every file below a folder, as text in lower case.
fn texts(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, all);
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).to_ascii_lowercase();
            all.push((path.display().to_string(), text));
        }
    }
}

/// Nothing that a run leaves behind holds a secret, however often the target, the
/// authority and the user's own shell repeat it.
fn assert_clean(ended: &Ended, folder: &Path) {
    let mut all = vec![("out".to_owned(), ended.out.to_ascii_lowercase())];
    all.push(("err".to_owned(), ended.err.to_ascii_lowercase()));
    texts(folder, &mut all);
    for (name, text) in all {
        for secret in SECRETS {
            let halves = secret.split_at(secret.len() / 2);
            for part in [secret, halves.0, halves.1] {
                let at = text.find(&part.to_ascii_lowercase());
                assert_eq!(
                    at.map(|at| text[at.saturating_sub(200)..].chars().take(300).collect::<String>()),
                    None,
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn secrets_are_left_nowhere() {
    let [first, second, client, _] = SECRETS;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let forms = Arc::clone(&asked);
    let authority = server(move |_, head, body| {
        forms.lock().unwrap().push(format!("{head}{body}"));
        let body = format!(r#"{{"access_token":"{first}","expires_in":3600}}"#);
        with_body("200 OK", "Content-Type: application/json\r\n", &body)
    });
    let target = server(move |number, head, _| {
        let value = authorization(head);
        let token = value.rsplit(' ').next().unwrap_or_default();
        let cut = &token[..token.len().saturating_sub(1)];
        let headers = format!("Content-Type: application/{token}\r\nX-Sent: {value}\r\nLocation: /{token}\r\n");
        let both = format!("{first} {second} {cut} at /home/{token}/x.rs and System.{token}.Exception");
        let error = format!(r#"{{"error":{{"code":"{token}","message":"{both}"}}}}"#);
        let policy = format!(r#"{{"displayName":"{token}","{token}":7,"description":"{both}"}}"#);
        // Few ways to be wrong, so that a finding is made of each.
        match number % 2 {
            _ if number < 4 => with_body("204 No Content", "", ""),
            _ if token == second => with_body("200 OK", &headers, &both),
            _ if head.starts_with("GET") => with_body("200 OK", &headers, &policy),
            0 => with_body("403 Forbidden", &headers, &both),
            _ => with_body("403 Forbidden", &headers, &error),
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let base = format!("{target}/v1.0");
    let arguments = [
        "run",
        "--target",
        &base,
        "--assignment-id",
        ID,
        "--seed",
        "1",
        "--cases",
        "200",
        "--overwrite",
        "--report",
        "ndjson=cases.ndjson",
        "--report",
        "junit=junit.xml",
        "--report",
        "markdown=summary.md",
        "--journal",
        "run.journal",
        "--profile",
        "--tenant",
        "contoso.example",
        "--client-id",
        "the-app",
        "--client-secret-env",
        "APP_SECRET",
        "--authority",
        &authority,
        "--unprivileged-token-env",
        "VISITOR",
    ];
    let output = command(&arguments)
        .current_dir(folder.path())
        .env("APP_SECRET", client)
        .env("VISITOR", second)
        .output()
        .unwrap();
    let ended = Ended::of(&output);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.out.contains("answer/leak") && ended.out.contains("[redacted]"), "{}", ended.out);
    assert!(ended.out.contains("Authorization: Bearer $VISITOR"), "{}", ended.out);
    assert!(
        ended.out.contains("--client-secret-env APP_SECRET") && ended.out.contains("--unprivileged-token-env VISITOR")
    );
    assert_clean(&ended, folder.path());
    // What is looked through is there, and has what would give them away.
    let journal = fs::read_to_string(folder.path().join("run.journal")).unwrap();
    assert!(journal.matches("[redacted]").count() > 1_000, "{}", journal.len());
    for name in ["junit.xml", "summary.md", "cases.ndjson"] {
        assert!(fs::read_to_string(folder.path().join(name)).unwrap().contains("redacted"), "{name}");
    }
    assert!(fs::read_dir(folder.path().join("findings")).unwrap().count() > 2);
    let asked = asked.lock().unwrap();
    assert!(
        (1..5).contains(&asked.len()) && asked[0].contains("client_secret=clients-s3cret%2Bof%2Fthe%3Dapp"),
        "{asked:?}"
    );
}

#[test]
fn no_message_holds_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let refusing = server(|_, _, body| {
        // As a careless authority would.
        let body = format!(r#"{{"error":"invalid_client","error_description":"{body} {}"}}"#, SECRETS[2]);
        with_body("401 Unauthorized", "", &body)
    });
    let application = ["--tenant", "t", "--client-id", "a", "--client-secret-env", "APP_SECRET"];
    let target = ["run", "--target", "http://127.0.0.1:1/v1.0", "--assignment-id", ID];
    let far = ["--authority", "http://login.example"];
    let refused = ["--authority", &refusing];
    for (more, code) in [
        (&["--help"][..], 0),
        (&["--token", TOKEN, "--token-env", "X"], 2),
        (&["--token", TOKEN, "--unprivileged-token", SECRETS[1], "--unprivileged-token-env", "X"], 2),
        (&["--unprivileged-token", SECRETS[1]], 2),
        (&["--token-env", SECRETS[0]], 2),
        (&["--token", "not a t0ken"], 2),
        (&[&application[..], &["--token", TOKEN]].concat(), 2),
        (&["--tenant", "t", "--client-id", "a", "--client-secret-env", SECRETS[2]], 2),
        (&[&application[..], &far].concat(), 2),
        (&[&application[..], &refused].concat(), 3),
        (&["--token", TOKEN], 3),
    ] {
        let ended = Ended::of(
            &command(&[&target[..], more].concat())
                .current_dir(folder.path())
                .env("APP_SECRET", SECRETS[2])
                .env("TOKEN", TOKEN)
                .output()
                .unwrap(),
        );
        assert_eq!(ended.code, Some(code), "{more:?} {ended:?}");
        assert_clean(&ended, folder.path());
        assert!(!ended.err.contains("not a t0ken"), "{ended:?}");
    }
}

#[test]
fn a_caller_without_permission_is_asked_for_by_a_token() {
    let (served, base) = served();
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().display().to_string();
    let ended = run_at(&base, &["--cases", "0", "--ledger", &ledger, "--token", TOKEN]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("no token of a caller without permission was given"), "{}", ended.out);
    let other = ["--unprivileged-token", "visitor-without-rights"];
    let ended = run_at(&base, &[&["--cases", "0", "--ledger", &ledger, "--token", TOKEN][..], &other].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.out.contains("caller without permission"), "{}", ended.out);
    drop(served);
    let wrong =
        Served::start(&["--token", TOKEN, "--defect", "any-caller", "--unprivileged-token", "the-visitors-own"]);
    let at = wrong.arguments.iter().position(|word| word == "--target").unwrap();
    let other = ["--unprivileged-token", "the-visitors-own"];
    let more = [&["--cases", "0", "--ledger", &ledger, "--token", TOKEN][..], &other].concat();
    let ended = run_at(&wrong.arguments[at + 1], &more);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.out.contains("FAIL  http/permission") && ended.out.contains("Bearer $UNPRIVILEGED_TOKEN"),
        "{}",
        ended.out
    );
}
