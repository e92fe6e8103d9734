//! Cases of bodies that somebody else made.

use super::made::{Case, Scene};
use super::maker::Maker;
use super::request;
use crate::contract::{Level, RuleId, rule};
use crate::json::{Pointer, Tree, read};
use crate::validate::Label;

impl Maker<'_> {
    /// The case of a body as it is, whoever made it, sent with the first operation of
    /// the contract. What the validator says of the bytes is what is expected.
    ///
    /// ```
    /// use policy_harness::case::{Maker, Plan};
    /// use policy_harness::contract::Contract;
    ///
    /// let contract = Contract::named("seed")?;
    /// let plan = Plan::of(&contract);
    /// let ids = ["00000001-3a5c-4d1e-9b7f-000000000001".to_owned()];
    /// let case = Maker::new(&contract, &plan, &ids, 0).of_body(br#"{"expiration":null}"#);
    /// assert_eq!(case.label.name(), "valid");
    /// # Ok::<(), policy_harness::contract::ContractError>(())
    /// ```
    pub fn of_body(&mut self, body: &[u8]) -> Case {
        let label = Label::of(self.contract, self.validator.validate(body));
        let (rule, at) = match &label {
            Label::Valid => (rule::ACCEPT_BODY, Pointer::default()),
            Label::Malformed(rule, at) => (*rule, at.clone()),
            Label::Unspecified(rules) | Label::Mixed(rules) => (self.gravest(rules), Pointer::default()),
        };
        Case {
            index: u64::MAX,
            obligation: None,
            operator: "own-body",
            rule,
            at,
            label,
            operation: 0,
            object: 0,
            request: request::good(self.contract, 0, self.id(0), body.to_vec()),
            before: None,
            scene: Scene::Alone,
            tree: read(body).unwrap_or_else(|_| Tree::new()),
            mislabelled: None,
        }
    }

    /// The rule of the highest level; a body that breaks it must be refused, whatever
    /// else there is about it.
    fn gravest(&self, rules: &[RuleId]) -> RuleId {
        let level = |rule: &RuleId| self.contract.rule(*rule).level;
        let must = rules.iter().copied().find(|rule| level(rule) == Level::Must);
        must.or_else(|| rules.iter().copied().max_by_key(level)).unwrap_or(rule::ACCEPT_BODY)
    }
}
