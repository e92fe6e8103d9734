//! The life of a policy as acts in an order: the scripts that a run walks, each
//! about one rule on state, and orders that a tape draws.

use crate::contract::{OperationKind, RuleId, rule};
use crate::generate::Tape;

/// One act on the policy of this number in a sequence. What is expected of it
/// follows from the acts before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It is created.
    Create(usize),
    /// A create is refused for its body.
    Refused(usize),
    /// It is read.
    Read(usize),
    /// All are listed.
    List,
    /// It is replaced by another; where it was never created, or is deleted, that
    /// is refused.
    Replace(usize),
    /// It is replaced by what it was replaced by the last time.
    ReplaceAgain(usize),
    /// It is replaced by what the last read of it answered.
    ReplaceAsRead(usize),
    /// A replace is refused for its body.
    ReplaceRefused(usize),
    /// It is deleted; where it was deleted before, that is refused.
    Delete(usize),
}

impl Act {
    /// The operation that is asked for.
    pub fn kind(self) -> OperationKind {
        match self {
            Self::Create(_) | Self::Refused(_) => OperationKind::Create,
            Self::Read(_) => OperationKind::Read,
            Self::List => OperationKind::List,
            Self::Replace(_) | Self::ReplaceAgain(_) | Self::ReplaceAsRead(_) | Self::ReplaceRefused(_) => {
                OperationKind::Replace
            }
            Self::Delete(_) => OperationKind::Delete,
        }
    }

    /// The policy that it is about.
    pub fn policy(self) -> Option<usize> {
        match self {
            Self::List => None,
            Self::Create(policy)
            | Self::Refused(policy)
            | Self::Read(policy)
            | Self::Replace(policy)
            | Self::ReplaceAgain(policy)
            | Self::ReplaceAsRead(policy)
            | Self::ReplaceRefused(policy)
            | Self::Delete(policy) => Some(policy),
        }
    }
}

/// Acts in an order, and the rule that they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// Short name, unique.
    pub name: &'static str,
    /// The rule.
    pub rule: RuleId,
    /// The acts.
    pub acts: &'static [Act],
}

use Act::{Create, Delete, List, Read, Refused, Replace, ReplaceAgain, ReplaceAsRead, ReplaceRefused};

const fn script(name: &'static str, rule: RuleId, acts: &'static [Act]) -> Script {
    Script { name, rule, acts }
}

/// All of them.
pub const SCRIPTS: &[Script] = &[
    script("created-and-read", rule::FOUND, &[Create(0), Read(0)]),
    script("created-twice-and-read", rule::FOUND, &[Create(0), Create(1), Read(0), Read(1)]),
    script("created-and-listed", rule::LISTED, &[Create(0), List]),
    script("two-listed", rule::LISTED, &[Create(0), Create(1), List]),
    script("replaced-and-listed", rule::LISTED, &[Create(0), Replace(0), List]),
    script("refused-and-listed", rule::NOTHING_LEFT, &[Refused(0), List]),
    script("replaced-and-read", rule::SAME_ID, &[Create(0), Replace(0), Read(0)]),
    script("replaced-often", rule::STORED, &[Create(0), Replace(0), Read(0), Replace(0), Read(0)]),
    script("replaced-beside-another", rule::STORED, &[Create(0), Create(1), Replace(0), Read(1), Read(0)]),
    script("replaced-twice", rule::IDEMPOTENT, &[Create(0), Replace(0), Read(0), ReplaceAgain(0), Read(0)]),
    script("replaced-as-read", rule::AS_READ, &[Create(0), Read(0), ReplaceAsRead(0), Read(0)]),
    script("replaced-and-as-read", rule::AS_READ, &[Create(0), Replace(0), Read(0), ReplaceAsRead(0), Read(0)]),
    script("replace-refused", rule::UNCHANGED, &[Create(0), Read(0), ReplaceRefused(0), Read(0)]),
    script("replace-of-nothing", rule::CREATES_NOTHING, &[Replace(0), Read(0), List]),
    script("replace-of-deleted", rule::CREATES_NOTHING, &[Create(0), Delete(0), Replace(0), Read(0), List]),
    script("replace-and-list", rule::CREATES_NOTHING, &[Create(0), List, Replace(0), List]),
    script("deleted-and-read", rule::DELETED, &[Create(0), Delete(0), Read(0)]),
    script("replaced-deleted-and-read", rule::DELETED, &[Create(0), Replace(0), Delete(0), Read(0)]),
    script("deleted-beside-another", rule::STORED, &[Create(0), Create(1), Delete(0), Read(1)]),
    script("deleted-twice", rule::DELETED_ONCE, &[Create(0), Delete(0), Delete(0)]),
    script("deleted-three-times", rule::DELETED_ONCE, &[Create(0), Delete(0), Delete(0), Delete(0), Read(0)]),
];

