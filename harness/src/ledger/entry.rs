//! The lines of a ledger. A format that is read by later versions: members are
//! added, and never change their meaning.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The first line: whose ledger it is.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Header {
    /// Version of the format.
    pub ledger: u32,
    /// What the names of the run's policies begin with.
    pub run: String,
    /// Name of the contract.
    pub contract: String,
    /// Where the target's paths begin. It holds no credentials.
    pub base: String,
}

/// A line behind it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Entry {
    /// A create is sent of a policy with this mark; empty where it carries none.
    Creating(String),
    /// It came to nothing.
    Refused(String),
    /// It made a policy of this id.
    Created {
        /// The id.
        id: String,
        /// The mark.
        mark: String,
    },
    /// The policy of this id is gone.
    Deleted(String),
    /// The policy of this object is going to be overwritten. `policy` is what can be
    /// put back: none where there was none.
    Overwriting {
        /// The object's id.
        id: String,
        /// The body that puts back what was there.
        policy: Option<Box<RawValue>>,
    },
    /// That was put back, or there was nothing to put back.
    Restored(String),
}
