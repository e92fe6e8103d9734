//! What a campaign leaves behind however it ends, and how short the sequences are
//! that it shows.

#![cfg(all(feature = "target", feature = "reference"))]

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use policy_harness::campaign::{self, Event, Finding, Flow, RunError, Summary};
use policy_harness::case::Plan;
use policy_harness::contract::{Contract, OperationKind};
use policy_harness::ledger::Ledger;
use policy_harness::reference::{self, Options, Running, defect, variant};
use policy_harness::target::{Credentials, Endpoint, EndpointOptions, Request, Wire};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A server and how it is asked.
struct Subject {
    server: Running,
    endpoint: Endpoint,
    contract: Arc<Contract>,
}

impl Subject {
    async fn start(contract: &str, options: Options) -> Self {
        let contract = Contract::named(contract).unwrap();
        let contract = if contract.creates() { contract.with_known(&options.packages) } else { contract };
        let contract = Arc::new(contract);
        let token = Some(options.token.clone().into());
        let server = reference::start(vec![Arc::clone(&contract)], options).await.unwrap();
        let endpoint = EndpointOptions { token, ..EndpointOptions::default() };
        let endpoint = Endpoint::new(&server.base_url(), endpoint).unwrap();
        Self { server, endpoint, contract }
    }

    fn options(&self, cases: u64) -> campaign::Options {
        let ids = if self.contract.creates() { Vec::new() } else { self.server.assignments().to_vec() };
        let ledger = Arc::new(Ledger::in_memory("ph-00c0ffee"));
        campaign::Options { ids, cases, ledger, ..campaign::Options::default() }
    }

    async fn run(
        &self,
        options: campaign::Options,
        stop: impl Future<Output = ()>,
        mut sink: impl FnMut(&Event),
    ) -> Result<(), RunError> {
        let plan = Arc::new(Plan::of(&self.contract));
        let sink = |event: &Event| {
            sink(event);
            Flow::Continue(())
        };
        campaign::run(Arc::clone(&self.contract), plan, self.endpoint.clone(), options, stop, sink).await
    }

