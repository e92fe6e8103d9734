//! Lines for a person.

use std::io::Write;

/// Prints a line; a reader who has gone is none of our business.
pub(super) fn say(text: &str) {
    let _ = writeln!(anstream::stdout(), "{text}");
}
