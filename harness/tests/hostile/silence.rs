//! Targets that do not answer: from the start, to one kind of input, or no more.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use policy_harness::campaign::{self, RunError};
use policy_harness::judge::Verdict;
use policy_harness::report::Outcome;
use policy_harness::target::NoAnswer;

use super::run::{SECOND, brief, long, run, run_until, whole};
use super::secrets::arguments;
use super::target::{Reply, answer, say, target};

#[tokio::test]
async fn silence_from_the_start_is_no_finding() {
    let target = target(|_| Reply::Hang).await;
    let run = run(&target, brief(), SECOND / 4).await;
    assert!(matches!(run.result, Err(RunError::NoAnswer { why: NoAnswer::Timeout(_), .. })), "{:?}", run.result);
    assert!(run.took < 2 * SECOND, "{:?}", run.took);
}

#[tokio::test]
async fn hanging_up_from_the_start_is_no_finding() {
    let target = target(|_| Reply::Close).await;
    let run = run(&target, brief(), SECOND).await;
    assert!(matches!(run.result, Err(RunError::NoAnswer { why: NoAnswer::Closed, .. })), "{:?}", run.result);
    assert!(matches!(run.outcome, Outcome::Incomplete(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_on_which_the_target_hangs_is_found() {
    let target = target(|seen| if seen.has("\"isEnabled\"") { Reply::Hang } else { Reply::Good }).await;
    let run = run(&target, brief(), SECOND / 5).await;
    assert!(run.took < 5 * SECOND, "{:?}", run.took);
    assert_eq!(run.broken(), ["answer/always"], "{}", run.console);
    for finding in &run.findings {
        let body = finding.case.request.body.as_deref().unwrap_or_default();
        assert!(String::from_utf8_lossy(body).contains("isEnabled"), "{}", run.console);
        assert_eq!(finding.confirmed.0, finding.confirmed.1, "{}", run.console);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_that_no_time_is_left_for_is_not_called_flaky() {
    // Hanging uses up all the time there is for finding out more.
    let target = target(|seen| if seen.number > 40 { Reply::Hang } else { say(&answer(204, "", "")) }).await;
    let options = campaign::Options { whole: SECOND, walk: SECOND / 2, ..brief() };
    let run = run(&target, options, SECOND / 3).await;
    assert!(run.took < 3 * SECOND, "{:?}", run.took);
    assert_eq!(run.outcome, Outcome::Findings);
    assert!(!run.console.contains("showed 0 of"), "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_on_which_the_target_hangs_up_is_found_and_made_small() {
    let target = target(|seen| if seen.has("\"displayName\"") { Reply::Close } else { Reply::Good }).await;
    let run = run(&target, brief(), 5 * SECOND).await;
    assert_eq!(run.broken(), ["answer/always"], "{}", run.console);
    let smallest =
        run.findings.iter().filter_map(|finding| finding.case.request.body.as_ref()).min_by_key(|body| body.len());
    let smallest = String::from_utf8_lossy(smallest.unwrap());
    assert!(smallest.contains("\"displayName\"") && smallest.len() < 30, "{smallest}");
    assert!(run.findings.iter().all(|finding| finding.confirmed.0 == finding.confirmed.1), "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_target_is_not_called_good_for_what_was_not_sent() {
    let target = target(|_| Reply::Late(SECOND / 5)).await;
    let run = run(&target, campaign::Options { walk: 3 * SECOND / 2, ..brief() }, 2 * SECOND).await;
    run.is_incomplete("not reached in time");
    assert!(run.took < 4 * SECOND, "{:?}", run.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_campaign_ends_at_once_with_what_it_found() {
    // Wrong answers first, silence then: there is something to reduce, and nothing answers.
    let target = target(|seen| if seen.number > 300 { Reply::Hang } else { say(&answer(204, "", "")) }).await;
    let stop = async { tokio::time::sleep(SECOND).await };
    let run = run_until(&target, long(), 10 * SECOND, stop).await;
    assert!(run.took < 3 * SECOND, "{:?}", run.took);
    assert_eq!(run.outcome, Outcome::Findings);
    assert_eq!(run.summary.stopped.as_deref(), Some("interrupted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_dies_is_not_accused() {
    let target = target(|_| Reply::Good).await;
    let stopper = target.task.abort_handle();
    tokio::spawn(async move {
        tokio::time::sleep(SECOND / 2).await;
        stopper.abort();
    });
    let run = run(&target, whole(), SECOND).await;
    run.is_incomplete("the target answers no more");
    assert!(run.took < 3 * SECOND, "{:?}", run.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_says_that_its_target_died() {
    let target = target(|_| Reply::Good).await;
    let stopper = target.task.abort_handle();
    tokio::spawn(async move {
        tokio::time::sleep(SECOND).await;
        stopper.abort();
    });
    let arguments = arguments(&target, &["--seconds", "60"]);
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policy-harness"));
        command.current_dir(env!("CARGO_TARGET_TMPDIR")).args(arguments).stdin(Stdio::null()).output().unwrap()
    })
    .await
    .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{out}{err}");
    assert!(out.contains("\nNot complete: the target answers no more. ") && err.is_empty(), "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_of_input_that_is_not_answered_is_not_sent_for_ever() {
    // Half of all that is sent says so.
    let target = target(|seen| if seen.has("\"isEnabled\"") { Reply::Hang } else { Reply::Good }).await;
    let options = campaign::Options { patience: Duration::ZERO, ..long() };
    let run = run(&target, options, SECOND / 2).await;
    assert_eq!(run.broken(), ["answer/always"], "{}", run.console);
    // As much as a few time limits, and what is done between them.
    assert!(run.took < 30 * SECOND, "{:?}", run.took);
    assert!(run.summary.count(Verdict::Pass) > 200, "{}", run.console);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_kind_that_is_not_answered_is_not_sent() {
    // One operator of one rule, at each place where it applies.
    let hung = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&hung);
    let target = target(move |seen| {
        if !seen.has("P2W") {
            return Reply::Good;
        }
        counter.fetch_add(1, Ordering::SeqCst);
        Reply::Hang
    })
    .await;
    let options = campaign::Options { cases: 3_000, random: 60 * SECOND, ..whole() };
    let run = run(&target, options, SECOND).await;
    assert_eq!(run.broken(), ["answer/always"], "{}", run.console);
    let skipped = run.summary.not_run.keys().any(|reason| reason.contains("this kind were not answered in time"));
    assert!(skipped, "{:?}", run.summary.not_run);
    // Each of them three times over would be hundreds.
    let hung = hung.load(Ordering::SeqCst);
    assert!((3..60).contains(&hung), "{hung}");
}
