//! The writer for messages that no HTTP library sends: lengths that are wrong,
//! a head without `Host`, a chunk size that is no number. One message, one
//! connection, no TLS.

use std::convert::Infallible;
use std::time::Instant;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::WriteHalf;

use super::{Answer, Endpoint, Framing, NoAnswer, Request, library, raw_answer};

/// Bytes that a `Content-Length` promises and nobody sends.
const MISSING: usize = 16;

/// One exchange on a connection of its own; the caller limits its time.
pub(super) async fn exchange(endpoint: &Endpoint, request: &Request, framing: Framing) -> Result<Answer, NoAnswer> {
    if !endpoint.raw_supported() {
        return Err(NoAnswer::Unsent("a message is sent byte by byte over http:// only, not over https://".to_owned()));
    }
    let message = message(endpoint, request, framing)?;
    let mut stream = connect(endpoint).await?;
    let start = Instant::now();
    let (reader, mut writer) = stream.split();
    // A target may answer, and close, before it has read everything: what it
    // said then counts, not that writing failed.
    tokio::select! {
        answer = raw_answer::read(reader, &request.method, start) => answer,
        never = send(&mut writer, &message, framing) => match never {},
    }
}

async fn connect(endpoint: &Endpoint) -> Result<TcpStream, NoAnswer> {
    let (host, port) = endpoint.address().ok_or_else(|| NoAnswer::Transport("the target names no host".to_owned()))?;
    let stream = TcpStream::connect((host, port)).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => NoAnswer::Refused,
        kind if library::is_closing(kind) => NoAnswer::Closed,
        _ => NoAnswer::Transport(error.to_string()),
    })?;
    // Without it the message still arrives, only later.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Writes the message and then waits for ever.
async fn send(writer: &mut WriteHalf<'_>, message: &[u8], framing: Framing) -> Infallible {
    if writer.write_all(message).await.is_ok() && framing == Framing::LengthTooLarge {
        // The target learns that the rest will not come.
        let _ = writer.shutdown().await;
    }
    std::future::pending().await
}

/// The bytes of a request.
fn message(endpoint: &Endpoint, request: &Request, framing: Framing) -> Result<Vec<u8>, NoAnswer> {
    let target = endpoint.request_target(&request.path);
    if target.bytes().any(|byte| byte <= b' ' || byte == 0x7f) || !target.starts_with('/') {
        return Err(NoAnswer::Unsent(format!("{target:?} cannot stand in a request line")));
    }
    let mut message = Vec::with_capacity(512 + request.body.as_ref().map_or(0, Vec::len));
    line(&mut message, &[request.method.as_bytes(), b" ", target.as_bytes(), b" HTTP/1.1"]);
    if framing != Framing::NoHost {
        line(&mut message, &[b"Host: ", endpoint.authority().as_bytes()]);
    }
    if let Some(value) = endpoint.authorization(&request.credentials) {
        line(&mut message, &[b"Authorization: ", value.as_bytes()]);
    }
    for (name, value) in endpoint.headers().iter().filter_map(super::OwnHeader::sent) {
        line(&mut message, &[name.as_str().as_bytes(), b": ", value.as_bytes()]);
    }
    for (name, value) in &request.headers {
        if value.contains(['\r', '\n']) {
            return Err(NoAnswer::Unsent(format!("the header {name:?} has a line end in its value")));
        }
        line(&mut message, &[name.as_bytes(), b": ", value.as_bytes()]);
    }
    if framing == Framing::HeaderName {
        line(&mut message, &[b"X Policy Harness: 1"]);
    }
    line(&mut message, &[b"Connection: close"]);
    frame(&mut message, request.body.as_deref(), framing);
    Ok(message)
}

/// The headers that say how long the body is, the end of the head, and the body.
fn frame(message: &mut Vec<u8>, body: Option<&[u8]>, framing: Framing) {
    let sent = body.unwrap_or_default();
    let mut lengths = |values: &[usize]| {
        for value in values {
            line(message, &[b"Content-Length: ", value.to_string().as_bytes()]);
        }
    };
    match framing {
        Framing::Whole | Framing::NoHost | Framing::HeaderName => lengths(body.map(<[u8]>::len).as_slice()),
        // Half of it: an object cut there is no object, whatever white space ends it.
        Framing::LengthTooSmall => lengths(&[sent.len() / 2]),
        Framing::LengthTooLarge => lengths(&[sent.len() + MISSING]),
        // Neither is larger than the body: a target that believes one of them
        // can answer at once.
        Framing::LengthTwice if sent.is_empty() => lengths(&[0, 1]),
        Framing::LengthTwice => lengths(&[sent.len(), sent.len() / 2]),
        Framing::TransferAndLength => lengths(&[sent.len()]),
        Framing::ChunkSize => {}
    }
    let size = match framing {
        Framing::ChunkSize => Some("size".to_owned()),
        Framing::TransferAndLength => Some(format!("{:x}", sent.len())),
        _ => None,
    };
    let Some(size) = size else {
        line(message, &[]);
        message.extend_from_slice(sent);
        return;
    };
    line(message, &[b"Transfer-Encoding: chunked\r\n"]);
    // A chunk of no bytes would be the last one.
    if !sent.is_empty() || framing == Framing::ChunkSize {
        line(message, &[size.as_bytes()]);
        line(message, &[sent]);
    }
    line(message, &[b"0\r\n"]);
}

fn line(message: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        message.extend_from_slice(part);
    }
    message.extend_from_slice(b"\r\n");
}
