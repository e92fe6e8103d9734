//! Where tokens come from: once and for all, or from a source that is asked again
//! before a token expires and after one is refused. The sources themselves, which read
//! files or start programs, are with the command line.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

/// A token as its source hands it out.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token.
    pub secret: SecretString,
    /// How long it is good from now on, where the source says so.
    pub good_for: Option<Duration>,
}

/// A source that can be asked for a token again and again.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A token that is good now.
    ///
    /// The error says what went wrong, in words that hold no secret.
    fn fetch(&self) -> BoxFuture<'_, Result<Token, String>>;

    /// For a source that costs nothing: how often it is looked at for another token,
    /// although nothing says that the one in use is not good any more.
    fn look_every(&self) -> Option<Duration> {
        None
    }
}

/// Whether a token can stand in a header.
pub(super) fn is_token(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}
