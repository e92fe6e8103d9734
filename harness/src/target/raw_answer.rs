//! Reads one answer from a connection of its own, within bounds: its head, its
//! body as the head frames it, and how much came behind an answer that has no
//! content.

use std::time::Instant;

use tokio::io::AsyncRead;

use super::incoming::{Incoming, LONGEST_HEAD, MOST_HEADERS, not_http};
use super::{Answer, NoAnswer};

/// Enough of a head to see that it is none: `HTTP/1.1`.
const TELLING: usize = 16;

/// Reads the answer to a request of this method; `start` is when it was sent.
pub(super) async fn read<R: AsyncRead + Unpin>(reader: R, method: &str, start: Instant) -> Result<Answer, NoAnswer> {
    let mut incoming = Incoming { reader, bytes: Vec::new(), last: start };
    let head = loop {
        let head = incoming.head().await?;
        // Interim answers; 101 ends the exchange (RFC 9110, 15.2).
        if head.status / 100 != 1 || head.status == 101 {
            break head;
        }
    };
    let has_no_content = method == "HEAD" || matches!(head.status, 101 | 204 | 304);
    let (body, trailing) = if has_no_content {
        (Vec::new(), incoming.count_rest().await)
    } else {
        (incoming.body(head.length()?).await?, 0)
    };
    let elapsed = incoming.last.saturating_duration_since(start);
    Ok(Answer { status: head.status, headers: head.headers, body, trailing, elapsed })
}

struct Head {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
}

/// How a body ends (RFC 9112, 6.3).
enum Length {
    Bytes(usize),
    Chunked,
    UntilClosed,
}

impl Head {
    fn length(&self) -> Result<Length, NoAnswer> {
        let named = |name: &'static str| self.headers.iter().filter(move |(other, _)| other == name);
        if let Some((_, coding)) = named("transfer-encoding").next_back() {
            let last = coding.rsplit(|&byte| byte == b',').next().unwrap_or_default();
            let is_chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            return Ok(if is_chunked { Length::Chunked } else { Length::UntilClosed });
        }
        let mut length = None;
        for (_, value) in named("content-length") {
            let digits = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            let number = digits.and_then(|digits| digits.parse::<usize>().ok());
            let number = number.ok_or_else(|| not_http("Content-Length is no number"))?;
            if length.is_some_and(|other| other != number) {
                return Err(not_http("two values of Content-Length differ"));
            }
            length = Some(number);
        }
        Ok(length.map_or(Length::UntilClosed, Length::Bytes))
    }
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    async fn head(&mut self) -> Result<Head, NoAnswer> {
        let mut seen = 0;
        loop {
            let fresh = self.bytes.get(seen..).unwrap_or_default();
            // A head ends with a line end; parsing at every byte that dribbles
            // in would take time without end.
            let is_telling = fresh.contains(&b'\n') || (seen < TELLING && !fresh.is_empty());
            if let Some((head, length)) = if is_telling { parse_head(&self.bytes)? } else { None } {
                self.bytes.drain(..length);
                return Ok(head);
            }
            seen = self.bytes.len();
            if seen > LONGEST_HEAD {
                return Err(not_http("the head is longer than 64 KiB"));
            }
            self.fill_more().await?;
        }
    }

    async fn body(&mut self, length: Length) -> Result<Vec<u8>, NoAnswer> {
        match length {
            Length::Bytes(count) => {
                let mut body = Vec::new();
                self.take(count.min(Answer::LONGEST), &mut body).await?;
                Ok(body)
            }
            Length::Chunked => self.chunks().await,
            Length::UntilClosed => {
                while self.bytes.len() < Answer::LONGEST && self.fill().await? > 0 {}
                self.bytes.truncate(Answer::LONGEST);
                Ok(std::mem::take(&mut self.bytes))
            }
        }
    }

    async fn chunks(&mut self) -> Result<Vec<u8>, NoAnswer> {
        let mut body = Vec::new();
        loop {
            let size = self.chunk_size().await?;
            if size == 0 {
                self.trailers().await?;
                return Ok(body);
            }
            let room = Answer::LONGEST - body.len();
            let count = usize::try_from(size).unwrap_or(usize::MAX);
            self.take(count.min(room), &mut body).await?;
            if count >= room {
                return Ok(body);
            }
            if self.line().await? != 0 {
                return Err(not_http("a chunk is longer than its size"));
            }
        }
    }

    async fn trailers(&mut self) -> Result<(), NoAnswer> {
        let mut total = 0;
        loop {
            let length = self.line().await?;
            total += length;
            if length == 0 {
                return Ok(());
            }
            if total > LONGEST_HEAD {
                return Err(not_http("the trailers are longer than 64 KiB"));
            }
        }
    }
}

/// The head at the start of `bytes` and its length, once it is whole.
fn parse_head(bytes: &[u8]) -> Result<Option<(Head, usize)>, NoAnswer> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => {
            let status = response.code.ok_or_else(|| not_http("there is no status"))?;
            let headers = response.headers.iter();
            let headers = headers.map(|header| (header.name.to_ascii_lowercase(), header.value.to_vec())).collect();
            Ok(Some((Head { status, headers }, length)))
        }
        Ok(httparse::Status::Partial) => Ok(None),
        Err(error) => Err(not_http(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(bytes: &[u8]) -> Result<Answer, NoAnswer> {
        read(bytes, "POST", Instant::now()).await
    }

    #[tokio::test]
    async fn bodies_end_as_their_head_says() {
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}left",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\nX: y\r\n\r\n",
            "HTTP/1.0 200 OK\n\n{}",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}",
        ] {
            let answer = answer(text.as_bytes()).await.unwrap();
            assert_eq!((answer.status, &*answer.body, answer.trailing), (200, &b"{}"[..], 0), "{text}");
        }
    }

    #[tokio::test]
    async fn content_behind_no_content_is_counted() {
        let found = answer(b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\nAllow: A\r\n\r\nabc").await.unwrap();
        assert_eq!((found.status, found.body.len(), found.trailing), (204, 0, 3));
        assert_eq!(found.header("allow"), Some("A"));
        assert_eq!(answer(b"HTTP/1.1 204 \r\n\r\n").await.unwrap().trailing, 0);
        let head = read(&b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"[..], "HEAD", Instant::now()).await.unwrap();
        assert_eq!(head.body, b"");
    }

    #[tokio::test]
    async fn what_is_not_whole_is_closed() {
        for text in [
            "",
            "HTTP/1.1 20",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        ] {
            assert_eq!(answer(text.as_bytes()).await.unwrap_err(), NoAnswer::Closed, "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_no_http_is_said_to_be_none() {
        let long = format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(70_000));
        for text in [
            "SSH-2.0-x",
            "<html>",
            "HTTP/2 200\r\n\r\n",
            "HTTP/1.1 abc\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
            &long,
        ] {
            assert!(matches!(answer(text.as_bytes()).await, Err(NoAnswer::NotHttp(_))), "{text}");
        }
    }
}
