//! The comparison: a text, what edm says of it, and what a witness says.

use policy_harness::edm::{self, DateForm, DateTimeForm, DurationForm};

use super::lax::Laxity;
use super::witnesses::{self, Witness};

/// What edm makes of a text, as coarsely as a witness can judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Accepted,
    /// Left open: nobody is wrong, but a value that both read is the same.
    Open,
    Refused,
}

/// A primitive type: what edm says of a text, and who else is asked.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'s> {
    pub(crate) form: &'s dyn Fn(&str) -> Form,
    /// In picoseconds.
    pub(crate) value: &'s dyn Fn(&str) -> Option<i128>,
    pub(crate) witnesses: &'static [Witness],
}

impl Subject<'static> {
    pub(crate) fn instants() -> Self {
        Self { form: &instant_form, value: &edm::instant, witnesses: witnesses::INSTANTS }
    }

    pub(crate) fn dates() -> Self {
        // A date has no value of its own in edm: its midnight stands for it.
        Self {
            form: &date_form,
            value: &|text| edm::instant(&format!("{text}T00:00:00Z")),
            witnesses: witnesses::DATES,
        }
    }

    pub(crate) fn durations() -> Self {
        Self { form: &duration_form, value: &edm::length, witnesses: witnesses::DURATIONS }
    }
}

pub(crate) fn instant_form(text: &str) -> Form {
    match edm::date_time_offset(text) {
        DateTimeForm::Conforms => Form::Accepted,
        DateTimeForm::Open => Form::Open,
        DateTimeForm::NoOffset | DateTimeForm::Impossible | DateTimeForm::Malformed => Form::Refused,
    }
}

pub(crate) fn date_form(text: &str) -> Form {
    match edm::date(text) {
        DateForm::Conforms => Form::Accepted,
        DateForm::Open => Form::Open,
        DateForm::WithTime | DateForm::Impossible | DateForm::Malformed => Form::Refused,
    }
}

pub(crate) fn duration_form(text: &str) -> Form {
    match edm::duration(text) {
        DurationForm::Conforms => Form::Accepted,
        DurationForm::OpenForm | DurationForm::OpenRange => Form::Open,
        DurationForm::Units | DurationForm::Malformed => Form::Refused,
    }
}

/// How many comparisons came out how.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Both read the same value of an accepted text.
    pub(crate) same: usize,
    /// Outside the witness's range: nothing compared.
    pub(crate) beyond: usize,
    pub(crate) both_refuse: usize,
    /// Refused by edm, accepted by a witness that is known to be lax there.
    pub(crate) lax: usize,
    /// Left open, and the same value where both read one.
    pub(crate) open: usize,
}

/// Compares every text with every witness; the first disagreements where there
/// are any.
pub(crate) fn all(subject: &Subject<'_>, texts: &[String]) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut faults = Vec::new();
    for text in texts {
        for witness in subject.witnesses {
            match one(subject, witness, text, &mut tally) {
                Ok(()) => {}
                Err(fault) => faults.push(format!("{text:?}: {fault}, {} {:?}", witness.name, (witness.read)(text))),
            }
        }
    }
    if faults.is_empty() {
        return Ok(tally);
    }
    let count = faults.len();
    faults.truncate(20);
    Err(format!("{count} disagreements:\n{}", faults.join("\n")))
}

fn one(subject: &Subject<'_>, witness: &Witness, text: &str, tally: &mut Tally) -> Result<(), String> {
    let ours = (subject.value)(text);
    let theirs = (witness.read)(text);
    let count = match (subject.form)(text) {
        Form::Accepted => match ours {
            None => return Err("accepted without a value".to_owned()),
            Some(value) if !(witness.covers)(value) => &mut tally.beyond,
            Some(value) if theirs == Some(value) => &mut tally.same,
            Some(value) => return Err(format!("edm {value}")),
        },
        Form::Open => match (ours, theirs) {
            // The witnesses know nothing finer than nanoseconds.
            (Some(ours), Some(theirs)) if ours != theirs && ours % 1_000 == 0 => {
                return Err(format!("left open, edm {ours}"));
            }
            _ => &mut tally.open,
        },
        Form::Refused => match theirs {
            None => &mut tally.both_refuse,
            Some(_) if witness.laxities.iter().any(|laxity| is_explained(laxity, text, witness.form)) => &mut tally.lax,
            Some(_) => return Err("refused by edm".to_owned()),
        },
    };
    *count += 1;
    Ok(())
}

/// Whether the laxity is all that is wrong with a text.
pub(crate) fn is_explained(laxity: &Laxity, text: &str, form: fn(&str) -> Form) -> bool {
    let mended = (laxity.mend)(text);
    mended != text && form(&mended) != Form::Refused
}
