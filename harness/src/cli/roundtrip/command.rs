//! Which model is meant, and which payloads.

use super::{client, model};
use crate::cli::arguments::RoundtripArgs;
use crate::cli::exit::{Exit, Failure};

pub(in crate::cli) fn roundtrip(arguments: &RoundtripArgs) -> Result<Exit, Failure> {
    match &arguments.client.command {
        Some(command) => client::tried(arguments, command),
        None if arguments.files.is_empty() => model::generated(arguments),
        None => model::files(arguments),
    }
}
