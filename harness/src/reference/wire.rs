//! Connections, with a way past the HTTP library: an answer that is marked is
//! written without its head, so that its body can be bytes that no library
//! would write.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::http::HeaderName;
use axum::serve::Listener;
use memchr::memmem;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Marks an answer whose head is not to be written.
pub(super) const VERBATIM: HeaderName = HeaderName::from_static("x-verbatim");

/// A message that is no proper HTTP, and is made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// The length is that of what came, whatever `Content-Length` says.
    Length,
    /// Of `Content-Length` and `Transfer-Encoding` the length is dropped.
    Transfer,
    /// A header whose name has a space in it is dropped.
    HeaderName,
    /// A chunk is as long as it is, whatever its size says.
    ChunkSize,
}

/// What a server does below HTTP.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tricks {
    /// Marked answers are looked for.
    pub(super) past_http: bool,
    pub(super) mend: Option<Mend>,
    /// The connection after one with a broken header name is dropped.
    pub(super) drops_next: bool,
    /// A connection on which something broken came is closed at once.
    pub(super) hangs_up: bool,
}

/// Hands out connections.
#[derive(Debug)]
pub(super) struct Loopback {
    listener: TcpListener,
    tricks: Tricks,
    /// The next connection is to be dropped.
    is_wounded: Arc<AtomicBool>,
}

impl Loopback {
    pub(super) fn new(listener: TcpListener, tricks: Tricks) -> Self {
        Self { listener, tricks, is_wounded: Arc::default() }
    }
}

impl Listener for Loopback {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (mut stream, mut address) = Listener::accept(&mut self.listener).await;
        while self.is_wounded.swap(false, Ordering::Relaxed) {
            drop(stream);
            (stream, address) = Listener::accept(&mut self.listener).await;
        }
        // Without it answers wait for acknowledgements; with it failing, they are only slower.
        let _ = stream.set_nodelay(true);
        (Connection { stream, tricks: self.tricks, is_wounded: Arc::clone(&self.is_wounded) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    tricks: Tricks,
    is_wounded: Arc<AtomicBool>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let arrived = buffer.filled().get(before..).unwrap_or_default();
        if self.tricks.drops_next && head_lines(arrived).is_some_and(|mut lines| lines.any(has_broken_name)) {
            self.is_wounded.store(true, Ordering::Relaxed);
        }
        if let Some(mended) = self.tricks.mend.and_then(|mend| mend.apply(arrived)) {
            if mended.len() <= buffer.capacity() - before {
                buffer.set_filled(before);
                buffer.put_slice(&mended);
            }
        } else if is_framed_twice(arrived) || self.tricks.hangs_up && is_broken(arrived) {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "no proper HTTP")));
        }
        Poll::Ready(Ok(()))
    }
}

impl Mend {
    /// The message as it would be right; nothing where it is not one of these.
    fn apply(self, message: &[u8]) -> Option<Vec<u8>> {
        let end = memmem::find(message, b"\r\n\r\n")?;
        let (head, body) = (message.get(..end)?, message.get(end + 4..)?);
        let mut lines: Vec<Vec<u8>> =
            head.split(|&byte| byte == b'\n').map(|line| line.trim_ascii_end().to_vec()).collect();
        // A message that ends with its connection is here in one piece.
        if !lines.first()?.ends_with(b" HTTP/1.1") || !lines.iter().any(|line| has_name(line, b"connection")) {
            return None;
        }
        let count = lines.len();
        let mut body = body.to_vec();
        match self {
            Self::Length => {
                let lengths = lines.iter().filter(|line| has_name(line, b"content-length")).count();
                let right = format!("Content-Length: {}", body.len()).into_bytes();
                if lengths == 1 && lines.iter().any(|line| line.eq_ignore_ascii_case(&right)) || lengths == 0 {
                    return None;
                }
                lines.retain(|line| !has_name(line, b"content-length"));
                lines.push(right);
            }
            Self::Transfer if is_framed_twice(message) => lines.retain(|line| !has_name(line, b"content-length")),
            Self::HeaderName => {
                lines.retain(|line| !has_broken_name(line));
                if lines.len() == count {
                    return None;
                }
            }
            Self::ChunkSize if lines.iter().any(|line| has_name(line, b"transfer-encoding")) => {
                let size = memmem::find(&body, b"\r\n")?;
                let data = memmem::find(&body, b"\r\n0\r\n")?.checked_sub(size + 2)?;
                body.splice(..size, format!("{data:x}").into_bytes());
            }
            Self::Transfer | Self::ChunkSize => return None,
        }
        Some([lines.join(&b"\r\n"[..]), b"\r\n\r\n".to_vec(), body].concat())
    }
}

/// The header lines of a request that begins here.
fn head_lines(bytes: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    lines.next()?.ends_with(b" HTTP/1.1").then(|| lines.take_while(|line| !line.is_empty()))
}

/// Whether a name of a header has a space in it (RFC 9112, 5.1).
fn has_broken_name(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    line.contains(&b':') && name.contains(&b' ')
}

/// Whether a request that begins here is one that this server's library refuses
/// by itself.
fn is_broken(bytes: &[u8]) -> bool {
    let Some(lines) = head_lines(bytes) else { return false };
    let lines: Vec<&[u8]> = lines.collect();
    let lengths = lines.iter().filter(|line| has_name(line, b"content-length")).count();
    let is_chunked = lines.iter().any(|line| has_name(line, b"transfer-encoding"));
    let size = memmem::find(bytes, b"\r\n\r\n").and_then(|end| bytes.get(end + 4));
    let is_sized = size.is_none_or(u8::is_ascii_hexdigit);
    lengths > 1 || lines.iter().any(|line| has_broken_name(line)) || is_chunked && !is_sized
}

/// Whether a request that begins here has both Content-Length and
/// Transfer-Encoding (RFC 9112, 6.1). The HTTP library drops the one for the
/// other without a word, so it is looked for here, and the connection closed.
fn is_framed_twice(bytes: &[u8]) -> bool {
    let Some(lines) = head_lines(bytes) else { return false };
    let (mut length, mut transfer) = (false, false);
    for line in lines {
        length |= has_name(line, b"content-length");
        transfer |= has_name(line, b"transfer-encoding");
    }
    length && transfer
}

fn has_name(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) && line.get(name.len()) == Some(&b':')
}

/// Vectored writes are left out, so that a head comes in one piece with the
/// body behind it.
impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let head = if self.tricks.past_http { marked_head(bytes) } else { 0 };
        let rest = bytes.get(head..).unwrap_or_default();
        if rest.is_empty() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
        Poll::Ready(Ok(head + written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Length of the head that `bytes` begin with, where it is marked.
fn marked_head(bytes: &[u8]) -> usize {
    if !bytes.starts_with(b"HTTP/") {
        return 0;
    }
    let length = memmem::find(bytes, b"\r\n\r\n").map_or(0, |at| at + 4);
    let head = bytes.get(..length).unwrap_or_default();
    memmem::find(head, b"\r\nx-verbatim:").map_or(0, |_| length)
}
