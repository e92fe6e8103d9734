//! A request as a shell command: what a person pastes into a terminal to see a
//! finding with their own eyes. The command runs in any POSIX shell, sends the
//! same bytes, and never holds the token.

use super::shell::{is_shown, printf_format, quoted};
use super::{Alteration, Credentials, Framing, Request, Wire};

/// Lines are broken before an option that would pass this column.
const WIDTH: usize = 110;
/// Longer bodies go through `printf`: a shell's own command has no limit on
/// its arguments, another program has (128 KiB on Linux).
const LONGEST_ARGUMENT: usize = 100_000;

/// The request to `base` as a `curl` command. The token of whoever sends it stands in
/// the shell variable `token`, which is for the reader to set; a message that `curl` cannot
/// send is explained in a comment.
///
/// ```
/// use policy_harness::target::{Credentials, Request, Wire, curl};
/// let request = Request {
///     method: "POST".into(),
///     path: "/policies/$ref".to_owned(),
///     headers: vec![("Content-Type", "application/json".to_owned())],
///     credentials: Credentials::Token("Bearer"),
///     body: Some(br#"{"displayName":"it's"}"#.to_vec()),
///     wire: Wire::Plain,
/// };
/// assert_eq!(
///     curl("http://127.0.0.1:8080/v1.0", &request, "TOKEN"),
///     r#"curl -i -X POST 'http://127.0.0.1:8080/v1.0/policies/$ref' \
///      -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
///      -d '{"displayName":"it'\''s"}'"#
/// );
/// ```
pub fn curl(base: &str, request: &Request, token: &str) -> String {
    line(base, request, token, &[])
}

/// A header whose value stands in a shell variable.
pub(super) struct ShellHeader {
    pub(super) name: String,
    pub(super) variable: String,
}

/// The same with headers whose values the reader sets as well.
pub(super) fn line(base: &str, request: &Request, token: &str, own: &[ShellHeader]) -> String {
    let mut text = String::new();
    if let Wire::Raw(framing) = request.wire {
        text.push_str(difference(framing));
    }
    let body = body_option(request);
    if let Body::Piped(format) = &body {
        text.push_str("printf ");
        text.push_str(format);
        text.push_str(" |\n");
    }
    let mut column = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    for (index, part) in head_parts(base, request, token, own).into_iter().enumerate() {
        // The first header begins the second line, as the body begins the last.
        if index == 1 || (index > 1 && column + part.len() > WIDTH) {
            text.push_str(" \\\n     ");
            column = 5;
        } else if index > 1 {
            text.push(' ');
        }
        column += part.len() + 1;
        text.push_str(&part);
    }
    match body {
        Body::None => {}
        Body::Option(option) => {
            text.push_str(" \\\n     ");
            text.push_str(&option);
        }
        Body::Piped(_) => text.push_str(" \\\n     --data-binary @-"),
    }
    text
}

/// The command up to its URL, then one part a header.
fn head_parts(base: &str, request: &Request, token: &str, own: &[ShellHeader]) -> Vec<String> {
    let url = [base, &request.path].concat();
    let mut parts = vec![["curl -i", &options(request, &url), " ", &quoted(&url)].concat()];
    match &request.credentials {
        // In double quotes, in which the shell puts in the token.
        Credentials::Token(scheme) => parts.push(format!("-H \"Authorization: {scheme} ${token}\"")),
        Credentials::Unprivileged => parts.push(format!("-H \"Authorization: Bearer ${token}\"")),
        Credentials::Altered(Alteration::Extended) => {
            parts.push(format!("-H \"Authorization: Bearer ${{{token}}}x\""));
        }
        Credentials::Altered(Alteration::Cut) => parts.push(format!("-H \"Authorization: Bearer ${{{token}%?}}\"")),
        Credentials::Verbatim(value) => parts.push(header("Authorization", value)),
        Credentials::Absent => {}
    }
    parts.extend(own.iter().map(|ShellHeader { name, variable }| format!("-H \"{name}: ${variable}\"")));
    parts.extend(request.headers.iter().map(|(name, value)| header(name, value)));
    let has = |wanted: &str| request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    if request.body.is_some() && !has("Content-Type") {
        // curl would add the media type of a form.
        parts.push("-H 'Content-Type:'".to_owned());
    }
    if request.wire == Wire::Chunked {
        parts.push(header("Transfer-Encoding", "chunked"));
    }
    if matches!(request.wire, Wire::Raw(_)) {
        parts.push(header("Connection", "close"));
    }
    parts
}

