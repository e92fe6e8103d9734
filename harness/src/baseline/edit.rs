//! Changes to a baseline that leave alone whatever people wrote into it: entries,
//! their order, comments and white space.

use std::fmt::Write;

use jiff::civil::Date;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::error::BaselineError;
use super::file::Baseline;

/// Characters of a comment on what a finding is.
const LONGEST: usize = 200;

/// A finding that becomes known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Its fingerprint.
    pub fingerprint: String,
    /// The contract that it breaks.
    pub contract: Option<String>,
    /// The rule that it breaks.
    pub rule: Option<String>,
    /// Where and how it shows, for who reads the file.
    pub shows: String,
    /// Why it may stand.
    pub reason: String,
    /// Where that is followed up.
    pub link: Option<String>,
    /// The last day on which the entry holds.
    pub expires: Option<Date>,
}

/// A baseline after its changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// Its text.
    pub text: String,
    /// Fingerprints that are new in it.
    pub added: Vec<String>,
    /// Fingerprints that were in it before, and whose entries are as they were.
    pub kept: Vec<String>,
    /// Fingerprints that are no longer in it.
    pub pruned: Vec<String>,
    /// Fingerprints that were to be taken out and have no entry.
    pub missing: Vec<String>,
}

/// Takes entries out of the text of a baseline, and adds those that it lacks.
///
/// # Errors
/// The text is no baseline.
pub fn edit(file: &str, text: &str, additions: &[Addition], prune: &[String]) -> Result<Edited, BaselineError> {
    let mut known = Baseline::read(file, text)?.entries;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| BaselineError::at(file, text, None, error.message()))?;
    let mut edited = Edited::default();
    for fingerprint in prune {
        let before = known.len();
        known.retain(|entry| entry.note.fingerprint != *fingerprint);
        let list = if known.len() < before { &mut edited.pruned } else { &mut edited.missing };
        list.push(fingerprint.clone());
    }
    let pruned = |table: &Table| {
        let fingerprint = table.get("fingerprint").and_then(Item::as_str);
        fingerprint.is_some_and(|fingerprint| edited.pruned.iter().any(|pruned| pruned == fingerprint))
    };
    take_out(&mut document, pruned);
    for addition in additions {
        let is_known = known.iter().any(|entry| {
            entry.note.fingerprint == addition.fingerprint
                && addition.contract.as_deref().is_none_or(|contract| entry.is_about(contract))
        });
        if is_known || edited.added.contains(&addition.fingerprint) && addition.contract.is_none() {
            edited.kept.push(addition.fingerprint.clone());
            continue;
        }
        let before = document.to_string();
        if let Item::ArrayOfTables(tables) =
            document.entry("finding").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        {
            tables.push(table(addition, !before.trim().is_empty()));
        }
        // As it will be read: that also tells of a second one.
        known = Baseline::read(file, &document.to_string())?.entries;
        edited.added.push(addition.fingerprint.clone());
    }
    edited.text = document.to_string();
    Ok(edited)
}

/// Takes out entries. The comment that stands right above one goes with it; what
/// is set apart by an empty line stays.
fn take_out(document: &mut DocumentMut, is_out: impl Fn(&Table) -> bool) {
    let Some(Item::ArrayOfTables(tables)) = document.get_mut("finding") else { return };
    let mut orphans = String::new();
    let mut index = 0;
    while let Some(table) = tables.get_mut(index) {
        let prefix = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        let above = [orphans.as_str(), prefix].concat();
        if is_out(table) {
            orphans = match above.rfind("\n\n") {
                Some(end) if !above[..end].trim().is_empty() => above[..=end].to_owned(),
                _ => String::new(),
            };
            tables.remove(index);
        } else {
            if !orphans.is_empty() {
                table.decor_mut().set_prefix(above);
                orphans.clear();
            }
            index += 1;
        }
    }
    if !orphans.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing([orphans, trailing].concat());
    }
}

fn table(addition: &Addition, follows: bool) -> Table {
    let mut table = Table::new();
    let mut prefix = if follows { "\n".to_owned() } else { String::new() };
    let shows = addition.shows.chars().map(|character| if character.is_control() { ' ' } else { character });
    let shows: String = shows.take(LONGEST).collect();
    if !shows.trim().is_empty() {
        // A `String` takes whatever is written to it.
        let _ = writeln!(prefix, "# {}", shows.trim());
    }
    table.decor_mut().set_prefix(prefix);
    table.insert("fingerprint", value(&addition.fingerprint));
    let texts = [("contract", &addition.contract), ("rule", &addition.rule)];
    for (key, text) in texts.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
        table.insert(key, value(text));
    }
    table.insert("reason", value(&addition.reason));
    if let Some(link) = &addition.link {
        table.insert("link", value(link));
    }
    if let Some(expires) = addition.expires
        && let Ok(expires) = expires.to_string().parse::<toml_edit::Datetime>()
    {
        table.insert("expires", value(expires));
    }
    table
}
