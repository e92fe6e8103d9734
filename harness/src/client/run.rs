//! The whole run: every body of the plan's obligations, then random ones; faults of
//! one cause are put together, and the body of each is made small.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use super::fault::{Breakdown, Fault, Key, faults};
use super::finding::{Counts, Outcome};
use super::options::{ClientError, Event, Options};
use super::protocol::Answer;
use super::reduce;
use super::session::{GREETING, Heard, NotReady, SETTLE, Session};
use super::subject::{self, Expected, Subject};
use crate::case::{Maker, Plan};
use crate::contract::Contract;
use crate::validate::Validator;

/// Breakdowns with no answer between them, after which a client is left alone.
const MOST_IN_A_ROW: u32 = 5;
/// Breakdowns of a whole run, and those among them that took the time limit.
const MOST: u32 = 200;
const MOST_LATE: u32 = 20;
/// Why a run ends that somebody stopped.
const STOPPED: &str = "it was ended";
/// Kinds of faults that are kept.
const MOST_KINDS: usize = 100;
/// Places of one kind that are kept.
const MOST_PLACES: usize = 200;

/// Tries a client, and says what it found.
///
/// `is_stopped` is asked again and again; once it says so, the run ends with what it
/// found until then.
///
/// # Errors
/// The program could not be started, or ended before it answered anything.
///
/// ```no_run
/// use std::time::Duration;
/// use policy_harness::client::{Options, run};
/// use policy_harness::contract::Contract;
///
/// let contract = Contract::named("v1.0").unwrap();
/// let command = "python3 my_client.py".to_owned();
/// let options = Options { command, seed: 1, cases: 1_000, time_limit: Duration::from_secs(5), reductions: 500 };
/// let outcome = run(&contract, &options, &|| false, &mut |_| {}).unwrap();
/// for finding in outcome.findings {
///     eprintln!("{}: {}", contract.rule(finding.rule).id, finding.fault);
/// }
/// ```
pub fn run(
    contract: &Contract,
    options: &Options,
    is_stopped: &dyn Fn() -> bool,
    tell: &mut dyn FnMut(Event),
) -> Result<Outcome, ClientError> {
    let mut walk = Walk::new(contract, Session::new(options, is_stopped));
    let is_there = walk.greet()?;
    if is_there {
        walk.all(options, tell);
    }
    // Who does not answer the first line is not asked again.
    Ok(walk.finish(if is_there { options.reductions } else { 0 }, tell))
}

/// Faults of one cause.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) fault: Fault,
    /// The shortest body that showed it, of those of which most is expected.
    pub(super) subject: Subject,
    pub(super) bodies: u64,
    pub(super) places: BTreeMap<String, u64>,
}

struct Walk<'r> {
    contract: &'r Contract,
    session: Session<'r>,
    groups: BTreeMap<Key, Group>,
    counts: Counts,
    /// The body before the one that is at work.
    previous: Option<Subject>,
    breakdowns: u32,
    late: u32,
    in_a_row: u32,
    ended: Option<String>,
}

impl<'r> Walk<'r> {
    fn new(contract: &'r Contract, session: Session<'r>) -> Self {
        Self {
            contract,
            session,
            groups: BTreeMap::new(),
            counts: Counts::default(),
            previous: None,
            breakdowns: 0,
            late: 0,
            in_a_row: 0,
            ended: None,
        }
    }

    /// Starts the program; whether it can be asked.
    fn greet(&mut self) -> Result<bool, ClientError> {
        let breakdown = match self.session.ready() {
            Ok(_) => return Ok(true),
            Err(NotReady::Shell(error)) => return Err(ClientError::Shell(error)),
            // It may as well be a command that does not exist.
            Err(NotReady::Broken(Breakdown::Ended { status, said })) => {
                return Err(ClientError::Ended { status, said });
            }
            Err(NotReady::Broken(breakdown)) => breakdown,
            Err(NotReady::Stopped) => {
                self.ended = Some(STOPPED.to_owned());
                return Ok(false);
            }
        };
        let mut validator = Validator::new(self.contract);
        if let Some(subject) = Subject::of(self.contract, &mut validator, GREETING, "greeting") {
            self.add(Fault::broken(breakdown), &subject);
        }
        self.ended = Some("the first body was not answered, so no other was sent".to_owned());
        Ok(false)
    }

    fn all(&mut self, options: &Options, tell: &mut dyn FnMut(Event)) {
        let plan = Plan::of(self.contract);
        let subjects = subject::obligations(self.contract, &plan, options.seed);
        tell(Event::Planned(subjects.len() as u64 + options.cases));
        let (mut maker, mut validator) =
            (Maker::new(self.contract, &plan, &[], options.seed), Validator::new(self.contract));
        let random = (0..options.cases)
            .filter_map(|number| subject::random(self.contract, &plan, &mut maker, &mut validator, number));
        for subject in subjects.into_iter().chain(random) {
            if self.session.is_stopped() {
                self.ended = Some(STOPPED.to_owned());
                return;
            }
            let is_fault = self.send(subject);
            tell(Event::Sent { is_fault });
            if self.ended.is_some() {
                return;
            }
        }
        self.late_surplus(SETTLE);
    }

