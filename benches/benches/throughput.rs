//! A whole run against a server that does next to nothing, beside `wrk` or `oha` with
//! one fixed body on the same server: what the harness costs. The server and the
//! run have a process each, so that the peak of memory is that of the run alone.
//!
//! Prints requests a second, the ratio of one run, and the peak of memory of a
//! short run and of a long one. Nothing here fails: the figures are for people.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use policy_harness::campaign::{self, Event, Flow, Summary};
use policy_harness::case::{Maker, Plan};
use policy_harness::contract::Contract;
use policy_harness::journal::{RunLine, Writer};
use policy_harness::target::{Credentials, Endpoint, EndpointOptions, Request, Wire};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

const CONNECTIONS: usize = 16;
const ID: &str = "00000001-3a5c-4d1e-9b7f-000000000001";
const PATH: &str = "/v1.0/identityGovernance/entitlementManagement/assignments";
/// Random cases of the run that is compared, and of the long one.
const CASES: u64 = 50_000;
const MANY: u64 = 200_000;
const FEW: u64 = 10_000;
/// Bodies of which the median is taken.
const SAMPLE: u64 = 2_001;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[1..] {
        ["serve"] => serve(),
        ["send", address] => send(address),
        ["run", address, cases] => run(address, cases.parse().expect("a number")),
        _ => compare(),
    }
}

/// A process of this program, and the first line that it prints.
fn start(arguments: &[&str]) -> (Child, String) {
    let program = std::env::current_exe().expect("the program has a path");
    let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn().expect("it can be started");
    let mut line = String::new();
    let out = child.stdout.as_mut().expect("it is piped");
    BufReader::new(out).read_line(&mut line).expect("it prints a line");
    (child, line.trim().to_owned())
}

fn compare() {
    let (mut server, address) = start(&["serve"]);
    let (body, length) = median_body();
    println!(
        "{CONNECTIONS} connections, two processes on {} cores",
        std::thread::available_parallelism().map_or(1, Into::into)
    );
    let fixed =
        wrk(&address, &body).map(|rate| ("wrk", rate)).or_else(|| oha(&address, &body).map(|rate| ("oha", rate)));
    let (_, line) = start(&["send", &address]);
    println!("the harness's own sender with that body, and nothing else: {line}");
    let (_, line) = start(&["run", &address, &CASES.to_string()]);
    println!("run of {CASES} random cases behind the obligations: {line}");
    let rate: f64 = line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
    match fixed {
        Some((tool, fixed)) => {
            println!("{tool} with one body of {length} bytes, the median: {fixed:.0} requests/s");
            println!("ratio of the run to {tool}: {:.2}", rate / fixed);
        }
        None => println!("neither wrk nor oha is installed, so there is nothing to compare with"),
    }
    for cases in [FEW, MANY] {
        let (_, line) = start(&["run", &address, &cases.to_string()]);
        println!("{cases} random cases: {line}");
    }
    let _ = server.kill();
}

/// The body of the median size, and its size.
fn median_body() -> (Vec<u8>, usize) {
    let contract = Contract::named("seed").expect("it is built in");
    let plan = Plan::of(&contract);
    let ids = [ID.to_owned()];
    let mut maker = Maker::new(&contract, &plan, &ids, 1);
    let first = plan.obligations.len() as u64;
    let mut bodies: Vec<Vec<u8>> =
        (first..first + SAMPLE).filter_map(|index| maker.make(index)).map(|case| case.body().to_vec()).collect();
    bodies.sort_by_key(Vec::len);
    let median = bodies.swap_remove(bodies.len() / 2);
    let length = median.len();
    (median, length)
}

fn url(address: &str) -> String {
    format!("http://{address}{PATH}/{ID}/assignmentPolicy/$ref")
}

