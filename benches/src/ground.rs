//! What every stage stands on: a contract, and its plan.

use policy_harness::case::Plan;
use policy_harness::contract::Contract;

/// A contract and its plan, for as long as the program runs.
#[derive(Debug)]
pub struct Ground {
    /// The contract.
    pub contract: Contract,
    /// Its places and obligations.
    pub plan: Plan,
}

impl Ground {
    /// The contract of this name. The memory is given back with the process: a
    /// benchmark needs its contract to the end.
    ///
    /// # Panics
    /// When no contract that is built in has this name.
    pub fn of(name: &str) -> &'static Self {
        let contract = Contract::named(name).expect("the contract is built in");
        let plan = Plan::of(&contract);
        Box::leak(Box::new(Self { contract, plan }))
    }
}
