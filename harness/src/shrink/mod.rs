//! The shrinker: smaller and smaller payloads, made on the payload's tree, for
//! whoever can say whether one still shows what the first one showed. Property
//! tests and findings of a campaign go through the same one.

mod edits;
mod heart;
mod shrinker;

pub use heart::heart;
pub use shrinker::Shrinker;
