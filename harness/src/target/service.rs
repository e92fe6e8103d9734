//! A target in this process: a `tower` service that is handed requests as an HTTP
//! server would hand them on, without a connection in between. What a server does
//! to answers on their way, such as leaving out the content of a 204, is done here.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Buf, Bytes};
use futures_util::FutureExt;
use http::header::{CONTENT_LENGTH, HOST, HeaderValue, TRANSFER_ENCODING};
use http::response::Parts;
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{Service, ServiceExt};

use super::{Answer, Endpoint, NoAnswer, Request, Wire, library};

/// The host that requests name.
pub(super) const AUTHORITY: &str = "localhost";

/// An answer, or nothing where the service broke off: a server would close the
/// connection.
type Reply = Option<(Parts, Vec<u8>)>;
type Replying = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// A service of any type.
#[derive(Clone)]
pub(super) struct InProcess(Arc<dyn Fn(http::Request<Full<Bytes>>) -> Replying + Send + Sync>);

impl InProcess {
    pub(super) fn new<S, B>(service: S) -> Self
    where
        S: Service<http::Request<Full<Bytes>>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        B: http_body::Body + Send + 'static,
        B::Data: Send,
    {
        Self(Arc::new(move |message| {
            let service = service.clone();
            Box::pin(async move {
                let (head, body) = service.oneshot(message).await.ok()?.into_parts();
                Some((head, content(body).await?))
            })
        }))
    }
}

/// Up to [`Answer::LONGEST`] bytes of a body; none where it breaks off.
async fn content<B: http_body::Body>(body: B) -> Option<Vec<u8>> {
    let mut body = std::pin::pin!(body);
    let mut content = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame.ok()?.into_data() else { continue };
        while data.has_remaining() && content.len() < Answer::LONGEST {
            let chunk = data.chunk();
            let taken = chunk.len().min(Answer::LONGEST - content.len());
            content.extend_from_slice(&chunk[..taken]);
            data.advance(taken);
        }
        if content.len() == Answer::LONGEST {
            break;
        }
    }
    Some(content)
}

/// One exchange; the caller limits its time. A service that panics takes its
/// connection with it.
pub(super) async fn exchange(endpoint: &Endpoint, service: &InProcess, request: &Request) -> Result<Answer, NoAnswer> {
    let message = message(endpoint, request)?;
    let is_head = message.method() == Method::HEAD;
    let start = Instant::now();
    let reply = AssertUnwindSafe(async { (service.0)(message).await }).catch_unwind().await;
    let Ok(Some((head, mut body))) = reply else { return Err(NoAnswer::Closed) };
    if is_head || head.status.is_informational() || is_bare(head.status) {
        body.clear();
    }
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
    Ok(Answer { status: head.status.as_u16(), headers, body, trailing: 0, elapsed: start.elapsed() })
}

/// Whether an answer of this status has no content (RFC 9110, 6.4.1).
fn is_bare(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

fn message(endpoint: &Endpoint, request: &Request) -> Result<http::Request<Full<Bytes>>, NoAnswer> {
    let path = endpoint.request_target(&request.path);
    let unsent = || NoAnswer::Unsent(format!("the path {:?} cannot be sent as it is to a service", request.path));
    let body = Bytes::from(request.body.clone().unwrap_or_default());
    let mut message = http::Request::new(Full::new(body));
    *message.method_mut() = library::method(request)?;
    *message.uri_mut() = path.parse().map_err(|_| unsent())?;
    let headers = message.headers_mut();
    headers.insert(HOST, HeaderValue::from_static(AUTHORITY));
    library::add_headers(endpoint, request, headers)?;
    match &request.body {
        None => {}
        Some(_) if request.wire == Wire::Chunked => {
            headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        Some(body) => {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
    }
    Ok(message)
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a service in this process")
    }
}
