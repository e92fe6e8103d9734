//! JSON with exact bytes: a tree that keeps member order, duplicate names,
//! number lexemes, escapes and white space, a strict reader (RFC 8259) with
//! byte positions, and a writer that writes what it is told to write, faults
//! included.

mod build;
mod equal;
mod error;
mod nesting;
mod pointer;
mod read;
mod scan;
mod text;
mod tree;
mod write;

pub(crate) use equal::excerpt;
pub use equal::{Difference, difference};
pub use error::{Fault, SyntaxError};
pub use pointer::{Lineage, Pointer, Step};
pub use read::{Layout, Limits, read, read_into, read_within};
pub(crate) use scan::Scanner;
pub use text::{decode, encode_into};
pub(crate) use text::{encode_unit, has_lone_surrogate};
pub use tree::{Ancestors, NodeId, Span, Tree, ValueKind};
