//! Objects in the making: what their properties are so far. Objects are made
//! inside one another, so the properties of one lie behind those of the objects
//! around it, in memory that is used again for the next body.

use crate::contract::TypeId;
use crate::json::NodeId;

/// An object in the making.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    /// The concrete type.
    pub(super) actual: TypeId,
    /// Where its properties begin.
    base: usize,
}

/// The properties of all objects in the making.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    values: Vec<Option<NodeId>>,
    notes: Vec<Note>,
}

/// What is known of a property besides its value.
#[derive(Clone, Copy, Debug, Default)]
struct Note {
    /// The goal decides it, and nothing may change it.
    is_pinned: bool,
    /// Its value touches an open point or breaks a condition, so conditions do
    /// not speak of it.
    is_unclear: bool,
}

impl Drafts {
    /// A draft of an object of this type, which has so many properties.
    pub(super) fn begin(&mut self, actual: TypeId, count: usize) -> Draft {
        let base = self.values.len();
        self.values.resize(base + count, None);
        self.notes.resize(base + count, Note::default());
        Draft { actual, base }
    }

    /// Forgets the draft that was begun last.
    pub(super) fn end(&mut self, draft: Draft) {
        self.values.truncate(draft.base);
        self.notes.truncate(draft.base);
    }

    /// The values by property, of the draft that was begun last.
    pub(super) fn values(&self, draft: Draft) -> &[Option<NodeId>] {
        &self.values[draft.base..]
    }

    pub(super) fn value(&self, draft: Draft, property: usize) -> Option<NodeId> {
        self.values[draft.base + property]
    }

    pub(super) fn set(&mut self, draft: Draft, property: usize, value: Option<NodeId>) {
        self.values[draft.base + property] = value;
    }

    pub(super) fn is_pinned(&self, draft: Draft, property: usize) -> bool {
        self.notes[draft.base + property].is_pinned
    }

    pub(super) fn pin(&mut self, draft: Draft, property: usize) {
        self.notes[draft.base + property].is_pinned = true;
    }

    pub(super) fn is_unclear(&self, draft: Draft, property: usize) -> bool {
        self.notes[draft.base + property].is_unclear
    }

    pub(super) fn set_unclear(&mut self, draft: Draft, property: usize, is_unclear: bool) {
        self.notes[draft.base + property].is_unclear = is_unclear;
    }
}
