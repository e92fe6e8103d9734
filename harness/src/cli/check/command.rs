//! The command: which contract and operation a body is checked for, and what is told
//! of it. Every source is looked at, also after one that cannot be read.

use std::io::{self, BufWriter};

use super::bodies::{Body, bodies};
use super::github::Github;
use super::http_file::Request;
use super::human::Human;
use super::json::Json;
use super::progress::Progress;
use super::report::{Report, Tally, Told, operation_name};
use super::route::{Route, route};
use super::sarif::Sarif;
use super::sources::{Source, sources};
use crate::check::{Checked, Checker, Violation};
use crate::cli::arguments::{CheckArgs, CheckFormat, CheckedOperation};
use crate::cli::exit::{Exit, Failure, is_closed_pipe};
use crate::cli::interrupt::Stop;
use crate::cli::subject::contract;
use crate::contract::{Contract, Level, OperationKind};

/// Contracts that a body may be meant for where none is named, the one that is taken
/// for granted first.
pub(in crate::cli) const VERSIONS: [&str; 2] = ["v1.0", "beta"];
/// The contract that nothing in a body points to: only its operation does.
const SEED: &str = "seed";

pub(in crate::cli) fn check(arguments: &CheckArgs) -> Result<Exit, Failure> {
    if arguments.sources.iter().filter(|word| *word == "-").count() > 1 {
        return Err(Failure::usage("standard input is read once").advise("name `-` once"));
    }
    let contracts = contracts(arguments)?;
    let contracts: Vec<&Contract> = contracts.iter().collect();
    // A read of standard input waits, and Ctrl-C has to end that.
    let is_waiting = arguments.sources.iter().any(|word| word == "-");
    let stop = if is_waiting { Stop::default() } else { Stop::listen() };
    let (checker, tally) = (checker(&contracts), Tally::default());
    let mut desk = Desk { arguments, checker, contracts, tally, is_refused: false, stop };
    let mut report = report(arguments.format);
    let told = desk.all(&mut *report).and_then(|()| report.end(&desk.tally));
    match told {
        // Nobody reads on; what was found until then counts.
        Err(error) if !is_closed_pipe(&error) => {
            Err(Failure::incomplete(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(desk.exit()),
    }
}

/// The contracts that may be meant, the versions first.
fn contracts(arguments: &CheckArgs) -> Result<Vec<Contract>, Failure> {
    let operation = arguments.operation.map(OperationKind::from);
    let names: Vec<&str> = match (&*arguments.contract, operation) {
        // No version has this operation.
        ("auto", Some(OperationKind::Add)) => vec![SEED],
        // The versions, and what a request may be sent to beside them.
        ("auto", _) => VERSIONS.into_iter().chain([SEED]).collect(),
        (name, _) => vec![name],
    };
    let contracts: Vec<Contract> = names.into_iter().map(contract).collect::<Result<_, _>>()?;
    if let (Some(kind), [only]) = (operation, contracts.as_slice())
        && only.operation(kind).is_none()
    {
        let there = only.operations.iter().filter(|one| one.kind.sends_policy()).map(|one| one.kind);
        let there: Vec<&str> = there.map(operation_name).collect();
        return Err(Failure::usage(format!("the contract {} has no operation {}", only.name, operation_name(kind)))
            .advise(format!("it has {}", there.join(" and "))));
    }
    Ok(contracts)
}

fn checker<'c>(contracts: &[&'c Contract]) -> Vec<Checker<'c>> {
    let of = |name: &str| contracts.iter().copied().find(|contract| *contract.name == *name);
    match (contracts, of(VERSIONS[0]), of(VERSIONS[1])) {
        (_, Some(first), Some(second)) => {
            let others = contracts.iter().skip(VERSIONS.len()).map(|contract| Checker::new(contract));
            [Checker::new(first).or(second)].into_iter().chain(others).collect()
        }
        (all, ..) => all.iter().map(|contract| Checker::new(contract)).collect(),
    }
}

fn report(format: CheckFormat) -> Box<dyn Report> {
    let out = || BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match format {
        CheckFormat::Human => Box::new(Human::new(BufWriter::new(anstream::stdout().lock()))),
        CheckFormat::Json => Box::new(Json::new(out())),
        CheckFormat::Sarif => Box::new(Sarif::new(out())),
        CheckFormat::Github => Box::new(Github::new(out())),
    }
}

/// Where bodies are checked one after the other.
struct Desk<'c> {
    arguments: &'c CheckArgs,
    contracts: Vec<&'c Contract>,
    /// The first one tells the versions apart where no contract is named; each other
    /// one is of a contract of its own.
    checker: Vec<Checker<'c>>,
    tally: Tally,
    /// A violation counts at the chosen level.
    is_refused: bool,
    stop: Stop,
}

