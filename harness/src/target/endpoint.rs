//! An HTTP endpoint under test: its base, the callers that it knows, and how long an
//! answer may take. Making one decides whether it may be tested at all: hosts
//! other than this machine only where the user named them.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body_util::Full;
use reqwest::Url;
use secrecy::SecretString;

use super::hush::{Hush, Silence};
use super::identity::Identity;
use super::origin::{check_host, check_owner, read_base};
use super::pace::{Pace, Patience};
use super::retry_after::retry_after;
use super::service::{self, InProcess};
use super::{Answer, NoAnswer, OwnHeader, Redactor, Request, TargetError, TokenSource, Wire, library, raw};

/// What the tokens are called in `curl` lines.
const TOKEN: &str = "TOKEN";
const UNPRIVILEGED: &str = "UNPRIVILEGED_TOKEN";

/// How an [`Endpoint`] is used.
#[derive(Clone, Debug)]
pub struct EndpointOptions {
    /// The token that [`Credentials::Token`](super::Credentials::Token) stands for.
    pub token: Option<SecretString>,
    /// Where this token comes from, where it can be replaced, or is not there yet.
    pub token_source: Option<Arc<dyn TokenSource>>,
    /// The shell variable that stands for the token in `curl` lines; `TOKEN` where
    /// none is named.
    pub token_name: Option<String>,
    /// The token of a caller without the permission that the operations need, which
    /// [`Credentials::Unprivileged`](super::Credentials::Unprivileged) stands for.
    pub unprivileged_token: Option<SecretString>,
    /// Where this one comes from.
    pub unprivileged_source: Option<Arc<dyn TokenSource>>,
    /// The shell variable that stands for it; `UNPRIVILEGED_TOKEN` where none is named.
    pub unprivileged_name: Option<String>,
    /// Knows the secrets of those who make tokens, and learns each token.
    pub redactor: Redactor,
    /// Time for one exchange, from the connection to the last byte of the answer.
    pub time_limit: Duration,
    /// Headers that go with every request.
    pub headers: Vec<OwnHeader>,
    /// Most requests a second; none says as many as the target answers.
    pub rate: Option<f64>,
    /// Hosts other than this machine that may be tested.
    pub allowed_hosts: Vec<String>,
    /// The caller owns the tenant behind the token: then Microsoft Graph itself,
    /// which holds everybody's, may be one of those hosts.
    pub owns_tenant: bool,
    /// Certificates of authorities that are trusted besides those of the system,
    /// as PEM.
    pub authorities: Vec<u8>,
    /// Connections that are kept open between exchanges: as many as exchanges
    /// run at one time.
    pub connections: usize,
}

impl Default for EndpointOptions {
    fn default() -> Self {
        Self {
            token: None,
            token_source: None,
            token_name: None,
            unprivileged_token: None,
            unprivileged_source: None,
            unprivileged_name: None,
            redactor: Redactor::default(),
            time_limit: Duration::from_secs(10),
            headers: Vec::new(),
            rate: None,
            allowed_hosts: Vec::new(),
            owns_tenant: false,
            authorities: Vec::new(),
            connections: 16,
        }
    }
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// The answer, or why there is none.
    pub outcome: Result<Answer, NoAnswer>,
    /// How long it took, from the moment when it was its turn.
    pub took: Duration,
}

/// What takes requests to the target.
#[derive(Clone)]
enum Carrier {
    /// HTTP, over connections that are kept or fresh ones.
    Http { client: reqwest::Client, fresh: reqwest::Client },
    /// A call: the target is in this process.
    Call(InProcess),
}

/// An HTTP endpoint, or a service in this process. A clone shares its connections and its pace.
#[derive(Clone)]
pub struct Endpoint {
    base: String,
    url: Url,
    carrier: Carrier,
    pub(super) caller: Option<Arc<Identity>>,
    pub(super) unprivileged: Option<Arc<Identity>>,
    pub(super) token_name: String,
    pub(super) unprivileged_name: String,
    pub(super) redactor: Redactor,
    /// Why there is no token any more.
    pub(super) spent: Arc<OnceLock<String>>,
    time_limit: Duration,
    headers: Arc<[OwnHeader]>,
    /// Exchanges so far, of all clones.
    exchanges: Arc<AtomicU64>,
    pace: Arc<Pace>,
    silence: Arc<Hush>,
}

impl Endpoint {
    /// The endpoint at `base`, `http://127.0.0.1:8080/v1.0`. A slash at its end
    /// makes no difference.
    ///
    /// # Errors
    /// A base that is no plain http(s) URL or names a host that may not be
    /// tested; a token that no header can hold. The text says what to do.
    pub fn new(base: &str, options: EndpointOptions) -> Result<Self, TargetError> {
        let url = read_base(base)?;
        check_host(&url, &options.allowed_hosts)?;
        check_owner(&url, options.owns_tenant)?;
        let trust = library::Trust::of(&url, &options.authorities)?;
        let no_client = |why: String| match options.authorities.is_empty() {
            true => TargetError::Client(why),
            false => TargetError::Authorities(format!("the certificates of the authorities cannot be used ({why})")),
        };
        let client = library::client(&trust, options.connections).map_err(no_client)?;
        let fresh = library::client(&trust, 0).map_err(no_client)?;
        Self::of(url, Carrier::Http { client, fresh }, options)
    }

