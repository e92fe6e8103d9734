//! Targets that misbehave, and the bounds that an exchange keeps.

use super::super::*;
use super::{TOKEN, WIRES, endpoint, request, saying, serve};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test]
async fn raw_needs_plain_http() {
    let endpoint = endpoint("https://127.0.0.1:1/");
    assert!(!endpoint.raw_supported());
    let error = endpoint.exchange(&request(Wire::Raw(Framing::Whole))).await.unwrap_err();
    assert!(matches!(error, NoAnswer::Unsent(text) if text.contains("https")));
    assert_eq!(endpoint.exchange(&request(Wire::Plain)).await.unwrap_err(), NoAnswer::Refused);
}

#[tokio::test]
async fn trouble_has_its_name() {
    let truncated: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}";
    let chunk: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}";
    for bytes in [b"", truncated, chunk, b"HTTP/1.1 20"] {
        let endpoint = saying(bytes).await;
        for wire in WIRES {
            let error = endpoint.exchange(&request(wire)).await.unwrap_err();
            assert_eq!(error, NoAnswer::Closed, "{wire:?} {}", String::from_utf8_lossy(bytes));
        }
    }
    let size: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}";
    for bytes in [b"SSH-2.0-OpenSSH\r\n", size, b"\0\0\0\0\x04\0\0\0\0\0\0\0", b"HTTP/1.1 abc\r\n\r\n"] {
        let endpoint = saying(bytes).await;
        for wire in WIRES {
            let error = endpoint.exchange(&request(wire)).await.unwrap_err();
            assert!(matches!(error, NoAnswer::NotHttp(_)), "{wire:?} {error:?} {}", String::from_utf8_lossy(bytes));
            assert!(!format!("{error} {error:?}").contains(TOKEN));
        }
    }
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        endpoint(&format!("http://{}", listener.local_addr().unwrap()))
    };
    for wire in WIRES {
        assert_eq!(nobody.exchange(&request(wire)).await.unwrap_err(), NoAnswer::Refused);
    }
}

#[tokio::test]
async fn the_time_limit_covers_the_body() {
    let silent =
        serve(|mut stream| async move { while matches!(stream.read(&mut [0; 4096]).await, Ok(count) if count > 0) {} });
    let dribbling = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    for base in [silent.await, dribbling.await] {
        let endpoint = endpoint(&base);
        for wire in WIRES {
            let start = Instant::now();
            let error = endpoint.exchange(&request(wire)).await.unwrap_err();
            assert_eq!(error, NoAnswer::Timeout(Duration::from_millis(600)));
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    }
}

#[tokio::test]
async fn an_endless_body_is_left() {
    let base = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    })
    .await;
    let endpoint = Endpoint::new(&base, EndpointOptions::default()).unwrap();
    for wire in WIRES {
        let answer = endpoint.exchange(&request(wire)).await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (400, Answer::LONGEST));
    }
}

#[tokio::test]
async fn redirects_are_answers() {
    let endpoint = saying(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n").await;
    for wire in WIRES {
        assert_eq!(endpoint.exchange(&request(wire)).await.unwrap().status, 302);
    }
}

#[tokio::test]
async fn a_raw_exchange_sees_content_behind_no_content() {
    let closing = saying(b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nnull").await;
    let raw = closing.exchange(&request(Wire::Raw(Framing::Whole))).await.unwrap();
    assert_eq!((raw.status, raw.trailing), (204, 4));
    let plain = closing.exchange(&request(Wire::Plain)).await.unwrap();
    assert_eq!((plain.status, plain.header("content-length")), (204, Some("4")));
    let open = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        let _ = stream.write_all(b"late").await;
        tokio::time::sleep(Duration::from_secs(9)).await;
    });
    let answer = endpoint(&open.await).exchange(&request(Wire::Raw(Framing::Whole))).await.unwrap();
    assert_eq!(answer.trailing, 4);
    assert!(answer.elapsed < Duration::from_millis(250));
}

#[tokio::test]
async fn an_early_answer_counts() {
    let base = serve(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").await;
        tokio::time::sleep(Duration::from_secs(9)).await;
    })
    .await;
    let long = Request { body: Some(vec![b' '; 20 << 20]), ..request(Wire::Raw(Framing::Whole)) };
    assert_eq!(endpoint(&base).exchange(&long).await.unwrap().status, 413);
}
