//! From what was measured to the figures that are told. The figure of a document is the
//! median of its rounds; the throughput of several is that of one after the other.

use super::measured::Series;

/// What is told of a stage, for some documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    pub(super) documents: usize,
    /// Bytes of JSON, of all documents.
    pub(super) bytes: usize,
    /// Rounds that each document went through at least.
    pub(super) rounds: usize,
    /// Runs that were timed together, at most.
    pub(super) batch: u32,
    /// Seconds for all documents once.
    seconds: f64,
    /// Seconds for one document: the median over all documents and rounds, and what 99
    /// of 100 do not exceed.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// Requests to the allocator and bytes for one document, on average.
    pub(super) allocated: Option<(f64, f64)>,
}

impl Figures {
    /// The figures of these documents; none where nothing was timed.
    pub(super) fn of<'s>(series: impl Iterator<Item = &'s Series>) -> Option<Self> {
        let series: Vec<&Series> = series.filter(|one| !one.times.is_empty()).collect();
        let documents = series.len();
        let mut all: Vec<f64> = series.iter().flat_map(|one| &one.times).copied().collect();
        all.sort_by(f64::total_cmp);
        let allocated: Option<(u64, u64)> = series.iter().try_fold((0, 0), |(requests, bytes), one| {
            one.allocated.map(|one| (requests + one.requests, bytes + one.bytes))
        });
        let mean = |sum: u64| sum as f64 / documents as f64;
        Some(Self {
            documents,
            bytes: series.iter().map(|one| one.bytes).sum(),
            rounds: series.iter().map(|one| one.times.len()).min()?,
            batch: series.iter().map(|one| one.batch).max()?,
            seconds: series.iter().map(|one| median(&one.times)).sum(),
            p50: ranked(&all, 0.5),
            p99: ranked(&all, 0.99),
            allocated: allocated.map(|(requests, bytes)| (mean(requests), mean(bytes))),
        })
    }

    /// 10^6 bytes of JSON a second.
    pub(super) fn megabytes_a_second(&self) -> f64 {
        self.bytes as f64 / self.seconds / 1e6
    }

    pub(super) fn documents_a_second(&self) -> f64 {
        self.documents as f64 / self.seconds
    }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    ranked(&times, 0.5)
}

/// The least value that this part of all does not exceed.
fn ranked(sorted: &[f64], part: f64) -> f64 {
    let rank = (sorted.len() as f64 * part).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::bench::measured::Allocated;

    fn series(bytes: usize, times: &[f64], requests: u64) -> Series {
        let allocated = Some(Allocated { requests, bytes: requests * 10 });
        Series { index: 0, bytes, batch: 1, times: times.to_vec(), allocated }
    }

    #[test]
    fn a_document_counts_with_its_median() {
        let one = series(3_000_000, &[2.0, 1.0, 100.0], 4);
        let figures = Figures::of([&one].into_iter()).unwrap();
        assert_eq!((figures.p50, figures.p99, figures.rounds), (2.0, 100.0, 3));
        assert_eq!(figures.megabytes_a_second(), 1.5);
        assert_eq!(figures.documents_a_second(), 0.5);
    }

    #[test]
    fn documents_count_alike_one_after_the_other() {
        let all = [series(1_000_000, &[1.0, 1.0], 1), series(5_000_000, &[2.0, 2.0, 3.0], 3)];
        let figures = Figures::of(all.iter()).unwrap();
        assert_eq!((figures.documents, figures.bytes, figures.rounds), (2, 6_000_000, 2));
        assert_eq!(figures.megabytes_a_second(), 2.0);
        assert_eq!((figures.p50, figures.p99), (2.0, 3.0));
        assert_eq!(figures.allocated, Some((2.0, 20.0)));
    }

    #[test]
    fn what_was_not_timed_has_no_figures() {
        assert_eq!(Figures::of([].into_iter()), None);
        assert_eq!(Figures::of([&series(1, &[], 1)].into_iter()), None);
        let uncounted = Series { allocated: None, ..series(1, &[1.0], 1) };
        assert_eq!(Figures::of([&uncounted].into_iter()).unwrap().allocated, None);
    }

    #[test]
    fn the_99th_percentile_leaves_one_of_a_hundred_out() {
        let times: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!((ranked(&times, 0.5), ranked(&times, 0.99), ranked(&times, 1.0)), (100.0, 198.0, 200.0));
    }
}
