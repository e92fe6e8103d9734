//! Draws what `cargo bench` measured last: reads criterion's estimates below
//! `target/criterion` and writes `docs/performance/*.svg`.
//!
//! `cargo run -p policy-harness-benches --bin plots`

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use policy_harness_benches::{CLASSES, Chart, Panel};
use serde::Deserialize;
use serde_json::Value;

/// What criterion says of a benchmark.
#[derive(Debug, Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
    /// By kind: `Elements`, or `ElementsAndBytes` with both.
    throughput: Value,
}

#[derive(Debug, Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Debug, Deserialize)]
struct Estimate {
    /// Nanoseconds for the whole set.
    point_estimate: f64,
}

/// A benchmark and how many nanoseconds it took.
type Measured = (Benchmark, f64);

/// The charts: the group of benchmarks, the title, and what is the project's own.
const CHARTS: &[(&str, &str, &[&str])] = &[
    ("parse", "Parse, MB/s", &["model"]),
    ("serialize", "Serialize, MB/s", &["model"]),
    ("round-trip", "Parse, serialize, parse and compare, MB/s", &["round trip", "four steps"]),
    ("generate", "Generate, bodies/s", &["generate"]),
    ("validate", "Validate from bytes, MB/s", &["validate", "check"]),
    ("case", "Cases, /s", &["malform", "make", "judge", "case"]),
];

fn main() -> ExitCode {
    match draw() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn draw() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let measured = read_all(&criterion_folder(&root))?;
    let folder = root.join("docs/performance");
    std::fs::create_dir_all(&folder)?;
    for (group, title, own) in CHARTS {
        let panels = panels(group, measured.iter().filter(|(benchmark, _)| benchmark.group_id == *group));
        if panels.is_empty() {
            return Err(format!("{group} was not measured; run cargo bench -p policy-harness-benches first").into());
        }
        let path = folder.join(format!("{group}.svg"));
        std::fs::write(&path, Chart { title: (*title).to_owned(), panels, own }.svg())?;
        println!("{}", path.canonicalize()?.display());
    }
    Ok(())
}

/// Where criterion writes.
fn criterion_folder(root: &Path) -> PathBuf {
    let of = |name, end: &str| std::env::var_os(name).map(|path| Path::new(&path).join(end));
    of("CRITERION_HOME", "").or_else(|| of("CARGO_TARGET_DIR", "criterion")).unwrap_or(root.join("target/criterion"))
}

/// Everything that was measured, in the order of its names.
fn read_all(folder: &Path) -> Result<Vec<Measured>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.ends_with("new") {
                let benchmark = serde_json::from_slice(&std::fs::read(path.join("benchmark.json"))?)?;
                let estimates: Estimates = serde_json::from_slice(&std::fs::read(path.join("estimates.json"))?)?;
                found.push((benchmark, estimates.median.point_estimate));
            } else if path.is_dir() {
                pending.push(path);
            }
        }
    }
    Ok(found)
}

/// A panel for each class, in the order of the classes; one for what has no class.
fn panels<'m>(group: &str, measured: impl Iterator<Item = &'m Measured>) -> Vec<Panel> {
    let mut by_class: BTreeMap<usize, Panel> = BTreeMap::new();
    for (benchmark, nanoseconds) in measured {
        let class = benchmark.value_str.as_deref().unwrap_or_default();
        let place = CLASSES.iter().position(|other| other.name == class).unwrap_or_default();
        let counted = |path| benchmark.throughput.pointer(path).and_then(Value::as_f64);
        let bytes = counted("/ElementsAndBytes/bytes").filter(|_| group != "generate");
        let elements = counted("/ElementsAndBytes/elements").or_else(|| counted("/Elements"));
        let Some(figure) = bytes.map(|bytes| bytes * 1e3).or(elements.map(|elements| elements * 1e9)) else { continue };
        let panel = by_class.entry(place).or_insert_with(|| Panel { title: class.to_owned(), bars: Vec::new() });
        panel.bars.push((benchmark.function_id.clone().unwrap_or_default(), figure / nanoseconds));
    }
    let mut panels: Vec<Panel> = by_class.into_values().collect();
    for panel in &mut panels {
        panel.bars.sort_by(|left, right| right.1.total_cmp(&left.1));
    }
    panels
}
