//! A short hash that is the same everywhere and for ever: for names of findings
//! and for seeing that something is still what it was. No secret depends on it.

/// FNV-1a, 64 bits, that is fed step by step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fnv(u64);

const PRIME: u64 = 0x0100_0000_01b3;

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Takes in bytes, one by one: FNV-1a as others compute it.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
        self
    }

    /// Takes in a part with its length, eight bytes at a time: many times quicker,
    /// and another hash than that of its bytes.
    pub(crate) fn part(mut self, part: &[u8]) -> Self {
        self = self.word(part.len() as u64);
        let (words, rest) = part.as_chunks();
        for word in words {
            self = self.word(u64::from_le_bytes(*word));
        }
        self.bytes(rest)
    }

    fn word(self, word: u64) -> Self {
        Self((self.0 ^ word).wrapping_mul(PRIME).rotate_left(29))
    }

    /// The hash.
    pub(crate) fn get(self) -> u64 {
        self.0
    }
}
