//! The corpus as files: a folder for each label, with a manifest of its entries.

use std::collections::BTreeMap;

use super::entry::entries;
use crate::contract::Contract;

/// The name of a folder's manifest: JSON, a line for each entry.
pub const MANIFEST: &str = "manifest.ndjson";

/// The files of a contract's corpus: their bytes by path, which has a `/` between the
/// folder and the name. Each folder, `malformed` and `valid`, has a [manifest](MANIFEST)
/// among its files.
///
/// # Errors
/// An entry that cannot be written as JSON; there is none that is known.
pub fn build(contract: &Contract) -> Result<BTreeMap<String, Vec<u8>>, serde_json::Error> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for entry in entries(contract) {
        let manifest = files.entry([entry.label, "/", MANIFEST].concat()).or_default();
        serde_json::to_writer(&mut *manifest, &entry)?;
        manifest.push(b'\n');
        files.insert([entry.label, "/", &entry.file].concat(), entry.bytes);
    }
    Ok(files)
}
