//! Tells that the target is left alone, while something else goes on.

use super::event::Event;
use crate::target::Pace;

/// Does some work, and tells of the pauses meanwhile.
pub(super) async fn telling<T>(pace: &Pace, work: impl Future<Output = T>, mut sink: impl FnMut(&Event)) -> T {
    let mut pauses = pace.pauses();
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            pause = pauses.next() => sink(&Event::Waiting { status: pause.status, time: pause.time }),
        }
    }
}