    /// A service in this process, such as an axum `Router`, whose paths begin with
    /// `base_path` (`/v1.0`). It gets requests as from an HTTP server, with `Host`
    /// and `Content-Length`; messages that no HTTP library sends it cannot get.
    ///
    /// # Errors
    /// A path that cannot begin one; a token that no header can hold.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use policy_harness::contract::Contract;
    /// use policy_harness::reference;
    /// use policy_harness::target::{Credentials, Endpoint, EndpointOptions, Request, Wire};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let contract = Arc::new(Contract::named("seed").unwrap());
    /// let router = reference::router(vec![contract], reference::Options::default());
    /// let endpoint = Endpoint::in_process(router, "/v1.0", EndpointOptions::default()).unwrap();
    /// let request = Request {
    ///     method: "GET".into(),
    ///     path: "/nowhere".to_owned(),
    ///     headers: Vec::new(),
    ///     credentials: Credentials::Absent,
    ///     body: None,
    ///     wire: Wire::Plain,
    /// };
    /// assert_eq!(endpoint.exchange(&request).await.unwrap().status, 401);
    /// # });
    /// ```
    pub fn in_process<S, B>(service: S, base_path: &str, options: EndpointOptions) -> Result<Self, TargetError>
    where
        S: tower::Service<http::Request<Full<Bytes>>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        B: http_body::Body + Send + 'static,
        B::Data: Send,
    {
        let url = read_base(&["http://", service::AUTHORITY, base_path].concat())?;
        if url.host_str() != Some(service::AUTHORITY) || url.port().is_some() {
            return Err(TargetError::Url(format!("{base_path:?} is no path; it begins with a slash")));
        }
        Self::of(url, Carrier::Call(InProcess::new(service)), options)
    }

    fn of(url: Url, carrier: Carrier, options: EndpointOptions) -> Result<Self, TargetError> {
        if options.time_limit.is_zero() {
            return Err(TargetError::TimeLimit);
        }
        if options.rate.is_some_and(|rate| !rate.is_finite() || rate <= 0.0) {
            return Err(TargetError::Rate);
        }
        let redactor = options.redactor;
        options.headers.iter().for_each(|header| redactor.add(header.secret()));
        let caller = Identity::new(options.token, options.token_source, &redactor)?;
        let unprivileged = Identity::new(options.unprivileged_token, options.unprivileged_source, &redactor)?;
        let base = url.as_str().trim_end_matches('/').to_owned();
        let exchanges = Arc::default();
        let token_name = options.token_name.unwrap_or_else(|| TOKEN.to_owned());
        Ok(Self {
            base,
            url,
            carrier,
            caller: caller.map(Arc::new),
            unprivileged: unprivileged.map(Arc::new),
            token_name,
            unprivileged_name: options.unprivileged_name.unwrap_or_else(|| UNPRIVILEGED.to_owned()),
            redactor,
            spent: Arc::default(),
            time_limit: options.time_limit,
            headers: options.headers.into(),
            exchanges,
            pace: Arc::new(Pace::new(options.rate)),
            silence: Arc::default(),
        })
    }

    /// The base, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Time for one exchange.
    pub fn time_limit(&self) -> Duration {
        self.time_limit
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        check_host(&self.url, &[]).is_ok()
    }

    /// Whether [`Wire::Raw`] can be sent: byte by byte only on a connection, without
    /// TLS.
    pub fn raw_supported(&self) -> bool {
        matches!(self.carrier, Carrier::Http { .. }) && self.url.scheme() == "http"
    }

    /// How many requests were sent, or were to be.
    pub fn exchanges(&self) -> u64 {
        self.exchanges.load(Ordering::Relaxed)
    }

    /// Time that was spent on requests that were not answered in time. Broken
    /// messages aside: to hang on those is no fault.
    pub fn silence(&self) -> Silence {
        self.silence.so_far()
    }

