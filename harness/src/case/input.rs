//! Cases from a fuzzer's input: of one kind of body, so that whoever knows what
//! kind it is can say what must come of it.

use super::made::{Case, Scene};
use super::maker::Maker;
use crate::validate::Label;

impl Maker<'_> {
    /// A case whose body must be accepted, from any input. The first two bytes,
    /// little endian, choose an obligation among those that make such bodies, or
    /// none where there are fewer; the rest is the tape. None where the tape makes
    /// nothing of the kind. A case that is mislabelled comes back whatever its label.
    ///
    /// ```
    /// use policy_harness::case::{Maker, Plan};
    /// use policy_harness::contract::Contract;
    /// use policy_harness::validate::Label;
    ///
    /// let contract = Contract::named("seed")?;
    /// let plan = Plan::of(&contract);
    /// let mut maker = Maker::new(&contract, &plan, &[], 0);
    /// let case = maker.valid_from_bytes(b"\x07\x00and a tape").unwrap();
    /// assert_eq!((case.label, case.mislabelled), (Label::Valid, None));
    /// # Ok::<(), policy_harness::contract::ContractError>(())
    /// ```
    pub fn valid_from_bytes(&mut self, input: &[u8]) -> Option<Case> {
        let case = self.case_of(input, &self.plan.plainly_valid)?;
        (case.mislabelled.is_some() || case.label == Label::Valid).then_some(case)
    }

    /// The same for a case whose body breaks one rule, and whose request is right
    /// but for that.
    pub fn malformed_from_bytes(&mut self, input: &[u8]) -> Option<Case> {
        let case = self.case_of(input, &self.plan.plainly_malformed)?;
        (case.mislabelled.is_some() || matches!(case.label, Label::Malformed(..))).then_some(case)
    }

    /// The case that an input makes of one of these obligations, or of a tape alone.
    fn case_of(&mut self, input: &[u8], numbers: &[usize]) -> Option<Case> {
        let (chosen, tape) = input.split_first_chunk().unwrap_or((&[u8::MAX; 2], input));
        if let Some(&number) = numbers.get(usize::from(u16::from_le_bytes(*chosen))) {
            return self.obligation_from_bytes(number, tape);
        }
        let case = self.from_bytes(tape)?;
        let is_of_body = case.obligation.is_none_or(|number| self.plan.is_of_body(number));
        (is_of_body && !matches!(case.scene, Scene::Sequence { .. })).then_some(case)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::case::Plan;
    use crate::contract::Contract;
    use crate::generate::tape_for;

    type FromBytes = for<'i> fn(&mut Maker<'static>, &'i [u8]) -> Option<Case>;

    fn seed() -> (&'static Contract, &'static Plan) {
        let contract = Box::leak(Box::new(Contract::named("seed").unwrap()));
        (contract, Box::leak(Box::new(Plan::of(contract))))
    }

    /// An input for an obligation by its number among those of a kind.
    fn input(number: u16, nth: u64) -> Vec<u8> {
        let mut input = vec![0; 600];
        tape_for(nth, u64::from(number), &mut input);
        input[..2].copy_from_slice(&number.to_le_bytes());
        input
    }

    /// Each obligation is reached by one of a few tapes, and nothing else. Where it
    /// leaves a body open besides, there is no such body.
    fn reaches(numbers: &[usize], from_bytes: FromBytes, is_kind: fn(&Label) -> bool) {
        let (contract, plan) = seed();
        let mut maker = Maker::new(contract, plan, &[], 0);
        let mut reached = 0;
        for (nth, &number) in (0u16..).zip(numbers) {
            let inputs: Vec<_> = (0..64).map(|tape| input(nth, tape)).collect();
            if let Some(case) = inputs.iter().find_map(|input| from_bytes(&mut maker, input)) {
                assert_eq!((case.obligation, &case.mislabelled), (Some(number), &None));
                assert!(is_kind(&case.label), "{:?}", case.label);
                reached += 1;
                continue;
            }
            let others = inputs.iter().filter_map(|input| maker.obligation_from_bytes(number, &input[2..]));
            let labels: Vec<_> = others.map(|case| case.label).collect();
            let is_open = |label: &Label| matches!(label, Label::Unspecified(_));
            let what = plan.describe(contract, &plan.obligations[number]);
            assert!(!labels.is_empty() && labels.iter().all(is_open), "{what}: {labels:?}");
        }
        assert!(reached > numbers.len() * 9 / 10, "{reached} of {}", numbers.len());
    }

    #[test]
    fn every_obligation_of_a_kind_has_inputs() {
        let (_, plan) = seed();
        reaches(&plan.plainly_valid, Maker::valid_from_bytes, |label| *label == Label::Valid);
        reaches(&plan.plainly_malformed, Maker::malformed_from_bytes, |label| matches!(label, Label::Malformed(..)));
    }

    /// Behind the obligations the tape decides, and what it makes is of the kind
    /// and about nothing but its body.
    #[test]
    fn other_inputs_make_all_sorts_of_a_kind() {
        let (contract, plan) = seed();
        let mut maker = Maker::new(contract, plan, &[], 0);
        let mut sorts = BTreeSet::new();
        for nth in 0..600 {
            for from_bytes in [Maker::valid_from_bytes as FromBytes, Maker::malformed_from_bytes] {
                let Some(case) = from_bytes(&mut maker, &input(u16::MAX, nth)) else { continue };
                assert!(matches!(case.scene, Scene::Alone | Scene::Stored { .. }), "{:?}", case.scene);
                sorts.insert((case.label.name(), case.obligation.is_some()));
            }
        }
        let wanted = [("malformed", true), ("valid", false), ("valid", true)];
        assert_eq!(sorts.into_iter().collect::<Vec<_>>(), wanted);
    }
}
