//! JSON documents to be read by people: members stay in the order in which they
//! were put in, and what fits a line stands on one.

use std::fmt;

use crate::json::encode_into;

/// Columns that a line may fill.
const WIDTH: usize = 110;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Bool(bool),
    Number(i64),
    String(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Json {
    /// An object with these members.
    pub(super) fn object<'k>(members: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// An array of strings.
    pub(super) fn strings<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::Array(texts.into_iter().map(|text| text.as_ref().into()).collect())
    }

    /// The object with one more member at its end; anything else as it is.
    pub(super) fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The same, where there is a value.
    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Self>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// On one line.
    fn flat(&self, out: &mut String) {
        match self {
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(value) => out.push_str(&value.to_string()),
            Self::String(text) => string(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    item.flat(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push_str(if members.is_empty() { "{" } else { "{ " });
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    string(name, out);
                    out.push_str(": ");
                    value.flat(out);
                }
                out.push_str(if members.is_empty() { "}" } else { " }" });
            }
        }
    }

    /// On one line where it fits behind what stands there, on several otherwise.
    fn write(&self, indent: usize, out: &mut String) {
        let start = out.len();
        let line = out.rfind('\n').map_or(0, |at| at + 1);
        self.flat(out);
        let fits = out[line..].chars().count() < WIDTH;
        match self {
            Self::Array(items) if !fits => {
                out.truncate(start);
                let items = items.iter().map(|item| (None, item));
                block(['[', ']'], items, indent, out);
            }
            Self::Object(members) if !fits => {
                out.truncate(start);
                let members = members.iter().map(|(name, value)| (Some(&**name), value));
                block(['{', '}'], members, indent, out);
            }
            _ => {}
        }
    }
}

/// A container with a line or more for each child.
fn block<'j>(
    brackets: [char; 2],
    children: impl Iterator<Item = (Option<&'j str>, &'j Json)>,
    indent: usize,
    out: &mut String,
) {
    let margin = |indent: usize| "  ".repeat(indent);
    out.push(brackets[0]);
    for (index, (name, child)) in children.enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&margin(indent + 1));
        if let Some(name) = name {
            string(name, out);
            out.push_str(": ");
        }
        child.write(indent + 1, out);
    }
    out.push('\n');
    out.push_str(&margin(indent));
    out.push(brackets[1]);
}

fn string(text: &str, out: &mut String) {
    let mut escaped = Vec::with_capacity(text.len());
    encode_into(text, &mut escaped);
    out.push('"');
    out.push_str(&String::from_utf8_lossy(&escaped));
    out.push('"');
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(0, &mut text);
        text.push('\n');
        f.write_str(&text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Self>> for Json {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_a_line_stands_on_one() {
        let short = Json::object([("a", Json::Array(vec![1.into(), true.into()])), ("b", Json::object([]))]);
        assert_eq!(short.to_string(), "{ \"a\": [1, true], \"b\": {} }\n");
        let long = short.with("c\"", "x".repeat(WIDTH));
        let expected = format!("{{\n  \"a\": [1, true],\n  \"b\": {{}},\n  \"c\\\"\": \"{}\"\n}}\n", "x".repeat(WIDTH));
        assert_eq!(long.to_string(), expected);
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = "é \u{1}\n\\ \" 😀";
        let written = Json::Array(vec![text.into(), (-7).into(), "y".repeat(WIDTH).into()]).to_string();
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read, serde_json::json!([text, -7, "y".repeat(WIDTH)]));
    }
}
