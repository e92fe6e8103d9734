//! The program `policy-harness`; all it does is in the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    policy_harness::cli::main()
}
