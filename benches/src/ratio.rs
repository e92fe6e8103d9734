//! Two stages measured in turns, so that whatever else the machine does meets both.

use std::time::{Duration, Instant};

use crate::stage::Stage;

/// Turns of each.
const ROUNDS: usize = 31;
/// How long one turn takes, about.
const TURN: Duration = Duration::from_millis(8);

/// What two stages take beside each other.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Seconds that the first takes for an item: the median of all turns.
    pub left: f64,
    /// The same of the second.
    pub right: f64,
    /// The first as a part of the second: the median of the ratios of one round.
    pub ratio: f64,
}

/// Measures two stages in turns.
pub fn compare(left: &mut Stage<'_>, right: &mut Stage<'_>) -> Measured {
    let (left_times, right_times) = (times_for_a_turn(left), times_for_a_turn(right));
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        // Who goes first finds the caches as the other left them.
        let first = (round % 2 == 0).then(|| turn(left, left_times));
        let second = turn(right, right_times);
        rounds.push((first.unwrap_or_else(|| turn(left, left_times)), second));
    }
    Measured {
        left: median(rounds.iter().map(|round| round.0)),
        right: median(rounds.iter().map(|round| round.1)),
        ratio: median(rounds.iter().map(|round| round.0 / round.1)),
    }
}

/// Seconds that a stage takes for an item: the median of all turns.
pub fn measure(stage: &mut Stage<'_>) -> f64 {
    let times = times_for_a_turn(stage);
    median((0..ROUNDS).map(|_| turn(stage, times)))
}

/// How often a stage does its work in one turn; it is warm then.
fn times_for_a_turn(stage: &mut Stage<'_>) -> u32 {
    let (begun, mut times) = (Instant::now(), 0);
    while begun.elapsed() < TURN {
        stage.all();
        times += 1;
    }
    times
}

/// Seconds for an item, in one turn.
fn turn(stage: &mut Stage<'_>, times: u32) -> f64 {
    let begun = Instant::now();
    (0..times).for_each(|_| stage.all());
    begun.elapsed().as_secs_f64() / f64::from(times) / stage.count() as f64
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn the_middle_one_is_the_median() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert!(median(std::iter::empty()).is_nan());
    }

    #[test]
    fn a_stage_is_measured_for_each_of_its_items() {
        let mut seen = [0_u64; 4];
        let mut stage = Stage::new("", 4, |index| seen[index] = black_box(seen[index]) + 1);
        assert!(measure(&mut stage) > 0.0);
        drop(stage);
        assert!(seen[0] > 0 && seen.iter().all(|&times| times == seen[0]));
    }
}
