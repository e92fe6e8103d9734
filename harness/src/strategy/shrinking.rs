//! Shrinking as proptest drives it: the one shrinker makes the candidates, the
//! validator passes on those that keep the label, and the property decides.

use std::fmt;
use std::sync::Arc;

use proptest::strategy::ValueTree;

use super::payload::Payload;
use super::payloads::Source;
use crate::case::Case;
use crate::contract::RuleId;
use crate::json::Pointer;
use crate::shrink::Shrinker;
use crate::validate::{Label, Validator};

/// A payload that proptest can make smaller.
#[derive(Clone)]
pub struct PayloadTree {
    source: Arc<Source>,
    shrinker: Shrinker,
    /// The smallest payload that is known to fail.
    best: Payload,
    /// The payload whose fate is open.
    candidate: Option<Payload>,
    /// The place that the payload was made for.
    made_for: Pointer,
}

impl PayloadTree {
    pub(super) fn new(source: Arc<Source>, case: Case) -> Self {
        let best = Payload {
            bytes: case.tree.to_bytes(),
            rule: rule_of(&case.label, case.rule),
            label: case.label,
            operator: case.operator,
            pointer: case.at.clone(),
            contract: Arc::clone(&source.contract),
        };
        Self { source, shrinker: Shrinker::new(case.tree), best, candidate: None, made_for: case.at }
    }

    /// The next smaller payload of the same label.
    fn advance(&mut self) -> bool {
        let mut validator = Validator::new(&self.source.contract);
        self.candidate = None;
        while let Some(tree) = self.shrinker.next_candidate() {
            let bytes = tree.to_bytes();
            let label = Label::of(&self.source.contract, validator.validate(&bytes));
            if !is_kept(&self.best.label, &label) {
                continue;
            }
            let pointer = match &label {
                Label::Malformed(_, at) => at.clone(),
                _ if tree.at(&self.made_for).is_some() => self.made_for.clone(),
                _ => Pointer::default(),
            };
            let rule = rule_of(&label, self.best.rule);
            let contract = Arc::clone(&self.source.contract);
            self.candidate = Some(Payload { bytes, label, rule, operator: self.best.operator, pointer, contract });
            return true;
        }
        false
    }
}

impl ValueTree for PayloadTree {
    type Value = Payload;

    fn current(&self) -> Payload {
        self.candidate.as_ref().unwrap_or(&self.best).clone()
    }

    /// The payload shown last fails too: go on from it.
    fn simplify(&mut self) -> bool {
        if let Some(candidate) = self.candidate.take() {
            self.best = candidate;
            self.shrinker.accept();
        }
        self.advance()
    }

    /// The payload shown last does not fail: try another change.
    fn complicate(&mut self) -> bool {
        self.candidate.is_some() && self.advance()
    }
}

impl fmt::Debug for PayloadTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadTree").field("best", &self.best).field("candidate", &self.candidate).finish()
    }
}

/// Whether a smaller payload is still what it was: the rule broken is the same
/// one, and no point is left open that was not open before.
fn is_kept(label: &Label, smaller: &Label) -> bool {
    match (label, smaller) {
        (Label::Malformed(rule, _), Label::Malformed(found, _)) => rule == found,
        (Label::Unspecified(rules), Label::Unspecified(found)) => found.iter().all(|rule| rules.contains(rule)),
        _ => label == smaller,
    }
}

/// The rule to name: the one that was meant, as long as the label knows it.
fn rule_of(label: &Label, meant: RuleId) -> RuleId {
    match label {
        Label::Malformed(rule, _) => *rule,
        Label::Unspecified(rules) if !rules.contains(&meant) => rules.first().copied().unwrap_or(meant),
        _ => meant,
    }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::contract::rule;
    use crate::strategy::{malformed, open, policy};

    /// Everything is accepted: the search ends, each step keeps the label, and
    /// the bytes are those of the shrinker's tree.
    #[test]
    fn a_search_that_keeps_everything_ends_at_the_least_payload() {
        let mut runner = TestRunner::deterministic();
        for strategy in [policy(), malformed(), open()] {
            for _ in 0..30 {
                let mut tree = strategy.new_tree(&mut runner).unwrap();
                let first = tree.current();
                let mut steps = 0;
                while tree.simplify() {
                    let payload = tree.current();
                    assert!(is_kept(&first.label, &payload.label), "{first:?}\n{payload:?}");
                    assert_eq!(payload.bytes, tree.shrinker.candidate().to_bytes());
                    steps += 1;
                    assert!(steps < 5_000, "{payload:?}");
                }
                let last = tree.current();
                assert_eq!(last.bytes, tree.shrinker.best().to_bytes());
                assert!(first.label != Label::Valid || last.bytes == b"{}", "{last:?}");
            }
        }
    }

    #[test]
    fn a_search_that_keeps_nothing_ends_where_it_began() {
        let mut runner = TestRunner::deterministic();
        let mut tree = policy().new_tree(&mut runner).unwrap();
        let first = tree.current().bytes;
        assert!(!tree.complicate());
        if tree.simplify() {
            while tree.complicate() {
                assert_ne!(tree.current().bytes, first);
            }
        }
        assert_eq!(tree.current().bytes, first);
        assert!(!tree.complicate() && tree.current().bytes == first);
    }

    #[test]
    fn a_label_is_kept_with_its_rule() {
        let at = Pointer::default;
        let null = Label::Malformed(rule::NULL, at());
        assert!(is_kept(&null, &Label::Malformed(rule::NULL, Pointer::from_iter([crate::json::Step::Index(0)]))));
        assert!(!is_kept(&null, &Label::Malformed(rule::NULL_ITEM, at())));
        assert!(!is_kept(&null, &Label::Valid));
        let open = Label::Unspecified(vec![rule::RANGE, rule::DATE_FORM]);
        assert!(is_kept(&open, &Label::Unspecified(vec![rule::RANGE])));
        assert!(!is_kept(&open, &Label::Unspecified(vec![rule::RANGE, rule::NULL_KEY])));
        assert!(!is_kept(&open, &Label::Valid));
    }
}
