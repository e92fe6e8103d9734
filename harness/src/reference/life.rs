//! Flaws in the life of a policy that is created, replaced and deleted: each
//! server is right but for one thing.

use crate::json::{self, NodeId, Tree, ValueKind};

/// What goes wrong in the life of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeFlaw {
    /// A create is answered, and stores nothing.
    ForgetsCreated,
    /// The id that a create answers is another than that of the policy.
    AnswersAnotherId,
    /// The `Location` of a create has another id than the policy.
    LocatesAnother,
    /// The `Location` of a create is the collection.
    LocatesCollection,
    /// Lists lack what was created and not replaced since.
    ListsReplacedOnly,
    /// Lists lack what was replaced.
    ListsUnreplacedOnly,
    /// Lists end after so many items, and do not say that there are more.
    CutsLists(usize),
    /// Members that a replace leaves out or has as null stay as they were.
    Merges,
    /// The same for members of the objects in a policy, and not for its own.
    MergesInside,
    /// Members that a replace has as null stay as they were.
    KeepsNulls,
    /// The items that a replace has come behind those that are there.
    AppendsItems,
    /// A replace with what the one before had doubles the last item of collections.
    RepeatsLastItem,
    /// A replace does nothing.
    IgnoresReplace,
    /// A replace makes a second policy besides.
    ReplaceCopies,
    /// A replace gives the policy a new id, and leaves it at its path.
    ReplaceRenames,
    /// A replace of what never was creates it.
    ReplaceCreates,
    /// A replace of what was deleted brings it back.
    ReplaceRevives,
    /// A replace changes the newest of the other policies as well.
    ReplacesAnother,
    /// A replace with properties that the server sets is refused.
    RefusesComputed,
    /// A replace with a context URL is refused.
    RefusesContext,
    /// A replace without what a create needs is refused.
    RefusesWithoutRequired,
    /// A delete does nothing.
    IgnoresDelete,
    /// What was deleted is read as before.
    ReadsDeleted,
    /// A delete deletes the newest of the other policies as well.
    DeletesAnother,
    /// A second delete is answered with 500.
    FailsOnDeleted,
    /// A second delete is answered like the first.
    DeletesAgain,
    /// The time of a policy's making is a word.
    CreatedYesterday,
    /// The answer of a create has booleans as strings.
    QuotesBooleans,
    /// Items of a list have a number for an id.
    NumbersIds,
}

impl LifeFlaw {
    /// What a replace makes of a body, where `before` is what it replaces. Flaws of
    /// other things change nothing here.
    pub(super) fn bend(self, before: &Tree, new: &mut Tree) {
        let (Some(from), Some(to)) = (before.root(), new.root()) else { return };
        match self {
            Self::Merges => merge(before, from, new, to, |_| true),
            Self::KeepsNulls => merge(before, from, new, to, |is_left_out| !is_left_out),
            Self::MergesInside => each_pair(before, from, new, to, ValueKind::Object, |new, inside, object| {
                merge(before, inside, new, object, |_| true);
            }),
            Self::AppendsItems => each_pair(before, from, new, to, ValueKind::Array, |new, inside, array| {
                let kept = before.children(inside).map(|item| new.copy_from(before, item)).collect::<Vec<_>>();
                let items = [kept, new.children_vec(array)].concat();
                new.set_children(array, &items);
            }),
            Self::RepeatsLastItem => each_pair(before, from, new, to, ValueKind::Array, |new, _, array| {
                if let Some(&last) = new.children_vec(array).last() {
                    let copy = new.duplicate(last);
                    new.append(array, copy);
                }
            }),
            _ => {}
        }
    }
}

/// Members of an object that a new one leaves out or has as null are put there.
fn merge(before: &Tree, from: NodeId, new: &mut Tree, to: NodeId, is_kept: impl Fn(bool) -> bool) {
    for old in before.children(from) {
        let there = new.member(to, &before.name(old));
        let is_gone = there.is_none_or(|member| new.kind(member) == ValueKind::Null);
        if is_gone && is_kept(there.is_none()) {
            let copy = new.copy_from(before, old);
            match there {
                Some(member) => new.replace(member, copy),
                None => new.append(to, copy),
            }
        }
    }
}

/// Members that both objects have, and that are of this kind in both.
fn each_pair(
    before: &Tree,
    from: NodeId,
    new: &mut Tree,
    to: NodeId,
    kind: ValueKind,
    change: impl Fn(&mut Tree, NodeId, NodeId),
) {
    for old in before.children(from).filter(|&old| before.kind(old) == kind) {
        if let Some(member) = new.member(to, &before.name(old)).filter(|&member| new.kind(member) == kind) {
            change(new, old, member);
        }
    }
}

/// Whether two trees say the same.
pub(super) fn is_same(left: &Tree, right: &Tree) -> bool {
    json::difference(left, right).is_none()
}
