//! Who is let in, and for how long: tokens that expire, are refused, or do not come.

use std::collections::VecDeque;
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::*;
use crate::target::{Alteration, Answer, Application, AuthorityError, Redactor, TargetError, Token, TokenSource};

/// A source that hands out what it was told to, and counts how often it was asked; in
/// the end the same again and again.
#[derive(Debug)]
struct Listed {
    tokens: Mutex<VecDeque<Result<Token, String>>>,
    asked: AtomicUsize,
    time: Duration,
}

impl Listed {
    fn of(tokens: impl IntoIterator<Item = Result<Token, String>>) -> Arc<Self> {
        let (tokens, asked) = (Mutex::new(tokens.into_iter().collect()), AtomicUsize::new(0));
        Arc::new(Self { tokens, asked, time: Duration::ZERO })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl TokenSource for Listed {
    fn fetch(&self) -> BoxFuture<'_, Result<Token, String>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::time::sleep(self.time).await;
            let mut tokens = self.tokens.lock().unwrap();
            if tokens.len() > 1 { tokens.pop_front().unwrap() } else { tokens.front().unwrap().clone() }
        }
        .boxed()
    }
}

fn good(secret: &str, seconds: Option<u64>) -> Result<Token, String> {
    Ok(Token { secret: secret.into(), good_for: seconds.map(Duration::from_secs) })
}

fn failed(why: &str) -> Result<Token, String> {
    Err(why.to_owned())
}

/// A server that lets in who has one of these tokens and answers 401 to others, and
/// what it was sent.
async fn guarded(tokens: &'static [&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sent = Arc::clone(&seen);
    let base = serve(move |mut stream| {
        let sent = Arc::clone(&sent);
        async move {
            let mut head = Vec::new();
            let mut part = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut part).await {
                head.extend_from_slice(&part[..read]);
                if !head.windows(4).any(|four| four == b"\r\n\r\n") {
                    continue;
                }
                let text = String::from_utf8_lossy(&std::mem::take(&mut head)).into_owned();
                let value = text.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
                let token = value.and_then(|line| line.rsplit(' ').next()).unwrap_or_default().to_owned();
                let status = if tokens.contains(&&*token) { "204 No Content" } else { "401 Unauthorized" };
                sent.lock().unwrap().push(token);
                let _ = stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await;
            }
        }
    })
    .await;
    (base, seen)
}

fn with(base: &str, source: &Arc<Listed>) -> Endpoint {
    let token_source: Option<Arc<dyn TokenSource>> = Some(Arc::clone(source) as _);
    Endpoint::new(base, EndpointOptions { token_source, ..EndpointOptions::default() }).unwrap()
}

fn ask(credentials: Credentials) -> Request {
    Request { method: "GET".into(), headers: Vec::new(), body: None, credentials, ..request(Wire::Plain) }
}

async fn status(endpoint: &Endpoint) -> u16 {
    endpoint.exchange(&ask(Credentials::Token("Bearer"))).await.unwrap().status
}

fn is_unsent(outcome: &Result<Answer, NoAnswer>, part: &str) -> bool {
    matches!(outcome, Err(NoAnswer::Unsent(why)) if why.contains(part))
}

#[tokio::test]
async fn a_request_that_is_refused_for_its_token_is_sent_again_with_the_next() {
    let (base, seen) = guarded(&["second-token"]).await;
    let source = Listed::of([good("first-token", None), good("second-token", None)]);
    let endpoint = with(&base, &source);
    assert_eq!((status(&endpoint).await, status(&endpoint).await), (204, 204));
    assert_eq!(*seen.lock().unwrap(), ["first-token", "second-token", "second-token"]);
    assert_eq!(source.asked(), 2);
    // Both are secrets for ever.
    let text = endpoint.redactor().text("first-token second-token").into_owned();
    assert_eq!(text, "[redacted] [redacted]");
}

#[tokio::test]
async fn one_asks_and_all_others_wait() {
    let (base, seen) = guarded(&["second-token"]).await;
    let mut source = Listed::of([good("first-token", None), good("second-token", None)]);
    Arc::get_mut(&mut source).unwrap().time = Duration::from_millis(50);
    let endpoint = with(&base, &source);
    let all = (0..20).map(|_| {
        let endpoint = endpoint.clone();
        async move { status(&endpoint).await }
    });
    assert_eq!(futures_util::future::join_all(all).await, [204; 20]);
    assert_eq!(source.asked(), 2);
    assert!(seen.lock().unwrap().len() <= 40);
}

#[tokio::test]
async fn a_target_that_refuses_everything_is_not_asked_about_again_and_again() {
    let (base, seen) = guarded(&[]).await;
    // The same token, and another one each time.
    let other = (0..500).map(|number| good(&format!("token-number-{number}"), None));
    for source in [Listed::of([good("the-one-token", None)]), Listed::of(other)] {
        seen.lock().unwrap().clear();
        let endpoint = with(&base, &source);
        for _ in 0..200 {
            assert_eq!(status(&endpoint).await, 401);
        }
        assert!(source.asked() < 5, "{}", source.asked());
        // Sent again only where there was something new to send.
        assert!(seen.lock().unwrap().len() < 205);
        assert_eq!(endpoint.out_of_tokens(), None);
    }
}

