//! Bytes through the typed model and back.
//! Without a fuzzer the program replays the files it is given.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| policy_harness_fuzz::model_roundtrip(input));

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    policy_harness_fuzz::mutate(data, size, max_size, seed)
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, max_size))
});

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
    policy_harness_fuzz::cross(one, other, out, seed)
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    policy_harness_fuzz::replay(policy_harness_fuzz::model_roundtrip)
}
