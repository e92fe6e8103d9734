//! What is tested: the target that the command line names, or the embedded
//! reference server; and which contracts hold for it.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use secrecy::SecretString;

use super::arguments::{AccessArgs, RunArgs, UnprivilegedArgs};
use super::exit::Failure;
use super::token::{self, Caller};
use crate::contract::Contract;
use crate::ledger::Ledger;
use crate::reference;
use crate::target::{Endpoint, EndpointOptions, OwnHeader, Redactor, TargetError};

/// What is tested, and what it was told.
pub(super) struct Subject {
    pub(super) endpoint: Endpoint,
    pub(super) assignments: Vec<String>,
    pub(super) packages: Vec<String>,
    pub(super) name: String,
    /// Kept running while it is tested.
    pub(super) server: Option<reference::Running>,
}

/// The contract of this name.
pub(super) fn contract(name: &str) -> Result<Contract, Failure> {
    Contract::named(name).map_err(Failure::usage)
}

/// The contracts that the command line names, each once.
pub(super) fn contracts(names: &[String]) -> Result<Vec<Contract>, Failure> {
    let mut chosen: Vec<&str> = Vec::new();
    for name in names {
        let expanded: Vec<&str> = if name == "all" { Contract::all().collect() } else { vec![name] };
        expanded.into_iter().for_each(|name| {
            if !chosen.contains(&name) {
                chosen.push(name)
            }
        });
    }
    chosen.into_iter().map(contract).collect()
}

/// The contracts where these things exist, each given as `KIND=GUID`.
pub(super) fn with_ids(contracts: Vec<Contract>, ids: &[String]) -> Result<Vec<Contract>, Failure> {
    let split = |text: &String| {
        let wrong = || Failure::usage(format!("--id `{text}` is no KIND=GUID; write --id userId=GUID"));
        text.split_once('=').map(|(kind, id)| (kind.to_owned(), id.to_owned())).ok_or_else(wrong)
    };
    let ids: Vec<(String, String)> = ids.iter().map(split).collect::<Result<_, _>>()?;
    let with = |contract: Contract| {
        let known = ids.iter().try_fold(contract, |contract, (kind, id)| contract.with_id(kind, id));
        known.map_err(|error| Failure::usage(format!("--id {error}")))
    };
    contracts.into_iter().map(with).collect()
}

/// What the command line says about the things that exist in the target fits its
/// contracts.
pub(super) fn check(arguments: &RunArgs, contracts: &[Contract]) -> Result<(), Failure> {
    check_ids("--assignment-id", &arguments.assignment_ids)?;
    check_ids("--access-package-id", &arguments.access_package_ids)?;
    if arguments.target.is_none() {
        return Ok(());
    }
    if arguments.assignment_ids.is_empty() && contracts.iter().any(|contract| !contract.creates()) {
        return Err(Failure::usage("--target needs --assignment-id GUID: the assignment whose policy is written")
            .advise(
                "the policy of that assignment is overwritten while the run lasts, so name one that is there for tests",
            ));
    }
    if arguments.access_package_ids.is_empty() && contracts.iter().any(Contract::creates) {
        return Err(Failure::usage(
            "--target needs --access-package-id GUID: the access package that policies are created in",
        )
        .advise("what is created is deleted again; name a package that is there for tests all the same"));
    }
    Ok(())
}

/// An id stands in a path as it is.
fn check_ids(flag: &str, ids: &[String]) -> Result<(), Failure> {
    let is_plain =
        |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte));
    let twice = ids.iter().enumerate().find(|(at, id)| ids[..*at].iter().any(|other| other.eq_ignore_ascii_case(id)));
    if let Some((_, id)) = twice {
        return Err(Failure::usage(format!("{flag} `{id}` is given twice")).advise("give each id once"));
    }
    match ids.iter().find(|id| !is_plain(id)) {
        Some(id) => Err(Failure::usage(format!("{flag} `{id}` cannot stand in a path"))
            .advise("give the GUID alone, as in 00000001-3a5c-4d1e-9b7f-000000000001")),
        None => Ok(()),
    }
}

/// The target, or the reference server, which is started for it.
pub(super) async fn subject(arguments: &RunArgs, contracts: &[Contract]) -> Result<Subject, Failure> {
    let connections = usize::from(arguments.concurrency);
    let Some(base) = &arguments.target else {
        return embedded(&arguments.access, contracts, connections).await;
    };
    let endpoint = endpoint(&arguments.access, Some(&arguments.unprivileged), base, connections)?;
    sign_in(&endpoint).await?;
    let name = endpoint.base().to_owned();
    let (assignments, packages) = (arguments.assignment_ids.clone(), arguments.access_package_ids.clone());
    Ok(Subject { endpoint, assignments, packages, name, server: None })
}

