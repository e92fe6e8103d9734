//! The time of one document: how many runs are timed together so that the grain of the
//! clock does not matter.

use std::time::{Duration, Instant};

/// Grains of the clock that a batch takes at least: it is wrong by a hundredth then.
const GRAINS: u32 = 100;

/// The clock that documents are timed by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The least time that a batch may take.
    pub(super) least: Duration,
}

impl Clock {
    /// Looks how fine the clock of this machine is: the least time between two readings
    /// that differ, in which the time of a reading is contained.
    pub(super) fn new() -> Self {
        let differences = (0..1_000).map(|_| {
            let begun = Instant::now();
            std::iter::repeat_with(|| begun.elapsed()).find(|elapsed| !elapsed.is_zero()).unwrap_or_default()
        });
        Self { least: differences.min().unwrap_or_default() * GRAINS }
    }

    /// How many runs make a batch. These are the first runs, so that they warm up as
    /// well.
    pub(super) fn batch(&self, mut run: impl FnMut()) -> u32 {
        let mut runs = 1;
        while runs < u32::MAX / 2 && timed(runs, &mut run) < self.least {
            runs *= 2;
        }
        runs
    }
}

/// The time of so many runs.
pub(super) fn timed(runs: u32, mut run: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..runs).for_each(|_| run());
    begun.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_clock_can_tell_is_timed_by_itself() {
        let clock = Clock { least: Duration::from_millis(1) };
        assert_eq!(clock.batch(|| std::thread::sleep(Duration::from_millis(2))), 1);
        let mut runs = 0_u64;
        let batch = clock.batch(|| runs += std::hint::black_box(1));
        assert!(batch > 1 && batch.is_power_of_two());
        assert_eq!(runs, u64::from(batch) * 2 - 1, "batches of 1, 2, 4 and so on");
    }
}
