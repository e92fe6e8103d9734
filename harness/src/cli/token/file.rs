//! A token in a file. The file is read again all the time, because whoever keeps it up
//! to date says nothing of it, and it costs next to nothing.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::output;
use crate::target::{Token, TokenSource};

/// No token is longer.
const LONGEST: u64 = 1 << 20;
/// How often the file is read.
const EVERY: Duration = Duration::from_secs(1);

/// A file that holds a token, and nothing else.
#[derive(Clone, Debug)]
pub(super) struct File {
    flag: &'static str,
    path: PathBuf,
}

impl File {
    /// The file that a flag names.
    pub(super) fn new(flag: &'static str, path: &Path) -> Self {
        Self { flag, path: path.to_owned() }
    }

    /// What is in it now.
    pub(super) fn read(&self) -> Result<Token, String> {
        let mut text = String::new();
        fs::File::open(&self.path)
            .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
            .map_err(|error| format!("cannot read {} {}: {error}", self.flag, self.path.display()))?;
        output::token(&text).map_err(|why| format!("the token of {} {why}", self.path.display()))
    }
}

impl TokenSource for File {
    fn fetch(&self) -> BoxFuture<'_, Result<Token, String>> {
        let file = self.clone();
        async move {
            let read = tokio::task::spawn_blocking(move || file.read()).await;
            read.unwrap_or_else(|error| Err(format!("cannot read {}: {error}", self.flag)))
        }
        .boxed()
    }

    fn look_every(&self) -> Option<Duration> {
        Some(EVERY)
    }
}
