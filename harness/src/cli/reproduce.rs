//! The command that runs the same again.

use std::time::Duration;

use super::arguments::{AUTHORITY, RunArgs, SCOPE, Threshold};

/// The command that runs the same again. Tokens are no part of it. Where a file
/// was read, flags stand there even if they say the usual: the file may not.
pub(super) fn reproduce(arguments: &RunArgs, seed: u64) -> String {
    let mut text = format!("policy-harness run --seed {seed}");
    let mut push = |flag: &str, value: &str| text.extend([" ", flag, " ", value]);
    let file = &arguments.file.read;
    if let Some(path) = &file.path {
        push("--config", &path.display().to_string());
    }
    let is_said = |is_usual: bool| !is_usual || file.path.is_some();
    if let Some(target) = &arguments.target {
        push("--target", target);
    }
    if is_said(arguments.contracts == ["seed"]) {
        arguments.contracts.iter().for_each(|name| push("--contract", name));
    }
    arguments.assignment_ids.iter().for_each(|id| push("--assignment-id", id));
    arguments.access_package_ids.iter().for_each(|id| push("--access-package-id", id));
    arguments.ids.iter().for_each(|id| push("--id", id));
    if is_said(arguments.settle == 0) {
        push("--settle", &arguments.settle.to_string());
    }
    arguments.access.allow_hosts.iter().for_each(|host| push("--allow-host", host));
    if let Some(path) = &arguments.access.ca_file {
        push("--ca-file", &path.display().to_string());
    }
    if let Some(rate) = arguments.access.rate {
        push("--rate", &rate.to_string());
    }
    if is_said(arguments.access.timeout == Duration::from_secs(10)) {
        push("--timeout", &arguments.access.timeout.as_secs_f64().to_string());
    }
    if let Some(cases) = arguments.cases {
        push("--cases", &cases.to_string());
    }
    if let Some(shard) = arguments.shard {
        push("--shard", &shard.to_string());
    }
    if let Some(seconds) = arguments.seconds {
        push("--seconds", &seconds.to_string());
    }
    for (flag, globs) in [("--only", &arguments.only), ("--skip", &arguments.skip)] {
        globs.iter().for_each(|glob| push(flag, &format!("'{glob}'")));
    }
    if let Some(most) = arguments.max_findings {
        push("--max-findings", &most.to_string());
    }
    match arguments.level {
        Threshold::Should => push("--level", "should"),
        Threshold::Must if is_said(true) => push("--level", "must"),
        Threshold::Must => {}
    }
    if let Some(path) = &arguments.baseline {
        push("--baseline", &path.display().to_string());
    }
    if is_said(arguments.concurrency == 16) {
        push("--concurrency", &arguments.concurrency.to_string());
    }
    push_credentials(arguments, &mut push);
    if !file.has("header") {
        for header in &arguments.access.headers {
            let name = header.split_once(':').map_or("…", |(name, _)| name.trim());
            push("--header", &format!("'{name}: …'"));
        }
    }
    if arguments.access.i_own_this_tenant {
        text.push_str(" --i-own-this-tenant");
    }
    if arguments.overwrite {
        text.push_str(" --overwrite");
    }
    text
}

/// Who signs in, as far as it is no secret.
fn push_credentials(arguments: &RunArgs, push: &mut impl FnMut(&str, &str)) {
    let RunArgs { access, unprivileged, .. } = arguments;
    let application = &access.application;
    let path = |path: &std::path::PathBuf| path.display().to_string();
    // A command may hold a secret as well.
    let hidden = |text: &Option<String>| text.as_ref().map(|_| "…".to_owned());
    let asks = application.client_id.is_some();
    for (flag, value) in [
        ("--token", hidden(&access.token)),
        ("--token-env", access.token_env.clone()),
        ("--token-file", access.token_file.as_ref().map(path)),
        ("--token-command", hidden(&access.token_command)),
        ("--tenant", application.tenant.clone()),
        ("--client-id", application.client_id.clone()),
        ("--client-secret-env", application.client_secret_env.clone()),
        ("--scope", asks.then(|| application.scope.clone()).filter(|scope| scope != SCOPE)),
        ("--authority", asks.then(|| application.authority.clone()).filter(|authority| authority != AUTHORITY)),
        ("--unprivileged-token", hidden(&unprivileged.unprivileged_token)),
        ("--unprivileged-token-env", unprivileged.unprivileged_token_env.clone()),
        ("--unprivileged-token-file", unprivileged.unprivileged_token_file.as_ref().map(path)),
        ("--unprivileged-token-command", hidden(&unprivileged.unprivileged_token_command)),
    ] {
        if let Some(value) = value {
            push(flag, &value);
        }
    }
}
