//! Connections, with a way past the HTTP library: an answer that is marked is
//! written without its head, so that its body can be bytes that no library
//! would write.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::http::HeaderName;
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Marks an answer whose head is not to be written.
pub(super) const VERBATIM: HeaderName = HeaderName::from_static("x-verbatim");

/// Hands out connections.
#[derive(Debug)]
pub(super) struct Loopback {
    listener: TcpListener,
    past_http: bool,
}

impl Loopback {
    /// `past_http`: whether marked answers are looked for.
    pub(super) fn new(listener: TcpListener, past_http: bool) -> Self {
        Self { listener, past_http }
    }
}

impl Listener for Loopback {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Without it answers wait for acknowledgements; with it failing, they are only slower.
        let _ = stream.set_nodelay(true);
        (Connection { stream, past_http: self.past_http }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    past_http: bool,
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
        if is_framed_twice(arrived) {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "framed twice")));
        }
        Poll::Ready(Ok(()))
    }
}

/// Whether a request that begins here has both Content-Length and
/// Transfer-Encoding (RFC 9112, 6.1). The HTTP library drops the one for the
/// other without a word, so it is looked for here, and the connection closed.
fn is_framed_twice(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    if !lines.next().is_some_and(|line| line.ends_with(b" HTTP/1.1")) {
        return false;
    }
    let (mut length, mut transfer) = (false, false);
    for line in lines.take_while(|line| !line.is_empty()) {
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
        let head = if self.past_http { marked_head(bytes) } else { 0 };
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
    let find = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|window| window == part);
    if !bytes.starts_with(b"HTTP/") {
        return 0;
    }
    let length = find(bytes, b"\r\n\r\n").map_or(0, |at| at + 4);
    let head = bytes.get(..length).unwrap_or_default();
    find(head, b"\r\nx-verbatim:").map_or(0, |_| length)
}
