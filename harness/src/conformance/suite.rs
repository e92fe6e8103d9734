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

async fn trials(target: &Target, arguments: &Arguments) -> Result<Vec<Trial>, ConformanceError> {
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

#[cfg(all(test, feature = "reference"))]
mod tests {
    use std::sync::Arc;

    use libtest_mimic::{Conclusion, FormatSetting};

    use super::*;
    use crate::contract::Contract;
    use crate::reference::{self, Options, defect};

    fn target(defects: &[&str]) -> Target {
        let defects = defects.iter().map(|id| defect(id).unwrap()).collect();
        let options = Options { defects, ..Options::default() };
        let (token, id) = (options.token.clone(), options.assignments[0].clone());
        let router = reference::router(vec![Arc::new(Contract::named("seed").unwrap())], options);
        Target::service(router).token(&token).assignment_id(&id).cases(100)
    }

    async fn run(target: &Target, filter: Option<&str>) -> (Vec<String>, Conclusion) {
        let arguments =
            Arguments { filter: filter.map(str::to_owned), format: Some(FormatSetting::Terse), ..Arguments::default() };
        let trials = trials(target, &arguments).await.unwrap();
        let names = trials.iter().map(|trial| trial.name().to_owned()).collect();
        (names, libtest_mimic::run(&arguments, trials))
    }

    #[tokio::test]
    async fn each_obligation_is_a_test() {
        let (names, ended) = run(&target(&[]), None).await;
        let unique: BTreeSet<&String> = names.iter().collect();
        assert!(unique.len() == names.len() && names.len() > 8_000, "{}", names.len());
        assert!(!ended.has_failed() && ended.num_passed > 8_000, "{ended:?}");
        // What a service in this process cannot be asked is not passed for asked.
        assert!(ended.num_ignored > 5, "{ended:?}");
    }

    #[tokio::test]
    async fn a_filter_takes_some_and_faults_fail_theirs_alone() {
        let wrong = target(&["accepts-any-member"]);
        let (names, ended) = run(&wrong, Some("body/value/enum-member")).await;
        assert!(names.len() > 20 && names.iter().all(|name| name.starts_with("body/value/enum-member ")));
        assert!(ended.num_failed > 20 && ended.num_passed + ended.num_failed == names.len() as u64, "{ended:?}");
        let (_, ended) = run(&wrong, Some("body/null/")).await;
        assert!(!ended.has_failed() && ended.num_passed > 5, "{ended:?}");
    }

    #[tokio::test]
    async fn what_a_baseline_knows_is_ignored() {
        let wrong = target(&["accepts-any-member"]);
        let found = Setting::of(&wrong).unwrap().test(wrong.selection.clone(), 0).await.unwrap().findings;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known.toml");
        let entry = format!("[[finding]]\nfingerprint = \"{}\"\nreason = \"for a test\"\n", found[0].fingerprint);
        std::fs::write(&file, entry).unwrap();
        let (_, ended) = run(&wrong.baseline(file), None).await;
        assert!(!ended.has_failed() && ended.num_ignored > 20, "{ended:?}");
    }
}
