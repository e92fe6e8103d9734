//! Each variant is one: it answers some request otherwise than the plain server,
//! and still as the contract has it. What shows below HTTP only, a campaign shows.

use std::collections::HashSet;

use super::{Ask, Got, contract, options};
use crate::reference::{Habit, Options, VARIANTS, router, variant};

const POLICY: &str = r##"{"description":null,"expiration":{"type":"afterDateTime","endDateTime":"2030-01-01T02:00:00+02:00"},"specificAllowedTargets":[{"@odata.type":"#microsoft.graph.internalSponsors"}]}"##;

/// The answers of a server to a few requests, in order.
async fn answers(id: Option<&str>) -> Vec<Got> {
    let options = Options { variant: id.map(|id| variant(id).unwrap()), ..options(&[]) };
    let server = router(vec![contract()], options);
    let unknown = Ask::add().uri.replace(&Options::ids(1)[0], "00000000-0000-4000-8000-00000000dead");
    let asks = [
        Ask::read(),
        Ask::add().body(POLICY),
        Ask::read(),
        Ask::add().body(r#"{"nope":1}"#),
        Ask::add().body(r#"{"displayName":"a","displayName":"b"}"#),
        Ask::add().body(r#"{"allowedTargetScope":"unknownFutureValue"}"#),
        Ask::add().uri(&unknown),
        Ask::add().method("PUT"),
        Ask::add().method("OPTIONS"),
        Ask::add().without("authorization").uri("/v1.0/nowhere"),
        Ask::add().with("authorization", "Bearer visitor-without-rights"),
    ];
    let mut answers = Vec::new();
    for ask in asks.into_iter().chain(std::iter::repeat_n(Ask::add(), 60)) {
        answers.push(ask.to(&server).await);
    }
    answers
}

/// What of an answer a client can see, the number of the request aside.
fn seen(got: &Got) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let headers = got.headers.iter().filter(|(name, _)| *name != "request-id");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (got.status, headers.collect(), got.body.as_deref().unwrap_or_default().to_vec())
}

#[tokio::test]
async fn every_variant_differs() {
    let plain: Vec<_> = answers(None).await.iter().map(seen).collect();
    for one in VARIANTS {
        let others: Vec<_> = answers(Some(one.id)).await.iter().map(seen).collect();
        // These show in time, on the wire, or where policies are created.
        let is_elsewhere = matches!(
            one.habit,
            Habit::Slow(_)
                | Habit::HangsUp
                | Habit::Pages(_)
                | Habit::ForbidsDeleted
                | Habit::RelativeLocation
                | Habit::WantsRole
                | Habit::Directory
        );
        assert_eq!(others == plain, is_elsewhere, "{}", one.id);
    }
}

#[tokio::test]
async fn every_variant_is_named_once() {
    let ids: HashSet<_> = VARIANTS.iter().map(|variant| variant.id).collect();
    assert_eq!(ids.len(), VARIANTS.len());
    assert!(VARIANTS.len() >= 15);
    assert!(VARIANTS.iter().all(|variant| variant.about.ends_with('.')));
}
