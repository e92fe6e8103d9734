//! Takes secrets out of what comes from outside: answers that repeat a token,
//! messages of a program that fetches one. It knows every secret that a run has used,
//! because an answer may come, or be kept, after its token was replaced by another.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// What stands in the place of a secret.
const INSTEAD: &[u8] = b"[redacted]";
/// Whoever has three characters for a secret has none, and would find them in
/// every word.
const SHORTEST: usize = START;
/// Shorter ones turn up by accident: taken out, and no sign of a leak.
const SHORTEST_SIGN: usize = 8;
/// Half a secret is as good as a whole one, from this length on.
const SHORTEST_HALF: usize = 12;
/// Bytes by which most texts are seen to hold no secret.
const START: usize = 4;

/// Knows the secrets of a run and takes them out of texts. A clone knows what the
/// others know.
///
/// ```
/// use policy_harness::target::Redactor;
/// let redactor = Redactor::default();
/// redactor.add("s3cret/token");
/// assert_eq!(redactor.text("sent with s3cret/token."), "sent with [redacted].");
/// // Also as JSON or a URL writes it, in another letter case, or cut by a character.
/// assert_eq!(redactor.text(r"S3CRET\/TOKEN s3cret%2Ftoke"), "[redacted] [redacted]");
/// ```
#[derive(Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Known>>,
}

/// What is looked for.
struct Known {
    /// The longest first, so that no part is taken out where the whole is there.
    needles: Vec<Needle>,
    /// The first bytes of all of them, in lower case.
    starts: HashSet<[u8; START]>,
    /// By byte: whether it is the first of one, in either letter case. Most of a text
    /// is passed by this.
    is_first: [bool; 256],
}

impl Default for Known {
    fn default() -> Self {
        Self { needles: Vec::new(), starts: HashSet::new(), is_first: [false; 256] }
    }
}

/// A secret in one of its forms, or a telling part of it.
struct Needle {
    text: SecretString,
    /// Who shows it gives a secret away; others turn up by accident.
    is_sign: bool,
}

impl Redactor {
    /// One that knows a secret from the start.
    pub fn knowing(secret: &str) -> Self {
        let redactor = Self::default();
        redactor.add(secret);
        redactor
    }

    /// Learns a secret.
    pub fn add(&self, secret: &str) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).add(secret);
    }

    /// The text without secrets.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Cow::Owned(text),
                Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
            },
        }
    }

    /// The bytes without secrets. Nothing is copied where there is none.
    pub fn bytes<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut clean = Vec::new();
        let mut done = 0;
        while let Some((at, needle)) = known.find(bytes, done, |_| true) {
            clean.extend_from_slice(&bytes[done..at]);
            clean.extend_from_slice(INSTEAD);
            done = at + needle.bytes().len();
        }
        if done == 0 {
            return Cow::Borrowed(bytes);
        }
        clean.extend_from_slice(&bytes[done..]);
        Cow::Owned(clean)
    }

    /// Whether the text gives a secret away, or half of one. What is so short that it
    /// turns up by accident is no sign of it.
    pub fn is_shown_in(&self, text: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.find(text.as_bytes(), 0, |needle| needle.is_sign).is_some()
    }

    /// Whether the text holds anything that would be taken out.
    pub fn is_held_by(&self, text: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.find(text.as_bytes(), 0, |_| true).is_some()
    }
}

