//! Exchanges through an HTTP library: nothing is followed, retried, unpacked
//! or sent through a proxy, so that what is judged is what the target answered.

use std::convert::Infallible;
use std::error::Error;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Method, Response, Url};

use super::incoming::MOST_HEADERS;
use super::{Answer, Endpoint, NoAnswer, Request, TargetError, Wire};

/// Shorter than the five seconds after which common servers drop a connection
/// that is not used: a request that meets the end of its connection has no answer.
const IDLE: Duration = Duration::from_secs(4);

/// Whose certificates a target may have.
pub(super) enum Trust {
    /// There is no TLS.
    Nobody,
    /// Those whose authority the system trusts, or one of these.
    System(Vec<Certificate>),
}

impl Trust {
    /// What a target at this URL needs; `authorities` are certificates as PEM.
    pub(super) fn of(url: &Url, authorities: &[u8]) -> Result<Self, TargetError> {
        let mut certificates = Vec::new();
        if !authorities.is_empty() {
            let wrong = |what: &str| TargetError::Authorities(what.to_owned());
            certificates = Certificate::from_pem_bundle(authorities)
                .map_err(|_| wrong("the certificates of the authorities cannot be read"))?;
            if certificates.is_empty() {
                return Err(wrong("there is no certificate of an authority"));
            }
        }
        // Reading the system's root certificates takes longer than a whole small run.
        Ok(if url.scheme() == "https" { Self::System(certificates) } else { Self::Nobody })
    }
}

/// A client for one endpoint.
pub(super) fn client(trust: &Trust, connections: usize) -> Result<Client, String> {
    // An error says that a provider is there already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .http1_max_headers(MOST_HEADERS)
        .tcp_nodelay(true)
        .pool_max_idle_per_host(connections)
        .pool_idle_timeout(IDLE);
    let builder = match trust {
        Trust::Nobody => builder.tls_certs_only([]),
        Trust::System(authorities) => builder.tls_certs_merge(authorities.iter().cloned()),
    };
    builder.build().map_err(|error| innermost(&error))
}

/// One exchange; the caller limits its time.
pub(super) async fn exchange(endpoint: &Endpoint, client: &Client, request: &Request) -> Result<Answer, NoAnswer> {
    let message = message(endpoint, request)?;
    let limit = endpoint.time_limit();
    let start = Instant::now();
    let response = client.execute(message).await.map_err(|error| no_answer(&error, limit))?;
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
    let body = body(response).await.map_err(|error| no_answer(&error, limit))?;
    Ok(Answer { status, headers, body, trailing: 0, elapsed: start.elapsed() })
}

async fn body(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while body.len() < Answer::LONGEST {
        let Some(chunk) = response.chunk().await? else {
            break;
        };
        let room = Answer::LONGEST - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(body)
}

fn message(endpoint: &Endpoint, request: &Request) -> Result<reqwest::Request, NoAnswer> {
    let mut message = reqwest::Request::new(method(request)?, url(endpoint, &request.path)?);
    let headers = message.headers_mut();
    add_headers(endpoint, request, headers)?;
    match &request.body {
        None => {}
        Some(body) if request.wire == Wire::Chunked => *message.body_mut() = Some(chunked(body)),
        Some(body) => {
            // The library would leave the length of an empty body out.
            if body.is_empty() {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            *message.body_mut() = Some(body.clone().into());
        }
    }
    Ok(message)
}

/// The method of a request, as the library knows it.
pub(super) fn method(request: &Request) -> Result<Method, NoAnswer> {
    Method::from_bytes(request.method.as_bytes())
        .map_err(|_| NoAnswer::Unsent(format!("{:?} is no HTTP method", request.method)))
}

/// The headers of a request: its own, those that go with every request, and its
/// credentials.
pub(super) fn add_headers(endpoint: &Endpoint, request: &Request, headers: &mut HeaderMap) -> Result<(), NoAnswer> {
    for (name, value) in &request.headers {
        let unsent = || NoAnswer::Unsent(format!("the header {name:?} cannot be sent through an HTTP library"));
        let header = HeaderName::try_from(*name).map_err(|_| unsent())?;
        headers.append(header, HeaderValue::try_from(value.as_str()).map_err(|_| unsent())?);
    }
    for (name, value) in endpoint.headers().iter().filter_map(super::OwnHeader::sent) {
        headers.append(name, value);
    }
    if let Some(value) = endpoint.authorization(&request.credentials) {
        headers.insert(AUTHORIZATION, value);
    }
    Ok(())
}

/// The URL of a path, if the URL leaves the path as it is.
fn url(endpoint: &Endpoint, path: &str) -> Result<Url, NoAnswer> {
    let text = [endpoint.base(), path].concat();
    match Url::parse(&text) {
        Ok(url) if path.starts_with('/') && url.as_str() == text && url.fragment().is_none() => Ok(url),
        _ => Err(NoAnswer::Unsent(format!("the path {path:?} cannot be sent as it is through an HTTP library"))),
    }
}

/// A body in at least two chunks, where it has two bytes.
fn chunked(body: &[u8]) -> reqwest::Body {
    let size = body.len().div_ceil(2).clamp(1, 1024);
    let chunks: Vec<Result<Bytes, Infallible>> =
        body.chunks(size).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    reqwest::Body::wrap_stream(futures_util::stream::iter(chunks))
}

/// What an error of the library means. Its own text names only the outermost
/// layer; the cause is found by type further in.
fn no_answer(error: &reqwest::Error, limit: Duration) -> NoAnswer {
    if error.is_timeout() {
        return NoAnswer::Timeout(limit);
    }
    for cause in causes(error) {
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            if error.is_parse_too_large() {
                return NoAnswer::NotHttp("its head is larger than clients take".to_owned());
            }
            if error.is_parse() {
                return NoAnswer::NotHttp(error.to_string());
            }
            if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
                return NoAnswer::Closed;
            }
        }
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            if let Some(why) = certificate(io) {
                return NoAnswer::Certificate(why);
            }
            match io.kind() {
                ErrorKind::ConnectionRefused => return NoAnswer::Refused,
                kind if is_closing(kind) => return NoAnswer::Closed,
                // Trouble of TLS has these kinds too, but comes while connecting.
                ErrorKind::InvalidData | ErrorKind::InvalidInput if !error.is_connect() => {
                    return NoAnswer::NotHttp(io.to_string());
                }
                _ => {}
            }
        }
    }
    NoAnswer::Transport(innermost(error))
}

/// What is wrong with a certificate, where that is the trouble.
fn certificate(error: &std::io::Error) -> Option<String> {
    let inner = error.get_ref()?;
    if let Some(error) = inner.downcast_ref::<std::io::Error>() {
        return certificate(error);
    }
    match inner.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
            Some("no authority that is trusted here has issued it".to_owned())
        }
        rustls::Error::InvalidCertificate(why) => Some(why.to_string()),
        _ => None,
    }
}

/// Whether an error of this kind says that the other side went away.
pub(super) fn is_closing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
            | ErrorKind::UnexpectedEof
    )
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}
