//! A token that a command prints: `az account get-access-token …`, or a script of one's
//! own. The command line may hold a secret itself, so no message repeats it.

use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::output;
use crate::target::{Redactor, Token, TokenSource};

/// Time for one token; a command that asks a person for something never ends.
const LIMIT: Duration = Duration::from_secs(60);
/// What a command prints beyond this is not read.
const LONGEST: u64 = 1 << 20;
/// Characters of its complaint that are told.
const TOLD: usize = 200;
/// A word that begins like this is a token in the form of JSON Web Tokens.
const JWT: &str = "eyJ";

/// A command that prints a token.
pub(super) struct Command {
    flag: &'static str,
    text: SecretString,
    redactor: Redactor,
}

/// What a command left behind.
struct Ended {
    status: std::process::ExitStatus,
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Command {
    /// The command that a flag has.
    pub(super) fn new(flag: &'static str, text: &str, redactor: &Redactor) -> Self {
        Self { flag, text: text.into(), redactor: redactor.clone() }
    }

    async fn ask(&self) -> Result<Token, String> {
        let Self { flag, .. } = self;
        let late = || format!("the command of {flag} did not end within {} s", LIMIT.as_secs());
        let ended = tokio::time::timeout(LIMIT, self.run()).await.map_err(|_| late())?;
        let Ended { status, out, err } = ended.map_err(|error| format!("cannot run the command of {flag}: {error}"))?;
        let out = String::from_utf8(out);
        if !status.success() {
            // It may have printed a token all the same, here or there.
            if let Some(token) = out.ok().and_then(|out| output::token(&out).ok()) {
                self.redactor.add(token.secret.expose_secret());
            }
            return Err(format!("the command of {flag} failed ({status}){}", self.complaint(&err)));
        }
        let out = out.map_err(|_| format!("the command of {flag} printed something that is no text"))?;
        output::token(&out).map_err(|why| format!("what the command of {flag} printed {why}"))
    }

    async fn run(&self) -> std::io::Result<Ended> {
        let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut child = tokio::process::Command::new(shell)
            .arg(option)
            .arg(self.text.expose_secret())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (out, err) = tokio::join!(read(child.stdout.take()), read(child.stderr.take()));
        let status = child.wait().await?;
        Ok(Ended { status, out: out?, err: err? })
    }

    /// The first line of what it said of its trouble.
    fn complaint(&self, err: &[u8]) -> String {
        let text = String::from_utf8_lossy(err);
        let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else {
            return " and said nothing".to_owned();
        };
        let line = self.redactor.text(line);
        let is_secret = |word: &str| word.contains(JWT) && word.len() > 20;
        let words = line.split(' ').map(|word| if is_secret(word) { "[redacted]" } else { word });
        let plain = words.collect::<Vec<_>>().join(" ");
        let plain: String = plain.chars().filter(|each| !each.is_control()).take(TOLD).collect();
        format!(": {plain}")
    }
}

/// Reads a pipe, and closes it behind what is of interest.
async fn read(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(LONGEST).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

impl TokenSource for Command {
    fn fetch(&self) -> BoxFuture<'_, Result<Token, String>> {
        self.ask().boxed()
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command").field("flag", &self.flag).finish_non_exhaustive()
    }
}
