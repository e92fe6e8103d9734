//! `clean`: takes away what a run left in its target.

use std::time::Duration;

use super::arguments::CleanArgs;
use super::exit::{Exit, Failure};
use super::say::say;
use super::subject::{contract, endpoint, sign_in};
use crate::campaign::tidy;
use crate::ledger::{self, Ledger, Remains};
use crate::report::plural;

/// How long a service may take to agree that something is gone.
const LAG: Duration = Duration::from_secs(2);
/// Connections; one policy is deleted after the other.
const CONNECTIONS: usize = 1;

pub(super) fn clean(arguments: &CleanArgs) -> Result<Exit, Failure> {
    let (header, remains) = ledger::read(&arguments.ledger).map_err(|error| {
        Failure::incomplete(error).advise("give the file that the run named; runs write it to .policy-harness/")
    })?;
    let contract = contract(&header.contract)?;
    say(&format!("{}: {} at {}", arguments.ledger.display(), told(&remains), header.base));
    if arguments.dry_run {
        remains.policies.iter().for_each(|id| say(&format!("  would delete the policy {id}")));
        remains.overwritten.keys().for_each(|id| say(&format!("  would put back the policy of {id}")));
        return Ok(Exit::Good);
    }
    let endpoint = endpoint(&arguments.access, None, &header.base, CONNECTIONS)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    let ledger = Ledger::taken_over(&header.run, remains);
    let left = runtime.block_on(async {
        sign_in(&endpoint).await?;
        Ok(tidy(&contract, &endpoint, &ledger, LAG).await)
    })?;
    if left.is_nothing() && !left.unlisted {
        std::fs::remove_file(&arguments.ledger).map_err(|error| {
            Failure::incomplete(format!(
                "nothing is left, but {} cannot be removed: {error}",
                arguments.ledger.display()
            ))
        })?;
        say("Nothing is left; the ledger is removed.");
        return Ok(Exit::Good);
    }
    left.policies.iter().for_each(|id| say(&format!("  still there: the policy {id}")));
    left.overwritten.iter().for_each(|id| say(&format!("  not put back: the policy of {id}")));
    let what = if left.unlisted {
        "the list of policies cannot be read, so nobody knows what else is there"
    } else {
        "not everything could be taken away"
    };
    Err(Failure::incomplete(what).advise("check the token and its permissions, and run the same command again"))
}

fn told(remains: &Remains) -> String {
    let mut words = vec![plural(remains.policies.len() as u64, "policy")];
    let pending: usize = remains.pending.values().sum();
    if pending > 0 {
        words.push(format!("{} that nobody knows the end of", plural(pending as u64, "create")));
    }
    if !remains.overwritten.is_empty() {
        words.push(format!("{} to put back", plural(remains.overwritten.len() as u64, "policy")));
    }
    words.join(", ")
}
