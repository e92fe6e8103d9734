//! How stack traces, type names and file paths of common platforms look. A
//! pattern is narrow on purpose: a leak that slips through costs little, a
//! conforming target that is accused costs trust. JSON Pointers, paths of URLs
//! and names in `microsoft.graph` match none of them.

use super::symptom::Leak;
use crate::contract::Contract;

/// Phrases of stack traces.
const TRACE_PHRASES: &[&str] = &[
    "Traceback (most recent call last)",
    "stack backtrace:",
    "--- End of inner exception stack trace",
    "--- End of stack trace",
];
/// Phrases with which a runtime names its own types.
const TYPE_PHRASES: &[&str] = &["Go struct field", "Go value of type"];
/// How a source file and a line in it are named.
const FILE_AND_LINE: &[&str] =
    &[".cs:line ", ".vb:line ", ".fs:line ", ".java:", ".kt:", ".scala:", ".go:", ".cs:", ".php:", ".rb:"];
/// The same with a column; without one `.rs:80` may be a host and its port.
const FILE_LINE_COLUMN: &[&str] = &[".rs:", ".js:", ".mjs:", ".ts:"];
/// Namespaces and crates that belong to implementations.
const IMPLEMENTATIONS: &[&str] = &[
    "Newtonsoft.Json",
    "java.io.",
    "java.lang.",
    "java.time.",
    "java.util.",
    "javax.",
    "jakarta.",
    "kotlin.",
    "com.fasterxml.",
    "com.google.gson.",
    "org.apache.",
    "org.hibernate.",
    "org.springframework.",
    "json.decoder.",
    "pydantic_core.",
    "alloc::",
    "axum::",
    "core::",
    "hyper::",
    "serde_json::",
    "std::",
    "tokio::",
];
/// Types of .NET that stand in `System` itself and come up in messages.
const SYSTEM_TYPES: &[&str] =
    &["Boolean", "DateTime", "DateTimeOffset", "Guid", "Int32", "Int64", "Nullable", "Object", "String", "TimeSpan"];
/// Where files of a Unix system are.
const DIRECTORIES: &[&str] = &["/etc/", "/home/", "/opt/", "/root/", "/srv/", "/tmp/", "/usr/", "/var/"];
/// Longest name of a call or a file that is looked at: without a bound, a hostile
/// answer would be read again from every place in it.
const LONGEST_NAME: usize = 400;
/// Ends of names that a URL has as often as a file.
const WEB_FILES: &[&str] =
    &["asp", "aspx", "cgi", "css", "gif", "htm", "html", "ico", "jpg", "js", "json", "jsp", "php", "png", "svg", "xml"];

/// Calls `found` for everything in `text` that looks like a leak.
pub(super) fn each(text: &str, contract: &Contract, found: &mut dyn FnMut(Leak, &str)) {
    for phrase in TRACE_PHRASES.iter().filter(|phrase| text.contains(**phrase)) {
        found(Leak::StackTrace, phrase);
    }
    for phrase in TYPE_PHRASES.iter().filter(|phrase| text.contains(**phrase)) {
        found(Leak::TypeName, phrase);
    }
    for place in frames(text).chain(python_files(text)).chain(source_lines(text)) {
        found(Leak::StackTrace, place);
    }
    for word in words(text) {
        if is_type_name(word, contract) {
            found(Leak::TypeName, word);
        }
        if is_file_path(word) {
            found(Leak::FilePath, word);
        }
    }
}

/// Calls in indented `at` lines: `   at Contoso.Web.Run(String name)`.
fn frames(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("at ").filter_map(move |(at, _)| {
        let before = &text[..at];
        if !before.ends_with('\t') && !before.ends_with("  ") {
            return None;
        }
        let rest = &text[at + 3..];
        let call = &rest[..rest.bytes().take(LONGEST_NAME).position(|byte| byte == b'(')?];
        let is_part = |part: &str| part.starts_with(|first: char| first.is_ascii_alphabetic() || "_<".contains(first));
        let is_path = call.contains('.') && call.split('.').all(is_part) && !call.contains(char::is_whitespace);
        is_path.then_some(call)
    })
}

/// Files in lines such as `File "app.py", line 12`.
fn python_files(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("File \"").filter_map(|(at, mark)| {
        let (file, rest) = text[at + mark.len()..].split_once('"')?;
        (rest.starts_with(", line ") && !file.is_empty()).then_some(file)
    })
}

