//! Prints the dictionary for libFuzzer. Not a program of its own, because `cargo fuzz`
//! would take that for a target.

fn main() {
    print!("{}", policy_harness_fuzz::dictionary());
}
