//! `self-test`: the harness on trial.

use std::io::{self, Write};
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::SelfTestArgs;
use super::exit::{Exit, Failure, is_closed_pipe};
use crate::contract::rule;
use crate::report::{family_name, plural};
use crate::selftest::{Arena, FamilyScore, Outcome, Score, Subject, put_to_trial, subjects};

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

pub(super) fn self_test(arguments: &SelfTestArgs) -> Result<Exit, Failure> {
    let arena = Arena::new().map_err(Failure::usage)?;
    let chosen = chosen(arguments)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    let begun = Instant::now();
    let bar = bar(chosen.len() as u64);
    let (mut score, all, mut done) = (Score::default(), chosen.len(), 0);
    let is_interrupted = runtime.block_on(async {
        let stop = tokio::signal::ctrl_c();
        tokio::pin!(stop);
        for subject in chosen {
            bar.set_message(subject.id());
            let outcome = tokio::select! {
                outcome = put_to_trial(&arena, subject, arguments.seed, arguments.cases) => outcome,
                _ = &mut stop => return Ok(true),
            };
            let outcome = outcome.map_err(Failure::incomplete)?;
            if arguments.verbose || outcome.failure.is_some() {
                bar.suspend(|| line(&arena, &outcome)).or_else(forgiven)?;
            }
            score.add(&outcome);
            bar.inc(1);
            done += 1;
        }
        Ok(false)
    })?;
    bar.finish_and_clear();
    let cut = is_interrupted.then(|| format!("Not complete: interrupted after {done} of {all} servers. "));
    table(&score, cut.as_deref(), begun.elapsed().as_secs_f64()).or_else(forgiven)?;
    if is_interrupted {
        return Ok(Exit::Incomplete);
    }
    Ok(if score.is_perfect() { Exit::Good } else { Exit::Findings })
}

/// Standard output that nobody reads any more is no failure.
fn forgiven(error: io::Error) -> Result<(), Failure> {
    if is_closed_pipe(&error) { Ok(()) } else { Err(Failure::incomplete(error)) }
}

/// The servers that the arguments choose: all, or those whose name or rule
/// begins like one of them.
fn chosen(arguments: &SelfTestArgs) -> Result<Vec<Subject>, Failure> {
    let fits = |subject: &Subject, name: &str| {
        let rule = match subject {
            Subject::Defect(defect) => defect.rule,
            Subject::Variant(..) | Subject::Plain(_) => "",
        };
        subject.id() == name
            || subject.contract() == name
            || rule == name
            || rule.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
    };
    let mut chosen = subjects();
    if let Some(unknown) = arguments.names.iter().find(|name| !chosen.iter().any(|subject| fits(subject, name))) {
        let advice = if rule::ENGINE.contains(&unknown.as_str()) {
            "no defect is planted for this rule; `policy-harness serve --defect list` shows what there is"
        } else {
            "name a defect (`policy-harness serve --defect list`), a variant (`--variant list`) or a rule"
        };
        return Err(Failure::usage(format!("`{unknown}` is no subject of the self-test")).advise(advice));
    }
    if !arguments.names.is_empty() {
        chosen.retain(|subject| arguments.names.iter().any(|name| fits(subject, name)));
    }
    Ok(chosen)
}

fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(10));
    // The template is a constant; the plain bar is good enough if it were wrong.
    if let Ok(style) = ProgressStyle::with_template("  servers {bar:28} {pos:>4} / {len:<4} {elapsed:>4}  {msg}") {
        bar.set_style(style.progress_chars("█▉ "));
    }
    bar
}

/// One campaign in a line, and what went wrong below it.
fn line(arena: &Arena, outcome: &Outcome) -> io::Result<()> {
    let contract = arena.contract(outcome.subject.contract());
    let mut out = anstream::stdout();
    let (style, word) = match (outcome.failure.is_some(), outcome.subject) {
        (true, _) => (BAD, "FAIL"),
        (false, Subject::Defect(_)) => (GOOD, "caught"),
        (false, Subject::Variant(..) | Subject::Plain(_)) => (GOOD, "quiet"),
    };
    let cases = outcome.cases.map_or(String::new(), |cases| format!("after {cases} cases, "));
    writeln!(
        out,
        "{style}{word:<7}{style:#} {:<5} {:<46} {cases}{}, {:.1} s",
        outcome.subject.contract(),
        outcome.subject.id(),
        plural(outcome.findings.len() as u64, "finding"),
        outcome.elapsed.as_secs_f64()
    )?;
    if let Some(failure) = &outcome.failure {
        writeln!(out, "        {failure}")?;
        for finding in &outcome.findings {
            let rule = contract.map_or("", |contract| &contract.rule(finding.rule).id);
            writeln!(out, "        {rule}: {} {}", finding.symptom, finding.place)?;
        }
    }
    Ok(())
}

/// The score; `cut` says that the trial did not get to its end.
fn table(score: &Score, cut: Option<&str>, seconds: f64) -> io::Result<()> {
    let mut out = anstream::stdout();
    let all = score.all();
    let alarms = plural(score.false_alarms as u64, "false alarm");
    let style = if score.is_perfect() && cut.is_none() { GOOD } else { BAD };
    let cut = cut.unwrap_or_default();
    if all.planted == 0 {
        let servers = plural(score.variants as u64, "conforming server");
        return writeln!(out, "{style}{cut}{alarms} at {servers},{style:#} in {seconds:.0} s.");
    }
    writeln!(out, "  {:<10} {:>8} {:>8}   {:>24}", "family", "planted", "caught", "median cases to finding")?;
    for (family, score) in &score.families {
        row(&mut out, family_name(*family), score)?;
    }
    row(&mut out, "all", &all)?;
    writeln!(out, "  conforming servers {}, {alarms}", score.variants)?;
    let percent = percent(all.caught, all.planted);
    writeln!(
        out,
        "{style}{cut}Caught {} of {} ({percent} %), {alarms},{style:#} in {seconds:.0} s.",
        all.caught, all.planted
    )
}

fn row(out: &mut impl Write, name: &str, score: &FamilyScore) -> io::Result<()> {
    let median = score.median().map_or_else(|| "-".to_owned(), |median| median.to_string());
    let bold = if name == "all" { BOLD } else { Style::new() };
    writeln!(out, "  {bold}{name:<10} {:>8} {:>8}   {median:>24}{bold:#}", score.planted, score.caught)
}

/// Rounded down: 100 only where nothing is missing.
fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(100)
}
