//! Where the token comes from.

use std::path::Path;

use secrecy::SecretString;

use super::arguments::AccessArgs;
use super::exit::Failure;

/// The token that the command line names, if it names one.
pub(super) fn token(arguments: &AccessArgs) -> Result<Option<SecretString>, Failure> {
    if let Some(token) = &arguments.token {
        return checked(token, "--token").map(Some);
    }
    if let Some(variable) = &arguments.token_env {
        // It may be the token itself, given by mistake: not to be repeated.
        if !variable.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') || variable.len() > 64 {
            return Err(Failure::usage("--token-env takes the name of an environment variable, not a token"));
        }
        let value = std::env::var(variable).map_err(|_| {
            Failure::usage(format!("the environment variable {variable} of --token-env is not set"))
                .advise(format!("set it first: export {variable}=…"))
        })?;
        return checked(&value, variable).map(Some);
    }
    arguments.token_file.as_deref().map(from_file).transpose()
}

fn from_file(path: &Path) -> Result<SecretString, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read --token-file {}: {error}", path.display())))?;
    checked(text.trim(), &path.display().to_string())
}

fn checked(token: &str, source: &str) -> Result<SecretString, Failure> {
    if token.is_empty() {
        return Err(Failure::usage(format!("the token of {source} is empty")));
    }
    Ok(SecretString::from(token.to_owned()))
}