/// Policies of one sequence at most.
const MOST_POLICIES: usize = 3;
/// Acts of one sequence: at least, and at most.
const ACTS: (usize, usize) = (4, 12);

/// Acts that a tape draws. Whatever is written is read or listed soon, so that a
/// fault does not lie about until the end.
pub(super) fn drawn(tape: &mut Tape<'_, '_>) -> Vec<Act> {
    let (least, most) = ACTS;
    let wanted = least + tape.below(most - least + 1);
    let mut life = [Stage::Unborn; MOST_POLICIES];
    // What was only created may leave out what a replace has to say again.
    let mut replaced = [false; MOST_POLICIES];
    let mut acts = Vec::with_capacity(most + 2);
    while acts.len() < wanted {
        let policy = tape.below(MOST_POLICIES);
        let (act, stage) = next(life[policy], replaced[policy], policy, tape);
        life[policy] = stage;
        replaced[policy] |= matches!(act, Replace(_) | ReplaceAsRead(_)) && stage == Stage::Live;
        acts.push(act);
        if !act.kind().is_safe() && tape.chance(3, 4) {
            let is_list = life[policy] == Stage::Unborn || tape.chance(1, 4);
            acts.push(if is_list { List } else { Read(policy) });
            if !is_list && life[policy] == Stage::Live {
                life[policy] = Stage::Read;
            }
        }
    }
    acts
}

/// How far a policy of a sequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Unborn,
    /// Created, and written since it was read last.
    Live,
    /// As it was read last.
    Read,
    Deleted,
}

fn next(stage: Stage, is_replaced: bool, policy: usize, tape: &mut Tape<'_, '_>) -> (Act, Stage) {
    match (stage, tape.below(12)) {
        (Stage::Unborn, 0) => (Refused(policy), Stage::Unborn),
        (Stage::Unborn, 1) => (Replace(policy), Stage::Unborn),
        (Stage::Unborn, _) => (Create(policy), Stage::Live),
        (Stage::Live | Stage::Read, 0 | 1) => (Delete(policy), Stage::Deleted),
        // Only what was seen can be seen to have changed.
        (Stage::Read, 2) => (ReplaceRefused(policy), stage),
        (Stage::Live | Stage::Read, 3) => (List, stage),
        (Stage::Live | Stage::Read, 4 | 5) if is_replaced => (ReplaceAgain(policy), Stage::Live),
        (Stage::Read, 6..=8) => (ReplaceAsRead(policy), Stage::Live),
        (Stage::Live | Stage::Read, _) => (Replace(policy), Stage::Live),
        (Stage::Deleted, 0..=3) => (Delete(policy), Stage::Deleted),
        (Stage::Deleted, 4..=6) => (Replace(policy), Stage::Deleted),
        (Stage::Deleted, 7) => (List, Stage::Deleted),
        (Stage::Deleted, _) => (Read(policy), Stage::Deleted),
    }
}
