//! Reading a whole text. It is read once, quickly; only when that fails is it
//! read again by serde_json, to learn what is wrong, and once more to learn
//! where. The last reading also has the last word: it sees every
//! `@odata.type` before the other members.

use serde::de::Deserialize;
use serde_json::value::RawValue;
use serde_path_to_error::{Path, Segment};

use super::error::{FaultKind, ModelError, what};
use super::located::Located;
use super::read;

/// Reads exactly one value.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, ModelError> {
    if let Some(value) = read::quickly(text) {
        return Ok(value);
    }
    match serde_json::from_slice(text) {
        Ok(value) => Ok(value),
        Err(error) => read_again(text, &error),
    }
}

#[cold]
fn read_again<'de, T: Deserialize<'de>>(text: &'de [u8], first: &serde_json::Error) -> Result<T, ModelError> {
    let kind = FaultKind::of(first);
    if kind == FaultKind::Data
        && let Ok(root) = serde_json::from_slice::<&RawValue>(text)
    {
        let start = root.get().as_ptr().addr() - text.as_ptr().addr();
        return match serde_path_to_error::deserialize(Located::new(root, start)) {
            Ok(value) => Ok(value),
            Err(error) => {
                let path = path_text(error.path());
                let error = error.into_inner();
                let at = position(text, error.offset.unwrap_or(start));
                Err(ModelError::new(kind, path, at, error.what))
            }
        };
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        // What follows the value is at fault.
        Ok(_) => String::new(),
        Err(error) => path_text(error.path()),
    };
    let at = (first.line(), first.column());
    Err(ModelError::new(kind, path, at, what(first)))
}

/// `stages[0].userId`. A member whose name could not be read has no part.
fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => {
                text.push('[');
                text.push_str(&index.to_string());
                text.push(']');
            }
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Segment::Unknown => {}
        }
    }
    text
}

/// Line and column of a byte, both from 1.
fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    (line, before.len() - line_start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one() {
        assert_eq!(position(b"ab\ncd", 0), (1, 1));
        assert_eq!(position(b"ab\ncd", 2), (1, 3));
        assert_eq!(position(b"ab\ncd", 3), (2, 1));
        assert_eq!(position(b"ab\ncd", 99), (2, 3));
    }
}
