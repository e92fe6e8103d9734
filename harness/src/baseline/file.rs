//! A baseline as it stands in a file of TOML. Everything that it says is understood
//! or is an error: a misspelt key must not let a finding pass.

use jiff::civil::Date;
use toml_edit::{Document, Item, Table};

use super::error::BaselineError;
use crate::campaign::Note;
use crate::near::nearest;

/// What an entry may say.
const KEYS: &[&str] = &["fingerprint", "reason", "link", "expires", "contract", "rule"];

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What a report shows of it.
    pub note: Note,
    /// The last day on which it holds, in UTC; without one it holds until it is
    /// taken out.
    pub expires: Option<Date>,
    /// The contract that it is about; all where it names none.
    pub contract: Option<String>,
    /// The rule that is broken, where the entry names it.
    pub rule: Option<String>,
}

impl Entry {
    /// Whether the entry is about findings of this contract.
    pub fn is_about(&self, contract: &str) -> bool {
        self.contract.as_deref().is_none_or(|name| name == contract)
    }
}

/// The findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// One entry for each.
    pub entries: Vec<Entry>,
}

impl Baseline {
    /// Reads the text of a baseline; `file` is what errors call it.
    ///
    /// # Errors
    /// It is no TOML, or says something that is not understood.
    pub fn read(file: &str, text: &str) -> Result<Self, BaselineError> {
        let reader = Reader { file, text };
        let document = Document::parse(text).map_err(|error| {
            reader.fault(error.span().map(|span| span.start), error.message().trim().replace('\n', ", "))
        })?;
        let root = document.as_table();
        reader.known_keys(root, &["finding"])?;
        let mut entries: Vec<Entry> = Vec::new();
        match root.get("finding") {
            None => {}
            Some(Item::ArrayOfTables(tables)) => {
                for table in tables {
                    let entry = reader.entry(table)?;
                    if entries.iter().any(|other| is_same(other, &entry)) {
                        let what = format!("{} has a second entry; keep one", entry.note.fingerprint);
                        return Err(reader.fault(start(table), what));
                    }
                    entries.push(entry);
                }
            }
            Some(_) => return Err(reader.in_key(root, "finding", "write each finding below a line [[finding]]")),
        }
        Ok(Self { entries })
    }
}

/// A date as `2027-01-31`.
pub fn date(text: &str) -> Option<Date> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| is_plain)
}

fn is_same(one: &Entry, other: &Entry) -> bool {
    let meets = one.contract.is_none() || other.contract.is_none() || one.contract == other.contract;
    one.note.fingerprint == other.note.fingerprint && meets
}

fn start(table: &Table) -> Option<usize> {
    table.span().map(|span| span.start)
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

impl Reader<'_> {
    fn entry(&self, table: &Table) -> Result<Entry, BaselineError> {
        self.known_keys(table, KEYS)?;
        let needed = |key: &str, advice: &str| {
            let missing = || self.fault(start(table), format!("this [[finding]] has no {key}; {advice}"));
            self.string(table, key)?.ok_or_else(missing)
        };
        let fingerprint = needed("fingerprint", "a run prints it with each finding")?;
        let reason = needed("reason", "say why it may stand")?;
        let expires = self.expires(table)?;
        let link = self.string(table, "link")?;
        let contract = self.string(table, "contract")?;
        let rule = self.string(table, "rule")?;
        let note = Note { fingerprint, reason, link, expires: expires.map(|date| date.to_string()) };
        Ok(Entry { note, expires, contract, rule })
    }

    fn string(&self, table: &Table, key: &str) -> Result<Option<String>, BaselineError> {
        let Some(item) = table.get(key) else { return Ok(None) };
        match item.as_str() {
            Some(text) if !text.trim().is_empty() => Ok(Some(text.to_owned())),
            Some(_) => Err(self.in_key(table, key, &format!("{key} is empty; say something, or leave it out"))),
            None => Err(self.in_key(table, key, &format!("{key} is no string; write it in quotes"))),
        }
    }

    fn expires(&self, table: &Table) -> Result<Option<Date>, BaselineError> {
        let Some(item) = table.get("expires") else { return Ok(None) };
        let read = item.as_datetime().filter(|value| value.time.is_none()).and_then(|value| date(&value.to_string()));
        let advice = "expires is no date; write a day without quotes, as in 2027-01-31";
        read.map(Some).ok_or_else(|| self.in_key(table, "expires", advice))
    }

    fn known_keys(&self, table: &Table, known: &[&str]) -> Result<(), BaselineError> {
        let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else { return Ok(()) };
        let advice = match nearest(key, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there is: {}", known.join(", ")),
        };
        Err(self.in_key(table, key, &format!("`{key}` is no key of a baseline; {advice}")))
    }

    fn in_key(&self, table: &Table, key: &str, what: &str) -> BaselineError {
        let span = table.get_key_value(key).and_then(|(key, item)| key.span().or_else(|| item.span()));
        self.fault(span.map(|span| span.start), what)
    }

    fn fault(&self, offset: Option<usize>, what: impl Into<String>) -> BaselineError {
        BaselineError::at(self.file, self.text, offset, what)
    }
}
