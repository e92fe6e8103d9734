//! Targets that misbehave: they hang, hang up, talk nonsense or without end, are
//! busy, or die. A campaign against any of them ends in time, says what is wrong
//! with the target and nothing that is not, and calls nothing conforming that it
//! could not judge. Most of them stand in front of the reference server and do
//! their one bad thing there, so that every other answer is a good one.

#![cfg(feature = "cli")]

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use policy_harness::campaign::{self, Event, Finding, Flow, RunError, Summary};
use policy_harness::case::Plan;
use policy_harness::contract::{Contract, Level};
use policy_harness::judge::Verdict;
use policy_harness::reference;
use policy_harness::report::{Console, Gate, Heading, Outcome, Report};
use policy_harness::target::{Endpoint, EndpointOptions, NoAnswer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

static CONTRACT: LazyLock<Arc<Contract>> = LazyLock::new(|| Arc::new(Contract::named("seed").unwrap()));
static PLAN: LazyLock<Arc<Plan>> = LazyLock::new(|| Arc::new(Plan::of(&CONTRACT)));

const SECOND: Duration = Duration::from_secs(1);

/// A request as a target sees it.
struct Seen<'r> {
    /// How many came before it, on all connections.
    number: usize,
    head: &'r str,
    body: &'r [u8],
}

impl Seen<'_> {
    fn has(&self, part: &str) -> bool {
        self.body.windows(part.len()).any(|window| window == part.as_bytes())
    }
}

