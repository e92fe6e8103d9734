//! The tape: choices read from bytes, whoever made them (a fuzzer, a property
//! test, a seed). Where the bytes run out every choice is the first one, which
//! is always the smallest.

use arbitrary::Unstructured;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Choices read from bytes.
#[derive(Debug)]
pub struct Tape<'u, 'b> {
    bytes: &'u mut Unstructured<'b>,
}

impl<'u, 'b> Tape<'u, 'b> {
    /// A tape over these bytes.
    pub fn new(bytes: &'u mut Unstructured<'b>) -> Self {
        Self { bytes }
    }

    /// A number below `bound`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let Some(last) = bound.checked_sub(1) else { return 0 };
        // Nearly all choices are among a few: the same byte, and a division of bytes.
        match u8::try_from(last) {
            Ok(last) => self.bytes.int_in_range(0..=last).map_or(0, usize::from),
            Err(_) => self.bytes.int_in_range(0..=last).unwrap_or(0),
        }
    }

    /// A number from `low` to `high`, both included.
    pub fn within(&mut self, low: i64, high: i64) -> i64 {
        self.bytes.int_in_range(low..=high.max(low)).unwrap_or(low)
    }

    /// True in about `part` of `whole` cases; false on an empty tape.
    pub fn chance(&mut self, part: usize, whole: usize) -> bool {
        self.below(whole) >= whole.saturating_sub(part)
    }

    /// One of these; none where there are none.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.below(items.len()))
    }

    /// One of those that `items` gives; none where it gives none.
    pub fn pick_of<T>(&mut self, mut items: impl Iterator<Item = T> + Clone) -> Option<T> {
        let count = items.clone().count();
        items.nth(self.below(count))
    }
}

/// Fills `buffer` with the tape of case `index` under `seed`.
pub fn tape_for(seed: u64, index: u64, buffer: &mut [u8]) {
    // Two rounds of mixing keep neighbours apart; xoshiro's own seeding does the rest.
    let mixed = seed ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Xoshiro256PlusPlus::seed_from_u64(mixed).fill_bytes(buffer);
}
