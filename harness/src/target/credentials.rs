//! Puts credentials into requests, and sees to it that they are good: tokens are
//! replaced before they expire, and a request that was refused for an old one is sent
//! once more with the new one. What is sent as a false token, or without one, is
//! none of this module's business.

use std::sync::Arc;

use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;

use super::curl::{ShellHeader, line};
use super::identity::Identity;
use super::{Alteration, Answer, Credentials, Endpoint, NoAnswer, OwnHeader, Redactor, Request};

impl Endpoint {
    /// Sends a request with credentials that are good, as far as it needs such, and
    /// reads the answer; whatever the pace.
    pub(super) async fn send_as(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let Some(caller) = self.whole(&request.credentials) else {
            // A token that is altered must be one that was good.
            self.prepare(&request.credentials).await?;
            return self.send(request).await;
        };
        let number = self.ready(caller).await?;
        let outcome = self.send(request).await;
        let Ok(answer) = &outcome else { return outcome };
        if !caller.is_replaced(number, answer.status).await {
            return outcome;
        }
        self.ready(caller).await?;
        let outcome = self.send(request).await;
        caller.helped(outcome.as_ref().ok().map(|answer| answer.status));
        outcome
    }

    /// Fetches the tokens that are not there yet, so that what keeps them from coming
    /// is known before anything is sent.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn sign_in(&self) -> Result<(), String> {
        for caller in [&self.caller, &self.unprivileged].into_iter().flatten() {
            caller.ready().await?;
        }
        Ok(())
    }

    /// Why there is no token any more; nothing is sent once it is so.
    pub fn out_of_tokens(&self) -> Option<&str> {
        self.spent.get().map(String::as_str)
    }

    /// Whether [`Credentials::Token`] stands for anything.
    pub fn has_token(&self) -> bool {
        self.caller.is_some()
    }

    /// Whether [`Credentials::Unprivileged`] stands for anything.
    pub fn has_unprivileged(&self) -> bool {
        self.unprivileged.is_some()
    }

    /// What knows every secret of the run, to look for them in answers and to take
    /// them out of texts.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The request as a `curl` line with the token left out, and the values of
    /// headers that are the user's own; see [`curl`](super::curl()).
    pub fn curl(&self, request: &Request) -> String {
        let is_unprivileged = request.credentials == Credentials::Unprivileged;
        let name = if is_unprivileged { &self.unprivileged_name } else { &self.token_name };
        let own: Vec<ShellHeader> = self.headers().iter().map(OwnHeader::for_shell).collect();
        if self.identity(&request.credentials).is_none()
            && !matches!(request.credentials, Credentials::Absent | Credentials::Verbatim(_))
        {
            let request = Request { credentials: Credentials::Absent, ..request.clone() };
            return line(self.base(), &request, name, &own);
        }
        line(self.base(), request, name, &own)
    }

    /// The value of `Authorization`, where one is sent.
    pub(super) fn authorization(&self, credentials: &Credentials) -> Option<HeaderValue> {
        let token = || self.identity(credentials).and_then(|caller| caller.token());
        let text = match credentials {
            Credentials::Token(scheme) => [scheme, " ", token()?.expose_secret()].concat(),
            Credentials::Unprivileged => ["Bearer ", token()?.expose_secret()].concat(),
            Credentials::Altered(alteration) => ["Bearer ", &altered(token()?.expose_secret(), *alteration)].concat(),
            Credentials::Absent => return None,
            Credentials::Verbatim(value) => (*value).to_owned(),
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Who sends a request.
    fn identity(&self, credentials: &Credentials) -> Option<&Arc<Identity>> {
        match credentials {
            Credentials::Token(_) | Credentials::Altered(_) => self.caller.as_ref(),
            Credentials::Unprivileged => self.unprivileged.as_ref(),
            Credentials::Absent | Credentials::Verbatim(_) => None,
        }
    }

    /// The same, where the token is sent as it is.
    fn whole(&self, credentials: &Credentials) -> Option<&Arc<Identity>> {
        self.identity(credentials).filter(|_| !matches!(credentials, Credentials::Altered(_)))
    }

    async fn prepare(&self, credentials: &Credentials) -> Result<(), NoAnswer> {
        match self.identity(credentials) {
            Some(caller) => self.ready(caller).await.map(drop),
            None => Ok(()),
        }
    }

    async fn ready(&self, caller: &Identity) -> Result<u64, NoAnswer> {
        caller.ready().await.map_err(|why| {
            // The first reason is the one that is told.
            let _ = self.spent.set(why.clone());
            NoAnswer::Unsent(why)
        })
    }
}

/// A token that is one no more.
fn altered(token: &str, alteration: Alteration) -> String {
    match alteration {
        Alteration::Extended => [token, "x"].concat(),
        Alteration::Cut => {
            let mut token = token.to_owned();
            token.pop();
            token
        }
    }
}