/// Fetches tokens that have to be fetched, before anything is sent to the target.
pub(super) async fn sign_in(endpoint: &Endpoint) -> Result<(), Failure> {
    let advice = "nothing was sent to the target; what gives out the token has to be mended first";
    endpoint.sign_in().await.map_err(|why| Failure::incomplete(format!("no token: {why}")).advise(advice))
}

/// The endpoint at `base`.
pub(super) fn endpoint(
    access: &AccessArgs,
    unprivileged: Option<&UnprivilegedArgs>,
    base: &str,
    connections: usize,
) -> Result<Endpoint, Failure> {
    let headers = access.headers.iter().map(|text| OwnHeader::parse(text)).collect::<Result<_, _>>();
    let redactor = Redactor::default();
    let caller = token::caller(access, &redactor)?;
    let unprivileged = match unprivileged {
        Some(arguments) => token::unprivileged(arguments, &redactor)?,
        None => Caller::default(),
    };
    let options = EndpointOptions {
        headers: headers.map_err(Failure::usage)?,
        time_limit: access.timeout,
        rate: access.rate,
        token: caller.token,
        token_source: caller.source,
        token_name: caller.name,
        unprivileged_token: unprivileged.token,
        unprivileged_source: unprivileged.source,
        unprivileged_name: unprivileged.name,
        redactor,
        allowed_hosts: access.allow_hosts.clone(),
        owns_tenant: access.i_own_this_tenant,
        authorities: access.ca_file.as_deref().map(authorities).transpose()?.unwrap_or_default(),
        connections,
    };
    Endpoint::new(base, options).map_err(|error| match (error, &access.ca_file) {
        (error @ TargetError::Authorities(_), Some(path)) => {
            Failure::usage(format!("--ca-file {}: {error}", path.display()))
        }
        (error, _) => Failure::usage(error),
    })
}

/// What the file of --ca-file holds.
fn authorities(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::usage(format!("cannot read --ca-file {}: {error}", path.display())))?;
    if bytes.is_empty() {
        return Err(Failure::usage(format!("--ca-file {} is empty; give certificates as PEM", path.display())));
    }
    Ok(bytes)
}

/// The reference server, started for a run.
pub(super) async fn embedded(
    access: &AccessArgs,
    contracts: &[Contract],
    connections: usize,
) -> Result<Subject, Failure> {
    let options = reference::Options::default();
    let token = Some(SecretString::from(options.token.clone()));
    let unprivileged_token = Some(SecretString::from(options.unprivileged_token.clone()));
    let contracts = contracts.iter().cloned().map(Arc::new).collect();
    let server = reference::start(contracts, options)
        .await
        .map_err(|error| Failure::incomplete(format!("cannot start the reference server: {error}")))?;
    let (time_limit, rate) = (access.timeout, access.rate);
    let options =
        EndpointOptions { token, unprivileged_token, time_limit, rate, connections, ..EndpointOptions::default() };
    let endpoint = Endpoint::new(&server.base_url(), options).map_err(Failure::usage)?;
    let (assignments, packages) = (server.assignments().to_vec(), server.packages().to_vec());
    Ok(Subject { endpoint, assignments, packages, name: "embedded reference server".to_owned(), server: Some(server) })
}

/// A name that no other run has, short enough to stand before every name.
pub(super) fn drawn_run() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mixed = (now.as_nanos() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(std::process::id());
    format!("ph-{:08x}", (mixed >> 16) as u32)
}

/// The ledger of a run: on disk, unless the target ends with the run.
pub(super) fn ledger(arguments: &RunArgs, run: &str, contract: &Contract, base: &str) -> Result<Ledger, Failure> {
    if arguments.target.is_none() {
        return Ok(Ledger::in_memory(run));
    }
    let path = path(&arguments.ledger, run, &contract.name);
    let open = if arguments.resume.is_some() { Ledger::again } else { Ledger::at };
    open(&path, run, &contract.name, base).map_err(|error| {
        Failure::usage(format!("cannot write the ledger {}: {error}", path.display()))
            .advise("name a folder that can be written with --ledger DIR; it lists what has to be deleted again")
    })
}

/// The ledger of a run in this folder, whether it has one there or not.
pub(super) fn ledger_at(folder: &Path, run: &str, contract: &Contract, base: &str) -> Result<Ledger, Failure> {
    let path = path(folder, run, &contract.name);
    Ledger::again(&path, run, &contract.name, base)
        .map_err(|error| Failure::usage(format!("cannot write the ledger {}: {error}", path.display())))
}

fn path(folder: &Path, run: &str, contract: &str) -> std::path::PathBuf {
    folder.join(format!("{run}-{contract}.ledger"))
}
