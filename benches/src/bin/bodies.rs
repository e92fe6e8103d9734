//! How many bodies a second are generated, written and labelled on one core: the
//! number, and their mean length in bytes. The scripts below `benches/peers` compare
//! with it; `--body` prints one of the bodies instead.

use std::io::Write;
use std::process::ExitCode;

use policy_harness_benches::{Ground, Set, generators, measure, named};

fn main() -> ExitCode {
    let ground = Ground::of("seed");
    let is_body_wanted = std::env::args().any(|argument| argument == "--body");
    let set = Set::of(ground, if is_body_wanted { "typical" } else { "small" });
    let written = if is_body_wanted {
        std::io::stdout().write_all(&set.made[0].payload)
    } else {
        let seconds = measure(&mut named(generators(ground, &set), "generate, write, label"));
        writeln!(std::io::stdout(), "{:.0} {}", 1.0 / seconds, set.bytes() / set.made.len())
    };
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
