//! Every file of `corpora/seeds` and `corpora/regressions`, through every target: one
//! named test each, `target::folder/file`. What one target came upon is an odd input for
//! the others as well.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use policy_harness_fuzz::{TARGETS, Target};

const FOLDERS: &[&str] = &["seeds", "regressions"];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora");
    let mut files = Vec::new();
    for folder in FOLDERS {
        for target in TARGETS {
            files.extend(listed(&root, &format!("{folder}/{}", target.name)));
        }
    }
    let trials = TARGETS.iter().flat_map(|target| files.iter().map(|file| trial(&root, target, file))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The files of a folder, by their paths below `corpora/`. A folder of seeds is there,
/// and has some.
fn listed(root: &Path, folder: &str) -> Vec<PathBuf> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(_) if folder.starts_with("regressions") => return Vec::new(),
        Err(error) => panic!("{folder}: {error}"),
    };
    let names = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{folder}: {error}")).file_name());
    let mut files: Vec<PathBuf> = names.map(|name| Path::new(folder).join(name)).collect();
    assert!(!files.is_empty(), "{folder} is empty");
    files.sort();
    files
}

fn trial(root: &Path, target: &Target, file: &Path) -> Trial {
    let (run, path) = (target.run, root.join(file));
    Trial::test(format!("{}::{}", target.name, file.display()), move || {
        run(&fs::read(&path).map_err(|error| Failed::from(format!("{}: {error}", path.display())))?);
        Ok(())
    })
}
