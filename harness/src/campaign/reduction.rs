//! What came of reducing the failures of one group: all that findings are told
//! from besides the cases themselves. It says which case it began with, so that
//! of several runs the one counts that began with the smallest.

use crate::case::Case;
use crate::contract::RuleId;
use crate::judge::Fault;

/// What the failures of a group share, before anything is reduced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupKey {
    /// The rule that is broken.
    pub rule: RuleId,
    /// How it shows, in a few stable words.
    pub symptom: String,
    /// What the request was about, where the same answer has many causes.
    pub about: Option<RuleId>,
}

/// A group, reduced.
#[derive(Clone, Debug)]
pub struct Reduction {
    /// The group.
    pub key: GroupKey,
    /// Index of the case that it began with, the smallest of the group.
    pub from: u64,
    /// The rule that the smallest case names.
    pub rule: RuleId,
    /// The fault that it shows.
    pub fault: Fault,
    /// The smallest case that was found.
    pub case: Case,
    /// How often it showed the fault, and how often it was sent to see.
    pub confirmed: (u32, u32),
    /// Its requests as lines for a shell, the token left out.
    pub curl: String,
}
