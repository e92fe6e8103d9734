//! The smoke test: what it says of a target that is ready, of one that deviates,
//! and of one that nothing can be said of yet.

use std::net::TcpListener;

use policy_harness::reference::Options;

use super::commands::{YES, server};
use super::program::{Ended, ID, Served, TOKEN, command, run};

fn probe(base: &str, more: &[&str]) -> Ended {
    run(&[&["probe", "--target", base, "--assignment-id", ID, "--token", TOKEN], more].concat())
}

/// The arguments that reach a server of the program's own.
fn access(served: &Served) -> Vec<String> {
    served.arguments.iter().skip(1).cloned().collect()
}

#[test]
fn a_target_that_is_ready_is_left_as_it_was() {
    let served = Served::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let package = Options::package_ids(1).remove(0);
    let ledger = folder.path().join("ledgers");
    let reached = access(&served);
    let mut arguments = vec!["probe", "--contract", "all", "--access-package-id", &package];
    arguments.extend(["--ledger", ledger.to_str().unwrap()]);
    arguments.extend(reached.iter().map(String::as_str));
    let ended = run(&arguments);
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
    for words in ["contract seed", "contract v1.0", "a valid body is accepted: 204", "a valid body is accepted: 201"] {
        assert!(ended.out.contains(words), "{}", ended.out);
    }
    assert_eq!(ended.out.matches("is refused: 400").count(), 2, "{}", ended.out);
    assert!(ended.out.ends_with("with the same flags can begin.\n") && !ended.out.contains("  left "), "{}", ended.out);
    // What was created is deleted, so nothing stands in a ledger.
    assert!(!ledger.exists());
}

#[test]
fn a_target_that_deviates_is_shown() {
    let (base, _) = server(YES);
    let ended = probe(&base, &[]);
    assert_eq!((ended.code, &*ended.err), (Some(1), ""), "{ended:?}");
    assert!(ended.out.contains("  FAIL  a malformed body (") && ended.out.contains("accepted that must be refused"));
    assert!(ended.out.contains("    curl -i -X POST") && !ended.out.contains(TOKEN), "{}", ended.out);

    let answer = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 62\r\n\r\n\
                  {\"error\":{\"code\":\"NoUser\",\"message\":\"There is no such user.\"}}";
    let (base, heads) = server(answer);
    let ended = probe(&base, &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.out.contains("“There is no such user.”") && ended.out.contains("--id KIND=GUID"), "{}", ended.out);
    assert!(heads.lock().unwrap().len() < 20);

    let served = Served::start(&["--variant", "knows-its-own"]);
    let reached = access(&served);
    let ended = run(&[&["probe"][..], &reached.iter().map(String::as_str).collect::<Vec<_>>()].concat());
    assert!(ended.code.is_some_and(|code| code < 2), "{ended:?}");
}

#[test]
fn a_target_that_is_not_ready_says_what_to_set() {
    for (answer, words) in [
        ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", &["401", "the token is not taken"][..]),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", &["403", "EntitlementManagement.ReadWrite.All"]),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", &["404", "--assignment-id", "…/v1.0"]),
    ] {
        let (base, _) = server(answer);
        let said = probe(&base, &[]).failed(3);
        assert!(words.iter().all(|word| said.contains(word)) && !said.contains(TOKEN), "{said}");
    }
    let (base, _) = server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    let said = run(&["probe", "--target", &base, "--assignment-id", ID]).failed(3);
    assert!(said.contains("--token-env"), "{said}");

    let (base, _) = server("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
    let ended = probe(&base, &[]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.err.contains("left alone for 60 minutes") && ended.err.contains("--rate"), "{}", ended.err);

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let said = probe(&format!("http://127.0.0.1:{port}/v1.0"), &[]).failed(3);
    assert!(said.contains("connection refused") && said.contains(&format!("serve --port {port}")), "{said}");

    // Who speaks no TLS has no certificate either.
    let (base, _) = server(YES);
    let said = probe(&base.replace("http:", "https:"), &[]).failed(3);
    assert!(said.contains("certificate"), "{said}");

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1.0", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().flatten().for_each(drop));
    let said = probe(&base, &[]).failed(3);
    assert!(said.contains("https://"), "{said}");
}

#[test]
fn it_is_told_by_the_flags_and_the_file_of_a_run() {
    let said = run(&["probe", "--no-config"]).failed(2);
    assert!(said.contains("--target"), "{said}");
    let said = run(&["probe", "--target", "http://127.0.0.1:9/v1.0"]).failed(2);
    assert!(said.contains("--assignment-id"), "{said}");
    let served = Served::start(&[]);
    let reached = access(&served);
    let mut text = "# of a run, and of no use here\ncases = 3\nconcurrency = 2\n".to_owned();
    for pair in served.arguments[1..].chunks(2) {
        text.push_str(&[pair[0].trim_start_matches("--"), " = \"", &pair[1], "\"\n"].concat());
    }
    assert_eq!(reached.len() % 2, 0);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy-harness.toml"), text).unwrap();
    let ended = Ended::of(&command(&["probe"]).current_dir(folder.path()).output().unwrap());
    assert_eq!((ended.code, &*ended.err), (Some(0), ""), "{ended:?}");
}
