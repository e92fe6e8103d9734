//! `serve`: the reference server alone.

use std::sync::Arc;

use super::arguments::ServeArgs;
use super::exit::{Exit, Failure};
use super::say::say;
use super::subject::contract;
use crate::contract::Contract;
use crate::reference::{self, DEFECTS, Defect, Habit, VARIANTS, Variant};

pub(super) fn serve(arguments: &ServeArgs) -> Result<Exit, Failure> {
    if arguments.defects.iter().any(|id| id == "list") {
        DEFECTS.iter().for_each(|defect| say(&format!("{:<36} {:<34} {}", defect.id, defect.rule, defect.about)));
        return Ok(Exit::Good);
    }
    if arguments.variant.as_deref() == Some("list") {
        VARIANTS.iter().for_each(|variant| say(&format!("{:<36} {}", variant.id, variant.about)));
        return Ok(Exit::Good);
    }
    let directory = contract("seed")?;
    let contracts = Contract::names().map(|name| contract(name).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let mut options = reference::Options { port: arguments.port, ..reference::Options::default() };
    options.defects = arguments.defects.iter().map(|id| defect(id)).collect::<Result<_, _>>()?;
    options.variant = arguments.variant.as_deref().map(variant).transpose()?;
    if let Some(token) = &arguments.token {
        options.token.clone_from(token);
    }
    if let Some(token) = &arguments.unprivileged_token {
        options.unprivileged_token.clone_from(token);
    }
    let unprivileged =
        if arguments.unprivileged_token.is_some() { "…" } else { &options.unprivileged_token }.to_owned();
    let token = if arguments.token.is_some() { "…".to_owned() } else { options.token.clone() };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::incomplete(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(async {
        let running = reference::start(contracts, options).await.map_err(|error| {
            Failure::incomplete(format!("cannot listen on 127.0.0.1:{}: {error}", arguments.port))
                .advise("choose another one with --port N; 0 takes a free one")
        })?;
        let id = running.assignments().first().cloned().unwrap_or_default();
        let package = running.packages().first().cloned().unwrap_or_default();
        say(&format!(
            "The reference server listens on {}; Ctrl-C ends it. Test it from another terminal:",
            running.base_url()
        ));
        say(&format!("  policy-harness run --target {} --assignment-id {id} --token {token}", running.base_url()));
        say("or with --contract all, which needs an access package as well:");
        say(&format!("  --access-package-id {package}"));
        say("and to see what it answers to a caller without permission:");
        say(&format!("  --unprivileged-token {unprivileged}"));
        if let Some(variant) = &arguments.variant {
            say(&format!("Variant: {variant}"));
            if reference::variant(variant).is_some_and(|variant| variant.habit == Habit::Directory) {
                let flags =
                    reference::Options::directory(&directory).into_iter().map(|(kind, id)| format!("--id {kind}={id}"));
                say(&format!("  {}", flags.collect::<Vec<_>>().join(" ")));
            }
        }
        for defect in &arguments.defects {
            say(&format!("Planted defect: {defect}"));
        }
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        running.stop().await;
        Ok(Exit::Good)
    })
}

fn variant(id: &str) -> Result<&'static Variant, Failure> {
    reference::variant(id).ok_or_else(|| {
        Failure::usage(format!("`{id}` is no variant")).advise("`policy-harness serve --variant list` lists them")
    })
}

fn defect(id: &str) -> Result<&'static Defect, Failure> {
    reference::defect(id).ok_or_else(|| {
        Failure::usage(format!("`{id}` is no defect")).advise("`policy-harness serve --defect list` lists them")
    })
}
