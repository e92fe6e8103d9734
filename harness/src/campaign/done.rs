//! Which cases are done already. They come nearly in order, a few late, so that
//! what is kept does not grow with their number.

use std::collections::BTreeSet;

/// Indexes of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// All below it are in.
    below: u64,
    /// Those in that are not below.
    above: BTreeSet<u64>,
}

impl Done {
    /// Takes one in; whether it is new. `is_wanted` says which ones can come at all.
    pub(super) fn add(&mut self, index: u64, is_wanted: impl Fn(u64) -> bool) -> bool {
        if self.has(index) {
            return false;
        }
        self.above.insert(index);
        while self.above.remove(&self.below) || !self.above.is_empty() && !is_wanted(self.below) {
            self.below += 1;
        }
        true
    }

    pub(super) fn has(&self, index: u64) -> bool {
        index < self.below || self.above.contains(&index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_ones_are_kept_until_the_gap_is_closed() {
        let mut done = Done::default();
        for index in [3, 1, 0, 7, 2] {
            assert!(done.add(index, |_| true), "{index}");
            assert!(!done.add(index, |_| true), "{index}");
        }
        assert_eq!((done.below, done.above.len()), (4, 1));
        assert!([0, 1, 2, 3, 7].iter().all(|&index| done.has(index)) && !done.has(4) && !done.has(8));
    }

    #[test]
    fn what_cannot_come_is_no_gap() {
        let mut done = Done::default();
        let is_wanted = |index: u64| index % 3 == 1;
        for index in (0..30_000).filter(|&index| is_wanted(index)) {
            assert!(done.add(index, is_wanted));
            assert!(done.above.len() <= 1);
        }
        assert!(done.has(29_998) && !done.has(30_001));
    }
}