/// Requests a second of `wrk`, where it is installed.
fn wrk(address: &str, body: &[u8]) -> Option<f64> {
    let folder = std::env::temp_dir().join(format!("policy-harness-wrk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
    let (file, script) = (folder.join("body.json"), folder.join("post.lua"));
    std::fs::write(&file, body).ok()?;
    let lua = format!(
        "local file = io.open({:?}, 'rb')\nwrk.method = 'POST'\nwrk.body = file:read('*a')\nwrk.headers['Content-Type'] = 'application/json'\n",
        file.display().to_string()
    );
    std::fs::write(&script, lua).ok()?;
    let output = Command::new("wrk")
        .args(["-t1", &format!("-c{CONNECTIONS}"), "-d5s", "-s"])
        .arg(&script)
        .arg(url(address))
        .output();
    let _ = std::fs::remove_dir_all(&folder);
    let text = String::from_utf8(output.ok()?.stdout).ok()?;
    text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"))?.trim().parse().ok()
}

/// Requests a second of `oha`, where it is installed.
fn oha(address: &str, body: &[u8]) -> Option<f64> {
    let body = String::from_utf8(body.to_vec()).ok()?;
    let output = Command::new("oha")
        .args(["--no-tui", "-z", "5s", "-c", &CONNECTIONS.to_string(), "-m", "POST", "-d", &body])
        .args(["-T", "application/json", &url(address)])
        .output();
    let text = String::from_utf8(output.ok()?.stdout).ok()?;
    text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"))?.trim().parse().ok()
}

/// Sends the one body as often as it can; prints requests a second.
fn send(address: &str) {
    let (body, _) = median_body();
    let endpoint = endpoint(address);
    let request = Request {
        method: "POST".into(),
        path: format!("{}/{ID}/assignmentPolicy/$ref", PATH.trim_start_matches("/v1.0")),
        headers: vec![("content-type", "application/json".to_owned())],
        credentials: Credentials::Token("Bearer"),
        body: Some(body),
        wire: Wire::Plain,
    };
    let runtime = Runtime::new().expect("threads can be started");
    let begun = std::time::Instant::now();
    let count: u64 = runtime.block_on(async {
        let mut senders = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (endpoint, request) = (endpoint.clone(), request.clone());
            senders.spawn(async move {
                let mut count = 0;
                while begun.elapsed() < Duration::from_secs(5) {
                    count += u64::from(endpoint.exchange(&request).await.is_ok());
                }
                count
            });
        }
        senders.join_all().await.into_iter().sum()
    });
    println!("{:.0} requests/s", count as f64 / begun.elapsed().as_secs_f64());
}

fn endpoint(address: &str) -> Endpoint {
    let options =
        EndpointOptions { connections: CONNECTIONS, token: Some("token".into()), ..EndpointOptions::default() };
    Endpoint::new(&format!("http://{address}/v1.0"), options).expect("it is on this machine")
}

/// Runs a campaign; prints requests a second, and what it took.
fn run(address: &str, cases: u64) {
    let contract = Arc::new(Contract::named("seed").expect("it is built in"));
    let plan = Arc::new(Plan::of(&contract));
    let endpoint = endpoint(address);
    let day = Duration::from_secs(86_400);
    let options = campaign::Options {
        cases,
        ids: vec![ID.to_owned()],
        concurrency: CONNECTIONS,
        random: day,
        walk: day,
        whole: day,
        // A server that does nothing breaks every rule; that is not what is measured.
        reduce: Duration::ZERO,
        ..campaign::Options::default()
    };
    let mut summary = Summary::default();
    let folder = std::env::temp_dir().join(format!("policy-harness-throughput-{}", std::process::id()));
    let line = RunLine {
        journal: 1,
        version: String::new(),
        run: String::new(),
        seed: 1,
        arguments: Vec::new(),
        rules: Vec::new(),
    };
    let mut journal = Writer::create(&folder.join("run.journal"), line).expect("the folder can be written");
    let told = Arc::clone(&contract);
    let redactor = endpoint.redactor().clone();
    let sink = |event: &Event| {
        journal.on(&told, &redactor, event).expect("the disk has room");
        if let Event::Finished(finished) = event {
            summary = (**finished).clone();
        }
        Flow::Continue(())
    };
    let runtime = Runtime::new().expect("threads can be started");
    let run = campaign::run(contract, plan, endpoint, options, std::future::pending(), sink);
    runtime.block_on(run).expect("the server is there");
    drop(journal);
    let _ = std::fs::remove_dir_all(folder);
    let seconds = summary.elapsed.as_secs_f64();
    println!(
        "{:.0} requests/s ({:.0} cases/s), peak of memory {} MiB",
        summary.requests as f64 / seconds,
        summary.cases() as f64 / seconds,
        peak() / 1024
    );
}

/// The most memory that this process had, in KiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Answers 204 to everything, on a port that it prints.
fn serve() {
    let runtime = Runtime::new().expect("threads can be started");
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port is free");
        println!("{}", listener.local_addr().expect("it has one"));
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            tokio::spawn(answer(stream));
        }
    });
}

async fn answer(mut stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let mut bytes = Vec::with_capacity(64 << 10);
    while let Ok(1..) = stream.read_buf(&mut bytes).await {
        while let Some(length) = whole(&bytes) {
            let is_last = has(&bytes[..length], b"connection: close");
            bytes.drain(..length);
            if stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.is_err() || is_last {
                return;
            }
        }
    }
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

/// The length of the first request, once it is there.
fn whole(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = bytes[..head].to_ascii_lowercase();
    let value = |name: &[u8]| {
        let at = text.windows(name.len()).position(|window| window == name)? + name.len();
        let rest = text[at..].split(|&byte| byte == b'\r').next()?;
        std::str::from_utf8(rest).ok().map(str::trim)
    };
    if value(b"\r\ntransfer-encoding:") == Some("chunked") {
        // Chunks that are no chunks have no end that could be found.
        return (bytes.len() > head && bytes.ends_with(b"\r\n")).then_some(bytes.len());
    }
    let length: usize = value(b"\r\ncontent-length:").and_then(|value| value.parse().ok()).unwrap_or(0);
    (bytes.len() >= head + length).then_some(head + length)
}
