//! What a file to replay holds: a finding of a run, counterexamples as proptest keeps
//! them or as a payload's `Debug` form shows them, or the bytes of a fuzzer.

use std::path::Path;

use crate::cli::arguments::ReadAs;
use crate::journal::FindingFile;

/// Fuzz targets whose inputs are no bodies and no tapes: only their own program can
/// replay them.
const OTHER_TARGETS: [&str; 2] = ["csdl", "judge"];

/// What labels are called.
const LABELS: [&str; 4] = ["valid", "malformed", "unspecified", "mixed"];

/// Something to send again.
#[derive(Debug)]
pub(super) enum Input {
    /// A finding of a run.
    Finding(Box<FindingFile>),
    /// The bytes of a body.
    Body(Vec<u8>),
    /// The tape of a valid body.
    ValidTape(Vec<u8>),
    /// The tape of a malformed body.
    MalformedTape(Vec<u8>),
}

/// Reads the file at `path`; why it cannot be replayed otherwise.
pub(super) fn read(path: &Path, bytes: Vec<u8>, read_as: ReadAs) -> Result<Vec<Input>, String> {
    let read_as = if read_as == ReadAs::Auto { recognized(path, &bytes)? } else { read_as };
    match read_as {
        ReadAs::Finding => Ok(vec![Input::Finding(Box::new(FindingFile::read(&bytes)?))]),
        ReadAs::Property => counterexamples(&bytes),
        ReadAs::ValidTape => Ok(vec![Input::ValidTape(bytes)]),
        ReadAs::MalformedTape => Ok(vec![Input::MalformedTape(bytes)]),
        ReadAs::Body | ReadAs::Auto => Ok(vec![Input::Body(bytes)]),
    }
}

/// What a file is, by its text and by the fuzz target whose folder it is in.
fn recognized(path: &Path, bytes: &[u8]) -> Result<ReadAs, String> {
    let is_within = |name: &str| path.components().any(|part| part.as_os_str() == name);
    if let Some(name) = OTHER_TARGETS.into_iter().find(|name| is_within(name)) {
        return Err(format!(
            "it is an input of the fuzz target {name}, which sends nothing to anybody; `cargo run -p policy-harness-fuzz --bin {name} -- {}` replays it",
            path.display()
        ));
    }
    if is_within("generated_valid") {
        return Ok(ReadAs::ValidTape);
    }
    if is_within("generated_malformed") {
        return Ok(ReadAs::MalformedTape);
    }
    if is_finding(bytes) {
        return Ok(ReadAs::Finding);
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    Ok(if text.lines().any(|line| payload(line).is_some()) { ReadAs::Property } else { ReadAs::Body })
}

/// Whether a text says of itself that it is a finding, of whatever form.
fn is_finding(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Form {
        schema: String,
    }
    serde_json::from_slice::<Form>(bytes).is_ok_and(|form| form.schema.starts_with("policy-harness/finding/"))
}

/// The payloads in a text: a line that shows one, or the lines of a file that proptest
/// keeps, of which each has one behind `shrinks to`.
fn counterexamples(bytes: &[u8]) -> Result<Vec<Input>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is no text".to_owned())?;
    let found: Vec<Input> = text.lines().filter_map(payload).map(Input::Body).collect();
    match found.is_empty() {
        true => {
            Err("no line in it shows a payload, as in `malformed payload (RULE, OPERATOR at PLACE): BODY`".to_owned())
        }
        false => Ok(found),
    }
}

/// The body of a payload that a line shows in its `Debug` form.
fn payload(line: &str) -> Option<Vec<u8>> {
    let head = LABELS.iter().find_map(|name| line.split_once(&format!("{name} payload ("))).map(|(_, rest)| rest)?;
    let (about, rest) = head.split_once(')')?;
    // A rule and an operator, or somebody else wrote this.
    about.split_once(", ")?;
    if let Some(body) = rest.strip_prefix(": ") {
        return Some(body.as_bytes().to_vec());
    }
    unescaped(rest.strip_prefix(", not UTF-8: b\"")?.strip_suffix('"')?)
}

/// Bytes as `escape_ascii` writes them.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b't' => b'\t',
                b'r' => b'\r',
                b'n' => b'\n',
                b'x' => {
                    let mut digit = || char::from(rest.next()?).to_digit(16);
                    u8::try_from(digit()? * 16 + digit()?).ok()?
                }
                other => other,
            },
            byte => byte,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(text: &str) -> Vec<Vec<u8>> {
        let read = read(Path::new("proptest-regressions/x.txt"), text.into(), ReadAs::Auto).unwrap();
        let body = |input| match input {
            Input::Body(bytes) => bytes,
            other => panic!("{other:?}"),
        };
        read.into_iter().map(body).collect()
    }

    #[test]
    fn a_payload_is_read_as_it_is_shown() {
        let kept = "# Seeds for failure cases.\ncc 1f2e # shrinks to payload = malformed payload (body/null/item, null at /a/0): {\"a\":[null]}\ncc 33 # shrinks to payload = valid payload (accept/body, body): {}\n";
        assert_eq!(bodies(kept), [br#"{"a":[null]}"#.to_vec(), b"{}".to_vec()]);
        let shown =
            "malformed payload (body/json/utf-8, invalid at /b), not UTF-8: b\"{\\\"b\\\":\\\"\\xff\\n\\\\\\\"}\"";
        assert_eq!(bodies(shown), [b"{\"b\":\"\xff\n\\\"}".to_vec()]);
        // What only looks like it is a body.
        assert_eq!(bodies("{\"a\":\"valid payload (no)\"}"), [br#"{"a":"valid payload (no)"}"#.to_vec()]);
    }

    #[test]
    fn the_folder_of_a_fuzz_target_says_what_its_inputs_are() {
        let of = |path: &str| read(Path::new(path), b"{}".to_vec(), ReadAs::Auto).map(|mut all| all.remove(0));
        assert!(matches!(of("fuzz/artifacts/generated_valid/crash-1"), Ok(Input::ValidTape(_))));
        assert!(matches!(of("fuzz/artifacts/generated_malformed/crash-1"), Ok(Input::MalformedTape(_))));
        assert!(matches!(of("fuzz/artifacts/validate/crash-1"), Ok(Input::Body(_))));
        assert!(of("fuzz/artifacts/judge/crash-1").unwrap_err().contains("--bin judge"));
    }
}
