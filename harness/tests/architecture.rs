//! ARCHITECTURE.md stays true: the code map names every module with the modules
//! that it uses, no fewer and no more, and none uses itself by a detour.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Map = BTreeMap<String, BTreeSet<String>>;

/// What stands between backticks.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the code map: module and what it uses. The row of `cli`, which
/// uses what a subcommand needs, has no list.
fn documented(page: &str) -> Map {
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| `")?.strip_suffix('|')?.split('|').collect();
        let [name, _, uses] = cells[..] else { return None };
        Some((name.trim().trim_end_matches('`').to_owned(), quoted(uses)))
    });
    rows.filter(|(name, _)| name != "cli").collect()
}

/// The modules that a file of source names, outside comments and its tests.
fn named(source: &str) -> impl Iterator<Item = &str> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split("crate::").skip(1)).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

fn collect(folder: &Path, used: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() {
            collect(&path, used);
        } else {
            let source = fs::read_to_string(&path).unwrap();
            assert!(!source.contains("crate::{"), "{}: one `use` a module", path.display());
            used.extend(named(&source).map(str::to_owned));
        }
    }
}

/// The modules of the library, as their sources have it.
fn actual() -> Map {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut map = Map::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let mut used = BTreeSet::new();
        collect(&folder, &mut used);
        used.remove(&name);
        map.insert(name, used);
    }
    map.remove("cli");
    let modules: BTreeSet<String> = map.keys().cloned().collect();
    map.values_mut().for_each(|used| used.retain(|name| modules.contains(name)));
    map
}

/// A module that uses itself by way of others.
fn circle(map: &Map) -> Option<String> {
    let mut left = map.clone();
    loop {
        // Whoever uses none of those left is in no circle.
        let free: BTreeSet<String> = left
            .iter()
            .filter(|(_, used)| used.iter().all(|name| !left.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        if free.is_empty() {
            return left.into_keys().next();
        }
        left.retain(|name, _| !free.contains(name));
    }
}

#[test]
fn the_code_map_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
    let documented = documented(&fs::read_to_string(page).unwrap());
    let actual = actual();
    assert!(actual.len() > 15, "{actual:?}");
    assert!(documented.keys().eq(actual.keys()), "{:?} {:?}", documented.keys(), actual.keys());
    for (name, used) in &actual {
        assert_eq!(documented.get(name), Some(used), "{name}: left what the code map says, right what the code has");
    }
}

#[test]
fn no_module_uses_itself_by_a_detour() {
    let mut map = actual();
    assert_eq!(circle(&map), None);
    // The check can fail.
    map.get_mut("json").unwrap().insert("case".to_owned());
    assert!(circle(&map).is_some());
}
