//! Exchanges with tiny servers that do one thing each.

mod credentials;
mod trouble;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::{Credentials, Endpoint, EndpointOptions, Framing, NoAnswer, Request, Wire};

const TOKEN: &str = "s3cret-token";

/// A server that handles each connection with `handle`, on its own task.
async fn serve<F, Done>(handle: F) -> String
where
    F: Fn(TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handle(stream));
        }
    });
    format!("http://{address}/v1.0/")
}

/// A server that reads something, writes these bytes and closes.
async fn saying(bytes: &'static [u8]) -> Endpoint {
    let base = serve(move |mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        // Closing with something unread would reset the connection.
        while matches!(stream.read(&mut [0; 4096]).await, Ok(count) if count > 0) {}
    })
    .await;
    endpoint(&base)
}

/// A server that hands on what it reads, answers 204 and closes once the
/// message seems whole.
async fn recording() -> (Endpoint, mpsc::UnboundedReceiver<String>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let base = serve(move |mut stream| {
        let sender = sender.clone();
        async move {
            let mut seen = Vec::new();
            let mut part = [0; 4096];
            while let Ok(Ok(count)) = tokio::time::timeout(Duration::from_millis(80), stream.read(&mut part)).await {
                if count == 0 {
                    break;
                }
                seen.extend_from_slice(&part[..count]);
            }
            let _ = sender.send(String::from_utf8_lossy(&seen).into_owned());
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
        }
    })
    .await;
    (endpoint(&base), receiver)
}

fn endpoint(base: &str) -> Endpoint {
    let token = Some(SecretString::from(TOKEN));
    let time_limit = Duration::from_millis(600);
    Endpoint::new(base, EndpointOptions { token, time_limit, ..EndpointOptions::default() }).unwrap()
}

fn request(wire: Wire) -> Request {
    Request {
        method: "POST".into(),
        path: "/assignments/1/assignmentPolicy/$ref?a='b'&c=%2F".replace('\'', "%27"),
        headers: vec![("Content-Type", "application/json".to_owned())],
        credentials: Credentials::Token("bearer"),
        body: Some(b"{\"a\":1}".to_vec()),
        wire,
    }
}

const WIRES: [Wire; 3] = [Wire::Plain, Wire::Chunked, Wire::Raw(Framing::Whole)];

#[tokio::test]
async fn an_answer_is_kept_whole() {
    let endpoint = saying(b"HTTP/1.1 400 Bad Request\r\nAllow: A\r\nX-Y: \xff\r\nContent-Length: 2\r\n\r\n{}").await;
    for wire in WIRES {
        let answer = endpoint.exchange(&request(wire)).await.unwrap();
        assert_eq!((answer.status, &*answer.body, answer.header("allow")), (400, &b"{}"[..], Some("A")));
        assert_eq!(answer.headers[1], ("x-y".to_owned(), b"\xff".to_vec()));
        assert!(answer.elapsed < Duration::from_millis(600));
    }
}

#[tokio::test]
async fn a_request_is_sent_as_it_is() {
    let (endpoint, mut seen) = recording().await;
    let line = "POST /v1.0/assignments/1/assignmentPolicy/$ref?a=%27b%27&c=%2F HTTP/1.1\r\n";
    for wire in WIRES {
        endpoint.exchange(&request(wire)).await.unwrap();
        let sent = seen.recv().await.unwrap();
        let lower = sent.to_ascii_lowercase();
        assert!(sent.starts_with(line), "{sent}");
        assert!(lower.contains("\r\nauthorization: bearer s3cret-token\r\n"), "{sent}");
        assert!(lower.contains("\r\ncontent-type: application/json\r\n"), "{sent}");
        assert_eq!(lower.contains("\r\ncontent-length: 7\r\n"), wire != Wire::Chunked, "{sent}");
        assert_eq!(lower.contains("\r\ntransfer-encoding: chunked\r\n"), wire == Wire::Chunked, "{sent}");
        assert!(!lower.contains("user-agent") && !lower.contains("encoding: gzip"), "{sent}");
    }
    let bare = Request { headers: Vec::new(), credentials: Credentials::Absent, ..request(Wire::Plain) };
    endpoint.exchange(&Request { body: Some(Vec::new()), ..bare.clone() }).await.unwrap();
    let sent = seen.recv().await.unwrap();
    assert!(
        sent.contains("content-length: 0\r\n") && !sent.contains("content-type") && !sent.contains("authorization")
    );
    endpoint.exchange(&Request { body: None, ..bare }).await.unwrap();
    assert!(!seen.recv().await.unwrap().contains("content-length"));
}

#[tokio::test]
async fn a_path_that_would_change_is_not_sent() {
    let (endpoint, mut seen) = recording().await;
    for path in ["/a/../b", "/a/%2e%2e/b", "/a b", "@evil.example/", "//a\\b", "/a#b", "80/"] {
        let request = Request { path: path.to_owned(), ..request(Wire::Plain) };
        assert!(matches!(endpoint.exchange(&request).await, Err(NoAnswer::Unsent(_))), "{path}");
    }
    assert!(seen.try_recv().is_err());
    let raw = Request { path: "/a/../b".to_owned(), ..request(Wire::Raw(Framing::Whole)) };
    endpoint.exchange(&raw).await.unwrap();
    assert!(seen.recv().await.unwrap().starts_with("POST /v1.0/a/../b HTTP/1.1\r\n"));
}

#[tokio::test]
async fn raw_messages_break_what_they_say() {
    let (endpoint, mut seen) = recording().await;
    for (framing, wanted, unwanted) in [
        (Framing::LengthTooSmall, "Content-Length: 3\r\n\r\n{\"a\":1}", "chunked"),
        (Framing::LengthTooLarge, "Content-Length: 23\r\n\r\n{\"a\":1}", "chunked"),
        (Framing::LengthTwice, "Content-Length: 7\r\nContent-Length: 3\r\n\r\n{\"a\":1}", "chunked"),
        (
            Framing::TransferAndLength,
            "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n",
            "size",
        ),
        (Framing::NoHost, "Content-Length: 7\r\n\r\n{\"a\":1}", "Host"),
        (Framing::HeaderName, "X Policy Harness: 1\r\n", "chunked"),
        (Framing::ChunkSize, "Transfer-Encoding: chunked\r\n\r\nsize\r\n{\"a\":1}\r\n0\r\n\r\n", "Content-Length"),
    ] {
        endpoint.exchange(&request(Wire::Raw(framing))).await.unwrap();
        let sent = seen.recv().await.unwrap();
        assert!(sent.contains(wanted) && !sent.contains(unwanted), "{sent}");
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    let base = serve(move |mut stream| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            let mut seen = Vec::new();
            let mut part = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut part).await {
                seen.extend_from_slice(&part[..read]);
                if seen.ends_with(b"{\"a\":1}") {
                    seen.clear();
                    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                }
            }
        }
    })
    .await;
    let endpoint = endpoint(&base);
    for _ in 0..5 {
        assert_eq!(endpoint.clone().exchange(&request(Wire::Plain)).await.unwrap().status, 204);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn curl_lines_hold_no_token() {
    let with = endpoint("http://127.0.0.1:1");
    let line = with.curl(&request(Wire::Plain));
    assert!(line.contains("\"Authorization: bearer $TOKEN\"") && !line.contains(TOKEN), "{line}");
    let without = Endpoint::new("http://127.0.0.1:1", EndpointOptions::default()).unwrap();
    assert!(!without.curl(&request(Wire::Plain)).contains("Authorization"));
}
