//! The bytes of a connection as they come in: lines, counts and chunk sizes
//! taken from them, within bounds.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Answer, NoAnswer};

/// Most bytes of a head, trailers included.
pub(super) const LONGEST_HEAD: usize = 64 << 10;
/// Most headers of an answer: more than common clients take, and a bound all the
/// same.
pub(super) const MOST_HEADERS: usize = 256;
/// Bytes read at one time, at least.
const READ: usize = 8 << 10;
/// How long content behind an answer without content is waited for where the
/// target leaves the connection open.
const PATIENCE: Duration = Duration::from_millis(250);

/// A connection that is read.
pub(super) struct Incoming<R> {
    pub(super) reader: R,
    /// What was read and not yet used.
    pub(super) bytes: Vec<u8>,
    /// When something came last.
    pub(super) last: Instant,
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    /// Reads more; nothing more to read is 0.
    pub(super) async fn fill(&mut self) -> Result<usize, NoAnswer> {
        self.bytes.reserve(READ);
        let count = self.reader.read_buf(&mut self.bytes).await.map_err(|_| NoAnswer::Closed)?;
        if count > 0 {
            self.last = Instant::now();
        }
        Ok(count)
    }

    /// Reads more, which must come.
    pub(super) async fn fill_more(&mut self) -> Result<(), NoAnswer> {
        if self.fill().await? == 0 { Err(NoAnswer::Closed) } else { Ok(()) }
    }

    /// The size of the next chunk, and past its line.
    pub(super) async fn chunk_size(&mut self) -> Result<u64, NoAnswer> {
        loop {
            match httparse::parse_chunk_size(&self.bytes) {
                Ok(httparse::Status::Complete((length, size))) => {
                    self.bytes.drain(..length);
                    return Ok(size);
                }
                Ok(httparse::Status::Partial) if self.bytes.len() < LONGEST_HEAD => self.fill_more().await?,
                _ => return Err(not_http("a chunk size is no number")),
            }
        }
    }

    /// Skips a line; its length without the line end.
    pub(super) async fn line(&mut self) -> Result<usize, NoAnswer> {
        let mut seen = 0;
        loop {
            let fresh = self.bytes.get(seen..).unwrap_or_default();
            if let Some(at) = fresh.iter().position(|&byte| byte == b'\n') {
                let end = seen + at;
                let has_return = end > 0 && self.bytes.get(end - 1) == Some(&b'\r');
                self.bytes.drain(..=end);
                return Ok(end - usize::from(has_return));
            }
            seen = self.bytes.len();
            if seen > LONGEST_HEAD {
                return Err(not_http("a line is longer than 64 KiB"));
            }
            self.fill_more().await?;
        }
    }

    /// Moves exactly `count` bytes to `body`.
    pub(super) async fn take(&mut self, count: usize, body: &mut Vec<u8>) -> Result<(), NoAnswer> {
        let mut missing = count;
        loop {
            let ready = self.bytes.len().min(missing);
            body.extend(self.bytes.drain(..ready));
            missing -= ready;
            if missing == 0 {
                return Ok(());
            }
            self.fill_more().await?;
        }
    }

    /// Counts what else comes until the connection ends or stays silent.
    pub(super) async fn count_rest(&mut self) -> usize {
        let mut count = self.bytes.len();
        while count < Answer::LONGEST {
            self.bytes.clear();
            match tokio::time::timeout(PATIENCE, self.fill()).await {
                Ok(Ok(more)) if more > 0 => count += more,
                _ => break,
            }
        }
        count
    }
}

/// What came is no HTTP, for this reason.
pub(super) fn not_http(what: &str) -> NoAnswer {
    NoAnswer::NotHttp(what.to_owned())
}
