//! The strategies: tapes from the runner's generator, until one makes a payload
//! of the kind that was asked for.

use std::fmt;
use std::sync::{Arc, OnceLock};

use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::TestRunner;

use super::payload::Payload;
use super::shrinking::PayloadTree;
use crate::case::{Action, Case, Maker, Plan};
use crate::contract::Contract;
use crate::validate::Label;

/// Bytes of a tape, as many as a campaign's cases have.
const TAPE: usize = 4096;
/// Tapes read until one makes a payload of the kind asked for; about one in
/// four does.
const TRIES: usize = 500;

/// Payloads that must be accepted.
pub fn policy() -> Payloads {
    Payloads::new(Kind::Valid, seed())
}

/// Payloads that break exactly one rule and must, or should, be refused.
pub fn malformed() -> Payloads {
    Payloads::new(Kind::Malformed, seed())
}

/// Payloads that break nothing and touch points that the contract leaves open:
/// refusing one is as right as accepting it, crashing on it is not.
pub fn open() -> Payloads {
    Payloads::new(Kind::Open, seed())
}

/// Payloads of all these kinds: what a service gets that is open to everybody. Each
/// has its label, so that a property can tell what must come of it.
///
/// ```
/// use policy_harness::strategy;
/// use proptest::test_runner::TestRunner;
///
/// // A reader of one's own stands in the place of serde_json's.
/// TestRunner::default()
///     .run(&strategy::body_bytes(), |payload| {
///         let _ = serde_json::from_slice::<serde_json::Value>(&payload.bytes);
///         Ok(())
///     })
///     .unwrap();
/// ```
pub fn body_bytes() -> Payloads {
    Payloads::new(Kind::Any, seed())
}

/// A strategy of payloads with one kind of label, or with any.
#[derive(Clone)]
pub struct Payloads {
    kind: Kind,
    source: Arc<Source>,
}

/// A contract and its plan, read once.
pub(super) struct Source {
    pub(super) contract: Arc<Contract>,
    plan: Plan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Valid,
    Malformed,
    Open,
    Any,
}

impl Payloads {
    fn new(kind: Kind, source: Arc<Source>) -> Self {
        Self { kind, source }
    }

    /// The same kind of payloads from another contract.
    #[must_use]
    pub fn of(self, contract: Contract) -> Self {
        Self::new(self.kind, Arc::new(Source::of(contract)))
    }

    /// A case with the label asked for; none of those whose fault is in the
    /// request around the body.
    fn draw(&self, runner: &mut TestRunner) -> Option<Case> {
        let Source { contract, plan } = &*self.source;
        let mut maker = Maker::new(contract, plan, &[], 0);
        let mut tape = [0; TAPE];
        (0..TRIES).find_map(|_| {
            runner.rng().fill_bytes(&mut tape);
            let case = maker.from_bytes(&tape)?;
            // What is about more than one body has nothing to say of this one.
            let obligation = case.obligation.and_then(|number| plan.obligations.get(number));
            let is_of_body = obligation.is_none_or(|one| matches!(one.action, Action::Choose(_) | Action::Change(_)));
            (is_of_body && case.mislabelled.is_none() && self.kind.is(&case.label)).then_some(case)
        })
    }
}

impl Strategy for Payloads {
    type Tree = PayloadTree;
    type Value = Payload;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let case = self.draw(runner).ok_or("the contract has no payload of this kind")?;
        Ok(PayloadTree::new(Arc::clone(&self.source), case))
    }
}

impl fmt::Debug for Payloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} payloads of the contract {}", self.kind, self.source.contract.name)
    }
}

impl Kind {
    fn is(self, label: &Label) -> bool {
        let own = match label {
            Label::Valid => Self::Valid,
            Label::Malformed(..) => Self::Malformed,
            Label::Unspecified(_) => Self::Open,
            Label::Mixed(_) => return false,
        };
        self == Self::Any || self == own
    }
}

impl Source {
    fn of(contract: Contract) -> Self {
        let plan = Plan::of(&contract);
        Self { contract: Arc::new(contract), plan }
    }
}

/// The seed contract, read when the first strategy asks for it.
fn seed() -> Arc<Source> {
    static SEED: OnceLock<Arc<Source>> = OnceLock::new();
    Arc::clone(SEED.get_or_init(|| {
        // It is built in; the tests read it whole.
        let contract = Contract::named("seed").unwrap_or_else(|error| unreachable!("{error}"));
        Arc::new(Source::of(contract))
    }))
}
