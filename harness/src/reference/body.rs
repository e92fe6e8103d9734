//! Reads the body of a request, within bounds.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::{Bytes, BytesMut};

/// Largest body that is looked at.
pub(super) const LARGEST: usize = 1 << 20;

/// Most that is read of a body that is too large: a client that is still
/// writing when the connection is closed may never see the answer.
const DRAINED: usize = 1 << 26;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyFault {
    /// Over [`LARGEST`] bytes.
    TooLarge,
    /// It ended too early, or its framing is wrong.
    Broken,
}

/// The body, whole.
pub(super) async fn read(headers: &HeaderMap, mut body: Body) -> Result<Bytes, BodyFault> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let mut length = 0usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| BodyFault::Broken)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > DRAINED {
            break;
        } else if length > LARGEST {
            continue;
        } else if first.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.reserve(declared.unwrap_or(first.len() + data.len()).min(LARGEST));
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&data);
        }
    }
    match length > LARGEST {
        true => Err(BodyFault::TooLarge),
        false if rest.is_empty() => Ok(first),
        false => Ok(rest.freeze()),
    }
}
