//! What is tested, and how: a service in this process or a URL, and what has to be
//! known of it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;

use super::error::ConformanceError;
use crate::campaign::Selection;
use crate::contract::{Contract, Level};
use crate::target::{Endpoint, EndpointOptions, TargetError};

/// Makes the endpoint, below a path.
type Connect = Arc<dyn Fn(&str, EndpointOptions) -> Result<Endpoint, TargetError> + Send + Sync>;

/// A target, and how it is tested.
#[derive(Clone)]
pub struct Target {
    connect: Connect,
    pub(super) name: String,
    /// The URL, where there is one.
    pub(super) url: Option<String>,
    base_path: String,
    contract: String,
    token: Option<String>,
    unprivileged_token: Option<String>,
    allowed_hosts: Vec<String>,
    pub(super) assignment_ids: Vec<String>,
    pub(super) access_package_ids: Vec<String>,
    ids: Vec<(String, String)>,
    pub(super) seed: u64,
    pub(super) cases: u64,
    pub(super) level: Level,
    pub(super) selection: Selection,
    pub(super) baseline: Option<PathBuf>,
    pub(super) findings: Option<PathBuf>,
}

impl Target {
    /// A `tower` service in this process, such as an axum `Router`. It gets requests
    /// as from an HTTP server; what takes a connection of its own (wrong lengths, a
    /// missing `Host`) is left out, for it is the server's business.
    pub fn service<S, B>(service: S) -> Self
    where
        S: tower::Service<http::Request<Full<Bytes>>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        B: http_body::Body + Send + 'static,
        B::Data: Send,
    {
        let connect = move |path: &str, options| Endpoint::in_process(service.clone(), path, options);
        Self::new(Arc::new(connect), "a service in this process", None)
    }

    /// An HTTP endpoint, `http://127.0.0.1:8080/v1.0`. Other machines than this one
    /// have to be named with [`allow_host`](Self::allow_host).
    pub fn url(url: &str) -> Self {
        let base = url.to_owned();
        Self::new(Arc::new(move |_, options| Endpoint::new(&base, options)), url, Some(url.to_owned()))
    }

    fn new(connect: Connect, name: &str, url: Option<String>) -> Self {
        Self {
            connect,
            name: name.to_owned(),
            url,
            base_path: "/v1.0".to_owned(),
            contract: "seed".to_owned(),
            token: None,
            unprivileged_token: None,
            allowed_hosts: Vec::new(),
            assignment_ids: Vec::new(),
            access_package_ids: Vec::new(),
            ids: Vec::new(),
            seed: 1,
            cases: 5_000,
            level: Level::Must,
            selection: Selection::default(),
            baseline: None,
            findings: None,
        }
    }

    /// The contract to be kept: `seed` (where none is named), `v1.0` or `beta`.
    #[must_use]
    pub fn contract(self, name: &str) -> Self {
        Self { contract: name.to_owned(), ..self }
    }

    /// What the paths of a service in this process begin with: `/v1.0` where nothing
    /// else is said. A URL has its own.
    #[must_use]
    pub fn base_path(self, path: &str) -> Self {
        Self { base_path: path.to_owned(), ..self }
    }

    /// The bearer token that is let in. It is in no output. Without one, what is about
    /// credentials is left out.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    /// The token of a caller who may not do what is asked for.
    #[must_use]
    pub fn unprivileged_token(self, token: &str) -> Self {
        Self { unprivileged_token: Some(token.to_owned()), ..self }
    }

    /// A host other than this machine that may be tested.
    #[must_use]
    pub fn allow_host(mut self, host: &str) -> Self {
        self.allowed_hosts.push(host.to_owned());
        self
    }

    /// An assignment that exists (contract `seed`). Its policy is overwritten; what it
    /// had before is put back where it can be read.
    #[must_use]
    pub fn assignment_id(mut self, id: &str) -> Self {
        self.assignment_ids.push(id.to_owned());
        self
    }

    /// An access package that exists (contracts `v1.0` and `beta`). Policies are
    /// created in it and deleted again.
    #[must_use]
    pub fn access_package_id(mut self, id: &str) -> Self {
        self.access_package_ids.push(id.to_owned());
        self
    }

    /// Something that policies may name and that exists: its kind (`userId`,
    /// `groupId`, …) and its GUID.
    #[must_use]
    pub fn id(mut self, kind: &str, id: &str) -> Self {
        self.ids.push((kind.to_owned(), id.to_owned()));
        self
    }

    /// Decides every case; 1 where nothing else is said.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Random cases behind the obligations; 5,000 where nothing else is said.
    #[must_use]
    pub fn cases(self, cases: u64) -> Self {
        Self { cases, ..self }
    }

    /// The level from which a breach fails: must, or should as well.
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Only rules that match one of these globs (`body/value/*`).
    #[must_use]
    pub fn only(mut self, glob: &str) -> Self {
        self.selection.only.push(glob.to_owned());
        self
    }

    /// No rules that match one of these globs.
    #[must_use]
    pub fn skip(mut self, glob: &str) -> Self {
        self.selection.skip.push(glob.to_owned());
        self
    }

    /// A file of findings that are known, as `policy-harness baseline update` writes
    /// it: they fail nothing.
    #[must_use]
    pub fn baseline(self, path: impl Into<PathBuf>) -> Self {
        Self { baseline: Some(path.into()), ..self }
    }

    /// A folder for findings as files, which `policy-harness replay` sends again.
    #[must_use]
    pub fn findings(self, folder: impl Into<PathBuf>) -> Self {
        Self { findings: Some(folder.into()), ..self }
    }

    /// The contract as it holds for this target.
    pub(super) fn contract_here(&self) -> Result<Contract, ConformanceError> {
        let wrong = |error: &dyn fmt::Display| ConformanceError::Contract(error.to_string());
        let contract = Contract::named(&self.contract).map_err(|error| wrong(&error))?;
        let needs = |what, method| ConformanceError::Ids { contract: self.contract.clone(), what, method };
        if contract.creates() && self.access_package_ids.is_empty() {
            return Err(needs("an access package that exists", "Target::access_package_id"));
        }
        if !contract.creates() && self.assignment_ids.is_empty() {
            return Err(needs("an assignment that exists", "Target::assignment_id"));
        }
        let with = |contract: Contract, (kind, id): &(String, String)| contract.with_id(kind, id);
        let contract = self.ids.iter().try_fold(contract, with).map_err(|error| wrong(&error))?;
        Ok(if contract.creates() { contract.with_known(&self.access_package_ids) } else { contract })
    }

    pub(super) fn endpoint(&self) -> Result<Endpoint, TargetError> {
        let secret = |token: &Option<String>| token.clone().map(Into::into);
        let options = EndpointOptions {
            token: secret(&self.token),
            unprivileged_token: secret(&self.unprivileged_token),
            allowed_hosts: self.allowed_hosts.clone(),
            ..EndpointOptions::default()
        };
        (self.connect)(&self.base_path, options)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("name", &self.name).field("contract", &self.contract).finish_non_exhaustive()
    }
}
