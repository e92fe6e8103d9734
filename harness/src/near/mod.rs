//! The word that somebody may have meant: for names in bodies, and for flags, keys and
//! ids of rules on the command line.

mod likeness;

pub(crate) use likeness::nearest;
#[cfg(feature = "cli")]
pub(crate) use likeness::several;