fn options(request: &Request, url: &str) -> String {
    let mut options = String::new();
    if url.contains(['[', ']', '{', '}']) {
        options.push_str(" --globoff");
    }
    if url.contains("/.") {
        options.push_str(" --path-as-is");
    }
    match &*request.method {
        // Told to send HEAD by -X alone, curl waits for a body.
        "HEAD" if request.body.is_none() => options.push_str(" --head"),
        method => {
            options.push_str(" -X ");
            options.push_str(&if method.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                method.to_owned()
            } else {
                quoted(method)
            });
        }
    }
    options
}

fn header(name: &str, value: &str) -> String {
    // With a colon and nothing behind it curl would leave the header out.
    let text = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
    ["-H ", &quoted(&text)].concat()
}

enum Body {
    None,
    Option(String),
    /// The quoted format of a `printf`.
    Piped(String),
}

fn body_option(request: &Request) -> Body {
    let Some(body) = &request.body else {
        return Body::None;
    };
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= LONGEST_ARGUMENT && text.chars().all(is_shown) => {
            let option = match text.as_bytes() {
                // A leading @ names a file to all but this option.
                [b'@', ..] => "--data-raw ",
                _ if text.contains(['\n', '\t']) || text.is_empty() => "--data-binary ",
                _ => "-d ",
            };
            Body::Option([option, &quoted(text)].concat())
        }
        _ => Body::Piped(printf_format(body)),
    }
}

