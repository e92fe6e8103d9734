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
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
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
