//! For viewers of code scanning: one SARIF log (OASIS SARIF 2.1.0). Results are
//! written as they come; the rules that they name follow at the end.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::report::{Report, Tally, Told};
use crate::check::{Severity, Violation};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Characters of a path that stand in a URI reference as they are (RFC 3986, 2.3),
/// and the slash between its parts.
const PLAIN: &[u8] = b"-._~/";

/// Writes a SARIF log.
pub(super) struct Sarif<W> {
    out: W,
    is_begun: bool,
    rules: BTreeMap<Box<str>, Descriptor>,
    unread: Vec<Notification>,
}

impl<W: Write> Sarif<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, is_begun: false, rules: BTreeMap::new(), unread: Vec::new() }
    }

    /// What stands before a result.
    fn separator(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) {
            return self.out.write_all(b",\n");
        }
        writeln!(
            self.out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",\"results\":["
        )
    }

    fn result(&mut self, source: &str, violation: &Violation) -> io::Result<()> {
        self.separator()?;
        let level = level(violation);
        let expected = violation.expected.as_ref().map(|expected| format!("Expected {expected}"));
        let texts = [Some(&violation.message), expected.as_ref(), violation.suggestion.as_ref()];
        let note = violation.note.iter().map(|note| &**note);
        let text = texts.into_iter().flatten().map(String::as_str).chain(note).collect::<Vec<_>>().join(". ");
        let span = &violation.span;
        let result = SarifResult {
            rule_id: &violation.rule,
            level,
            message: Message { text },
            locations: [Location {
                physical_location: Physical {
                    artifact_location: Artifact { uri: uri(source) },
                    region: Some(Region {
                        start_line: span.line,
                        start_column: span.column,
                        end_line: span.end_line,
                        end_column: span.end_column,
                        byte_offset: span.offset,
                        byte_length: span.length,
                    }),
                },
                logical_locations: vec![Logical { fully_qualified_name: violation.pointer.to_string(), kind: "value" }],
            }],
        };
        serde_json::to_writer(&mut self.out, &result)?;
        self.rules.entry(violation.rule.clone()).or_insert_with(|| Descriptor {
            id: violation.rule.clone(),
            help: Message { text: violation.citations.join("; ") },
            default_configuration: Configuration { level },
        });
        Ok(())
    }
}

impl<W: Write> Report for Sarif<W> {
    fn body(&mut self, told: &Told<'_>) -> io::Result<()> {
        told.violations.iter().try_for_each(|violation| self.result(told.body.source, violation))?;
        if let Some(stopped) = told.checked.stopped {
            let what =
                format!("line {}, column {}: the body has more values than are read", stopped.line, stopped.column);
            self.unreadable(told.body.source, &what)?;
        }
        Ok(())
    }

    fn unreadable(&mut self, name: &str, why: &str) -> io::Result<()> {
        let artifact_location = Artifact { uri: uri(name) };
        self.unread.push(Notification {
            level: "error",
            message: Message { text: why.to_owned() },
            locations: [Location {
                physical_location: Physical { artifact_location, region: None },
                logical_locations: Vec::new(),
            }],
        });
        Ok(())
    }

    fn end(&mut self, _tally: &Tally) -> io::Result<()> {
        if !self.is_begun {
            self.separator()?;
        }
        let tool = Tool {
            driver: Driver {
                name: "policy-harness",
                version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: self.rules.values().collect(),
            },
        };
        let invocation =
            Invocation { execution_successful: self.unread.is_empty(), tool_execution_notifications: &self.unread };
        self.out.write_all(b"\n],\"tool\":")?;
        serde_json::to_writer(&mut self.out, &tool)?;
        self.out.write_all(b",\"invocations\":[")?;
        serde_json::to_writer(&mut self.out, &invocation)?;
        self.out.write_all(b"]}]}\n")?;
        self.out.flush()
    }
}

fn level(violation: &Violation) -> &'static str {
    match violation.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a URI reference.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || PLAIN.contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'t> {
    rule_id: &'t str,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

/// The JSON Pointer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
struct Tool<'t> {
    driver: Driver<'t>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'t> {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<&'t Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: Box<str>,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'t> {
    execution_successful: bool,
    tool_execution_notifications: &'t [Notification],
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}
