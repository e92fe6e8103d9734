//! A floor under the server's speed, far below what it reaches, so that only a
//! mistake (a lock, a copy for each byte) falls through it.

use std::time::Instant;

use super::{Ask, server};

#[tokio::test]
async fn requests_in_process_are_not_slow() {
    let server = server(&[]);
    let target = r##"{"@odata.type":"#microsoft.graph.singleUser","userId":"7f3f1a52-0000-4000-8000-000000000001"}"##;
    let body = format!(r#"{{"displayName":"Sales","specificAllowedTargets":[{}]}}"#, [target; 5].join(","));
    assert!((450..550).contains(&body.len()), "{}", body.len());
    let ask = Ask::add().body(&body);
    let count = if cfg!(debug_assertions) { 2_000 } else { 100_000 };
    let start = Instant::now();
    for _ in 0..count {
        ask.clone().to(&server).await.is(204);
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    assert!(rate > 1_000.0, "{rate:.0} requests a second");
}
