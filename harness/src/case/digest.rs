//! A digest of a case: a record that names a case by its index says with it
//! which bytes were sent, so that another version, seed or contract is noticed
//! before anything is told wrongly.

use super::made::{Case, Scene};
use crate::hash::Fnv;
use crate::target::Request;

impl Case {
    /// The digest of all that the case sends.
    pub fn digest(&self) -> u64 {
        let mut hash = request(Fnv::default(), &self.request);
        if let Some(before) = &self.before {
            hash = request(hash, before);
        }
        hash = hash.part(self.scene.name().as_bytes());
        match &self.scene {
            Scene::Alike { plain, .. } => hash = request(hash, plain),
            Scene::Sequence { steps } => {
                hash = steps.iter().fold(hash, |hash, step| request(hash, &step.request));
            }
            Scene::Alone
            | Scene::Stored { .. }
            | Scene::Unchanged { .. }
            | Scene::NothingLeft { .. }
            | Scene::Next { .. } => {}
        }
        hash.get()
    }
}

fn request(hash: Fnv, request: &Request) -> Fnv {
    let hash = hash.part(request.method.as_bytes()).part(request.path.as_bytes());
    let headers = request.headers.iter();
    let hash = headers.fold(hash, |hash, (name, value)| hash.part(name.as_bytes()).part(value.as_bytes()));
    hash.part(request.body.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::case::{Maker, Plan};
    use crate::contract::Contract;

    #[test]
    fn whatever_is_sent_otherwise_has_another_digest() {
        let contract = Contract::named("v1.0").unwrap();
        let plan = Plan::of(&contract);
        let mut maker = Maker::new(&contract, &plan, &[], 1);
        let mut seen = std::collections::BTreeMap::new();
        for index in 0..2_000 {
            let Some(case) = maker.make(index) else { continue };
            let digest = case.digest();
            assert_eq!(maker.make(index).unwrap().digest(), digest);
            // The body alone, a byte of it, and the path.
            let mut other = case.clone();
            if let Some(last) = other.request.body.as_mut().and_then(|body| body.last_mut()) {
                *last ^= 1;
                assert_ne!(other.digest(), digest);
            }
            other = case.clone();
            other.request.path.push('x');
            assert_ne!(other.digest(), digest);
            let sent = format!("{:?} {:?} {:?}", case.request, case.before, case.scene);
            if let Some(before) = seen.insert(digest, sent.clone()) {
                // The same requests under another obligation.
                assert_eq!(before.split("credentials").next(), sent.split("credentials").next());
            }
        }
    }
}
