//! The bodies of a source: one JSON text, one a line (NDJSON), or those of the
//! requests of an `.http` file. Lines are read one by one, so that a source may be
//! larger than the memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use super::http_file::{self, Request};
use super::sources::{Source, ending};
use crate::json::{Layout, Limits, Tree, read_within};

/// Bytes of one body: a device or a pipe may have no end.
const MOST: usize = 512 << 20;
/// Values of a first line that are looked at, to see whether it is a body.
const GLANCE: Limits = Limits { depth: 1_000, values: 1 << 20 };

/// A body, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Body<'b> {
    /// Name of the source.
    pub(in crate::cli) source: &'b str,
    pub(in crate::cli) bytes: &'b [u8],
    /// Where it begins in its source: byte, and line from 1 on.
    pub(super) offset: usize,
    pub(in crate::cli) line: usize,
    /// The source has others beside it, or may have.
    pub(in crate::cli) is_one_of_many: bool,
    /// The request that it is sent with, where that is known.
    pub(in crate::cli) request: Option<&'b Request>,
}

/// Hands every body of a source to `each`, which may stop.
pub(in crate::cli) fn bodies(source: &Source, each: &mut dyn FnMut(Body<'_>) -> io::Result<()>) -> io::Result<()> {
    let name = source.name();
    match source {
        Source::Input => sniffed(&name, &mut BufReader::new(io::stdin().lock()), each),
        Source::File(path) => {
            let file = File::open(path)?;
            // Opening a folder succeeds; reading it does not, and says less.
            if file.metadata()?.is_dir() {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
            }
            let mut reader = BufReader::with_capacity(1 << 16, file);
            match ending(path).as_deref() {
                Some("ndjson" | "jsonl") => lines(&name, &mut reader, Vec::new(), each),
                Some("http" | "rest") => requests(&name, &mut reader, each),
                _ => sniffed(&name, &mut reader, each),
            }
        }
    }
}

/// One body, or one a line where the first line is whole and others follow.
fn sniffed(name: &str, reader: &mut dyn BufRead, each: &mut dyn FnMut(Body<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    let mut reader = reader;
    read_line(&mut reader, &mut text)?;
    let is_followed = !text.trim_ascii().is_empty() && is_text_left(reader, &mut text)?;
    let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii();
    if is_followed && read_within(first, &mut Tree::new(), Layout::Drop, GLANCE).is_ok() {
        return lines(name, reader, text, each);
    }
    read_rest(&mut reader, &mut text)?;
    each(Body { source: name, bytes: &text, offset: 0, line: 1, is_one_of_many: false, request: None })
}

/// Reads a line, and says how many bytes it has.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    let read = reader.by_ref().take(MOST as u64).read_until(b'\n', line)?;
    if read < MOST { Ok(read) } else { Err(too_long()) }
}

/// Reads all that is left.
fn read_rest(reader: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<()> {
    reader.by_ref().take(MOST as u64).read_to_end(text)?;
    if text.len() < MOST { Ok(()) } else { Err(too_long()) }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("a body is longer than {} MiB", MOST >> 20))
}

/// Whether anything but white space follows; white space is passed over.
fn is_text_left(reader: &mut dyn BufRead, passed: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let is_found = blank < buffer.len();
        passed.extend_from_slice(&buffer[..blank]);
        reader.consume(blank);
        if is_found {
            return Ok(true);
        }
    }
}

/// A body a line; `begun` was read already.
fn lines(
    name: &str,
    reader: &mut dyn BufRead,
    begun: Vec<u8>,
    each: &mut dyn FnMut(Body<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = io::Cursor::new(begun).chain(reader);
    let (mut buffer, mut offset) = (Vec::new(), 0);
    for line in 1.. {
        buffer.clear();
        let read = read_line(&mut reader, &mut buffer)?;
        if read == 0 {
            break;
        }
        let bytes = buffer.strip_suffix(b"\n").unwrap_or(&buffer);
        if !bytes.trim_ascii().is_empty() {
            each(Body { source: name, bytes, offset, line, is_one_of_many: true, request: None })?;
        }
        offset += read;
    }
    Ok(())
}

/// The bodies of the requests of an `.http` file.
fn requests(name: &str, reader: &mut dyn BufRead, each: &mut dyn FnMut(Body<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    read_rest(&mut &mut *reader, &mut text)?;
    let requests = http_file::requests(&text);
    if requests.is_empty() {
        let why = "there is no request in it; one begins with a method and a URL, in UTF-8";
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    for request in requests {
        let bytes = text.get(request.body.clone()).unwrap_or_default();
        let (offset, line) = (request.body.start, request.body_line);
        each(Body { source: name, bytes, offset, line, is_one_of_many: true, request: Some(&request) })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, usize, usize)> {
        let mut told = Vec::new();
        let mut each = |body: Body<'_>| {
            told.push((String::from_utf8_lossy(body.bytes).into_owned(), body.offset, body.line));
            Ok(())
        };
        sniffed("x", &mut text.as_bytes(), &mut each).unwrap();
        told
    }

    #[test]
    fn a_text_is_one_body_unless_its_first_line_is_one_and_others_follow() {
        let one = |text: &str| vec![(text.to_owned(), 0, 1)];
        for text in ["", "{}", "{}\n", "{}\n \n", "{\n}\n", "{\"a\":\n1}\n{}", "nothing\n{}"] {
            assert_eq!(told(text), one(text), "{text:?}");
        }
        let expected = [("{}".to_owned(), 0, 1), ("{\"a\":1}".to_owned(), 5, 4), ("[".to_owned(), 13, 5)];
        assert_eq!(told("{}\n\n\n{\"a\":1}\n["), expected);
        assert_eq!(told("{}\n\n\n{\"a\":1}\n[")[2].0, "[");
    }
}