impl<'c> Desk<'c> {
    fn all(&mut self, report: &mut dyn Report) -> io::Result<()> {
        let arguments = self.arguments;
        let named =
            arguments.sources.iter().flat_map(|word| sources(word).into_iter().map(move |source| (word, source)));
        for (word, source) in named {
            if self.stop.is_asked() {
                break;
            }
            self.tally.sources += 1;
            match source {
                Ok(source) => self.source(&source, report)?,
                Err(why) => self.unreadable(word, &why, report)?,
            }
        }
        Ok(())
    }

    fn source(&mut self, source: &Source, report: &mut dyn Report) -> io::Result<()> {
        let before = self.tally;
        let progress = Progress::of(source);
        let stop = self.stop.clone();
        // Of the report, not of the source.
        let mut failed = None;
        let read = bodies(source, &mut |body| {
            if stop.is_asked() {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "stopped by Ctrl-C"));
            }
            progress.at(body.offset);
            self.body(body, report).map_err(|error| {
                failed = Some(error);
                io::Error::other("the report cannot be written")
            })
        });
        drop(progress);
        if let Some(error) = failed {
            return Err(error);
        }
        let name = source.name();
        if let Err(error) = read {
            let why = if stop.is_asked() {
                format!("{name} was not read to its end: {error}")
            } else {
                format!("cannot read {name}: {error}")
            };
            return self.unreadable(&name, &why, report);
        }
        report.source(&name, &self.tally.since(&before))
    }

    fn unreadable(&mut self, name: &str, why: &str, report: &mut dyn Report) -> io::Result<()> {
        self.tally.unread += 1;
        report.unreadable(name, why)
    }

    fn body(&mut self, body: Body<'_>, report: &mut dyn Report) -> io::Result<()> {
        let route = body.request.map(|request| route(&self.contracts, request));
        if let Some(None) = route {
            // It asks for something else.
            self.tally.passed_over += 1;
            return Ok(());
        }
        let route = route.flatten();
        if body.request.is_some() && body.bytes.trim_ascii_start().starts_with(b"< ") {
            // The body is in another file, which can be checked by itself.
            self.tally.passed_over += 1;
            return Ok(());
        }
        let breach = route.and_then(|route| route.breach);
        let is_sent = !body.bytes.is_empty() || body.request.is_none_or(Request::sends_body);
        if !is_sent && breach.is_none() {
            return Ok(());
        }
        let operation = self.operation(route.as_ref());
        let checked = self.checked(body.bytes, operation, route.as_ref());
        let of_request = breach.zip(body.request).map(|(breach, request)| breach.violation(request));
        let moved = |one: &Violation| Violation { span: one.span.moved(body.offset, body.line), ..one.clone() };
        let of_body = checked.violations.iter().filter(|_| is_sent).map(moved);
        let violations: Vec<Violation> = of_request.into_iter().chain(of_body).collect();
        // What is not shown counts all the same.
        let levels = violations.iter().map(|violation| violation.level).chain(checked.dropped.worst);
        let counts = levels.into_iter().any(|level| level >= Level::from(self.arguments.level));
        self.is_refused |= counts;
        let is_ok = checked.stopped.is_none() && !counts;
        let told = Told { body, operation, checked: &checked, violations: &violations, is_ok };
        self.tally.add(&told);
        report.body(&told)
    }

    /// What the command line says, or the request, or what is most usual.
    fn operation(&self, route: Option<&Route<'_>>) -> OperationKind {
        let named = self.arguments.operation.map(OperationKind::from);
        let usual = || match self.contracts.as_slice() {
            [only] => only.operations.first().map_or(OperationKind::Create, |operation| operation.kind),
            _ => OperationKind::Create,
        };
        named.or(route.map(|route| route.kind)).unwrap_or_else(usual)
    }

    fn checked(&mut self, bytes: &[u8], operation: OperationKind, route: Option<&Route<'_>>) -> Checked<'c> {
        let chosen = route.map(|route| route.contract);
        let versions = self.checker.first().map_or(0, |first| first.contracts().len());
        match chosen {
            Some(index) if index < versions => self.checker[0].check_as(bytes, operation, index),
            Some(index) => self.checker[index + 1 - versions].check(bytes, operation),
            None => self.checker[0].check(bytes, operation),
        }
    }

    fn exit(&self) -> Exit {
        if self.is_refused {
            Exit::Findings
        } else if self.tally.unread > 0 {
            Exit::Incomplete
        } else {
            Exit::Good
        }
    }
}

impl From<CheckedOperation> for OperationKind {
    fn from(operation: CheckedOperation) -> Self {
        match operation {
            CheckedOperation::Add => Self::Add,
            CheckedOperation::Create => Self::Create,
            CheckedOperation::Update => Self::Replace,
        }
    }
}
