//! From the flags to the two callers: the one whom the target lets in, and the one who
//! lacks the permission.

use std::path::Path;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::command::Command;
use super::file::File;
use crate::cli::arguments::{AccessArgs, ApplicationArgs, UnprivilegedArgs};
use crate::cli::exit::Failure;
use crate::target::{Application, Redactor, TokenSource};

/// Who sends requests: a token, where it comes from if it can be asked for again, and
/// the variable that stands for it in lines to paste.
#[derive(Default)]
pub(crate) struct Caller {
    pub(crate) token: Option<SecretString>,
    pub(crate) source: Option<Arc<dyn TokenSource>>,
    pub(crate) name: Option<String>,
}

/// The flags of one caller, with their names.
struct Flags<'a> {
    token: Option<(&'static str, &'a str)>,
    env: Option<(&'static str, &'a str)>,
    file: Option<(&'static str, &'a Path)>,
    command: Option<(&'static str, &'a str)>,
}

/// The caller whom the target is to let in. `redactor` learns what may not be printed.
pub(crate) fn caller(access: &AccessArgs, redactor: &Redactor) -> Result<Caller, Failure> {
    if let Some(client_id) = &access.application.client_id {
        let source: Arc<dyn TokenSource> = Arc::new(application(&access.application, client_id, redactor)?);
        return Ok(Caller { source: Some(source), ..Caller::default() });
    }
    let flags = Flags {
        token: access.token.as_deref().map(|token| ("--token", token)),
        env: access.token_env.as_deref().map(|variable| ("--token-env", variable)),
        file: access.token_file.as_deref().map(|path| ("--token-file", path)),
        command: access.token_command.as_deref().map(|command| ("--token-command", command)),
    };
    flags.caller(redactor)
}

/// The caller who lacks the permission, if there is one.
pub(crate) fn unprivileged(arguments: &UnprivilegedArgs, redactor: &Redactor) -> Result<Caller, Failure> {
    let flags = Flags {
        token: arguments.unprivileged_token.as_deref().map(|token| ("--unprivileged-token", token)),
        env: arguments.unprivileged_token_env.as_deref().map(|variable| ("--unprivileged-token-env", variable)),
        file: arguments.unprivileged_token_file.as_deref().map(|path| ("--unprivileged-token-file", path)),
        command: arguments.unprivileged_token_command.as_deref().map(|text| ("--unprivileged-token-command", text)),
    };
    flags.caller(redactor)
}

impl Flags<'_> {
    fn caller(&self, redactor: &Redactor) -> Result<Caller, Failure> {
        let mut caller = Caller::default();
        if let Some((flag, token)) = self.token {
            caller.token = Some(checked(token, flag)?);
        } else if let Some((flag, variable)) = self.env {
            caller.token = Some(from_variable(flag, variable)?);
            caller.name = Some(variable.to_owned());
        } else if let Some((flag, path)) = self.file {
            let file = File::new(flag, path);
            // A file that is not there is told at once.
            let token = file.read().map_err(Failure::usage)?;
            caller.token = Some(token.secret);
            caller.source = Some(Arc::new(file));
        } else if let Some((flag, text)) = self.command {
            caller.source = Some(Arc::new(Command::new(flag, text, redactor)));
        }
        Ok(caller)
    }
}

fn application(arguments: &ApplicationArgs, client_id: &str, redactor: &Redactor) -> Result<Application, Failure> {
    // The command line is refused before it gets here without them.
    let tenant = arguments.tenant.as_deref().unwrap_or_default();
    let variable = arguments.client_secret_env.as_deref().unwrap_or_default();
    let secret = from_variable("--client-secret-env", variable)?;
    redactor.add(secret.expose_secret());
    Application::new(&arguments.authority, tenant, client_id, secret, &arguments.scope).map_err(Failure::usage)
}

fn from_variable(flag: &str, variable: &str) -> Result<SecretString, Failure> {
    // It may be the secret itself, given by mistake: not to be repeated.
    if !variable.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') || variable.len() > 64 {
        return Err(Failure::usage(format!("{flag} takes the name of an environment variable, not what is in it")));
    }
    let value = std::env::var(variable).map_err(|_| {
        Failure::usage(format!("the environment variable {variable} of {flag} is not set"))
            .advise(format!("set it first: export {variable}=…"))
    })?;
    checked(&value, variable)
}

fn checked(token: &str, source: &str) -> Result<SecretString, Failure> {
    if token.is_empty() {
        return Err(Failure::usage(format!("the token of {source} is empty")));
    }
    Ok(SecretString::from(token))
}