    /// Sends a body, and looks at the answer; whether there is something to say of it.
    fn send(&mut self, subject: Subject) -> bool {
        self.late_surplus(Duration::ZERO);
        let found = match self.session.ask(&subject.line) {
            Heard::Answer(answer) => self.answered(&subject, &answer),
            Heard::Broken(breakdown) => {
                self.broke(&breakdown);
                vec![Fault::broken(breakdown)]
            }
            Heard::Gone(why) => {
                self.ended = Some(not_again(why));
                Vec::new()
            }
            Heard::Stopped => {
                self.ended = Some(STOPPED.to_owned());
                return false;
            }
        };
        let is_fault = !found.is_empty();
        self.count(&subject.expected, is_fault);
        found.into_iter().for_each(|fault| self.add(fault, &subject));
        self.previous = Some(subject);
        is_fault
    }

    fn answered(&mut self, subject: &Subject, answer: &Answer) -> Vec<Fault> {
        self.in_a_row = 0;
        let found = faults(self.contract, subject, answer);
        let is_new = found.iter().any(|fault| !self.groups.contains_key(&fault.key()));
        // An answer that is the second one to the body before looks like this, too.
        if is_new && self.late_surplus(SETTLE) {
            return Vec::new();
        }
        let is_refused = matches!(answer, Answer::Refused(_));
        self.counts.open_refused += u64::from(is_refused && matches!(subject.expected, Expected::KeptOrRefused(_)));
        found
    }

    /// Blames the body before for a line too many, where there is one.
    fn late_surplus(&mut self, patience: Duration) -> bool {
        let Some(breakdown) = self.session.surplus(patience) else { return false };
        self.broke(&breakdown);
        if let Some(previous) = self.previous.take() {
            self.add(Fault::broken(breakdown), &previous);
        }
        true
    }

    fn broke(&mut self, breakdown: &Breakdown) {
        self.breakdowns += 1;
        self.in_a_row += 1;
        self.late += u32::from(matches!(breakdown, Breakdown::Late(_)));
        if self.in_a_row >= MOST_IN_A_ROW {
            self.ended = Some(format!("{MOST_IN_A_ROW} bodies in a row had no answer"));
        } else if self.breakdowns >= MOST {
            self.ended = Some(format!("{MOST} bodies had no answer"));
        } else if self.late >= MOST_LATE {
            self.ended = Some(format!("{MOST_LATE} bodies had no answer in time"));
        }
    }

    fn count(&mut self, expected: &Expected, is_fault: bool) {
        match expected {
            Expected::Kept => {
                self.counts.valid += 1;
                self.counts.kept += u64::from(!is_fault);
            }
            Expected::KeptOrRefused(_) => self.counts.open += 1,
            Expected::Answered(_) => self.counts.malformed += 1,
        }
    }

    fn add(&mut self, fault: Fault, subject: &Subject) {
        let has_room = self.groups.len() < MOST_KINDS;
        let place = fault.at.erased().to_string();
        let group = match self.groups.entry(fault.key()) {
            Entry::Occupied(group) => group.into_mut(),
            Entry::Vacant(_) if !has_room => return self.counts.dropped += 1,
            Entry::Vacant(free) => free.insert(Group {
                fault: fault.clone(),
                subject: subject.clone(),
                bodies: 0,
                places: BTreeMap::new(),
            }),
        };
        group.bodies += 1;
        if group.places.len() < MOST_PLACES || group.places.contains_key(&place) {
            *group.places.entry(place).or_default() += 1;
        }
        let size = |subject: &Subject| (subject.expected.turn(), subject.line.len());
        if size(subject) < size(&group.subject) {
            (group.fault, group.subject) = (fault, subject.clone());
        }
    }

    fn finish(mut self, reductions: u32, tell: &mut dyn FnMut(Event)) -> Outcome {
        let groups = std::mem::take(&mut self.groups);
        let findings = reduce::all(self.contract, &mut self.session, reductions, groups, tell);
        self.session.close();
        self.counts.starts = self.session.starts;
        Outcome { findings, counts: self.counts, ended: self.ended }
    }
}

/// Why a program could not be started again, in words.
fn not_again(why: NotReady) -> String {
    let why = match why {
        NotReady::Shell(error) => error.to_string(),
        NotReady::Broken(breakdown) => breakdown.to_string(),
        NotReady::Stopped => return STOPPED.to_owned(),
    };
    format!("the program did not answer when it was started again: {why}")
}