/// Places in source files: `Policy.java:12`, `src/main.rs:1:2`.
fn source_lines(text: &str) -> impl Iterator<Item = &str> {
    // Every mark has a colon; most texts have none.
    let text = if text.contains(':') { text } else { "" };
    let marks = FILE_AND_LINE.iter().map(|mark| (*mark, false));
    marks.chain(FILE_LINE_COLUMN.iter().map(|mark| (*mark, true))).flat_map(move |(mark, with_column)| {
        let places = text.match_indices(mark).map(move |(at, _)| (at, at + mark.len()));
        places.filter_map(move |(at, end)| source_line(text, at, end, with_column))
    })
}

/// The file and line around a mark that stands at `at..end`.
fn source_line(text: &str, at: usize, end: usize, with_column: bool) -> Option<&str> {
    let (line, rest) = split_digits(&text[end..]);
    let column = rest.strip_prefix(':').map_or("", |rest| split_digits(rest).0);
    let before = &text[..at];
    let mut name = before.bytes().rev().take(LONGEST_NAME);
    let length = name.position(|byte| is_separator(char::from(byte))).unwrap_or(before.len().min(LONGEST_NAME));
    // Longer ones may begin inside a character.
    let place = text.get(at.checked_sub(length)?..end + line.len())?;
    let has_name = before.ends_with(|last: char| last.is_alphanumeric() || "_-]".contains(last));
    let has_place = !line.is_empty() && (!with_column || !column.is_empty());
    (has_name && has_place && !place.contains("://")).then_some(place)
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// The words of a text, without what encloses them and the punctuation behind them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_separator).map(|word| word.trim_end_matches(['.', ':', '!', '?'])).filter(|word| word.len() > 4)
}

/// ASCII only, so that a position behind one is a boundary of characters.
fn is_separator(character: char) -> bool {
    character.is_ascii_whitespace() || "\"'`()[]{}<>,;=|".contains(character)
}

fn is_type_name(word: &str, contract: &Contract) -> bool {
    let name = word.trim_start_matches('#');
    // Behind a slash it is part of a URL or of a pointer.
    if name.contains('/') || is_public_name(name, contract) {
        return false;
    }
    let is_upper = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
    let is_name = |part: &str| is_upper(part) && part.chars().all(|each| each.is_alphanumeric() || "_+".contains(each));
    if let Some(rest) = name.strip_prefix("System.") {
        // One word alone may begin a sentence: "the file System.Try again".
        let is_type = rest.contains('.') || rest.ends_with("Exception") || SYSTEM_TYPES.contains(&rest);
        return is_type && rest.split('.').all(is_name);
    }
    if let Some(rest) = name.strip_prefix("Microsoft.") {
        return rest.contains('.') && rest.split('.').all(is_name);
    }
    // Codes of errors are written like that as well; what is raised is called so.
    let is_ruby = name.contains("::")
        && (name.ends_with("Error") || name.ends_with("Exception"))
        && name.split("::").all(|part| is_name(part) && part.len() > 2);
    is_ruby || IMPLEMENTATIONS.iter().any(|prefix| name.starts_with(prefix) && name.len() > prefix.len())
}

/// Names of the contract: in `microsoft.graph`, or in a namespace it shows.
fn is_public_name(name: &str, contract: &Contract) -> bool {
    let graph = "microsoft.graph";
    let shows_inner = !contract.root_aliases.is_empty();
    name.get(..graph.len()).is_some_and(|start| start.eq_ignore_ascii_case(graph))
        || contract.open_namespaces_at(shows_inner).any(|namespace| name.starts_with(namespace))
}

fn is_file_path(word: &str) -> bool {
    is_windows_path(word) || is_unix_path(word)
}

/// `C:\name`, at the start of the word or behind `file:///` and the like.
fn is_windows_path(word: &str) -> bool {
    word.match_indices(":\\").any(|(at, _)| {
        let (before, name) = (&word[..at], word[at + 2..].trim_start_matches('\\'));
        let mut last = before.chars().rev();
        let has_drive = last.next().is_some_and(|drive| drive.is_ascii_alphabetic())
            && !last.next().is_some_and(char::is_alphanumeric);
        let is_name = |each: char| each.is_alphanumeric() || "_-.$~".contains(each);
        has_drive && name.chars().take_while(|&each| is_name(each)).count() >= 2
    })
}

/// A path from a directory that every system has to a file with an extension.
fn is_unix_path(word: &str) -> bool {
    let path = word.strip_prefix("file://").unwrap_or(word);
    let path = path.split(':').next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, extension)) = file.rsplit_once('.') else {
        return false;
    };
    DIRECTORIES.iter().any(|directory| path.starts_with(directory))
        && !stem.is_empty()
        && (1..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && extension.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !WEB_FILES.contains(&extension)
}