/// What the harness sent that `curl` does not.
fn difference(framing: Framing) -> &'static str {
    match framing {
        Framing::Whole => "",
        Framing::LengthTooSmall => "# sent with a Content-Length of half the body; curl sends the right one\n",
        Framing::LengthTooLarge => {
            "# sent with a Content-Length of 16 more than the body has, then the sending side closed; curl sends the right one\n"
        }
        Framing::LengthTwice => "# sent with two Content-Length headers that differ; curl sends one\n",
        Framing::TransferAndLength => {
            "# sent with Transfer-Encoding: chunked and Content-Length together; curl sends the length alone\n"
        }
        Framing::NoHost => "# sent without a Host header; curl sends one\n",
        Framing::HeaderName => "# sent with the header `X Policy Harness: 1`, a name with spaces; curl leaves it out\n",
        Framing::ChunkSize => {
            "# sent chunked with `size` in the place of a chunk size; curl sends the body with its length\n"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Prints the arguments of the command and what is piped in, each behind
    /// a line of its own.
    const SHOW: &str = r#"
TOKEN='a b'
curl() {
    for argument in "$@"; do printf '\n<arg>\n%s' "$argument"; done
    case "$*" in *"--data-binary @-"*) printf '\n<stdin>\n'; cat;; esac
}
"#;

    fn request(body: Option<&[u8]>) -> Request {
        Request {
            method: "POST".into(),
            path: "/a/$ref?b=`c`&d={e}".to_owned(),
            headers: vec![("Content-Type", "application/json".to_owned()), ("X-Empty", String::new())],
            credentials: Credentials::Token("Bearer"),
            body: body.map(<[u8]>::to_vec),
            wire: Wire::Plain,
        }
    }

    /// The arguments a shell hands to curl for this request, and its input.
    fn run(request: &Request) -> (Vec<String>, Option<Vec<u8>>) {
        let script = format!("{SHOW}{}\n", curl("http://h", request, "TOKEN"));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, script.as_bytes()).unwrap();
        let output = Command::new("sh").arg(file.path()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{script}");
        let mark = b"\n<stdin>\n";
        let split = memchr::memmem::find(&output.stdout, mark);
        let (arguments, input) = match split {
            Some(at) => (&output.stdout[..at], Some(output.stdout[at + mark.len()..].to_vec())),
            None => (&output.stdout[..], None),
        };
        let arguments = String::from_utf8(arguments.to_vec()).unwrap();
        (arguments.split("\n<arg>\n").skip(1).map(str::to_owned).collect(), input)
    }

    #[test]
    fn arguments_survive_the_shell() {
        let (arguments, _) = run(&request(None));
        assert_eq!(
            arguments,
            [
                "-i",
                "--globoff",
                "-X",
                "POST",
                "http://h/a/$ref?b=`c`&d={e}",
                "-H",
                "Authorization: Bearer a b",
                "-H",
                "Content-Type: application/json",
                "-H",
                "X-Empty;"
            ]
        );
    }

    #[test]
    fn bodies_survive_the_shell() {
        let long = vec![b'x'; 300_000];
        let bodies: [(&[u8], &str); 14] = [
            (b"", "--data-binary"),
            (b"{}", "-d"),
            ("{\"a\":\"it's `x` $HOME \\n \u{e9} \u{5d0}\"}".as_bytes(), "-d"),
            (b"'''\\''", "-d"),
            (b"-x", "-d"),
            (b"{\n\t1\n}\n", "--data-binary"),
            (b"@/etc/hosts", "--data-raw"),
            (b"@/etc/hosts\n", "--data-raw"),
            (b"a\0b", ""),
            (b"-\xff\xfe%s%%\\0123\\'\n\r\x1b[2J9", ""),
            (b"\xEF\xBB\xBF{}", ""),
            ("\u{202e}{}".as_bytes(), ""),
            (b"\xed\xa0\x80", ""),
            (&long, ""),
        ];
        for (body, option) in bodies {
            let (arguments, input) = run(&request(Some(body)));
            let shown = String::from_utf8_lossy(body);
            if option.is_empty() {
                assert_eq!(arguments[arguments.len() - 2..], ["--data-binary", "@-"], "{shown}");
                assert_eq!(input.as_deref(), Some(body), "{shown}");
            } else {
                assert_eq!(arguments[arguments.len() - 2..], [option, &*shown]);
                assert_eq!(input, None, "{shown}");
            }
        }
    }

    #[test]
    fn curl_adds_nothing_of_its_own() {
        let bare = Request { headers: Vec::new(), credentials: Credentials::Absent, ..request(Some(b"{}")) };
        assert!(curl("http://h", &bare, "TOKEN").contains("-H 'Content-Type:'"));
        let head = Request { method: "HEAD".into(), ..request(None) };
        assert!(curl("http://h", &head, "TOKEN").starts_with("curl -i --globoff --head 'http"));
        let chunked = Request { wire: Wire::Chunked, ..request(Some(b"{}")) };
        assert!(curl("http://h", &chunked, "TOKEN").contains("-H 'Transfer-Encoding: chunked'"));
        let odd = Request { credentials: Credentials::Verbatim("Basic eA=="), method: "P'T".into(), ..request(None) };
        let (arguments, _) = run(&odd);
        assert_eq!(arguments[3], "P'T");
        assert_eq!(arguments[6], "Authorization: Basic eA==");
    }

    #[test]
    fn what_curl_cannot_send_is_said() {
        for framing in [Framing::NoHost, Framing::LengthTwice, Framing::ChunkSize] {
            let raw = Request { wire: Wire::Raw(framing), ..request(Some(b"{}")) };
            assert!(curl("http://h", &raw, "TOKEN").starts_with("# sent "));
            let (arguments, _) = run(&raw);
            assert_eq!(arguments[0], "-i");
        }
    }
}
