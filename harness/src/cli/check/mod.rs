//! `check`: tells someone why their policy is refused. Sources are named on the
//! command line, each has one body or many, and each body is judged by itself.

mod bodies;
mod command;
mod github;
mod http_file;
mod human;
mod json;
mod progress;
mod report;
mod route;
mod sarif;
mod sources;

pub(super) use bodies::{Body, bodies};
pub(super) use command::{VERSIONS, check};
pub(super) use human::shown;
pub(super) use sources::{Source, sources};
