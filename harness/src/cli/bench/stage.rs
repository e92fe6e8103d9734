//! The stages: what is done with a document, and with which ones.

use std::hint::black_box;

use super::measured::{Meter, Series, Subject};
use super::payloads::{Document, Kind};
use crate::contract::Contract;
use crate::model::Policy;
use crate::roundtrip::round_trip;
use crate::validate::Validator;

/// What is done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// From bytes to the typed model, which borrows from them, and is dropped.
    Parse,
    /// The same for a model that outlives the bytes.
    ParseOwned,
    /// From the model to bytes, in a buffer that is used again.
    Serialize,
    /// There and back, and compared.
    RoundTrip,
    /// From bytes to violations.
    Validate,
}

impl Stage {
    pub(super) const ALL: [Self; 5] = [Self::Parse, Self::ParseOwned, Self::Serialize, Self::RoundTrip, Self::Validate];

    /// Its name in reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::ParseOwned => "parse, owned",
            Self::Serialize => "serialize",
            Self::RoundTrip => "round trip",
            Self::Validate => "validate",
        }
    }

    /// Whether a document goes through it.
    pub(super) fn takes(self, document: &Document) -> bool {
        match document.kind {
            Kind::Policy => true,
            Kind::Refused(_) => self == Self::Validate,
            Kind::NoJson(_) => false,
        }
    }
}

/// Takes the documents through a stage, again and again. Bytes are those that are read,
/// or for a writer those that are written.
pub(super) fn measured(
    stage: Stage,
    documents: &[Document],
    contracts: &[&Contract],
    meter: &Meter<'_>,
) -> Vec<Series> {
    let taken = documents.iter().enumerate().filter(|(_, document)| stage.takes(document));
    let texts = taken.map(|(index, document)| Subject { index, bytes: document.bytes.len(), work: document });
    match stage {
        Stage::Parse => meter.rounds(texts.collect(), |document| {
            drop(black_box(Policy::from_slice(black_box(&document.bytes))));
        }),
        Stage::ParseOwned => meter.rounds(texts.collect(), |document| {
            drop(black_box(Policy::from_slice(black_box(&document.bytes)).map(Policy::into_owned)));
        }),
        Stage::Serialize => {
            let mut buffer = Vec::new();
            meter.rounds(texts.filter_map(read).collect(), |policy| {
                buffer.clear();
                black_box(policy).write_into(&mut buffer);
                black_box(&buffer);
            })
        }
        Stage::RoundTrip => meter.rounds(texts.collect(), |document| {
            drop(black_box(round_trip(black_box(&document.bytes))));
        }),
        Stage::Validate => {
            let mut validators: Vec<_> = contracts.iter().map(|contract| Validator::new(contract)).collect();
            meter.rounds(texts.collect(), |document| {
                if let Some(validator) = validators.get_mut(document.contract) {
                    black_box(validator.validate(black_box(&document.bytes)));
                }
            })
        }
    }
}

/// What is there to be written.
fn read<'d>(text: Subject<&'d Document>) -> Option<Subject<Policy<'d>>> {
    let work = Policy::from_slice(&text.work.bytes).ok()?;
    Some(Subject { index: text.index, bytes: work.to_vec().len(), work })
}
