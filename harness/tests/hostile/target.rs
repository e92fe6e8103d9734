//! A target that stands in front of the reference server and does its one bad thing
//! there, so that every other answer is a good one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use policy_harness::reference;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::run::CONTRACT;

/// A request as a target sees it.
pub(crate) struct Seen<'r> {
    /// How many came before it, on all connections.
    pub(crate) number: usize,
    pub(crate) head: &'r str,
    pub(crate) body: &'r [u8],
}

impl Seen<'_> {
    pub(crate) fn has(&self, part: &str) -> bool {
        self.body.windows(part.len()).any(|window| window == part.as_bytes())
    }
}

/// What a target does about a request.
pub(crate) enum Reply {
    /// What the reference server does.
    Good,
    Say(Vec<u8>),
    /// What the reference server does, this much later.
    Late(Duration),
    /// This, and then more and more of the other until the other side has enough.
    Endless(&'static str, &'static str),
    /// This, and then a byte of the other now and then.
    Drip(&'static str, &'static str),
    /// This, and then nothing more.
    Stop(Vec<u8>),
    Close,
    Hang,
}

pub(crate) fn say(text: &str) -> Reply {
    Reply::Say(text.as_bytes().to_vec())
}

/// A target that listens until this is dropped.
pub(crate) struct Target {
    pub(crate) base: String,
    pub(crate) token: String,
    pub(crate) requests: Arc<AtomicUsize>,
    pub(crate) task: JoinHandle<()>,
    _reference: reference::Running,
}

impl Drop for Target {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn target(reply: impl Fn(&Seen<'_>) -> Reply + Send + Sync + 'static) -> Target {
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
            Reply::Endless(start, more) => {
                stream.write_all(start.as_bytes()).await.ok()?;
                let more = more.repeat((1 << 14) / more.len());
                while stream.write_all(more.as_bytes()).await.is_ok() {}
                return None;
            }
            Reply::Drip(start, more) => {
                stream.write_all(start.as_bytes()).await.ok()?;
                for byte in more.bytes().cycle() {
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    stream.write_all(&[byte]).await.ok()?;
                }
            }
            Reply::Stop(text) => {
                stream.write_all(&text).await.ok()?;
                // Closing with something unread would reset the connection.
                stream.shutdown().await.ok()?;
                tokio::time::sleep(Duration::from_millis(50)).await;
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

pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("HTTP/1.1 {status} Because\r\n{headers}{length}\r\n{body}")
}
