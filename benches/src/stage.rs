//! A stage: one thing that is done to each item of a set.

use std::fmt;

/// One thing that is done to each item of a set, with what it needs for that.
pub struct Stage<'s> {
    /// What it is called in the output.
    pub name: &'static str,
    /// How many items there are.
    count: usize,
    work: Box<dyn FnMut(usize) + 's>,
}

impl<'s> Stage<'s> {
    /// Work on `count` items, which is handed the index of one.
    pub fn new(name: &'static str, count: usize, work: impl FnMut(usize) + 's) -> Self {
        Self { name, count, work: Box::new(work) }
    }

    /// Does the work on every item once.
    pub fn all(&mut self) {
        (0..self.count).for_each(&mut self.work);
    }

    /// How many items there are.
    pub fn count(&self) -> usize {
        self.count
    }
}

impl fmt::Debug for Stage<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stage").field("name", &self.name).field("count", &self.count).finish_non_exhaustive()
    }
}

/// The stage of this name.
///
/// # Panics
/// When there is none.
pub fn named<'s>(stages: Vec<Stage<'s>>, name: &str) -> Stage<'s> {
    stages.into_iter().find(|stage| stage.name == name).expect("a stage of this name is in the table")
}
