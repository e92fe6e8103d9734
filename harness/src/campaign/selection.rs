//! The rules that a run is about, where it is not about all of them. The plan stays
//! what it is, so that a case has the same index and bytes in a part as in the
//! whole; what is not selected is not sent.

use std::fmt;

use crate::case::Obligation;
use crate::contract::{Contract, RuleId};

/// Rules by the globs of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// A rule is selected that matches one of these; any, where there is none.
    pub only: Vec<String>,
    /// A rule that matches one of these is not.
    pub skip: Vec<String>,
}

impl Selection {
    /// Whether all rules are selected.
    pub fn is_whole(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// Whether a rule is selected.
    pub fn has(&self, rule: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|glob| is_match(glob, rule))) && !self.skips(rule)
    }

    /// Whether a rule is skipped by name, so that a breach of it counts nowhere.
    pub fn skips(&self, rule: &str) -> bool {
        self.skip.iter().any(|glob| is_match(glob, rule))
    }

    /// How many of these obligations are selected.
    pub fn count(&self, contract: &Contract, obligations: &[Obligation]) -> usize {
        let rules = Rules::of(self, contract);
        obligations.iter().filter(|obligation| rules.has(obligation.rule)).count()
    }
}

/// As flags of a command line.
impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = |flag: &'static str, globs: &[String]| {
            globs.iter().map(|glob| format!("--{flag} '{glob}'")).collect::<Vec<_>>()
        };
        f.write_str(&[flags("only", &self.only), flags("skip", &self.skip)].concat().join(" "))
    }
}

/// The same by number of rule, for every case to be looked up.
#[derive(Debug)]
pub(super) struct Rules {
    /// By rule: whether it is selected, and whether it is skipped.
    rules: Vec<(bool, bool)>,
}

impl Rules {
    pub(super) fn of(selection: &Selection, contract: &Contract) -> Self {
        let of_rule = |id: &str| (selection.has(id), selection.skips(id));
        Self { rules: contract.rules.iter().map(|rule| of_rule(&rule.id)).collect() }
    }

    /// Whether a rule is selected.
    pub(super) fn has(&self, rule: RuleId) -> bool {
        self.rules.get(usize::from(rule.0)).is_none_or(|(is_selected, _)| *is_selected)
    }

    /// Whether a breach of a rule counts nowhere.
    pub(super) fn skips(&self, rule: RuleId) -> bool {
        self.rules.get(usize::from(rule.0)).is_some_and(|(_, is_skipped)| *is_skipped)
    }
}

/// Whether a glob matches a whole text: `*` stands for anything, nothing and `/`
/// among it.
pub fn is_match(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        // The first place leaves the most behind it.
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (glob, text, wanted) in [
            ("body/value/enum-member", "body/value/enum-member", true),
            ("body/value/enum", "body/value/enum-member", false),
            ("body/*", "body/value/enum-member", true),
            ("*", "body", true),
            ("", "", true),
            ("", "a", false),
            ("*enum*", "body/value/enum-member", true),
            ("body/*/enum-*", "body/value/enum-member", true),
            ("body*member", "body/value/enum-member", true),
            ("*member*member", "body/value/enum-member", false),
            ("body/**value*", "body/value", true),
            ("a*a", "a", false),
            ("*a*b", "ab", true),
            ("*ab", "abab", true),
        ] {
            assert_eq!(is_match(glob, text), wanted, "{glob} {text}");
        }
    }

    #[test]
    fn what_is_skipped_is_not_selected() {
        let selection = Selection { only: vec!["body/*".to_owned()], skip: vec!["*/enum-*".to_owned()] };
        assert!(selection.has("body/null/item") && !selection.has("body/value/enum-case"));
        assert!(!selection.has("http/method") && !selection.skips("http/method"));
        assert!(Selection::default().has("http/method") && Selection::default().is_whole());
        assert_eq!(selection.to_string(), "--only 'body/*' --skip '*/enum-*'");
    }
}
