//! What a reference server is started with.

use std::fmt;

use super::defects::Defect;
use super::variants::Variant;
use crate::contract::Contract;

/// How a reference server behaves, and what it knows.
///
/// ```
/// use policy_harness::reference::{Options, defect};
/// let options = Options { defects: defect("any-token").into_iter().collect(), ..Options::default() };
/// assert_eq!(options.assignments, Options::ids(4));
/// ```
#[derive(Clone)]
pub struct Options {
    /// The one token that is let in.
    pub token: String,
    /// A token that is valid, and whose caller lacks the permission for anything here.
    pub unprivileged_token: String,
    /// Ids of the assignments that exist: GUIDs.
    pub assignments: Vec<String>,
    /// Ids of the access packages that exist: GUIDs.
    pub packages: Vec<String>,
    /// What is wrong with it.
    pub defects: Vec<&'static Defect>,
    /// What it does otherwise, and not wrongly.
    pub variant: Option<&'static Variant>,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
}

impl Options {
    /// The first `count` of the GUIDs that a reference server knows by default.
    pub fn ids(count: usize) -> Vec<String> {
        (1..=count).map(|number| format!("{number:08x}-3a5c-4d1e-9b7f-{number:012x}")).collect()
    }

    /// The same for access packages.
    pub fn package_ids(count: usize) -> Vec<String> {
        (1..=count).map(|number| format!("{number:08x}-7b2d-4c8a-8e1f-{number:012x}")).collect()
    }
}

impl Options {
    /// The contract with the ids of all that is in the directory of the variant that
    /// has one: two things of each kind.
    pub fn with_directory(contract: Contract) -> Contract {
        let ids = Self::directory(&contract);
        ids.into_iter().fold(contract, |contract, (kind, id)| {
            // The kinds are the contract's own and the ids are GUIDs.
            contract.clone().with_id(&kind, &id).unwrap_or(contract)
        })
    }

    /// What is in that directory: kind and id.
    pub fn directory(contract: &Contract) -> Vec<(String, String)> {
        let kinds = contract.id_kinds();
        let of_kind = |(number, kind): (usize, &&str)| {
            let id = |count: usize| format!("{:08x}-5e1f-4b2a-9c3d-{count:012x}", number + 1);
            [1, 2].map(|count| ((*kind).to_owned(), id(count)))
        };
        kinds.iter().enumerate().flat_map(of_kind).collect()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            token: "reference-server-token".to_owned(),
            unprivileged_token: "visitor-without-rights".to_owned(),
            assignments: Self::ids(4),
            packages: Self::package_ids(2),
            defects: Vec::new(),
            variant: None,
            port: 0,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let defects: Vec<&str> = self.defects.iter().map(|defect| defect.id).collect();
        f.debug_struct("Options")
            .field("token", &"[redacted]")
            .field("unprivileged_token", &"[redacted]")
            .field("assignments", &self.assignments)
            .field("packages", &self.packages)
            .field("defects", &defects)
            .field("variant", &self.variant.map(|variant| variant.id))
            .field("port", &self.port)
            .finish()
    }
}