    /// The pace at which it is asked.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Sends a request, when it is its turn, and reads the answer. A target that
    /// is too busy (429, 503) is left alone as long as it asks for, by everybody,
    /// and asked again a few times; then its answer stands.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn exchange(&self, request: &Request) -> Result<Answer, NoAnswer> {
        self.exchange_timed(request).await.outcome
    }

    /// The same with how long it took.
    pub async fn exchange_timed(&self, request: &Request) -> Exchanged {
        let mut patience = Patience::default();
        let mut busy: Option<Exchanged> = None;
        loop {
            let turn = match self.pace.turn().await {
                Ok(turn) => turn,
                Err(why) => {
                    let unsent = || Exchanged { outcome: Err(NoAnswer::Unsent(why)), took: Duration::ZERO };
                    return busy.unwrap_or_else(unsent);
                }
            };
            let begun = tokio::time::Instant::now();
            let outcome = self.send_as(request).await;
            let exchanged = Exchanged { outcome, took: begun.elapsed() };
            match &exchanged.outcome {
                Ok(answer) if matches!(answer.status, 429 | 503) => {
                    let pause = (answer.status, retry_after(answer, SystemTime::now()));
                    if !turn.busy(pause, &mut patience) {
                        return exchanged;
                    }
                    busy = Some(exchanged);
                }
                Ok(_) => {
                    turn.answered();
                    return exchanged;
                }
                Err(_) => {
                    turn.unanswered();
                    return exchanged;
                }
            }
        }
    }

    /// Sends a request once, whatever the pace, with the token that there is.
    pub(super) async fn send(&self, request: &Request) -> Result<Answer, NoAnswer> {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        let limit = self.time_limit;
        let exchange = async {
            if let Wire::Raw(framing) = request.wire {
                return raw::exchange(self, request, framing).await;
            }
            match &self.carrier {
                Carrier::Call(service) => service::exchange(self, service, request).await,
                Carrier::Http { client, fresh } => match library::exchange(self, client, request).await {
                    // A connection that was kept may be closed at any time (RFC 9112, 9.3).
                    Err(NoAnswer::Closed) => library::exchange(self, fresh, request).await,
                    outcome => outcome,
                },
            }
        };
        let outcome = tokio::time::timeout(limit, exchange).await;
        match outcome {
            Err(_) if matches!(request.wire, Wire::Raw(_)) => {}
            Err(_) => self.silence.unanswered(limit),
            Ok(_) => self.silence.answered(),
        }
        outcome.unwrap_or(Err(NoAnswer::Timeout(limit)))
    }

    /// The headers that go with every request.
    pub(super) fn headers(&self) -> &[OwnHeader] {
        &self.headers
    }

    /// A text of the target's without secrets, which it may have sent back.
    pub fn redacted(&self, text: String) -> String {
        self.redactor.text(&text).into_owned()
    }

    /// Host and port, to connect to.
    pub(super) fn address(&self) -> Option<(&str, u16)> {
        let host = self.url.host_str()?.trim_start_matches('[').trim_end_matches(']');
        Some((host, self.url.port_or_known_default()?))
    }

    /// The value of `Host`.
    pub(super) fn authority(&self) -> &str {
        self.url.authority()
    }

    /// Path and query of a request to `path`.
    pub(super) fn request_target(&self, path: &str) -> String {
        [self.url.path().trim_end_matches('/'), path].concat()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.caller.as_ref().map(|_| "[redacted]");
        f.debug_struct("Endpoint")
            .field("base", &self.base)
            .field("token", &token)
            .field("time_limit", &self.time_limit)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base: &str, allowed: &[&str]) -> Result<Endpoint, TargetError> {
        let allowed_hosts = allowed.iter().map(|&name| name.to_owned()).collect();
        Endpoint::new(base, EndpointOptions { allowed_hosts, ..EndpointOptions::default() })
    }

    #[test]
    fn this_machine_needs_no_leave() {
        for base in [
            "http://127.0.0.1:1/v1.0/",
            "http://127.8.8.8",
            "http://[::1]:80/v1.0",
            "http://LOCALHOST/",
            "http://127.1/x",
        ] {
            assert!(endpoint(base, &[]).is_ok(), "{base}");
        }
        assert_eq!(endpoint("http://127.0.0.1:1/v1.0//", &[]).unwrap().base(), "http://127.0.0.1:1/v1.0");
    }

    #[test]
    fn other_machines_need_it() {
        for base in [
            "https://graph.example/v1.0",
            "http://localhost.example",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "http://[::2]",
        ] {
            let error = endpoint(base, &["other.example"]).unwrap_err();
            assert!(error.to_string().contains("--allow-host "), "{error}");
        }
        assert!(endpoint("http://Graph.example:81/v1.0", &["GRAPH.example"]).is_ok());
        assert!(endpoint("http://[::2]/", &["::2"]).is_ok());
        assert!(endpoint("http://b\u{fc}cher.example", &["b\u{fc}cher.example"]).is_ok());
        for name in ["http://x", "a.example/b", "a.example:81", "", "u@a.example"] {
            assert!(matches!(endpoint("http://localhost", &[name]), Err(TargetError::AllowedHost(_))), "{name}");
        }
    }

    #[test]
    fn a_base_is_plain() {
        assert!(matches!(endpoint("localhost:80", &[]), Err(TargetError::Scheme(_))));
        assert!(matches!(endpoint("/v1.0", &[]), Err(TargetError::Url(_))));
        assert_eq!(endpoint("http://localhost/?key=hidden", &[]).unwrap_err(), TargetError::Query);
        let error = endpoint("http://me:hidden@localhost/", &[]).unwrap_err();
        assert_eq!(error, TargetError::UserInfo);
        assert!(!error.to_string().contains("hidden"));
    }
}
