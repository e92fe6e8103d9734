//! The program `policy-harness`; all it does is in the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use densa_alloc::CountingAllocator;

/// The allocator of the system, with a count for each thread, which `bench` reads.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

fn main() -> ExitCode {
    policy_harness::cli::main()
}
