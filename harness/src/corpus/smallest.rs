//! The smallest body of an obligation: made from the shortest tape that makes one,
//! and from there made smaller by the shrinker as long as it shows the same.

use crate::case::{Action, Case, Maker, Plan, Scene};
use crate::contract::{Contract, OperationKind, TYPE};
use crate::generate::tape_for;
use crate::json::Tree;
use crate::shrink::Shrinker;
use crate::validate::{Label, Validator};

/// Decides the tapes, where an empty one is not enough.
const SEED: u64 = 1;
/// Tapes that are tried. Each is a byte longer than the one before: what a tape does
/// not decide is as small as it can be.
const TRIES: usize = 512;

/// Makes smallest bodies.
pub(super) struct Smallest<'c> {
    contract: &'c Contract,
    plan: &'c Plan,
    maker: Maker<'c>,
    validator: Validator<'c>,
}

impl<'c> Smallest<'c> {
    pub(super) fn new(contract: &'c Contract, plan: &'c Plan) -> Self {
        let maker = Maker::new(contract, plan, &[], SEED);
        Self { contract, plan, maker, validator: Validator::new(contract) }
    }

    /// The case of the obligation with this index; none where no body is valid, or
    /// breaks one rule, and exercises it.
    pub(super) fn case(&mut self, number: usize) -> Option<Case> {
        let case = (0..TRIES).find_map(|length| {
            let mut tape = [0; TRIES];
            let tape = &mut tape[..length];
            tape_for(SEED, length as u64, tape);
            let fits =
                |case: &Case| case.mislabelled.is_none() && matches!(case.label, Label::Valid | Label::Malformed(..));
            self.maker.obligation_from_bytes(number, tape).filter(fits)
        })?;
        Some(self.shrunk(case))
    }

    fn shrunk(&mut self, mut case: Case) -> Case {
        let mut shrinker = Shrinker::new(case.tree.clone());
        while let Some(candidate) = shrinker.next_candidate() {
            if let Some(smaller) = self.smaller(&case, candidate) {
                shrinker.accept();
                case = smaller;
            }
        }
        case
    }

    /// The case with another body, if that shows the same.
    fn smaller(&mut self, case: &Case, tree: &Tree) -> Option<Case> {
        if !self.is_whole(case) && shown(&case.tree, case) != shown(tree, case) {
            return None;
        }
        let smaller = case.with_tree(self.contract, tree)?;
        let kind = self.contract.operations[case.operation].kind;
        if let Scene::Alike { plain, .. } = &smaller.scene
            && self.label(kind, plain.body.as_deref().unwrap_or_default()) != case.label
        {
            return None;
        }
        (self.label(kind, smaller.body()) == case.label).then_some(smaller)
    }

    fn label(&mut self, kind: OperationKind, body: &[u8]) -> Label {
        Label::of(self.contract, self.validator.validate_as(kind, body))
    }

    /// Whether it is the body as a whole that was changed. Otherwise the value at the
    /// place is what the obligation is about.
    fn is_whole(&self, case: &Case) -> bool {
        let obligation = case.obligation.and_then(|number| self.plan.obligations.get(number));
        case.at.is_root() && obligation.is_some_and(|one| !matches!(one.action, Action::Choose(_)))
    }
}

/// What has to stay: the value at the place of a case, what annotates it, and the types
/// on the way there. None where the tree has nothing at the place.
fn shown(tree: &Tree, case: &Case) -> Option<Vec<u8>> {
    let node = tree.at(&case.at)?;
    let path = tree.path_to(node);
    let prefix = [&tree.name(node), "@"].concat();
    let container = path.len().checked_sub(2).map(|above| path[above]);
    let annotations = container.into_iter().flat_map(|container| tree.children(container));
    let annotations = annotations.filter(|&member| tree.name(member).starts_with(&prefix));
    let types = path.iter().filter_map(|&container| tree.member(container, TYPE));
    let mut bytes = Vec::new();
    for kept in types.chain(annotations).chain([node]) {
        bytes.extend_from_slice(tree.raw_name(kept));
        tree.write_node(kept, &mut bytes);
    }
    Some(bytes)
}
