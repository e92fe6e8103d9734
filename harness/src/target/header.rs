//! Headers of the user's own that go with every request: a key of a gateway, the
//! name of a tenant. Their values may be secret, so they are treated as if they were.

use std::fmt;

use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::TargetError;
use super::curl::ShellHeader;

/// Headers that are not the user's: cases are about them, or they say where a
/// message ends and who sends it.
const RESERVED: &[&str] = &[
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "odata-version",
    "transfer-encoding",
];
/// What stands in the place of a value.
const REDACTED: &str = "[redacted]";

/// A header that goes with every request. Its value is in no output.
#[derive(Clone)]
pub struct OwnHeader {
    name: HeaderName,
    value: SecretString,
}

impl OwnHeader {
    /// Reads `Name: value`.
    ///
    /// # Errors
    /// A text of another form, a name that is no header's or that the harness sets
    /// itself, a value that no header can hold. No message repeats the value.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let (name, value) = text.split_once(':').ok_or(TargetError::HeaderForm)?;
        let name = HeaderName::try_from(name.trim()).map_err(|_| TargetError::HeaderForm)?;
        if RESERVED.contains(&name.as_str()) {
            return Err(TargetError::HeaderReserved(name.to_string()));
        }
        let value = value.trim();
        let is_sendable = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
        if !is_sendable {
            return Err(TargetError::HeaderValue(name.to_string()));
        }
        Ok(Self { name, value: SecretString::from(value.to_owned()) })
    }

    /// Its name, in lower case.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Name and value, for the message that is sent.
    pub(super) fn sent(&self) -> Option<(HeaderName, HeaderValue)> {
        let mut value = HeaderValue::try_from(self.value.expose_secret()).ok()?;
        value.set_sensitive(true);
        Some((self.name.clone(), value))
    }

    /// The header for a shell: its value in a variable called like it.
    pub(super) fn for_shell(&self) -> ShellHeader {
        let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
        let variable: String = self.name().chars().map(plain).collect::<String>().to_ascii_uppercase();
        let begins = !variable.starts_with(|first: char| first.is_ascii_digit());
        let variable = if begins { variable } else { ["_", &variable].concat() };
        ShellHeader { name: self.name().to_owned(), variable }
    }

    /// The value, for the redactor.
    pub(super) fn secret(&self) -> &str {
        self.value.expose_secret()
    }
}

impl fmt::Debug for OwnHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {REDACTED}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_repeats_a_value() {
        for text in ["s3cret", "s3cret s3cret: x", "x: s3cret\r\ny: 1", "x: s3cr\u{e9}t", "host: s3cret", ": s3cret"] {
            let error = OwnHeader::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cr"), "{error}");
        }
        assert!(OwnHeader::parse("x:").is_err());
        let header = OwnHeader::parse("X-Api-Key : s3cret:key").unwrap();
        assert_eq!((header.name(), &*format!("{header:?}")), ("x-api-key", "x-api-key: [redacted]"));
        assert_eq!(header.for_shell().variable, "X_API_KEY");
    }
}
