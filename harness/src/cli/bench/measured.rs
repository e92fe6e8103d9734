//! The rounds of a stage: all documents in turn, each timed by itself, until the time is
//! over. What a document asks of the allocator is counted once, after it was warmed up.

use std::time::{Duration, Instant};

use super::batch::{Clock, timed};
use super::progress::Progress;
use crate::cli::interrupt::Stop;

/// The part of the time for which a stage is warmed up besides, and no longer than this.
const WARM_UP: f64 = 0.2;
const LONGEST_WARM_UP: Duration = Duration::from_millis(500);
/// Rounds, however long they take.
const LEAST_ROUNDS: usize = 3;

/// A document in a stage, with what the stage does its work on.
#[derive(Debug)]
pub(super) struct Subject<W> {
    pub(super) index: usize,
    /// Bytes of JSON that are read or written.
    pub(super) bytes: usize,
    pub(super) work: W,
}

/// What was measured of a document in a stage.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) index: usize,
    pub(super) bytes: usize,
    /// Runs that were timed together.
    pub(super) batch: u32,
    /// Seconds of one run, by round.
    pub(super) times: Vec<f64>,
    /// None where this process does not count.
    pub(super) allocated: Option<Allocated>,
}

/// What one run asks of the allocator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allocated {
    /// Requests for memory, those for more of it among them.
    pub(super) requests: u64,
    pub(super) bytes: u64,
}

/// Measures stages.
#[derive(Debug)]
pub(super) struct Meter<'m> {
    pub(super) clock: Clock,
    /// For each stage.
    pub(super) time: Duration,
    pub(super) stop: &'m Stop,
    pub(super) progress: &'m Progress,
}

impl Meter<'_> {
    /// Runs this for all subjects in turn; of an end that was asked for, what was
    /// measured until then.
    pub(super) fn rounds<W>(&self, subjects: Vec<Subject<W>>, mut run: impl FnMut(&W)) -> Vec<Series> {
        let mut series = Vec::with_capacity(subjects.len());
        if subjects.is_empty() || self.warm_up(&subjects, &mut run).is_none() {
            return series;
        }
        for subject in &subjects {
            let batch = self.clock.batch(|| run(&subject.work));
            let allocated = allocated(|| run(&subject.work));
            series.push(Series { index: subject.index, bytes: subject.bytes, batch, times: Vec::new(), allocated });
        }
        let (begun, mut rounds) = (Instant::now(), 0);
        while rounds < LEAST_ROUNDS || begun.elapsed() < self.time {
            for (subject, one) in subjects.iter().zip(&mut series) {
                if self.stop.is_asked() {
                    return series;
                }
                let time = timed(one.batch, || run(&subject.work));
                one.times.push(time.as_secs_f64() / f64::from(one.batch));
            }
            rounds += 1;
            self.progress.at(begun.elapsed());
        }
        series
    }

    /// None where an end was asked for.
    fn warm_up<W>(&self, subjects: &[Subject<W>], run: &mut impl FnMut(&W)) -> Option<()> {
        let (begun, time) = (Instant::now(), self.time.mul_f64(WARM_UP).min(LONGEST_WARM_UP));
        loop {
            for subject in subjects {
                if self.stop.is_asked() {
                    return None;
                }
                run(&subject.work);
            }
            if begun.elapsed() >= time {
                return Some(());
            }
        }
    }
}

/// Counts, where the allocator of this process does: it is the program that chooses it.
fn allocated(run: impl FnOnce()) -> Option<Allocated> {
    let ((), counted) = densa_alloc::measure(run);
    let requests = counted.allocs + counted.reallocs;
    densa_alloc::is_active().then_some(Allocated { requests, bytes: counted.bytes_allocated })
}
