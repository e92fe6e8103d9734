//! Valid payloads from a tape of bytes. The generator reads the contract, not the
//! Rust types; the same tape makes the same payload; a tape that runs out makes
//! the rest of the payload as small as it can be.

mod body;
mod class;
mod draft;
mod lexeme;
mod lexical;
mod object;
mod place;
mod primitive;
mod repair;
mod style;
mod tape;

pub use body::{Body, Choice, Generator, Goal, Options};
pub use class::{Class, classes_of};
pub use lexeme::{Content, Lexeme, lexemes};
pub use lexical::{lexical_class, lexical_classes, representative};
pub use place::{Place, PlaceId, PlaceStep, Places};
pub(crate) use primitive::outside;
pub use style::{Layout, Style};
pub use tape::{Tape, tape_for};
