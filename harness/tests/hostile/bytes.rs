//! Targets that talk nonsense, or without end. Each answer is bounded in time and in
//! memory and has a verdict, and the run goes on.

use std::sync::atomic::Ordering;

use policy_harness::campaign;
use policy_harness::judge::Verdict;
use policy_harness::reference;
use policy_harness::report::Outcome;

use super::run::{SECOND, brief, run};
use super::target::{Reply, answer, say, target};

#[tokio::test(flavor = "multi_thread")]
async fn another_protocol_is_a_finding() {
    for text in ["SSH-2.0-OpenSSH_9.6\r\n", "\0\0\u{12}\u{4}\0\0\0\0\0\0", "HTTP/1.1 twohundred OK\r\n\r\n"] {
        let target = target(move |_| say(text)).await;
        let options = campaign::Options { walk: SECOND / 4, whole: SECOND, ..brief() };
        let run = run(&target, options, SECOND).await;
        assert_eq!((run.broken(), &run.outcome), (vec!["answer/http"], &Outcome::Findings), "{}", run.console);
        assert!(run.findings.len() <= 3 && run.took < 4 * SECOND, "{:?} {}", run.took, run.console);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_left() {
    let start = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{\"error\":\"";
    let target = target(move |seen| if seen.number == 0 { Reply::Good } else { Reply::Endless(start, "x") }).await;
    let options = campaign::Options { walk: SECOND, whole: 2 * SECOND, concurrency: 4, ..brief() };
    let run = run(&target, options, SECOND).await;
    assert!(run.broken().contains(&"answer/error-object") && run.took < 5 * SECOND, "{:?} {}", run.took, run.console);
    assert!(run.console.len() < 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_page_for_everything_is_one_finding() {
    let page = "<html><body><h1>Whoops</h1></body></html>";
    let text = answer(500, "Content-Type: text/html\r\n", page);
    let target = target(move |_| say(&text)).await;
    let options = campaign::Options { walk: 2 * SECOND, whole: 6 * SECOND, ..brief() };
    let run = run(&target, options, SECOND).await;
    assert_eq!((run.broken(), &run.outcome), (vec!["answer/server-error"], &Outcome::Findings), "{}", run.console);
    assert!(run.findings.len() <= 3, "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirect_is_followed() {
    let elsewhere = target(|_| Reply::Close).await;
    let text = answer(307, &format!("Location: {}/x\r\n", elsewhere.base), "");
    let target = target(move |_| say(&text)).await;
    let options = campaign::Options { walk: SECOND, ..brief() };
    let run = run(&target, options, SECOND).await;
    assert_eq!((run.broken(), &run.outcome), (vec!["answer/redirect"], &Outcome::Findings), "{}", run.console);
    assert_eq!(elsewhere.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn content_in_a_204_is_found_and_nothing_else() {
    let text = "HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    let target = target(move |seen| {
        let is_write = seen.head.starts_with("POST") && !seen.head.to_ascii_lowercase().contains("\r\ntransfer-enc");
        if is_write && seen.body == b"{}" { say(text) } else { Reply::Good }
    })
    .await;
    let run = run(&target, campaign::Options { walk: 2 * SECOND, ..brief() }, SECOND).await;
    assert!(run.broken().contains(&"answer/no-content"), "{}", run.console);
    // What stands behind the 204 is not the next answer.
    assert!(!run.broken().contains(&"answer/http") && !run.broken().contains(&"answer/always"), "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_not_held_against_the_target() {
    // No library sends this path as it is; the target never sees it.
    let target = target(|_| say(&answer(204, "", ""))).await;
    let ids = vec![reference::Options::ids(1).remove(0), "a/../b".to_owned()];
    let run = run(&target, campaign::Options { ids, walk: SECOND / 2, ..brief() }, SECOND).await;
    assert!(!run.broken().contains(&"answer/always"), "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cannot_drive_the_terminal() {
    // CSI in eight bits, a turn of direction, and a line of its own.
    let path = "/home/\u{9b}31m\u{202e}/x.rs";
    let headers = "Content-Type: text/\u{9b}31mred\u{202e}\r\n";
    let body = format!(r#"{{"error":{{"code":"x","message":"{path} \u001b[31m/home/\u001b[2J\u0007/y.rs"}}}}"#);
    let text = answer(400, headers, &body);
    let target = target(move |seen| if seen.number == 0 { Reply::Good } else { say(&text) }).await;
    let run = run(&target, campaign::Options { walk: SECOND / 2, whole: 2 * SECOND, ..brief() }, SECOND).await;
    assert!(run.broken().contains(&"answer/leak") && run.broken().contains(&"answer/error-content-type"));
    // The console's own colours aside.
    let plain: String =
        run.console.split("\u{1b}[").map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect();
    let texts = [plain].into_iter().chain(run.findings.into_iter().flat_map(|found| [found.symptom, found.got]));
    for text in texts {
        let strange = text.chars().find(|&each| (each.is_control() && each != '\n') || each == '\u{202e}');
        assert_eq!(strange, None, "{text}");
    }
}

/// What each kind of answer that is none comes to: the rules that are broken.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_that_is_none_has_a_verdict_in_time() {
    let many = format!("HTTP/1.1 204 No Content\r\n{}\r\n", "X-A: b\r\n".repeat(10_000));
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n";
    let long = format!("{head}Content-Length: 5000\r\n\r\n{{}}");
    let kinds: Vec<(&str, Answering, &[&str])> = vec![
        ("headers without end", Box::new(|| Reply::Endless("HTTP/1.1 200 OK\r\n", "X-A: b\r\n")), &["answer/http"]),
        ("one header without end", Box::new(|| Reply::Endless("HTTP/1.1 200 OK\r\nX-A: ", "b")), &["answer/http"]),
        ("10,000 headers", Box::new(move || say(&many)), &["answer/http"]),
        ("a storm of 1xx", Box::new(|| Reply::Endless("", "HTTP/1.1 100 Continue\r\n\r\n")), &["answer/always"]),
        ("a storm of 103", Box::new(|| Reply::Endless("", "HTTP/1.1 103 Early\r\nA: b\r\n\r\n")), &["answer/always"]),
        ("a head that drips", Box::new(|| Reply::Drip("HTTP/1.1 200 OK\r\nX-A: ", "b")), &["answer/always"]),
        (
            "a body that drips",
            Box::new(|| Reply::Drip("HTTP/1.1 400 Bad Request\r\nContent-Length: 5000\r\n\r\n", "x")),
            &["answer/always"],
        ),
        (
            "chunks that drip",
            Box::new(|| Reply::Drip("HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")),
            &["answer/always"],
        ),
        ("less than its length", Box::new(move || Reply::Stop(long.clone().into_bytes())), &["answer/always"]),
        ("an early close", Box::new(|| Reply::Stop(b"HTTP/1.1 400 Bad".to_vec())), &["answer/always"]),
        ("garbage", Box::new(|| say("\u{1}\u{2}\u{3}\u{0}\r\n\r\n")), &["answer/http"]),
    ];
    for (name, reply, rules) in kinds {
        // Good at most things: the run goes on, and finds nothing else.
        let target = target(move |seen| if seen.has("\"isEnabled\"") { reply() } else { Reply::Good }).await;
        // A storm takes a whole core: not too many at one time.
        let options =
            campaign::Options { reduce: SECOND / 2, walk: 4 * SECOND, concurrency: 4, whole: 8 * SECOND, ..brief() };
        let run = run(&target, options, SECOND / 4).await;
        assert_eq!(run.broken(), rules, "{name}: {}", run.console);
        assert!(run.summary.count(Verdict::Pass) > 100, "{name}: {}", run.console);
        assert!(run.took < 15 * SECOND, "{name}: {:?}", run.took);
    }
}

type Answering = Box<dyn Fn() -> Reply + Send + Sync>;

#[tokio::test(flavor = "multi_thread")]
async fn more_than_its_length_is_not_the_next_answer() {
    // What is behind the end of an answer must not be taken for another one.
    let text = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 44\r\n\r\n\
                {\"error\":{\"code\":\"BadRequest\",\"message\":\"no\"}}HTTP/1.1 200 OK\r\n\r\n";
    let target = target(move |seen| if seen.has("\"nope\"") { say(text) } else { Reply::Good }).await;
    let run = run(&target, campaign::Options { walk: 2 * SECOND, ..brief() }, SECOND).await;
    assert!(run.broken().iter().all(|rule| rule.starts_with("answer/")), "{}", run.console);
    assert!(run.summary.count(Verdict::Pass) > 200, "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_body_is_not_unpacked() {
    // A megabyte of nothing but zeros, as gzip has it, would be a thousand times that.
    let mut text = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n".to_vec();
    text.extend_from_slice(b"Content-Length: 1048576\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03");
    text.resize(text.len() + (1 << 20) - 10, 0);
    let target = target(move |seen| if seen.number == 0 { Reply::Good } else { Reply::Say(text.clone()) }).await;
    let options = campaign::Options { walk: SECOND, whole: 2 * SECOND, concurrency: 4, ..brief() };
    let run = run(&target, options, SECOND).await;
    assert!(run.broken().contains(&"answer/error-object"), "{}", run.console);
    assert!(run.took < 10 * SECOND && run.console.len() < 100_000, "{:?}", run.took);
}
