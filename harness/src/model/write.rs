//! The quick way out: the model as JSON without white space, appended to a buffer.
//! `Serialize` says the same to any serializer of serde; this one knows that the names
//! of declared members need no escapes, and that text which was kept as it stood can
//! stand so again.

use super::field::{Collection, Field};
use crate::json;

/// What can be written as JSON.
pub(super) trait Write {
    /// Appends the value.
    fn write(&self, out: &mut Vec<u8>);
}

impl Write for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Write for str {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        json::encode_into(self, out);
        out.push(b'"');
    }
}

impl<T: Write> Write for Collection<T> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            match item {
                Some(item) => item.write(out),
                None => out.extend_from_slice(b"null"),
            }
        }
        out.push(b']');
    }
}

/// Appends a declared member, unless it is absent; `name` has its quotes and its colon.
#[inline]
pub(super) fn member<T: Write>(name: &str, field: &Field<T>, out: &mut Vec<u8>) {
    if field.is_absent() {
        return;
    }
    separate(out);
    out.extend_from_slice(name.as_bytes());
    match field {
        Field::Value(value) => value.write(out),
        Field::Absent | Field::Null => out.extend_from_slice(b"null"),
    }
}

/// Appends a comma, unless the member that follows is the first of its object: no value
/// ends as an object begins.
#[inline]
pub(super) fn separate(out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
}