impl Known {
    fn add(&mut self, secret: &str) {
        for form in [secret.to_owned(), in_json(secret), in_json(secret).replace('/', r"\/"), in_url(secret)] {
            let mut cut = form.clone();
            cut.pop();
            let middle = (form.len() / 2..form.len()).find(|&at| form.is_char_boundary(at)).unwrap_or(0);
            let (one, other) = form.split_at(middle);
            for (part, shortest) in
                [(&*form, SHORTEST), (&*cut, SHORTEST_SIGN), (one, SHORTEST_HALF), (other, SHORTEST_HALF)]
            {
                if part.len() >= shortest {
                    self.look_for(part);
                }
            }
        }
        self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.bytes().len()));
    }

    fn look_for(&mut self, text: &str) {
        if self.needles.iter().any(|needle| needle.bytes() == text.as_bytes()) {
            return;
        }
        if let Some(start) = start(text.as_bytes()) {
            self.starts.insert(start);
            for first in [start[0], start[0].to_ascii_uppercase()] {
                self.is_first[usize::from(first)] = true;
            }
        }
        self.needles.push(Needle { text: SecretString::from(text), is_sign: text.len() >= SHORTEST_SIGN });
    }

    /// The first needle behind `from` that is wanted, and where it is.
    fn find(&self, bytes: &[u8], from: usize, is_wanted: impl Fn(&Needle) -> bool) -> Option<(usize, &Needle)> {
        if self.needles.is_empty() {
            return None;
        }
        (from..bytes.len()).filter(|&at| self.is_first[usize::from(bytes[at])]).find_map(|at| {
            let rest = &bytes[at..];
            if !start(rest).is_some_and(|start| self.starts.contains(&start)) {
                return None;
            }
            let is_there = |needle: &&Needle| {
                let text = needle.bytes();
                rest.len() >= text.len() && rest[..text.len()].eq_ignore_ascii_case(text) && is_wanted(needle)
            };
            self.needles.iter().find(is_there).map(|needle| (at, needle))
        })
    }
}

impl Needle {
    fn bytes(&self) -> &[u8] {
        self.text.expose_secret().as_bytes()
    }
}

/// The first bytes of a text, in lower case.
fn start(bytes: &[u8]) -> Option<[u8; START]> {
    let start = bytes.first_chunk::<START>()?;
    Some(start.map(|byte| byte.to_ascii_lowercase()))
}

/// The text as it stands in a JSON string.
fn in_json(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

/// The text as it stands in a query.
fn in_url(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
            out.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
    out
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(secrets: &[&str]) -> Redactor {
        let redactor = Redactor::default();
        secrets.iter().for_each(|secret| redactor.add(secret));
        redactor
    }

    #[test]
    fn every_secret_is_taken_out_in_every_form() {
        let redactor = knowing(&["first-s3cret-of-all", "second+token/with==signs", "a\"b\\c-d3fgh"]);
        for text in [
            "first-s3cret-of-all",
            "FIRST-S3CRET-OF-ALL",
            "first-s3cret-of-al",
            "second+token/with==signs",
            r"second+token\/with==signs",
            "second%2Btoken%2Fwith%3D%3Dsigns",
            "second%2btoken%2fwith%3d%3dsigns",
            "second+token",
            r#"a\"b\\c-d3fgh"#,
        ] {
            assert_eq!(redactor.text(text), "[redacted]", "{text}");
            assert!(redactor.is_shown_in(&format!("({text})")) && redactor.is_held_by(text), "{text}");
            let around = format!("\u{e9}{text}{text}\u{e9}");
            assert_eq!(redactor.text(&around), "\u{e9}[redacted][redacted]\u{e9}");
        }
        assert_eq!(redactor.bytes(b"\xff first-s3cret-of-all \xff"), &b"\xff [redacted] \xff"[..]);
    }

    #[test]
    fn other_text_is_left_alone() {
        let redactor = knowing(&["first-s3cret-of-all", "", "abc"]);
        for text in ["", "first", "first-s3cret", "fir", "abc", "of-all"] {
            assert!(matches!(redactor.text(text), Cow::Borrowed(same) if same == text), "{text}");
            assert!(!redactor.is_shown_in(text) && !redactor.is_held_by(text), "{text}");
        }
        assert_eq!(Redactor::default().text("anything"), "anything");
    }

    #[test]
    fn what_turns_up_by_accident_is_taken_out_and_no_sign() {
        let redactor = knowing(&["pass"]);
        assert_eq!(redactor.text("compass"), "com[redacted]");
        assert!(redactor.is_held_by("compass") && !redactor.is_shown_in("compass"));
    }

    #[test]
    fn clones_learn_together_and_say_nothing() {
        let redactor = Redactor::default();
        let other = redactor.clone();
        redactor.add("first-s3cret-of-all");
        assert_eq!(other.text("first-s3cret-of-all"), "[redacted]");
        assert!(!format!("{other:?} {:?}", Some(&redactor)).contains("s3cret"));
    }
}
