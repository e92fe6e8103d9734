//! `.http` files, as editors send them: requests apart from each other by a line that
//! begins with `###`, each a line with method and URL, headers, an empty line, and a
//! body. Variables (`{{name}}`) stay as they are; what headers hold is never shown.

use std::ops::Range;

/// A request of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    /// Method and URL as they are shown: a query may hold what nobody else should
    /// see.
    pub(super) first_line: String,
    /// Where its first line stands: bytes, and line from 1 on.
    pub(super) head: Range<usize>,
    pub(super) head_line: usize,
    /// The bytes of its body; none are between two requests.
    pub(super) body: Range<usize>,
    pub(super) body_line: usize,
}

impl Request {
    /// Whether its method is one that sends a body.
    pub(super) fn sends_body(&self) -> bool {
        matches!(&*self.method, "POST" | "PUT" | "PATCH")
    }
}

/// Methods that begin a request.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Part of a request in which a line stands.
enum Part {
    Before,
    Headers,
    Body,
}

/// The requests of a file, those without a body too.
pub(super) fn requests(text: &[u8]) -> Vec<Request> {
    let mut requests: Vec<Request> = Vec::new();
    let mut part = Part::Before;
    // A byte order mark is no part of the first line.
    let mut offset = if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    for (number, line) in (1..).zip(text[offset..].split_inclusive(|&byte| byte == b'\n')) {
        let (start, end) = (offset, offset + line.len());
        offset = end;
        let trimmed = line.trim_ascii();
        if line.starts_with(b"###") {
            part = Part::Before;
            continue;
        }
        match (&part, requests.last_mut()) {
            (Part::Before, _) => {
                if let Some((method, url)) = first_line(trimmed) {
                    let head = start..start + line.trim_ascii_end().len();
                    let body = end..end;
                    let first_line = format!("{method} {}", url.split('?').next().unwrap_or_default());
                    requests.push(Request {
                        method,
                        url,
                        first_line,
                        head,
                        head_line: number,
                        body,
                        body_line: number + 1,
                    });
                    part = Part::Headers;
                }
            }
            (Part::Headers, Some(request)) if trimmed.is_empty() => {
                (request.body, request.body_line) = (end..end, number + 1);
                part = Part::Body;
            }
            // White space before and after a body is no part of it.
            (Part::Body, Some(request)) if !trimmed.is_empty() => {
                if request.body.is_empty() {
                    (request.body.start, request.body_line) = (start, number);
                }
                request.body.end = end;
            }
            _ => {}
        }
    }
    requests
}

/// `POST https://… HTTP/1.1`; comments and variables are none.
fn first_line(line: &[u8]) -> Option<(String, String)> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace();
    let method = words.next()?;
    if method.contains("://") || method.starts_with('/') {
        return Some(("GET".to_owned(), method.to_owned()));
    }
    let url = words.next().filter(|_| METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)))?;
    Some((method.to_ascii_uppercase(), url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart() {
        let text = b"@host = https://graph.example\n# a comment\nPOST {{host}}/a HTTP/1.1\nAuthorization: Bearer x\n\n{\n}\n\n### next\r\n\r\nPUT /b\r\n\r\n[1]\r\n\r\n###\nGET /c\n###\n";
        let requests = requests(text);
        let shown: Vec<_> = requests
            .iter()
            .map(|one| {
                (
                    &*one.method,
                    &*one.url,
                    one.head_line,
                    String::from_utf8_lossy(&text[one.body.clone()]).into_owned(),
                    one.body_line,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("POST", "{{host}}/a", 3, "{\n}\n".to_owned(), 6),
                ("PUT", "/b", 11, "[1]\r\n".to_owned(), 13),
                ("GET", "/c", 16, String::new(), 17),
            ]
        );
        assert_eq!(&text[requests[0].head.clone()], b"POST {{host}}/a HTTP/1.1");
    }

    #[test]
    fn other_texts_have_none() {
        for text in ["", "###", "{}\n", "hello world\n", "\u{0}\u{1}"] {
            assert!(requests(text.as_bytes()).is_empty(), "{text:?}");
        }
    }
}
