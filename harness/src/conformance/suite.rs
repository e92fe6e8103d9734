//! A named test for each obligation, in the manner of `cargo test`: names can be
//! filtered, and what a baseline knows of is ignored with its reason.
//!
//! The campaign runs once, over the rules that the filter leaves, and the tests tell
//! what came of it: so that all of them take a second or two, and what fails is
//! grouped by cause and made small.

use std::collections::BTreeSet;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use super::error::ConformanceError;
use super::target::Target;
use super::tested::{Setting, Tested};
use crate::campaign::{Finding, Selection, Standing};
use crate::case::Obligation;
use crate::judge::Verdict;
use crate::report::Outcome;

/// The test that stands for all that is about no obligation.
const WHOLE: &str = "the whole run";

/// Runs the suite with the arguments of the test program, as `cargo test` passes them
/// on, and prints in its manner. What fails prints the smallest request that
/// shows it.
pub async fn suite(target: Target) -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match trials(&target, &arguments).await {
        Ok(trials) => trials,
        Err(error) => {
            eprintln!("error: the target could not be tested: {error}");
            return ExitCode::FAILURE;
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

pub(super) async fn trials(target: &Target, arguments: &Arguments) -> Result<Vec<Trial>, ConformanceError> {
    let setting = Setting::of(target)?;
    let names = names(&setting, target);
    let is_wanted = |name: &str| !arguments.is_filtered_out(&trial(&setting, name, || Ok(Completion::Completed)));
    let wanted: BTreeSet<usize> =
        names.iter().enumerate().filter_map(|(index, name)| is_wanted(name.as_deref()?).then_some(index)).collect();
    let is_whole = is_wanted(WHOLE);
    let untested = |name: &str| trial(&setting, name, || Ok(Completion::Completed));
    if arguments.list || (wanted.is_empty() && !is_whole) {
        return Ok(names.iter().flatten().map(|name| untested(name)).chain([untested(WHOLE)]).collect());
    }
    let cases = if is_whole { target.cases } else { 0 };
    let selection = if is_whole { target.selection.clone() } else { of_rules(&setting, target, &wanted) };
    let mut tested = setting.test(selection, cases).await?;
    let mut trials = Vec::with_capacity(wanted.len() + 1);
    for &index in &wanted {
        let Some(Some(name)) = names.get(index) else { continue };
        let outcome = told(&tested, target, index);
        trials.push(trial(&setting, name, || outcome));
    }
    if is_whole {
        let outcome = whole(&mut tested, target, &wanted);
        trials.push(trial(&setting, WHOLE, || outcome));
    }
    Ok(trials)
}

fn trial(setting: &Setting, name: &str, runner: impl FnOnce() -> Result<Completion, Failed> + Send + 'static) -> Trial {
    Trial::ignorable_test(name, runner).with_kind(&*setting.contract.name)
}

/// The names of the tests, by obligation; none for what the target is not tested for.
fn names(setting: &Setting, target: &Target) -> Vec<Option<String>> {
    let Setting { contract, plan, .. } = setting;
    let mut used = BTreeSet::new();
    let name = |obligation: &Obligation| {
        let rule = &*contract.rule(obligation.rule).id;
        let words = plan.describe(contract, obligation);
        let plain = [rule, " ", &words.split_whitespace().collect::<Vec<_>>().join(" ")].concat();
        // The same place may be tried in more than one way.
        let name = (1..).map(|number| if number == 1 { plain.clone() } else { format!("{plain} {number}") });
        let name = name.into_iter().find(|name| used.insert(name.clone()));
        name.filter(|_| target.selection.has(rule))
    };
    plan.obligations.iter().map(name).collect()
}

/// The rules that these obligations are about.
fn of_rules(setting: &Setting, target: &Target, wanted: &BTreeSet<usize>) -> Selection {
    let obligations = wanted.iter().filter_map(|&index| setting.plan.obligations.get(index));
    let rules: BTreeSet<&str> = obligations.map(|obligation| &*setting.contract.rule(obligation.rule).id).collect();
    Selection { only: rules.into_iter().map(str::to_owned).collect(), skip: target.selection.skip.clone() }
}

/// What the test of an obligation says.
fn told(tested: &Tested, target: &Target, index: usize) -> Result<Completion, Failed> {
    let unknown = (Verdict::NotRun, String::new());
    let (verdict, words) = tested.obligations.get(index).unwrap_or(&unknown);
    let findings = tested.findings.iter().filter(|finding| finding.obligations.contains(&index));
    match verdict {
        Verdict::Pass | Verdict::Observed => Ok(Completion::Completed),
        Verdict::NotRun => Ok(Completion::ignored_with(words)),
        Verdict::Inconclusive => Err(Failed::from(format!("no verdict: {words}"))),
        Verdict::Warn | Verdict::Fail => {
            let findings: Vec<&Finding> = findings.collect();
            let fails = findings.iter().any(|finding| finding.fails(target.level));
            let known = findings.iter().find_map(|finding| match &finding.standing {
                Standing::Known(note) => Some(format!("known: {}", note.reason)),
                Standing::New | Standing::Expired(_) => None,
            });
            match known {
                // Something that was not reduced to a finding stands all the same.
                _ if fails || findings.is_empty() && *verdict == Verdict::Fail => Err(Failed::from(
                    [words.clone()]
                        .into_iter()
                        .chain(findings.iter().map(|one| smallest(one)))
                        .collect::<Vec<_>>()
                        .join("\n"),
                )),
                Some(known) => Ok(Completion::ignored_with(known)),
                None => Ok(Completion::ignored_with(format!("a warning: {}", words.replace('\n', "; ")))),
            }
        }
    }
}

fn smallest(finding: &Finding) -> String {
    format!("smallest request:\n{}\nfingerprint {}", finding.curl, finding.fingerprint)
}

/// What the last test says: how the run ended, and what was found beside the tests.
fn whole(tested: &mut Tested, target: &Target, wanted: &BTreeSet<usize>) -> Result<Completion, Failed> {
    let is_told = |finding: &Finding| finding.obligations.iter().any(|index| wanted.contains(index));
    let is_new = |finding: &&Finding| finding.fails(target.level) && !is_told(finding);
    let others = tested.findings.iter().filter(is_new).count();
    match &tested.outcome {
        Outcome::Findings if others == 0 => Ok(Completion::Completed),
        Outcome::Conforms => Ok(Completion::Completed),
        Outcome::Findings | Outcome::Outdated(_) | Outcome::Incomplete(_) => {
            Err(Failed::from(std::mem::take(&mut tested.text)))
        }
    }
}