    /// A request of an operation.
    async fn ask(&self, kind: OperationKind, id: &str, body: Option<&str>) -> (u16, Value) {
        let operation = &self.contract.operations[self.contract.operation(kind).unwrap()];
        let request = Request {
            method: operation.method.clone(),
            path: operation.path_for(id),
            headers: body.map(|_| ("content-type", "application/json".to_owned())).into_iter().collect(),
            credentials: Credentials::Token("Bearer"),
            body: body.map(|body| body.as_bytes().to_vec()),
            wire: Wire::Plain,
        };
        let answer = self.endpoint.exchange(&request).await.unwrap();
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    async fn policies(&self) -> usize {
        let (status, list) = self.ask(OperationKind::List, "", None).await;
        assert_eq!(status, 200);
        list["value"].as_array().unwrap().len()
    }
}

#[tokio::test]
async fn what_was_there_before_is_there_after_a_run() {
    let subject = Subject::start("v1.0", Options::default()).await;
    let package = Options::package_ids(1).remove(0);
    let body = format!(r#"{{"displayName":"of somebody else","accessPackage":{{"id":"{package}"}}}}"#);
    let (status, made) = subject.ask(OperationKind::Create, "", Some(&body)).await;
    assert_eq!(status, 201);
    let mut summary = Summary::default();
    let sink = |event: &Event| {
        if let Event::Finished(done) = event {
            summary = (**done).clone();
        }
    };
    subject.run(subject.options(500), std::future::pending(), sink).await.unwrap();
    assert!(summary.left.is_nothing() && !summary.left.unlisted, "{:?}", summary.left);
    let id = made["id"].as_str().unwrap();
    assert_eq!(subject.ask(OperationKind::Read, id, None).await, (200, made.clone()));
    assert_eq!(subject.policies().await, 1);
}

#[tokio::test]
async fn a_run_that_is_stopped_leaves_nothing() {
    let subject = Subject::start("v1.0", Options { variant: variant("slow"), ..Options::default() }).await;
    let stop = tokio::time::sleep(Duration::from_millis(400));
    subject.run(subject.options(500), stop, |_| ()).await.unwrap();
    assert_eq!(subject.policies().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_panics_leaves_nothing() {
    let subject = Subject::start("v1.0", Options { variant: variant("slow"), ..Options::default() }).await;
    let seen = AtomicU64::new(0);
    let sink = |_: &Event| assert!(seen.fetch_add(1, Ordering::Relaxed) < 300, "enough was seen");
    let run = subject.run(subject.options(500), std::future::pending(), sink);
    let panic = AssertUnwindSafe(run).catch_unwind().await.unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"enough was seen"));
    assert_eq!(subject.policies().await, 0);
}

#[tokio::test]
async fn the_policy_of_an_assignment_is_put_back() {
    let subject = Subject::start("seed", Options::default()).await;
    let ids = subject.server.assignments().to_vec();
    let body = r#"{"displayName":"of somebody else","expiration":{"type":"afterDuration","duration":"P30D"}}"#;
    assert_eq!(subject.ask(OperationKind::Add, &ids[0], Some(body)).await.0, 204);
    let before = subject.ask(OperationKind::Read, &ids[0], None).await;
    let mut summary = Summary::default();
    let sink = |event: &Event| {
        if let Event::Finished(done) = event {
            summary = (**done).clone();
        }
    };
    subject.run(subject.options(200), std::future::pending(), sink).await.unwrap();
    assert!(summary.left.is_nothing(), "{:?}", summary.left);
    let (status, mut after) = subject.ask(OperationKind::Read, &ids[0], None).await;
    // Only when it was written last is another.
    after["modifiedDateTime"] = before.1["modifiedDateTime"].clone();
    assert_eq!((status, after), before);
}

/// What cannot be read could not be put back.
#[tokio::test]
async fn what_cannot_be_read_is_not_overwritten() {
    let subject = Subject::start("seed", Options { variant: variant("no-read"), ..Options::default() }).await;
    let options = campaign::Options { overwrite: false, ..subject.options(0) };
    let refused = subject.run(options, std::future::pending(), |_| ()).await.unwrap_err();
    assert!(matches!(refused, RunError::NotReadable { .. }), "{refused}");
    assert!(refused.to_string().contains(&subject.server.assignments()[0]));
}

/// A target that answers everything with this, and the paths that it was asked for.
async fn answering(status: &'static str, headers: String, body: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let paths = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&paths);
    let answer =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let answer = Arc::new(answer.replace("ADDRESS", &address.to_string()));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
            tokio::spawn(async move {
                let mut bytes = vec![0; 64 * 1024];
                let length = stream.read(&mut bytes).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&bytes[..length]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                // A connection that is given up again asks for nothing.
                if length > 0 {
                    seen.lock().unwrap().push(path);
                }
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (format!("http://{address}/v1.0"), paths)
}

/// Whatever a target says of ids and lists, a run comes to its end, asks for
/// nothing outside of the collection, and follows no list elsewhere.
#[tokio::test]
async fn odd_answers_lead_nowhere() {
    let list = |link: &str| format!(r#"{{"id":"7","value":[{{"id":"7"}}],"@odata.nextLink":"{link}"}}"#);
    let path = "/v1.0/identityGovernance/entitlementManagement/assignmentPolicies";
    let location = "Location: http://ADDRESS/v1.0/x/7\r\n";
    for (headers, body) in [
        (location, r#"{"id":"../../../secrets"}"#.to_owned()),
        (location, r#"{"id":".."}"#.to_owned()),
        (location, r#"{"id":"a b\r\nX: y?z#"}"#.to_owned()),
        ("", r#"{"id":null}"#.to_owned()),
        ("Location: http://elsewhere.invalid/v1.0/../../a\r\n", "{}".to_owned()),
        (location, "[".repeat(100_000)),
        (location, list("http://elsewhere.invalid/v1.0/more")),
        (location, list(&format!("http://ADDRESS{path}?$skiptoken=1"))),
        (location, list("//elsewhere.invalid/v1.0")),
        (location, "{".to_owned()),
    ] {
        let (base, paths) = answering("201 Created", headers.to_owned(), body.clone()).await;
        let contract = Arc::new(Contract::named("v1.0").unwrap());
        let plan = Arc::new(Plan::of(&contract));
        let endpoint = Endpoint::new(&base, EndpointOptions::default()).unwrap();
        let brief = Duration::from_millis(300);
        let ledger = Arc::new(Ledger::in_memory("ph-00c0ffee"));
        let options = campaign::Options {
            cases: 0,
            walk: brief,
            random: brief,
            reduce: brief,
            whole: 2 * brief,
            ledger,
            ..campaign::Options::default()
        };
        let run = campaign::run(contract, plan, endpoint, options, std::future::pending(), |_| Flow::Continue(()));
        tokio::time::timeout(Duration::from_secs(20), run).await.expect(&body).unwrap();
        let paths = paths.lock().unwrap();
        let strays =
            paths.iter().filter(|asked| !asked.starts_with(path) || asked.contains("/../") || asked.ends_with("/.."));
        assert_eq!(strays.collect::<Vec<_>>(), [""; 0], "{body}");
    }
}

/// The findings at a server with this defect.
async fn findings(id: &str) -> Vec<(String, Finding)> {
    let defects = vec![defect(id).unwrap()];
    let subject = Subject::start("v1.0", Options { defects, ..Options::default() }).await;
    let mut findings = Vec::new();
    let contract = Arc::clone(&subject.contract);
    let sink = |event: &Event| {
        if let Event::Finding(finding) = event {
            findings.push((contract.rule(finding.rule).id.to_string(), (**finding).clone()));
        }
    };
    subject.run(subject.options(300), std::future::pending(), sink).await.unwrap();
    findings
}

#[tokio::test]
async fn the_shortest_sequence_is_shown() {
    for (id, rule, steps) in [
        ("delete-does-nothing", "state/deleted", ["created", "deleted", "read"].as_slice()),
        ("lists-no-replaced", "state/listed", &["created", "replaced", "all are listed"]),
        ("deletes-again", "state/deleted-once", &["created", "deleted", "deleted"]),
        ("put-creates", "state/creates-nothing", &["replaced, though it was never created"]),
    ] {
        let findings = findings(id).await;
        let (_, finding) = findings.iter().find(|(found, _)| found == rule).unwrap_or_else(|| panic!("{findings:?}"));
        assert_eq!(finding.confirmed.0, finding.confirmed.1, "{}", finding.curl);
        let told: Vec<&str> = finding
            .curl
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.split_once(". "))
            .map(|(_, what)| what)
            .collect();
        // One request needs no number.
        let told = if told.is_empty() { &steps[..1] } else { &told[..] };
        assert_eq!(told, steps, "{}", finding.curl);
        // Nothing is in the policies that is not needed.
        let longest = finding.curl.lines().map(str::len).max().unwrap_or_default();
        assert!(longest < 500, "{}", finding.curl);
    }
}