#[tokio::test]
async fn only_a_good_token_is_a_reason_to_ask() {
    let (base, _) = guarded(&["good-token"]).await;
    let source = Listed::of([good("good-token", None)]);
    let endpoint = with(&base, &source);
    for credentials in [
        Credentials::Absent,
        Credentials::Verbatim("Basic dXNlcjpwYXNz"),
        Credentials::Altered(Alteration::Extended),
        Credentials::Altered(Alteration::Cut),
    ] {
        assert_eq!(endpoint.exchange(&ask(credentials)).await.unwrap().status, 401);
    }
    assert_eq!(source.asked(), 1);
}

#[tokio::test]
async fn a_token_is_replaced_before_it_expires() {
    let (base, seen) = guarded(&["first-token", "second-token"]).await;
    let source = Listed::of([good("first-token", Some(0)), good("second-token", Some(3_600))]);
    let endpoint = with(&base, &source);
    assert_eq!(status(&endpoint).await, 204);
    let begun = Instant::now();
    while source.asked() < 2 && begun.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(status(&endpoint).await, 204);
    }
    assert_eq!(seen.lock().unwrap().last().unwrap(), "second-token");
    for _ in 0..20 {
        status(&endpoint).await;
    }
    assert_eq!(source.asked(), 2);
}

#[tokio::test]
async fn a_source_that_fails_leaves_the_token_that_there_is() {
    let (base, _) = guarded(&["first-token"]).await;
    let source = Listed::of([good("first-token", Some(60)), failed("no connection")]);
    let endpoint = with(&base, &source);
    assert_eq!(status(&endpoint).await, 204);
    // Refused for something else; the source has nothing to say.
    let refused = Request { credentials: Credentials::Token("Bearer"), ..ask(Credentials::Absent) };
    assert_eq!(endpoint.exchange(&refused).await.unwrap().status, 204);
    let caller = endpoint.caller.as_ref().unwrap();
    assert!(!caller.is_replaced(1, 401).await);
    assert_eq!(source.asked(), 2);
    assert_eq!(status(&endpoint).await, 204);
    assert_eq!(endpoint.out_of_tokens(), None);
}

#[tokio::test]
async fn where_no_token_is_left_the_reason_is_told() {
    let (base, seen) = guarded(&[]).await;
    let none = with(&base, &Listed::of([failed("the command failed (exit status: 3)")]));
    assert_eq!(none.sign_in().await.unwrap_err(), "the command failed (exit status: 3)");
    let source = Listed::of([failed("the command failed")]);
    let none = with(&base, &source);
    for _ in 0..20 {
        assert!(is_unsent(&none.exchange(&ask(Credentials::Token("Bearer"))).await, "the command failed"));
    }
    assert_eq!((source.asked(), none.out_of_tokens()), (1, Some("the command failed")));
    assert!(seen.lock().unwrap().is_empty());
    // One that is refused again and again, and for which there is no other.
    let endpoint = with(&base, &Listed::of([good("first-token", None), failed("gone: first-token")]));
    let mut outcome = endpoint.exchange(&ask(Credentials::Token("Bearer"))).await;
    for _ in 0..20 {
        outcome = endpoint.exchange(&ask(Credentials::Token("Bearer"))).await;
    }
    assert!(is_unsent(&outcome, "gone: [redacted]"), "{outcome:?}");
    assert_eq!(endpoint.out_of_tokens(), Some("gone: [redacted]"));
    assert!(seen.lock().unwrap().len() < 12);
}

#[tokio::test]
async fn the_other_caller_has_a_token_of_its_own() {
    let (base, seen) = guarded(&["first-token"]).await;
    let options = EndpointOptions {
        token: Some("first-token".into()),
        unprivileged_token: Some("second-token".into()),
        unprivileged_name: Some("OTHER".to_owned()),
        ..EndpointOptions::default()
    };
    let endpoint = Endpoint::new(&base, options).unwrap();
    assert!(endpoint.has_token() && endpoint.has_unprivileged());
    let other = ask(Credentials::Unprivileged);
    assert_eq!(endpoint.exchange(&other).await.unwrap().status, 401);
    assert_eq!(*seen.lock().unwrap(), ["second-token"]);
    assert!(endpoint.curl(&other).contains("\"Authorization: Bearer $OTHER\""), "{}", endpoint.curl(&other));
    assert!(endpoint.curl(&ask(Credentials::Token("Bearer"))).contains("Bearer $TOKEN"));
    assert!(endpoint.redactor().is_shown_in("second-token"));
    let without = Endpoint::new(&base, EndpointOptions::default()).unwrap();
    assert!(!without.has_token() && !without.has_unprivileged());
    assert!(!without.curl(&other).contains("Authorization"));
}

