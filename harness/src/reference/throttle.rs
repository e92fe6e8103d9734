//! A server that throttles: every so many requests it has had enough, and for a
//! while it takes none at all, whoever asks.

use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use super::habit::{self, THROTTLED};
use super::refusal::Refusal;
use super::variants::Word;

/// The request at which it has enough for the first time: the first ones tell
/// whether there is a server at all.
const FIRST: u64 = 40;
/// And every so many requests from there. A run sees it a few times.
const EVERY: u64 = 6_000;

/// Whether it has enough just now.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<Option<(Instant, SystemTime)>>);

impl Throttle {
    /// The refusal of a request that comes at a bad moment; `number` is its place
    /// among all.
    pub(super) fn refusal(&self, word: Word, number: u64) -> Option<Refusal> {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if number % EVERY == FIRST {
            *until = Some((now + THROTTLED, SystemTime::now() + THROTTLED));
        }
        let (_, date) = until.filter(|(until, _)| now < *until)?;
        Some(habit::throttled(word, date))
    }
}
