//! Targets that are busy: they are left alone as long as they ask for, and what was
//! not answered is asked again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use policy_harness::campaign::{self, RunError};
use policy_harness::judge::Verdict;
use policy_harness::report::Outcome;

use super::run::{SECOND, brief, run, run_until, whole};
use super::target::{Reply, answer, say, target};

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_always_busy_is_neither_good_nor_bad() {
    for status in [429, 503] {
        let text = answer(status, "Retry-After: 1\r\n", "");
        let target = target(move |_| say(&text)).await;
        let run = run(&target, campaign::Options { walk: SECOND / 2, ..brief() }, SECOND).await;
        assert!(matches!(run.result, Err(RunError::Busy { .. })), "{:?}", run.result);
        assert!(matches!(run.outcome, Outcome::Incomplete(_)) && run.findings.is_empty());
        // It was asked again, and not as fast as it says no.
        let requests = target.requests.load(Ordering::SeqCst);
        assert!((2..40).contains(&requests), "{requests}");
    }
    let text = answer(504, "", "");
    let target = target(move |_| say(&text)).await;
    let run = run(&target, campaign::Options { walk: SECOND / 2, ..brief() }, SECOND).await;
    run.is_incomplete("say nothing");
    assert_eq!(run.summary.count(Verdict::Fail), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_busy_now_and_then_is_good() {
    for (status, headers) in [(429, "Retry-After: 1\r\n"), (503, "")] {
        let busy = answer(status, headers, "");
        let target = target(move |seen| if seen.number % 2500 == 199 { say(&busy) } else { Reply::Good }).await;
        let run = run(&target, campaign::Options { patience: 60 * SECOND, ..whole() }, 5 * SECOND).await;
        // Whatever was busy was asked again, and nothing was left out for want of time.
        assert_eq!(run.summary.count(Verdict::Inconclusive), 0, "{}", run.console);
        assert!(run.summary.not_run.keys().all(|reason| !reason.contains("--seconds")), "{:?}", run.summary.not_run);
        assert_eq!((run.findings.len(), &run.outcome), (0, &Outcome::Conforms), "{}", run.console);
        assert!(run.summary.busy > 0 && run.console.contains("the target said so"), "{}", run.console);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_while_the_target_wants_to_be_left_alone() {
    // Who is told to come back in a second and does not wait is told so again.
    let (until, early) = (Arc::new(Mutex::new(None::<Instant>)), Arc::new(AtomicUsize::new(0)));
    let busy = answer(429, "Retry-After: 1\r\n", "");
    let counter = Arc::clone(&early);
    let target = target(move |seen| {
        let mut until = until.lock().unwrap();
        let is_closed = until.is_some_and(|until| Instant::now() < until);
        counter.fetch_add(usize::from(is_closed), Ordering::SeqCst);
        if is_closed || seen.number == 300 {
            until.get_or_insert(Instant::now() + SECOND);
            return say(&busy);
        }
        Reply::Good
    })
    .await;
    let run = run(&target, campaign::Options { walk: 2 * SECOND, patience: 60 * SECOND, ..brief() }, 5 * SECOND).await;
    // What was on its way at that moment.
    let early = early.load(Ordering::SeqCst);
    assert!(early <= 16, "{early}");
    assert!(run.summary.waited >= SECOND, "{:?}", run.summary.waited);
    assert_eq!(run.summary.count(Verdict::Inconclusive), 0, "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_of_many_minutes_ends_the_run() {
    let busy = answer(429, "Retry-After: 900\r\n", "");
    let target = target(move |seen| if seen.number >= 300 { say(&busy) } else { Reply::Good }).await;
    let run = run(&target, whole(), 5 * SECOND).await;
    run.is_incomplete("the target asks to be left alone for 15 minutes");
    assert!(run.took < 20 * SECOND, "{:?}", run.took);
    // What was on its way at that moment, and no more.
    let requests = target.requests.load(Ordering::SeqCst);
    assert!(requests < 340, "{requests}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_ends_with_the_run() {
    for busy_from in [0, 300] {
        let busy = answer(429, "Retry-After: 200\r\n", "");
        let target = target(move |seen| if seen.number >= busy_from { say(&busy) } else { Reply::Good }).await;
        let stop = async { tokio::time::sleep(2 * SECOND).await };
        let options = campaign::Options { patience: 600 * SECOND, ..whole() };
        let run = run_until(&target, options, 5 * SECOND, stop).await;
        assert_eq!(run.summary.stopped.as_deref(), Some("interrupted"));
        // The policies that were there are not put back by waiting for minutes.
        assert!(run.took < 10 * SECOND, "{:?}", run.took);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_kind_of_input_at_which_the_target_is_busy_does_not_hold_the_run() {
    let busy = answer(503, "", "");
    let target = target(move |seen| if seen.has("\"isEnabled\"") { say(&busy) } else { Reply::Good }).await;
    let run = run(&target, campaign::Options { walk: 3 * SECOND, ..brief() }, SECOND).await;
    assert_eq!((run.broken(), run.findings.len()), (Vec::new(), 0), "{}", run.console);
    assert!(run.summary.count(Verdict::Pass) > 0 && run.took < 20 * SECOND, "{:?} {}", run.took, run.console);
}