#[tokio::test]
async fn no_text_of_ours_holds_a_secret() {
    let secret = "s3cret-of-all";
    let source = Listed::of([good(secret, None)]);
    let application = Application::new("http://127.0.0.1:1", "contoso", "app", secret.into(), "x").unwrap();
    let options = EndpointOptions {
        token: Some(secret.into()),
        unprivileged_token: Some("s3cret-of-none".into()),
        token_source: Some(Arc::new(application)),
        ..EndpointOptions::default()
    };
    let shown = format!("{options:?}");
    let endpoint = Endpoint::new("http://localhost", options).unwrap();
    let authorization = endpoint.authorization(&Credentials::Token("Bearer"));
    let identity = with("http://localhost", &source);
    identity.sign_in().await.unwrap();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        panic!("{endpoint:?} {:?} {:?}", endpoint.caller, identity.caller)
    }));
    let panic = panic.unwrap_err().downcast::<String>().unwrap();
    for text in [shown, format!("{endpoint:?} {authorization:?} {:?}", identity.redactor()), *panic] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    for token in ["", "s3cret\n", "s3cret token", "s3cret\u{e9}"] {
        let token = Some(SecretString::from(token));
        let error = Endpoint::new("http://localhost", EndpointOptions { token, ..EndpointOptions::default() });
        let error = error.unwrap_err();
        assert_eq!(error, TargetError::Token);
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
    let odd = with("http://localhost", &Listed::of([good("s3cret token", None)]));
    assert!(!odd.sign_in().await.unwrap_err().contains("s3cret"));
}

/// An authority that answers with this, and what it was sent.
async fn authority(answer: String) -> (String, mpsc::UnboundedReceiver<String>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let base = serve(move |mut stream| {
        let (sender, answer) = (sender.clone(), answer.clone());
        async move {
            let mut seen = String::new();
            let mut part = [0; 4096];
            while !seen.contains("scope=") {
                let Ok(read @ 1..) = stream.read(&mut part).await else { return };
                seen.push_str(&String::from_utf8_lossy(&part[..read]));
            }
            let _ = sender.send(seen);
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    (base.trim_end_matches("/v1.0/").to_owned(), receiver)
}

fn json(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn application(authority: &str) -> Application {
    let scope = "https://graph.microsoft.com/.default";
    Application::new(authority, "contoso.example", "the app", "s3cret+of/the=app".into(), scope).unwrap()
}

#[tokio::test]
async fn an_application_gets_its_token_from_the_authority() {
    let body = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"fresh-token"}"#;
    let (base, mut seen) = authority(json("200 OK", body)).await;
    let token = application(&[&base, "/"].concat()).fetch().await.unwrap();
    assert_eq!(token.secret.expose_secret(), "fresh-token");
    assert_eq!(token.good_for, Some(Duration::from_secs(3_599)));
    let sent = seen.recv().await.unwrap();
    assert!(sent.starts_with("POST /contoso.example/oauth2/v2.0/token HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("application/x-www-form-urlencoded"), "{sent}");
    let form = "grant_type=client_credentials&client_id=the+app&client_secret=s3cret%2Bof%2Fthe%3Dapp\
                &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
    assert!(sent.ends_with(form), "{sent}");
}

#[tokio::test]
async fn an_authority_that_has_no_token_is_quoted_without_the_secret() {
    let refused =
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: wrong: s3cret+of/the=app\r\nTrace"}"#;
    for (answer, part) in [
        (json("401 Unauthorized", refused), "answered 401: invalid_client: AADSTS7000215: wrong: [redacted]"),
        (json("200 OK", "{}"), "answered 200 without an access_token"),
        (json("200 OK", "<html>"), "answered 200 without an access_token"),
        (json("503 Service Unavailable", ""), "answered 503"),
        ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned(), "answered 302"),
        (json("200 OK", &" ".repeat(400_000)), "more than a token"),
        (String::new(), "the authority http://127.0.0.1:"),
    ] {
        let (base, _seen) = authority(answer).await;
        let redactor = Redactor::knowing("s3cret+of/the=app");
        let source: Option<Arc<dyn TokenSource>> = Some(Arc::new(application(&base)));
        let options = EndpointOptions { token_source: source, redactor, ..EndpointOptions::default() };
        let why = Endpoint::new("http://localhost", options).unwrap().sign_in().await.unwrap_err();
        assert!(why.contains(part) && !why.contains("s3cret"), "{why}");
    }
}

#[test]
fn a_secret_goes_over_tls_or_to_this_machine() {
    let new = |authority: &str, tenant: &str| Application::new(authority, tenant, "app", "x".into(), "y").map(drop);
    for authority in ["https://login.example", "https://login.example/a/", "http://127.0.0.1:1", "http://localhost"] {
        assert_eq!(new(authority, "contoso.example"), Ok(()), "{authority}");
    }
    for authority in [
        "http://login.example",
        "http://localhost.example",
        "ftp://127.0.0.1",
        "login.example",
        "https://a:b@login.example",
        "https://login.example/?a",
        "https://login.example/#a",
    ] {
        assert_eq!(new(authority, "contoso.example"), Err(AuthorityError::Url), "{authority}");
    }
    for tenant in ["", "a/b", "..", "a?b", "a b"] {
        assert_eq!(new("https://login.example", tenant), Err(AuthorityError::Tenant), "{tenant}");
    }
}
