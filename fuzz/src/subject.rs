//! What the targets are about: the seed contract, its plan, and the ids that the
//! reference server knows. All are read once in a process.

use std::sync::OnceLock;

use policy_harness::case::{Maker, Plan};
use policy_harness::contract::Contract;
use policy_harness::reference::Options;

/// The seed contract.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| named("seed"))
}

/// The plan of the seed contract.
pub(crate) fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| Plan::of(contract()))
}

/// A contract that is built in.
pub(crate) fn named(name: &str) -> Contract {
    Contract::named(name).expect("the contract is built in")
}

/// Ids of the assignments that the reference server knows.
pub(crate) fn ids() -> &'static [String] {
    static IDS: OnceLock<Vec<String>> = OnceLock::new();
    IDS.get_or_init(|| Options::default().assignments)
}

/// A maker of cases that the reference server can be asked.
pub(crate) fn maker() -> Maker<'static> {
    Maker::new(contract(), plan(), ids(), 0)
}
