//! What is wrong with an answer, or with there being none: the rule that is broken,
//! where, and how it shows; and what faults of one cause have in common.

use std::fmt;
use std::time::Duration;

use super::protocol::{Answer, NoAnswer};
use super::subject::{Expected, Subject, is_about};
use crate::compare::{Change, Way, changes};
use crate::contract::{Contract, RuleId, rule};
use crate::json::{Pointer, Tree};

/// Characters of a client's words that are told.
const TOLD: usize = 120;
/// Characters of a refusal by which it is known again.
const STEM: usize = 40;

/// What is wrong with a client that gives no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breakdown {
    /// No line came in this time.
    Late(Duration),
    /// The program ended.
    Ended {
        /// How, as the system says it.
        status: String,
        /// The last line of its standard error.
        said: Option<String>,
    },
    /// It runs, and has closed its standard output.
    Closed,
    /// It runs, and has closed its standard input.
    Deaf,
    /// Its line is longer than this many bytes.
    TooLong(u64),
    /// Its line is no answer.
    NoAnswer {
        /// Why.
        why: NoAnswer,
        /// The line, cut to a length that can be told.
        line: String,
    },
    /// Behind its answer there is a second line.
    Surplus(String),
}

/// How a fault shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// There is no answer.
    Broken(Breakdown),
    /// The client refuses the body, with these words.
    Refused(String),
    /// What it writes is something else.
    Changed(Change),
}

/// A rule that a client breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule, of the family `client`.
    pub rule: RuleId,
    /// Where in the body; the root where no place is to blame.
    pub at: Pointer,
    /// How it shows.
    pub symptom: Symptom,
}

/// What faults of one cause have in common: the rule, how it shows, and the type that
/// is declared there. Clients err by type far more often than by place, so that places
/// are what a finding lists.
pub(super) type Key = (RuleId, String);

impl Breakdown {
    /// A line that is no answer.
    pub(super) fn no_answer(why: NoAnswer, line: &[u8]) -> Self {
        Self::NoAnswer { why, line: shown(line) }
    }

    /// A line that nobody asked for.
    pub(super) fn surplus(line: &[u8]) -> Self {
        Self::Surplus(shown(line))
    }

    fn kind(&self) -> String {
        match self {
            Self::Late(_) => "late".to_owned(),
            Self::Ended { status, said } => format!("{status} {}", stem(said.as_deref().unwrap_or_default())),
            Self::Closed => "closed".to_owned(),
            Self::Deaf => "deaf".to_owned(),
            Self::TooLong(_) => "long".to_owned(),
            Self::NoAnswer { why: NoAnswer::Syntax(_), .. } => "no JSON".to_owned(),
            Self::NoAnswer { why: NoAnswer::Form, .. } => "no answer".to_owned(),
            Self::Surplus(_) => "surplus".to_owned(),
        }
    }
}

impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late(limit) => write!(f, "no answer within {} s", limit.as_secs_f64()),
            Self::Ended { status, said: None } => write!(f, "the program ended ({status}) and said nothing"),
            Self::Ended { status, said: Some(said) } => write!(f, "the program ended ({status}): {said}"),
            Self::Closed => write!(f, "the program closed its standard output and ran on"),
            Self::Deaf => write!(f, "the program closed its standard input and ran on"),
            Self::TooLong(longest) => write!(f, "a line of more than {longest} bytes"),
            Self::NoAnswer { why: NoAnswer::Syntax(error), line } => {
                write!(f, "a line that is no JSON ({error}): {line}")
            }
            Self::NoAnswer { why: NoAnswer::Form, line } => {
                write!(f, "a line that is no object with body, or with error as a string: {line}")
            }
            Self::Surplus(line) => write!(f, "a second line for one body: {line}"),
        }
    }
}

impl Fault {
    /// A client that gives no answer.
    pub(super) fn broken(breakdown: Breakdown) -> Self {
        Self { rule: rule::CLIENT_ANSWERS, at: Pointer::default(), symptom: Symptom::Broken(breakdown) }
    }

    /// What it has in common with others of its cause.
    pub(super) fn key(&self) -> Key {
        let kind = match &self.symptom {
            Symptom::Broken(breakdown) => breakdown.kind(),
            Symptom::Refused(why) => stem(why),
            // A model drops null whatever the type is.
            Symptom::Changed(change) if change.mismatch.way == Way::Null => "null".to_owned(),
            Symptom::Changed(Change { mismatch, declared }) => {
                format!(
                    "{:?} {}",
                    mismatch.way,
                    declared.as_ref().map(|declared| &*declared.family).unwrap_or_default()
                )
            }
        };
        (self.rule, kind)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.symptom {
            Symptom::Broken(breakdown) => breakdown.fmt(f),
            Symptom::Refused(why) => write!(f, "refused: {}", shown(why.as_bytes())),
            Symptom::Changed(Change { mismatch, declared }) => {
                let read = mismatch.read.as_deref().unwrap_or("nothing");
                let of = declared.as_ref().map(|declared| format!(" ({})", declared.name)).unwrap_or_default();
                write!(f, "sent {}{of}, came back {read}", mismatch.sent)
            }
        }
    }
}

/// What is wrong with an answer.
pub(super) fn faults(contract: &Contract, subject: &Subject, answer: &Answer) -> Vec<Fault> {
    match (answer, &subject.expected) {
        (Answer::Refused(why), Expected::Kept) => {
            vec![Fault { rule: rule::CLIENT_ACCEPTS, at: Pointer::default(), symptom: Symptom::Refused(why.clone()) }]
        }
        (Answer::Body(copy), Expected::Kept) => changed(contract, &subject.tree, copy, rule_of),
        (Answer::Body(copy), Expected::KeptOrRefused(places)) => {
            // What stands elsewhere is asked of bodies with nothing open in them.
            changed(contract, &subject.tree, copy, |change| {
                let is_open = places.iter().any(|place| is_about(place, &change.mismatch.at));
                match change.mismatch.way {
                    _ if !is_open => None,
                    Way::Added => None,
                    Way::Null => Some(rule::CLIENT_NULL_KEPT),
                    _ => Some(rule::CLIENT_UNKNOWN_KEPT),
                }
            })
        }
        (_, Expected::Answered(_)) | (Answer::Refused(_), Expected::KeptOrRefused(_)) => Vec::new(),
    }
}

fn changed(contract: &Contract, sent: &Tree, copy: &Tree, rule_of: impl Fn(&Change) -> Option<RuleId>) -> Vec<Fault> {
    let all = changes(contract, sent, copy).into_iter();
    all.filter_map(|change| {
        let at = change.mismatch.at.clone();
        Some(Fault { rule: rule_of(&change)?, at, symptom: Symptom::Changed(change) })
    })
    .collect()
}

/// The rule that a change in a valid body breaks.
fn rule_of(change: &Change) -> Option<RuleId> {
    Some(match change.mismatch.way {
        Way::Null => rule::CLIENT_NULL_KEPT,
        Way::Added => rule::CLIENT_NOTHING_ADDED,
        _ => rule::CLIENT_KEPT,
    })
}

/// The beginning of a message, up to what may be of this body alone.
fn stem(text: &str) -> String {
    let is_of_one = |character: char| character.is_ascii_digit() || "'\"`‘“[{(<".contains(character);
    text.split(is_of_one).next().unwrap_or_default().chars().take(STEM).collect::<String>().trim().to_owned()
}

fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end_matches(['\r', '\n']);
    match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
