//! A part of the cases, for one of several machines: which part a case belongs to
//! is told by its index alone, so that all parts together are the whole.

use std::fmt;
use std::str::FromStr;

/// A part, and how many there are.
///
/// ```
/// use policy_harness::campaign::Shard;
/// let shard: Shard = "2/3".parse().unwrap();
/// assert_eq!((0..9).filter(|&index| shard.has(index)).collect::<Vec<_>>(), [1, 4, 7]);
/// assert!(["0/3", "4/3", "1", "1/0", "a/b"].iter().all(|text| text.parse::<Shard>().is_err()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1 on.
    number: u32,
    /// How many parts there are.
    of: u32,
}

impl Shard {
    /// The only part: all cases.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether the case of this index belongs to it.
    pub fn has(self, index: u64) -> bool {
        index % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// Which part it is, from 1 on.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many parts there are.
    pub fn of(self) -> u32 {
        self.of
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("write I/N, with I from 1 to N, as in 2/5".to_owned()),
        }
    }
}
