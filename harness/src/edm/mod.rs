//! The lexical forms of OData's primitive types (OData ABNF Construction Rules
//! 4.01), read strictly and told apart finely: what conforms, what breaks which
//! rule, and what the contracts leave open. Lexemes are never rounded.

mod date;
mod duration;
mod int32;
mod moment;
mod second;

pub use date::{DateForm, DateTimeForm, date, date_time_offset, instant};
pub use duration::{DurationForm, duration, length};
pub use int32::{Int32Form, int32};
pub use moment::{in_offset, in_other_units};
#[cfg(feature = "reference")]
pub(crate) use second::DAY;
