//! The input as the tape of a body that must be accepted.
//! Without a fuzzer the program replays the files it is given.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| policy_harness_fuzz::generated_valid(input));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    policy_harness_fuzz::replay(policy_harness_fuzz::generated_valid)
}
