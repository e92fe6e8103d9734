//! Headers of the user's own: every request has them, and no output has their
//! values.

use super::commands::{YES, server};
use super::program::{ID, run};

const KEY: &str = "k3y-of-the-gateway";
/// A target that says what it was sent.
const ECHO: &str = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/k3y-of-the-gateway\r\nContent-Length: 66\r\n\r\n\
                    {\"error\":{\"code\":\"k3y-of-the-gateway\",\"message\":\"k3y-of-the-gateway\"}}";

#[test]
fn every_request_has_it_and_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ndjson");
    let report = format!("ndjson={}", path.display());
    let file = folder.path().join("policy-harness.toml");
    std::fs::write(&file, format!("header = [\"X-Tenant: {KEY}\"]\n")).unwrap();
    for answer in [YES, ECHO] {
        let (base, heads) = server(answer);
        let header = format!("X-Api-Key: {KEY}");
        let target = ["--target", &base, "--assignment-id", ID, "--cases", "0", "--report", &report, "--profile"];
        let ended = run(&[&target[..], &["--header", &header, "--header", "x-2nd:2"]].concat());
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let report = std::fs::read_to_string(&path).unwrap();
        assert!(report.contains("\"finding\""));
        for text in [&ended.out, &ended.err, &report] {
            assert!(!text.contains(KEY), "{text}");
        }
        assert!(ended.out.contains("-H \"x-api-key: $X_API_KEY\""), "{}", ended.out);
        assert!(ended.out.contains("--header 'X-Api-Key: …'"), "{}", ended.out);
        let heads = heads.lock().unwrap();
        assert!(heads.len() > 1_000);
        for head in heads.iter() {
            let lower = head.to_ascii_lowercase();
            assert!(
                lower.contains(&format!("\r\nx-api-key: {KEY}\r\n")) && lower.contains("\r\nx-2nd: 2\r\n"),
                "{head}"
            );
        }
        // Those that are written byte by byte are among them.
        assert!(heads.iter().any(|head| head.contains("X Policy Harness")));
    }
    let (base, heads) = server(ECHO);
    let file = file.display().to_string();
    let ended = run(&["--target", &base, "--assignment-id", ID, "--cases", "0", "--config", &file]);
    assert!(!ended.out.contains(KEY) && !ended.out.contains("--header"), "{}", ended.out);
    assert!(heads.lock().unwrap().iter().all(|head| head.contains(KEY)));
}

#[test]
fn a_header_that_is_none_is_a_usage_error() {
    for (header, words) in [
        (KEY.to_owned(), "X-Api-Key: value"),
        (format!("{KEY} x: y"), "X-Api-Key: value"),
        (format!("Authorization: Bearer {KEY}"), "--token-env"),
        (format!("Content-Type: {KEY}"), "content-type"),
        (format!("x-key: {KEY}\u{e9}"), "x-key"),
        ("x-key:".to_owned(), "x-key"),
    ] {
        let said = run(&["--target", "http://127.0.0.1:9", "--assignment-id", ID, "--header", &header]).failed(2);
        assert!(said.contains(words) && !said.contains(KEY), "{said}");
    }
}
