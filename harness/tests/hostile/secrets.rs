//! What a target is told in confidence does not come out again.

use std::process::Command;

use policy_harness::reference;

use super::target::{Reply, Target, answer, say, target};

/// The arguments of a run of the program against this target.
pub(crate) fn arguments(target: &Target, more: &[&str]) -> Vec<String> {
    let id = reference::Options::ids(1).remove(0);
    let fixed = ["run", "--seed", "1", "--target", &target.base, "--assignment-id", &id, "--token", &target.token];
    fixed.iter().chain(more).map(|&text| text.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echoed_token_appears_nowhere() {
    let target = target(|seen| {
        let sent = seen.head.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
        let value = sent.and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value);
        let token = value.rsplit(' ').next().unwrap_or_default();
        let kind = match seen.number % 4 {
            0 => format!("application/{token}"),
            1 => token.to_owned(),
            2 => format!("text/plain; a={token}"),
            _ => "application/json".to_owned(),
        };
        let headers = format!("Content-Type: {kind}\r\nX-Sent: {value}\r\nLocation: /{token}\r\n");
        let path = format!("/home/{token}/{token}.rs and System.{token}.Exception");
        let body = format!(r#"{{"{token}":1,"error":{{"code":"{token}","message":"{value} {path}"}}}}"#);
        match (seen.number, seen.number % 5) {
            (0, _) => Reply::Good,
            (_, 0) => say(&format!("HTTP/1.1 {token}\r\n\r\n")),
            (_, 1) => say(&answer(400, &headers, &format!("{token} {path}"))),
            _ => say(&answer(400, &headers, &body)),
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.ndjson");
    let report = format!("ndjson={}", path.display());
    let arguments = arguments(&target, &["--cases", "0", "--report", &report]);
    let output = tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_policy-harness"))
            .current_dir(env!("CARGO_TARGET_TMPDIR"))
            .args(arguments)
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("answer/leak") && out.contains("credentials"), "{out}");
    let texts = [out, String::from_utf8(output.stderr).unwrap(), std::fs::read_to_string(path).unwrap()];
    for text in texts {
        let at = text.to_ascii_lowercase().find(&target.token).map(|at| &text[at.saturating_sub(200)..]);
        assert_eq!(at.map(|text| text.chars().take(300).collect::<String>()), None);
    }
}
