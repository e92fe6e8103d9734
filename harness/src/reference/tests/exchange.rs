//! Over a connection: starting, stopping, and answers that no HTTP library
//! would write.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Ask, contract, options};
use crate::reference::{Options, Running, start};

async fn running(defects: &[&str]) -> Running {
    start(vec![contract()], options(defects)).await.unwrap()
}

/// What comes back for these bytes until the connection is closed.
async fn exchange(running: &Running, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address(running)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has also ended.
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

fn address(running: &Running) -> String {
    running.base_url().trim_start_matches("http://").trim_end_matches("/v1.0").to_owned()
}

#[tokio::test]
async fn a_server_answers_and_stops() {
    let running = running(&[]).await;
    assert!(running.base_url().starts_with("http://127.0.0.1:") && running.base_url().ends_with("/v1.0"));
    assert_eq!(running.assignments(), Options::default().assignments);
    let answer = exchange(&running, &Ask::add().bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 204 No Content\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(!answer.contains("content-length"), "{answer}");
    let answer = exchange(&running, &Ask::read().bytes()).await;
    assert!(answer.contains(&format!("\"@odata.context\":\"{}/$metadata#", running.base_url())), "{answer}");
    let address = address(&running);
    // An idle connection does not hold the server up.
    let _idle = TcpStream::connect(&address).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), running.stop()).await.expect("to stop");
    assert!(TcpStream::connect(&address).await.is_err());
}

#[tokio::test]
async fn a_dropped_server_stops() {
    let running = running(&[]).await;
    let address = address(&running);
    drop(running);
    for _ in 0..100 {
        if TcpStream::connect(&address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("still listening");
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let first = running(&[]).await;
    let port = address(&first).rsplit_once(':').unwrap().1.parse().unwrap();
    assert!(start(vec![contract()], Options { port, ..Options::default() }).await.is_err());
}

#[tokio::test]
async fn bad_messages_bring_nothing_down() {
    let running = running(&[]).await;
    let good = Ask::add().bytes();
    let text = String::from_utf8(good.clone()).unwrap();
    let cases = [
        text.replace("host: localhost\r\n", ""),
        text.replace("host:", "ho st:"),
        text.replace("content-length: 2\r\n", "content-length: 2\r\ncontent-length: 3\r\n"),
        text.replace("content-length: 2\r\n", "content-length: 2\r\ntransfer-encoding: chunked\r\n"),
        text.replace("content-length: 2\r\n", "transfer-encoding: chunked\r\n").replace("{}", "zz\r\n{}\r\n0\r\n\r\n"),
        text.replace("content-length: 2\r\n", "content-length: 1\r\n"),
        "\u{1}\u{2}\r\n\r\n".to_owned(),
    ];
    for case in cases {
        let answer = exchange(&running, case.as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{case}: {answer}");
    }
    let chunked =
        text.replace("content-length: 2\r\n", "transfer-encoding: chunked\r\n").replace("{}", "2\r\n{}\r\n0\r\n\r\n");
    assert!(exchange(&running, chunked.as_bytes()).await.starts_with("HTTP/1.1 204"));
    let large = exchange(&running, &Ask::add().body(vec![b' '; 3 << 20]).bytes()).await;
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    assert!(exchange(&running, &good).await.starts_with("HTTP/1.1 204"));
}

#[tokio::test]
async fn a_body_that_ends_early() {
    let running = running(&[]).await;
    let bytes = String::from_utf8(Ask::add().bytes()).unwrap().replace("content-length: 2", "content-length: 9");
    let mut stream = TcpStream::connect(address(&running)).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await.expect("an end");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn content_in_a_204() {
    let announced = exchange(&running(&["content-in-204"]).await, &Ask::add().bytes()).await;
    assert!(
        announced.starts_with("HTTP/1.1 204 No Content\r\n") && announced.contains("content-length: 18"),
        "{announced}"
    );
    let behind = exchange(&running(&["content-behind-204"]).await, &Ask::add().bytes()).await;
    assert!(behind.starts_with("HTTP/1.1 204 No Content\r\n"), "{behind}");
    assert!(behind.contains("request-id") && behind.ends_with("\r\n\r\n{\"value\":\"stored\"}"), "{behind}");
    assert!(!behind.contains("x-verbatim"), "{behind}");
}

#[tokio::test]
async fn no_answer_and_no_http() {
    let body = r#"{"displayName":1}"#;
    let closing = running(&["no-answer-to-wrong-json-type", "not-http-on-broken-json"]).await;
    assert_eq!(exchange(&closing, &Ask::add().body(body).bytes()).await, "");
    let other = exchange(&closing, &Ask::add().body("{,}").bytes()).await;
    assert_eq!(other, "220 policies.example.invalid ready\r\n");
    assert!(exchange(&closing, &Ask::add().bytes()).await.starts_with("HTTP/1.1 204"));
}