/// What a target does about a request.
enum Reply {
    /// What the reference server does.
    Good,
    Say(Vec<u8>),
    /// What the reference server does, this much later.
    Late(Duration),
    /// This, and then more and more until the other side has enough.
    Endless(&'static str),
    Close,
    Hang,
}

fn say(text: &str) -> Reply {
    Reply::Say(text.as_bytes().to_vec())
}

/// A target that listens until this is dropped.
struct Target {
    base: String,
    token: String,
    requests: Arc<AtomicUsize>,
    task: JoinHandle<()>,
    _reference: reference::Running,
}

impl Drop for Target {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn target(reply: impl Fn(&Seen<'_>) -> Reply + Send + Sync + 'static) -> Target {
    let options = reference::Options::default();
    let token = options.token.clone();
    let reference = reference::start(vec![Arc::clone(&CONTRACT)], options).await.unwrap();
    let upstream: SocketAddr =
        reference.base_url().trim_start_matches("http://").trim_end_matches("/v1.0").parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1.0", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let (reply, counter) = (Arc::new(reply), Arc::clone(&requests));
    let task = tokio::spawn(async move {
        // Connections end with the listener.
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let (reply, counter) = (Arc::clone(&reply), Arc::clone(&counter));
            connections.spawn(async move { converse(stream, upstream, &*reply, &counter).await });
            while connections.try_join_next().is_some() {}
        }
    });
    Target { base, token, requests, task, _reference: reference }
}

async fn converse(
    mut stream: TcpStream,
    upstream: SocketAddr,
    reply: &(dyn Fn(&Seen<'_>) -> Reply + Send + Sync),
    requests: &AtomicUsize,
) -> Option<()> {
    let mut good = TcpStream::connect(upstream).await.ok()?;
    let mut bytes = Vec::new();
    loop {
        let (length, is_plain) = message(&mut stream, &mut bytes, Kind::Request).await?;
        let head_length = head_length(&bytes)?;
        let head = String::from_utf8_lossy(&bytes[..head_length]).into_owned();
        let seen = Seen {
            number: requests.fetch_add(1, Ordering::SeqCst),
            head: &head,
            body: bytes.get(head_length..length).unwrap_or_default(),
        };
        let reply = reply(&seen);
        if let Reply::Late(delay) = reply {
            tokio::time::sleep(delay).await;
        }
        match reply {
            Reply::Good | Reply::Late(_) if is_plain => {
                good.write_all(&bytes[..length]).await.ok()?;
                let mut answer = Vec::new();
                let kind = if head.starts_with("HEAD ") { Kind::AnswerToHead } else { Kind::Answer };
                let (length, _) = message(&mut good, &mut answer, kind).await?;
                stream.write_all(&answer[..length]).await.ok()?;
            }
            // Framed in a way that only the reference server should judge.
            Reply::Good | Reply::Late(_) => {
                good.write_all(&bytes).await.ok()?;
                tokio::io::copy_bidirectional(&mut stream, &mut good).await.ok()?;
                return None;
            }
            Reply::Say(text) => stream.write_all(&text).await.ok()?,
            Reply::Endless(start) => {
                stream.write_all(start.as_bytes()).await.ok()?;
                while stream.write_all(&[b'x'; 1 << 14]).await.is_ok() {}
                return None;
            }
            Reply::Close => return None,
            Reply::Hang => std::future::pending().await,
        }
        bytes.drain(..length);
    }
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Request,
    Answer,
    /// Its head is all there is.
    AnswerToHead,
}

/// Reads a message whole; its length, and whether its framing is plain. What
/// ends too early is as long as it is, and not plain.
async fn message(stream: &mut TcpStream, bytes: &mut Vec<u8>, kind: Kind) -> Option<(usize, bool)> {
    loop {
        if let Some(head) = head_length(bytes) {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let lengths: Vec<usize> =
                text.lines().filter_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).collect();
            if kind == Kind::AnswerToHead {
                return Some((head, true));
            }
            let is_chunked = text.contains("\ntransfer-encoding:");
            if lengths.len() + usize::from(is_chunked) > 1
                || (kind == Kind::Request && text.contains("\nconnection: close"))
            {
                return Some((bytes.len(), false));
            }
            let length = if is_chunked {
                bytes[head..].windows(5).position(|end| end == b"0\r\n\r\n").map(|at| head + at + 5)
            } else {
                Some(head + lengths.first().copied().unwrap_or(0))
            };
            if let Some(length) = length.filter(|&length| length <= bytes.len()) {
                return Some((length, true));
            }
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return head_length(bytes).map(|_| (bytes.len(), false));
        }
    }
}

/// What a campaign came to.
struct Run {
    result: Result<(), RunError>,
    findings: Vec<Finding>,
    summary: Summary,
    outcome: Outcome,
    console: String,
    took: Duration,
}

impl Run {
    /// Ids of the rules of level must that were found broken, each once.
    fn broken(&self) -> Vec<&'static str> {
        let musts = self.findings.iter().filter(|finding| finding.level == Level::Must);
        let mut rules: Vec<&'static str> = musts.map(|finding| &*CONTRACT.rule(finding.rule).id).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The last lines that a person sees.
    fn last_words(&self) -> &str {
        let at = self.console.rfind("requests in ").unwrap();
        &self.console[self.console[..at].rfind("\n").unwrap()..]
    }

    /// Nothing was found, and nothing is called good.
    fn is_incomplete(&self, why: &str) {
        assert_eq!(self.broken(), [""; 0]);
        assert!(matches!(&self.outcome, Outcome::Incomplete(text) if text.contains(why)), "{:?}", self.outcome);
        assert!(!self.last_words().contains("Conforms"), "{}", self.console);
    }
}

/// A walk that is cut short, with a target that is given little time.
fn brief() -> campaign::Options {
    campaign::Options {
        cases: 0,
        random: Duration::ZERO,
        walk: SECOND,
        reduce: SECOND,
        whole: 4 * SECOND,
        ids: reference::Options::ids(4),
        ..campaign::Options::default()
    }
}

/// Enough for every obligation.
fn whole() -> campaign::Options {
    campaign::Options { walk: 60 * SECOND, whole: 80 * SECOND, ..brief() }
}

/// As long as a run of the program is when nothing is said about it.
fn long() -> campaign::Options {
    campaign::Options { ids: reference::Options::ids(4), ..campaign::Options::default() }
}

async fn run(target: &Target, options: campaign::Options, limit: Duration) -> Run {
    run_until(target, options, limit, std::future::pending()).await
}

async fn run_until(
    target: &Target,
    options: campaign::Options,
    time_limit: Duration,
    stop: impl Future<Output = ()>,
) -> Run {
    let begun = Instant::now();
    let token = Some(target.token.clone().into());
    let endpoint = EndpointOptions { token, time_limit, ..EndpointOptions::default() };
    let endpoint = Endpoint::new(&target.base, endpoint).unwrap();
    let heading = Heading {
        contract: CONTRACT.name.to_string(),
        target: target.base.clone(),
        seed: options.seed,
        reproduce: String::new(),
    };
    let (mut gate, mut text) = (Gate::new(Level::Must), Vec::new());
    let mut console = Console::new(&CONTRACT, heading, Level::Must, &mut text);
    let (mut findings, mut summary) = (Vec::new(), Summary::default());
    let sink = |event: &Event| {
        gate.on(event).unwrap();
        console.on(event).unwrap();
        match event {
            Event::Finding(finding) => findings.push((**finding).clone()),
            Event::Finished(done) => summary = (**done).clone(),
            _ => {}
        }
        Flow::Continue(())
    };
    let result = campaign::run(Arc::clone(&CONTRACT), Arc::clone(&PLAN), endpoint, options, stop, sink).await;
    let (outcome, took) = (gate.outcome(), begun.elapsed());
    Run { result, findings, summary, outcome, console: String::from_utf8(text).unwrap(), took }
}

#[tokio::test]
async fn silence_from_the_start_is_no_finding() {
    let target = target(|_| Reply::Hang).await;
    let run = run(&target, brief(), SECOND / 4).await;
    assert!(matches!(run.result, Err(RunError::NoAnswer { why: NoAnswer::Timeout(_), .. })), "{:?}", run.result);
    assert!(run.took < 2 * SECOND, "{:?}", run.took);
}

#[tokio::test]
async fn hanging_up_from_the_start_is_no_finding() {
    let target = target(|_| Reply::Close).await;
    let run = run(&target, brief(), SECOND).await;
    assert!(matches!(run.result, Err(RunError::NoAnswer { why: NoAnswer::Closed, .. })), "{:?}", run.result);
    assert!(matches!(run.outcome, Outcome::Incomplete(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_on_which_the_target_hangs_is_found() {
    let target = target(|seen| if seen.has("\"isEnabled\"") { Reply::Hang } else { Reply::Good }).await;
    let run = run(&target, brief(), SECOND / 5).await;
    assert!(run.took < 5 * SECOND, "{:?}", run.took);
    assert_eq!(run.broken(), ["answer/always"], "{}", run.console);
    for finding in &run.findings {
        let body = finding.case.request.body.as_deref().unwrap_or_default();
        assert!(String::from_utf8_lossy(body).contains("isEnabled"), "{}", run.console);
        assert_eq!(finding.confirmed.0, finding.confirmed.1, "{}", run.console);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_that_no_time_is_left_for_is_not_called_flaky() {
    // Hanging uses up all the time there is for finding out more.
    let target = target(|seen| if seen.number > 40 { Reply::Hang } else { say(&answer(204, "", "")) }).await;
    let options = campaign::Options { whole: SECOND, walk: SECOND / 2, ..brief() };
    let run = run(&target, options, SECOND / 3).await;
    assert!(run.took < 3 * SECOND, "{:?}", run.took);
    assert_eq!(run.outcome, Outcome::Findings);
    assert!(!run.console.contains("showed 0 of"), "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_on_which_the_target_hangs_up_is_found_and_made_small() {
    let target = target(|seen| if seen.has("\"displayName\"") { Reply::Close } else { Reply::Good }).await;
    let run = run(&target, brief(), 5 * SECOND).await;
    assert_eq!(run.broken(), ["answer/always"], "{}", run.console);
    let smallest =
        run.findings.iter().filter_map(|finding| finding.case.request.body.as_ref()).min_by_key(|body| body.len());
    let smallest = String::from_utf8_lossy(smallest.unwrap());
    assert!(smallest.contains("\"displayName\"") && smallest.len() < 30, "{smallest}");
    assert!(run.findings.iter().all(|finding| finding.confirmed.0 == finding.confirmed.1), "{}", run.console);
}

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
    let target = target(move |seen| if seen.number == 0 { Reply::Good } else { Reply::Endless(start) }).await;
    let options = campaign::Options { walk: SECOND, whole: 2 * SECOND, concurrency: 4, ..brief() };
    let run = run(&target, options, SECOND).await;
    assert!(run.broken().contains(&"answer/error-object") && run.took < 5 * SECOND, "{:?} {}", run.took, run.console);
    assert!(run.console.len() < 100_000);
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("HTTP/1.1 {status} Because\r\n{headers}{length}\r\n{body}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_always_busy_is_neither_good_nor_bad() {
    for status in [429, 503, 504] {
        let text = answer(status, "Retry-After: 1\r\n", "");
        let target = target(move |_| say(&text)).await;
        let run = run(&target, campaign::Options { walk: SECOND / 2, ..brief() }, SECOND).await;
        run.is_incomplete("say nothing");
        assert_eq!(run.summary.count(Verdict::Fail), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_busy_now_and_then_is_good() {
    let busy = answer(429, "Retry-After: 1\r\n", "");
    let target = target(move |seen| if seen.number % 200 == 199 { say(&busy) } else { Reply::Good }).await;
    let run = run(&target, whole(), 5 * SECOND).await;
    // Whatever was busy was asked again, and nothing was left out for want of time.
    assert_eq!(run.summary.count(Verdict::Inconclusive), 0, "{}", run.console);
    assert!(run.summary.not_run.keys().all(|reason| !reason.contains("--seconds")), "{:?}", run.summary.not_run);
    assert_eq!((run.findings.len(), &run.outcome), (0, &Outcome::Conforms), "{}", run.console);
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
async fn a_slow_target_is_not_called_good_for_what_was_not_sent() {
    let target = target(|_| Reply::Late(SECOND / 5)).await;
    let run = run(&target, campaign::Options { walk: 3 * SECOND / 2, ..brief() }, 2 * SECOND).await;
    run.is_incomplete("not reached in time");
    assert!(run.took < 4 * SECOND, "{:?}", run.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_campaign_ends_at_once_with_what_it_found() {
    // Wrong answers first, silence then: there is something to reduce, and nothing answers.
    let target = target(|seen| if seen.number > 300 { Reply::Hang } else { say(&answer(204, "", "")) }).await;
    let stop = async { tokio::time::sleep(SECOND).await };
    let run = run_until(&target, long(), 10 * SECOND, stop).await;
    assert!(run.took < 3 * SECOND, "{:?}", run.took);
    assert_eq!(run.outcome, Outcome::Findings);
    assert_eq!(run.summary.stopped.as_deref(), Some("interrupted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_dies_is_not_accused() {
    let target = target(|_| Reply::Good).await;
    let stopper = target.task.abort_handle();
    tokio::spawn(async move {
        tokio::time::sleep(SECOND / 2).await;
        stopper.abort();
    });
    let run = run(&target, whole(), SECOND).await;
    run.is_incomplete("the target answers no more");
    assert!(run.took < 3 * SECOND, "{:?}", run.took);
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

/// The arguments of a run of the program against this target.
fn arguments(target: &Target, more: &[&str]) -> Vec<String> {
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
        Command::new(env!("CARGO_BIN_EXE_policy-harness")).args(arguments).output().unwrap()
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

#[tokio::test(flavor = "multi_thread")]
async fn the_program_says_that_its_target_died() {
    let target = target(|_| Reply::Good).await;
    let stopper = target.task.abort_handle();
    tokio::spawn(async move {
        tokio::time::sleep(SECOND).await;
        stopper.abort();
    });
    let arguments = arguments(&target, &["--seconds", "60"]);
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policy-harness"));
        command.args(arguments).stdin(Stdio::null()).output().unwrap()
    })
    .await
    .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{out}{err}");
    assert!(out.contains("\nNot complete: the target answers no more. ") && err.is_empty(), "{out}{err}");
}
