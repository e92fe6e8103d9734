//! The TOML files of a contract as rows: the contract itself with its
//! operations, and the rules. A key that nobody reads is a fault.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::error::{ContractError, Place};
use super::operation::OperationKind;
use super::rules::{Family, Level};

/// The file that a contract starts from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContractFile {
    pub(super) name: String,
    pub(super) title: String,
    /// CSDL documents; a later one annotates what an earlier one declares.
    pub(super) csdl: Vec<Spanned<String>>,
    /// The files of rules.
    pub(super) rules: Vec<Spanned<String>>,
    /// The files of hints.
    #[serde(default)]
    pub(super) hints: Vec<Spanned<String>>,
    /// Rules that say nothing in this contract.
    #[serde(default)]
    pub(super) absent: Vec<Spanned<String>>,
    pub(super) body: Spanned<String>,
    pub(super) root_aliases: Vec<String>,
    pub(super) open_namespaces: Vec<Spanned<String>>,
    pub(super) open_root_namespaces: Vec<Spanned<String>>,
    /// Strings of the body that can carry a mark, the first one first.
    #[serde(default)]
    pub(super) marks: Vec<Spanned<String>>,
    pub(super) hash_optional: bool,
    /// The typed model is one of its bodies.
    #[serde(default)]
    pub(super) model: bool,
    pub(super) max_string: usize,
    pub(super) max_items: usize,
    pub(super) max_depth: usize,
    pub(super) operation: Vec<OperationRow>,
    /// Where this contract differs from the file of rules.
    #[serde(default, rename = "override")]
    pub(super) overrides: Vec<OverrideRow>,
}

/// `[[operation]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationRow {
    pub(super) id: Spanned<String>,
    pub(super) kind: OperationKind,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) success: u16,
    #[serde(default)]
    pub(super) open_methods: Vec<String>,
}

/// `[[override]]`: all four say what holds instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OverrideRow {
    pub(super) rule: Spanned<String>,
    pub(super) level: Level,
    pub(super) statuses: Option<String>,
    pub(super) preferred: Option<String>,
}

/// A file of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) rule: Vec<RuleRow>,
}

/// `[[rule]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub(super) id: Spanned<String>,
    pub(super) family: Family,
    pub(super) level: Level,
    pub(super) statuses: Option<String>,
    pub(super) preferred: Option<String>,
    pub(super) statement: String,
    pub(super) citations: Vec<String>,
    pub(super) example: String,
    /// It holds where a policy is created, and is left open where one is replaced.
    #[serde(default)]
    pub(super) creates: bool,
    /// For a rule between properties: the type that it holds on.
    #[serde(rename = "type")]
    pub(super) on: Option<Spanned<String>>,
    /// The clauses that make it apply.
    #[serde(default, rename = "if")]
    pub(super) when: Vec<Spanned<String>>,
    /// The clause that then holds.
    pub(super) then: Option<Spanned<String>>,
}

/// A file of hints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HintFile {
    #[serde(default)]
    pub(super) elsewhere: Vec<ElsewhereRow>,
    #[serde(default)]
    pub(super) note: Vec<NoteRow>,
    #[serde(default)]
    pub(super) free: Vec<FreeRow>,
}

/// `[[elsewhere]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElsewhereRow {
    #[serde(rename = "type")]
    pub(super) on: Spanned<String>,
    pub(super) property: Spanned<String>,
    pub(super) version: String,
    pub(super) instead: String,
}

/// `[[free]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FreeRow {
    #[serde(rename = "type")]
    pub(super) on: Spanned<String>,
    pub(super) property: Spanned<String>,
}

/// `[[note]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteRow {
    pub(super) rule: Spanned<String>,
    #[serde(rename = "type")]
    pub(super) on: Option<Spanned<String>>,
    pub(super) property: Option<String>,
    pub(super) text: String,
}

/// Reads a TOML file.
pub(super) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ContractError> {
    toml::from_str(text).map_err(|error| {
        let what = format!("{}; correct the file", error.message());
        match error.span() {
            Some(span) => Place::at_offset(file, text, span.start).fault(what),
            None => ContractError::in_file(file, what),
        }
    })
}
