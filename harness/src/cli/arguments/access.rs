//! How a target is reached, and who asks: hosts, time, pace, tokens.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// A request every quarter of an hour, and more than one machine sends.
const LEAST_RATE: f64 = 0.001;

const MOST_RATE: f64 = 1_000_000.0;

/// No answer comes in no time, and nobody waits for one longer than an hour.
const LEAST_TIMEOUT: f64 = 0.001;

const MOST_TIMEOUT: f64 = 3_600.0;

/// What an application asks for, and whom, unless the command line says otherwise.
pub(in crate::cli) const SCOPE: &str = "https://graph.microsoft.com/.default";

pub(in crate::cli) const AUTHORITY: &str = "https://login.microsoftonline.com";

/// How a target is reached.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct AccessArgs {
    /// Bearer token; other users of this machine can see it, so prefer --token-env,
    /// --token-file or --token-command
    #[arg(long, value_name = "TOKEN", group = "credentials", hide_env_values = true)]
    pub(in crate::cli) token: Option<String>,
    /// Environment variable that holds the bearer token
    #[arg(long, value_name = "VAR", group = "credentials")]
    pub(in crate::cli) token_env: Option<String>,
    /// File that holds the bearer token; read again when it changes
    #[arg(long, value_name = "PATH", group = "credentials")]
    pub(in crate::cli) token_file: Option<PathBuf>,
    /// Header that goes with every request; its value is in no output. May be
    /// repeated
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(in crate::cli) headers: Vec<String>,
    /// Command that prints the bearer token, run by the shell; run again before the
    /// token expires, and when it is refused
    ///
    /// It prints the token alone, or a JSON object with accessToken and, if it likes,
    /// expires_on or expires_in. For example:
    /// 'az account get-access-token --resource-type ms-graph --query accessToken -o tsv'
    #[arg(long, value_name = "CMD", group = "credentials")]
    pub(in crate::cli) token_command: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) application: ApplicationArgs,
    /// Host other than this machine that may be tested. May be repeated
    #[arg(long = "allow-host", value_name = "HOST")]
    pub(in crate::cli) allow_hosts: Vec<String>,
    /// The tenant of the token is yours and there for tests: needed for Microsoft
    /// Graph and its national clouds besides --allow-host
    #[arg(long)]
    pub(in crate::cli) i_own_this_tenant: bool,
    /// Certificates (PEM) of authorities that are trusted besides the system's,
    /// for targets at https://
    #[arg(long, value_name = "PEM")]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// Most requests a second, as in 20 or 0.5; with it the obligations are walked
    /// to their end, however long that takes. Whatever the rate, a target that
    /// answers 429 or 503 is left alone as long as it asks for, and then asked more
    /// slowly
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(in crate::cli) rate: Option<f64>,
    /// Time for one answer, as in 10 or 0.5, without the wait for its turn
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = time_limit)]
    pub(in crate::cli) timeout: Duration,
}

/// An application that signs in with a secret of its own.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct ApplicationArgs {
    /// Directory (GUID or domain) whose authority issues tokens to an application
    #[arg(long, value_name = "TENANT", requires = "client_id")]
    pub(in crate::cli) tenant: Option<String>,
    /// The application, by its id; it signs in with a client secret
    #[arg(long, value_name = "ID", group = "credentials", requires_all = ["tenant", "client_secret_env"])]
    pub(in crate::cli) client_id: Option<String>,
    /// Environment variable that holds the client secret, which is sent to the
    /// authority alone
    #[arg(long, value_name = "VAR", requires = "client_id")]
    pub(in crate::cli) client_secret_env: Option<String>,
    /// What the application asks for
    #[arg(long, value_name = "SCOPE", default_value = SCOPE, requires = "client_id")]
    pub(in crate::cli) scope: String,
    /// Who issues the tokens; national clouds have their own
    #[arg(long, value_name = "URL", default_value = AUTHORITY, requires = "client_id")]
    pub(in crate::cli) authority: String,
}

/// A second caller, who is valid and lacks the permission.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct UnprivilegedArgs {
    /// Bearer token of a caller without EntitlementManagement.ReadWrite.All and
    /// without .Read.All, who must be refused; other users of this machine can see it
    #[arg(long, value_name = "TOKEN", group = "unprivileged", requires = "credentials", hide_env_values = true)]
    pub(in crate::cli) unprivileged_token: Option<String>,
    /// Environment variable that holds it
    #[arg(long, value_name = "VAR", group = "unprivileged", requires = "credentials")]
    pub(in crate::cli) unprivileged_token_env: Option<String>,
    /// File that holds it; read again when it changes
    #[arg(long, value_name = "PATH", group = "unprivileged", requires = "credentials")]
    pub(in crate::cli) unprivileged_token_file: Option<PathBuf>,
    /// Command that prints it, as for --token-command
    #[arg(long, value_name = "CMD", group = "unprivileged", requires = "credentials")]
    pub(in crate::cli) unprivileged_token_command: Option<String>,
}

/// Requests a second.
fn rate(text: &str) -> Result<f64, String> {
    let is_rate = |rate: &f64| (LEAST_RATE..=MOST_RATE).contains(rate);
    let wrong = || format!("write how many requests a second, from {LEAST_RATE} to {MOST_RATE}");
    text.parse().ok().filter(is_rate).ok_or_else(wrong)
}

/// Time for one answer.
pub(super) fn time_limit(text: &str) -> Result<Duration, String> {
    let is_limit = |seconds: &f64| (LEAST_TIMEOUT..=MOST_TIMEOUT).contains(seconds);
    let wrong = || format!("write a number of seconds, from {LEAST_TIMEOUT} to {MOST_TIMEOUT}");
    text.parse().ok().filter(is_limit).map(Duration::from_secs_f64).ok_or_else(wrong)
}
