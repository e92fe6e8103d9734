//! `arbitrary::Arbitrary` for the policy.

use std::sync::OnceLock;

use arbitrary::{Arbitrary, Error, Unstructured};

use crate::contract::Contract;
use crate::generate::{Generator, Options, Places, Tape};
use crate::json::Tree;
use crate::model::Policy;

/// A policy that the contract `v1.0` allows to be created. Its bytes are what
/// [`Generator`] reads them as.
///
/// ```
/// use arbitrary::{Arbitrary, Unstructured};
/// use policy_harness::model::Policy;
///
/// // The body of a fuzz target: what comes of a policy in a program of one's own.
/// let fuzz = |input: &[u8]| -> arbitrary::Result<()> {
///     let policy = Policy::arbitrary(&mut Unstructured::new(input))?;
///     assert_eq!(Policy::from_slice(&policy.to_vec()).unwrap(), policy);
///     Ok(())
/// };
/// fuzz(b"any bytes at all").unwrap();
/// ```
impl<'a> Arbitrary<'a> for Policy<'static> {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let (contract, places) = source();
        let mut tree = Tree::new();
        let body = Generator::new(contract, places, Options::default()).body(&mut Tape::new(input), None, &mut tree);
        if !body.broken.is_empty() {
            return Err(Error::IncorrectFormat);
        }
        Policy::from_slice(&tree.to_bytes()).map(Policy::into_owned).map_err(|_| Error::IncorrectFormat)
    }
}

/// The contract and its places, read when the first policy is asked for.
fn source() -> &'static (Contract, Places) {
    static SOURCE: OnceLock<(Contract, Places)> = OnceLock::new();
    SOURCE.get_or_init(|| {
        // It is built in; the tests read it whole.
        let contract = Contract::named("v1.0").unwrap_or_else(|error| unreachable!("{error}"));
        let places = Places::of(&contract);
        (contract, places)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tape_for;
    use crate::validate::{Label, Validator};

    /// The typed policy is the body: what it is written as is valid.
    #[test]
    fn policies_are_valid_and_differ() {
        let (contract, _) = source();
        let mut validator = Validator::new(contract);
        let mut bodies = std::collections::BTreeSet::new();
        let mut failed = 0;
        for index in 0..500 {
            let mut bytes = [0; 2048];
            tape_for(5, index, &mut bytes);
            let Ok(policy) = Policy::arbitrary(&mut Unstructured::new(&bytes)) else {
                failed += 1;
                continue;
            };
            let body = policy.to_vec();
            let label = Label::of(contract, validator.validate(&body));
            assert_eq!(label, Label::Valid, "{}", String::from_utf8_lossy(&body));
            bodies.insert(body);
        }
        assert!(failed < 50 && bodies.len() > 400, "{failed} failed, {} differ", bodies.len());
    }
}
