//! `bench`: how quickly payloads of somebody's own are read, written and validated,
//! and what that takes of the allocator.

mod batch;
mod command;
mod figures;
mod generated;
mod human;
mod input;
mod json;
mod measured;
mod outcome;
mod payloads;
mod progress;
mod stage;

pub(super) use command::bench;
