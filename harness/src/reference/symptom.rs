//! Puts a symptom in the place of the right answer.

use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;

use super::effect::Symptom;
use super::refusal::{Refusal, STACK_TRACE, Teller};
use super::reply::{Delivery, JSON, Reply};
use crate::contract::RuleId;

/// Content where none belongs.
const CONTENT: &[u8] = br#"{"value":"stored"}"#;

impl Symptom {
    /// The answer that shows the symptom, where `reply` is the right one.
    /// `rule` is what the request is about.
    pub(super) fn apply(self, reply: Reply, rule: RuleId, teller: &Teller<'_>, on_wire: bool) -> Reply {
        match self {
            Self::Content => with_content(reply),
            Self::NoContent => Reply { body: Bytes::new(), ..reply },
            Self::Nothing => Reply { delivery: Delivery::Never, ..reply },
            Self::Cut => Reply { delivery: Delivery::Cut, ..server_error().reply(teller) },
            Self::ErrorUnder200 => Reply { status: StatusCode::OK, ..Refusal::by(rule).reply(teller) },
            // Without a connection there is nothing that is not HTTP.
            Self::NotHttp if !on_wire => Reply { delivery: Delivery::Never, ..reply },
            Self::NotHttp => Reply {
                body: Bytes::from_static(b"220 policies.example.invalid ready\r\n"),
                delivery: Delivery::Verbatim,
                ..reply
            },
            Self::TrailingContent => {
                let reply = with_content(reply);
                match on_wire {
                    true => {
                        Reply { body: reply.to_bytes_without_length().into(), delivery: Delivery::Verbatim, ..reply }
                    }
                    false => reply,
                }
            }
            Self::Redirect => {
                let mut reply = Reply { body: Bytes::new(), status: StatusCode::TEMPORARY_REDIRECT, ..reply };
                reply.headers.remove(CONTENT_TYPE);
                reply.headers.insert(LOCATION, HeaderValue::from_static("https://elsewhere.example.invalid/v1.0/"));
                reply
            }
            Self::ServerError => server_error().reply(teller),
            Self::ServerErrorPage => {
                let page =
                    format!("<!DOCTYPE html><html><body><h1>Server Error</h1><pre>{STACK_TRACE}</pre></body></html>");
                let mut reply = Reply::new(StatusCode::INTERNAL_SERVER_ERROR);
                reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                reply.body = page.into_bytes().into();
                reply
            }
            Self::Status(status) => with_status(reply, status, rule, teller),
        }
    }
}

fn with_content(mut reply: Reply) -> Reply {
    reply.headers.insert(CONTENT_TYPE, JSON);
    reply.body = Bytes::from_static(CONTENT);
    reply
}

fn with_status(mut reply: Reply, status: u16, rule: RuleId, teller: &Teller<'_>) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    if status.is_success() {
        // What a refusal says does not belong to a success.
        if !reply.status.is_success() {
            reply = Reply::new(status);
        }
        reply.status = status;
        reply
    } else {
        Refusal { status, ..Refusal::by(rule) }.reply(teller)
    }
}

pub(super) fn server_error() -> Refusal {
    Refusal::other(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "The server failed.")
}
