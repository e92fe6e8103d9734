//! `roundtrip`: payloads through a model and back: the typed model of this crate, or
//! that of a client in any language.

mod client;
mod command;
mod model;
mod told;

pub(super) use command::roundtrip;
