//! What was measured, as reports tell it: for each set of documents, and for all.

use std::ops::Range;
use std::time::Duration;

use super::figures::Figures;
use super::measured::Series;
use super::payloads::{Document, Payloads};
use super::stage::Stage;
use crate::contract::Contract;

/// All that was measured.
pub(super) struct Outcome<'o> {
    pub(super) payloads: &'o Payloads,
    pub(super) contracts: &'o [&'o Contract],
    /// For each stage.
    pub(super) time: Duration,
    /// The least time of a batch.
    pub(super) least: Duration,
    pub(super) stages: Vec<(Stage, Vec<Series>)>,
    pub(super) is_interrupted: bool,
}

/// Documents that are told of together.
pub(super) struct Group<'o> {
    pub(super) name: &'o str,
    pub(super) kind: GroupKind,
    pub(super) documents: &'o [Document],
    /// Of the stages that some of them went through.
    pub(super) figures: Vec<(Stage, Figures)>,
}

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupKind {
    /// What a word of the command line stands for.
    Named,
    /// Generated bodies.
    Generated,
    /// All that was named.
    Total,
}

impl<'o> Outcome<'o> {
    /// Each set, and all of them where several were named.
    pub(super) fn groups(&self) -> Vec<Group<'o>> {
        let payloads = self.payloads;
        let mut groups: Vec<Group<'o>> = Vec::new();
        for set in &payloads.sets {
            let kind = if set.is_generated { GroupKind::Generated } else { GroupKind::Named };
            groups.push(self.group(&set.name, kind, set.documents.clone()));
        }
        if payloads.sets.iter().filter(|set| !set.is_generated).count() > 1 {
            groups.push(self.group("total", GroupKind::Total, 0..payloads.documents.len()));
        }
        groups
    }

    fn group(&self, name: &'o str, kind: GroupKind, range: Range<usize>) -> Group<'o> {
        let of = |series: &[Series]| Figures::of(series.iter().filter(|one| range.contains(&one.index)));
        let figures = self.stages.iter().filter_map(|(stage, series)| Some((*stage, of(series)?))).collect();
        let documents = self.payloads.documents.get(range.clone()).unwrap_or_default();
        Group { name, kind, documents, figures }
    }

    /// Whether anything was measured.
    pub(super) fn has_figures(&self) -> bool {
        self.stages.iter().any(|(_, series)| series.iter().any(|one| !one.times.is_empty()))
    }

    /// The names of the contracts that documents are validated against.
    pub(super) fn contracts_of(&self, documents: &[Document]) -> Vec<&'o str> {
        let validated = || documents.iter().filter(|document| Stage::Validate.takes(document));
        let is_used = |index: usize| validated().any(|document| document.contract == index);
        self.contracts.iter().enumerate().filter(|(index, _)| is_used(*index)).map(|(_, one)| &*one.name).collect()
    }
}
