//! Tokens for an application, from the authority that issues them: OAuth 2.0 client
//! credentials (RFC 6749, 4.4), as the Microsoft identity platform has them. The
//! client secret is sent to the authority and nowhere else: over TLS, or to this
//! machine; redirects are not followed and proxies not asked.

use std::fmt;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::origin::is_loopback;
use super::shell::is_shown;
use super::token::{Token, TokenSource};

/// Time for one token.
const LIMIT: Duration = Duration::from_secs(30);
/// No authority says more than this.
const LONGEST: usize = 256 << 10;
/// Characters of what an authority says that are told.
const TOLD: usize = 200;

/// An application that asks an authority for tokens in its own name.
pub struct Application {
    /// Where tokens are asked for.
    url: Url,
    client: Client,
    client_id: String,
    secret: SecretString,
    scope: String,
}

/// Why nobody can be asked for a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The authority is no URL that a secret may be sent to.
    #[error(
        "the authority is no https:// URL without query and user name; give one like https://login.microsoftonline.com"
    )]
    Url,
    /// The tenant cannot stand in a path.
    #[error(
        "the tenant is neither a GUID nor a domain; give the directory's id, or its name (contoso.onmicrosoft.com)"
    )]
    Tenant,
    /// The HTTP client cannot be set up.
    #[error("no HTTP client for the authority: {0}")]
    Client(String),
}

/// What an authority answers (RFC 6749, 5.1 and 5.2).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    access_token: Option<String>,
    expires_in: Option<f64>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Application {
    /// The application `client_id` of `tenant`, as `authority` knows it.
    ///
    /// # Errors
    /// An authority or a tenant that cannot be used.
    pub fn new(
        authority: &str,
        tenant: &str,
        client_id: &str,
        secret: SecretString,
        scope: &str,
    ) -> Result<Self, AuthorityError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        if tenant.is_empty() || !tenant.bytes().all(is_plain) || tenant.contains("..") {
            return Err(AuthorityError::Tenant);
        }
        let base = Url::parse(authority).map_err(|_| AuthorityError::Url)?;
        let is_safe = base.scheme() == "https" || base.scheme() == "http" && base.host_str().is_some_and(is_loopback);
        let is_bare = base.query().is_none() && base.fragment().is_none();
        if !is_safe || !is_bare || !base.username().is_empty() || base.password().is_some() {
            return Err(AuthorityError::Url);
        }
        let text = format!("{}/{tenant}/oauth2/v2.0/token", base.as_str().trim_end_matches('/'));
        let url = Url::parse(&text).map_err(|_| AuthorityError::Url)?;
        let client = client(url.scheme() == "https").map_err(|error| AuthorityError::Client(error.to_string()))?;
        Ok(Self { url, client, client_id: client_id.to_owned(), secret, scope: scope.to_owned() })
    }

    /// The form that asks for a token.
    fn form(&self) -> Vec<u8> {
        // The library's own writer of forms, which it has for queries.
        let mut form = self.url.clone();
        form.query_pairs_mut()
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.secret.expose_secret())
            .append_pair("scope", &self.scope);
        form.query().unwrap_or_default().as_bytes().to_vec()
    }

    async fn ask(&self) -> Result<Token, String> {
        let mut request = reqwest::Request::new(Method::POST, self.url.clone());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        *request.body_mut() = Some(self.form().into());
        let mut response =
            self.client.execute(request).await.map_err(|error| format!("{}: {}", self.told(), innermost(&error)))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| format!("{}: {}", self.told(), innermost(&error)))?
        {
            if body.len() + chunk.len() > LONGEST {
                return Err(format!("{} answered {status} with more than a token", self.told()));
            }
            body.extend_from_slice(&chunk);
        }
        let said: Said = serde_json::from_slice(&body).unwrap_or_default();
        match said.access_token {
            Some(token) if status == 200 => {
                Ok(Token { secret: token.into(), good_for: said.expires_in.and_then(seconds) })
            }
            _ if status == 200 => Err(format!("{} answered 200 without an access_token", self.told())),
            _ => {
                let why = [said.error, said.error_description];
                let why: Vec<String> = why.into_iter().flatten().map(|text| first_line(&text)).collect();
                Err([format!("{} answered {status}", self.told())]
                    .into_iter()
                    .chain(why)
                    .collect::<Vec<_>>()
                    .join(": "))
            }
        }
    }

    /// Who is asked.
    fn told(&self) -> String {
        format!("the authority {}", self.url)
    }
}

impl TokenSource for Application {
    fn fetch(&self) -> BoxFuture<'_, Result<Token, String>> {
        async {
            let late = || format!("{} gave no answer within {} s", self.told(), LIMIT.as_secs());
            tokio::time::timeout(LIMIT, self.ask()).await.unwrap_or_else(|_| Err(late()))
        }
        .boxed()
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("url", &self.url.as_str())
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

fn client(with_tls: bool) -> Result<Client, reqwest::Error> {
    // An error says that a provider is there already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().referer(false);
    // Without TLS no root certificates have to be read.
    let builder = if with_tls { builder.https_only(true) } else { builder.tls_certs_only([]) };
    builder.build()
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok()
}

/// The beginning of a text from outside, without what a terminal would obey.
fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().chars().filter(|&each| is_shown(each)).take(TOLD).collect()
}

/// The cause, which the library's own text leaves out.
fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |&error| error.source());
    causes.last().map_or_else(String::new, ToString::to_string)
}
